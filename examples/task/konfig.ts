// Tasks are resources that run and end. Each says when it runs again; what depends on one waits until it has succeeded.
import { embeddedCluster, Job, project, Service, workspace } from '@konfig/sdk';

const local = workspace('local', { kubernetes: embeddedCluster() });
const image = 'registry.example/shop:1.4.0';

export default project('task').stack(
  'local',
  local,
  (stack) => {
    // Never after it has succeeded, whatever becomes of its image.
    const seed = new Job(stack, 'seed', { containers: { main: { image, args: ['seed'] } }, runWhen: 'once' });

    // When what it does has changed, here with each new image. Its Job may go after an hour: it still counts as done.
    const migrate = new Job(stack, 'migrate', { containers: { main: { image, args: ['migrate'] } }, ttlAfterFinished: '1h' });
    migrate.dependsOn(seed);

    const shop = new Service(stack, 'shop', { containers: { main: { image, ports: { http: 8080 } } } });
    shop.dependsOn(migrate);

    // With each apply.
    const smoke = new Job(stack, 'smoke', {
      containers: { main: { image, args: ['smoke', shop.port('http').address] } },
      runWhen: 'always',
    });
    smoke.dependsOn(shop);
  },
  { namespace: 'task', defaults: 'none' },
);
