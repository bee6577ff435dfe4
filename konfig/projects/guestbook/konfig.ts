import { project } from '@konfig/sdk';
import { dev, prod } from '../../workspaces';
import { Guestbook } from './app';

export default project('guestbook', { owner: 'team-guestbook' })
  .stack('dev', dev, (stack) => new Guestbook(stack, { frontend: 'gcr.io/google-samples/gb-frontend:v5' }), { namespace: 'guestbook' })
  .stack('prod', prod, (stack) => new Guestbook(stack, { frontend: 'gcr.io/google-samples/gb-frontend:v3' }), { namespace: 'guestbook' });
