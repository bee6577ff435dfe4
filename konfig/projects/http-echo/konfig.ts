import { project } from '@konfig/sdk';
import { dev } from '../../workspaces';
import { HttpEcho } from './app';

export default project('http-echo', { owner: 'team-platform' }).stack(
  'dev',
  dev,
  (stack) => new HttpEcho(stack, { says: 'apple', cluster: 'default' }),
  { namespace: 'http-echo' },
);
