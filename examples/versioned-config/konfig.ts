// A ConfigMap that is named by its content: a rollout that goes wrong leaves the old pods their old config. The old one goes when no pod uses it any more.
import { configFile, embeddedCluster, KubernetesObject, project, Service, volume, workspace } from '@konfig/sdk';

// For all that goes to this workspace; one component can say it too: versionedConfig: true.
const local = workspace('local', { kubernetes: embeddedCluster(), defaults: { versionedConfig: true } });

export default project('versioned-config').stack(
  'local',
  local,
  (stack) => {
    // Not only the files of a component: any ConfigMap or Secret whose content stands in the program.
    const flags = new KubernetesObject(stack, 'flags', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { annotations: { 'konfig.dev/versioned': 'true' } },
      data: { 'flags.json': '{"newCheckout":true}' },
    });

    new Service(stack, 'shop', {
      containers: {
        main: {
          image: 'registry.example/shop:1.4.0',
          files: { '/etc/shop/config.json': configFile({ level: 'info' }) },
          mounts: { '/etc/flags': volume.configMap('flags', { configMap: flags.name }) },
        },
      },
    });
  },
  { namespace: 'versioned', defaults: { labels: false, podSecurity: false, containerSecurity: false, resources: false } },
);
