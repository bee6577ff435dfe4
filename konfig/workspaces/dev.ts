import { httpService, kubernetes, secret, workspace } from '@konfig/sdk';

/** Where teams try things out: one replica of everything, little patience. */
export const dev = workspace('dev', {
  kubernetes: kubernetes({ context: 'dev' }),
  targets: { registry: httpService({ url: 'https://registry.dev.acme.example', token: secret.env('REGISTRY_TOKEN') }) },
  operations: { resourceTimeout: '5m', noProgressTimeout: '2m' },
});
