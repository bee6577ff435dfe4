import { project } from '@konfig/sdk';
import { dev } from '../../workspaces';
import { Pi } from './app';

export default project('job-example', { owner: 'team-platform' }).stack(
  'dev',
  dev,
  (stack) => new Pi(stack, { digits: 2000, logLevel: 'INFO', cluster: 'minikube' }),
  { namespace: 'job-example' },
);
