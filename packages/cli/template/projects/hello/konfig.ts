import { project } from '@konfig/sdk';
import { dev, prod } from '../../workspaces';
import { Hello } from './app';

const image = 'nginxinc/nginx-unprivileged:1.29.3';

export default project('hello', { owner: 'team-hello' })
  .stack('dev', dev, (stack) => new Hello(stack, { image, replicas: 1 }), { namespace: 'hello' })
  .stack('prod', prod, (stack) => new Hello(stack, { image, replicas: 2 }), { namespace: 'hello' });
