import { project } from '@konfig/sdk';
import { dev } from '../../workspaces';
import { Catalog } from './app';

export default project('catalog', { owner: 'team-shop' }).stack(
  'dev',
  dev,
  (stack) => new Catalog(stack, { version: '1.4.0', tier: 'silver' }),
  {
    namespace: 'catalog',
  },
);
