import { kubernetes, workspace } from '@konfig/sdk';

/** Where teams try things out: one replica of everything, little patience. */
export const dev = workspace('dev', {
  kubernetes: kubernetes({ context: 'dev' }),
  operations: { resourceTimeout: '5m', noProgressTimeout: '2m' },
});
