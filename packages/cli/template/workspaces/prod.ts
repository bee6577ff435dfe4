import { kubernetes, workspace } from '@konfig/sdk';

/** A real cluster, by its context in the kubeconfig: `kubectl config get-contexts` lists those that you have. */
export const prod = workspace('prod', {
  kubernetes: kubernetes({ context: 'prod' }),
});
