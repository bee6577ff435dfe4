// Manifests that are there already, in a typed program: read as kubectl reads them, changed where it says so, waited for and referred to.
// Without a program: konfig preview -f raw-manifests/k8s --stack web --embedded
import { embeddedCluster, Manifest, project, Service, workspace } from '@konfig/sdk';

const local = workspace('local', { kubernetes: embeddedCluster() });

export default project('raw-manifests').stack(
  'local',
  local,
  (stack) => {
    const web = new Manifest(stack, 'web', {
      folder: 'k8s',
      override: {
        'Deployment/web': { spec: { replicas: 2, template: { spec: { containers: [{ name: 'web', imagePullPolicy: 'IfNotPresent' }] } } } },
      },
      transform: (object) => ({ ...object, metadata: { ...object.metadata, annotations: { team: 'web' } } }),
    });

    const probe = new Service(stack, 'probe', {
      containers: {
        main: { image: 'registry.example/probe:1.0.0', env: { TARGET: web.object('Service', 'web').output('spec.clusterIP') } },
      },
      defaults: 'none',
    });
    probe.dependsOn(web.object('Deployment', 'web'));
  },
  { namespace: 'web' },
);
