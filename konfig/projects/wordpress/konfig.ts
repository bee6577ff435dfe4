import { input, project, secret } from '@konfig/sdk';
import { dev, sandbox } from '../../workspaces';
import { Wordpress } from './app';

const password = secret.env('WORDPRESS_DB_PASSWORD');
const namespace = 'wordpress-example';

export default project('wordpress', { owner: 'team-platform' })
  .stack('dev', dev, (stack) => new Wordpress(stack, { password, cluster: 'default' }), { namespace })
  // The cloud is moto (https://docs.getmoto.org), which knows MySQL by its small name only.
  .stack(
    'sandbox',
    sandbox,
    (stack) =>
      new Wordpress(stack, {
        password,
        cluster: 'sandbox',
        cloud: { endpoint: input.env('CLOUD_ENDPOINT', { otherwise: 'http://127.0.0.1:5000' }), engine: 'mysql' },
      }),
    { namespace },
  );
