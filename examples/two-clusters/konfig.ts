// One stack over two clusters: one plan, one graph, one release. The same app in each, and a value of one in the other.
import { AppConfig, KubernetesObject, kubernetes, project, Service, type Stack, workspace } from '@konfig/sdk';

// The target under `kubernetes` is called main.
const prod = workspace('prod', { kubernetes: kubernetes({ context: 'prod-us' }), targets: { eu: kubernetes({ context: 'prod-eu' }) } });

class Shop extends AppConfig {
  readonly web = new Service(this, 'web', {
    containers: { web: { image: 'registry.example/shop:1.4.0', ports: { http: 8080 } } },
    service: { type: 'LoadBalancer', ports: { http: 80 } },
  });

  constructor(stack: Stack, target: string) {
    super(stack, `shop-${target}`, { target });
  }
}

export default project('two-clusters').stack(
  'prod',
  prod,
  (stack) => {
    const shops = new Map(stack.targets.map((target) => [target, new Shop(stack, target)]));

    // In main, as it says nothing else; it waits until the load balancer in eu has an address.
    new KubernetesObject(stack, 'mirrors', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      data: { eu: shops.get('eu')?.web.output('status.loadBalancer.ingress[0].ip') },
    });
  },
  { namespace: 'shop', defaults: 'none' },
);
