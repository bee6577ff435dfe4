import { project } from '@konfig/sdk';
import { demo, dev, prod } from '../../workspaces';
import { Boutique } from './app';

const release = 'v0.10.6';

export default project('boutique', { owner: 'team-boutique' })
  .stack('dev', dev, (stack) => new Boutique(stack, { release, customers: 10 }))
  .stack('prod', prod, (stack) => new Boutique(stack, { release, customers: 10 }))
  .stack('demo', demo, (stack) => {
    new Boutique(stack, {
      release,
      releases: {}, // { cartservice: 'v0.10.7' } breaks one image
      frontendReplicas: 2,
      customers: 10,
    });
  });
