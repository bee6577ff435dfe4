import { embeddedCluster, secret, terraform, workspace } from '@konfig/sdk';
import { mysql } from '../databases/settings';

/** A cluster and a cloud on your own machine, nothing of either is real. What Terraform keeps is encrypted all the same. */
export const sandbox = workspace('sandbox', {
  kubernetes: embeddedCluster(),
  targets: { terraform: terraform({ stateKey: secret.env('KONFIG_STATE_KEY') }) },
  settings: [mysql({ storageGigabytes: 5 }, 'the least that Amazon has for MySQL')],
  operations: { totalTimeout: '10m', resourceTimeout: '5m', noProgressTimeout: '3m' },
});
