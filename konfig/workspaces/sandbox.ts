import { embeddedCluster, secret, terraform, workspace } from '@konfig/sdk';

/** A cluster and a cloud on your own machine, nothing of either is real. What Terraform keeps is encrypted all the same. */
export const sandbox = workspace('sandbox', {
  kubernetes: embeddedCluster(),
  targets: { terraform: terraform({ stateKey: secret.env('KONFIG_STATE_KEY') }) },
  operations: { totalTimeout: '10m', resourceTimeout: '5m', noProgressTimeout: '3m' },
});
