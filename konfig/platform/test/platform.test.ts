import { Cache, Microservice } from '@acme/platform';
import { AppConfig, embeddedCluster, project, workspace } from '@konfig/sdk';

const local = workspace('local', { kubernetes: embeddedCluster() });

function idsOf(fill: (app: AppConfig) => unknown): readonly string[] {
  const shop = project('shop').stack('local', local, (stack) => fill(new AppConfig(stack, 'shop')), { defaults: { replicas: 2 } });
  return shop.synth('local').output?.spec.resources.map((resource) => resource.id) ?? [];
}

test('A Microservice is a Deployment, a Service and a ServiceAccount, reached under its address', () => {
  const addresses: string[] = [];
  const ids = idsOf((app) => {
    const mail = new Microservice(app, 'mail', {
      image: 'mail:1',
      grpc: 8080,
      servicePort: 5000,
      resources: { cpu: '100m-200m' },
      replicas: 1,
    });
    addresses.push(mail.address);
  });
  expect(addresses).toEqual(['mail:5000']);
  expect(ids).toEqual(['main:Deployment.apps/mail', 'main:Service/mail', 'main:ServiceAccount/mail']);
});

test("A Cache stays alone, whatever the workspace's number of replicas", () => {
  expect(idsOf((app) => new Cache(app, 'carts'))).toEqual(['main:Deployment.apps/carts', 'main:Service/carts']);
});
