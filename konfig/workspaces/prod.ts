import { kubernetes, workspace } from '@konfig/sdk';

/** Where customers are: two replicas of everything that does not say otherwise, and more patience. */
export const prod = workspace('prod', {
  kubernetes: kubernetes({ context: 'prod' }),
  defaults: { replicas: 2 },
  operations: { totalTimeout: '1h', resourceTimeout: '15m', graces: { ImagePullBackOff: '2m' } },
});
