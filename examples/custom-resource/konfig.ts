// A kind of your own beside its objects: Konfig waits until the cluster serves it, and knows from the definition that it lives outside of namespaces.
import { embeddedCluster, KubernetesObject, Manifest, project, workspace } from '@konfig/sdk';

const local = workspace('local', { kubernetes: embeddedCluster() });

export default project('custom-resource').stack(
  'local',
  local,
  (stack) => {
    // Definitions mostly come as YAML from whoever wrote the controller.
    new Manifest(stack, 'definitions', { file: 'site.crd.yaml' });

    // Namespaced, so it goes to the stack's namespace; the site below does not.
    new KubernetesObject(stack, 'defaults', { apiVersion: 'v1', kind: 'ConfigMap', data: { replicas: '2' } });

    new KubernetesObject(stack, 'shop', {
      apiVersion: 'example.com/v1',
      kind: 'Site',
      spec: { host: 'shop.example', replicas: 2 },
    });
  },
  { namespace: 'sites' },
);
