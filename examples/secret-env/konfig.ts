// A secret is named, never read: the program says where it is, the machine that applies looks there at the last moment.
import { embeddedCluster, project, Service, secret, text, workspace } from '@konfig/sdk';

const local = workspace('local', { kubernetes: embeddedCluster() });

export default project('secret-env').stack(
  'local',
  local,
  (stack) => {
    const password = secret.env('DB_PASSWORD');
    new Service(stack, 'app', {
      containers: {
        main: {
          image: 'registry.example/shop:1.4.0',
          env: {
            LOG_LEVEL: 'info',
            // A string with a secret in it is a secret.
            DATABASE_URL: text`postgres://shop:${password}@db:5432/shop`,
          },
          files: { '/etc/shop/token': secret.file('/run/secrets/token') },
        },
      },
    });
  },
  { defaults: { labels: false, podSecurity: false, containerSecurity: false, resources: false } },
);
