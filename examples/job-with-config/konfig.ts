// A migration runs to its end before the app starts. Its config file is a value here; a change of it runs the migration again.
import { configFile, embeddedCluster, Job, project, Service, workspace } from '@konfig/sdk';

const local = workspace('local', { kubernetes: embeddedCluster() });
const image = 'registry.example/shop:1.4.0';

export default project('job-with-config').stack(
  'local',
  local,
  (stack) => {
    const migration = new Job(stack, 'migrate', {
      containers: {
        main: {
          image,
          args: ['migrate', '--config', '/etc/shop/migration.json'],
          files: { '/etc/shop/migration.json': configFile({ schema: 'shop', steps: ['create-tables', 'add-index'] }) },
        },
      },
      backoffLimit: 1,
      deadline: '5m',
    });

    const app = new Service(stack, 'app', { containers: { main: { image, ports: { http: 8080 } } } });
    app.dependsOn(migration);
  },
  { defaults: { labels: false, podSecurity: false, containerSecurity: false } },
);
