// What both clusters are asked about webhooks: their configurations, and what is refused where nothing answers. NS is the namespace of the case.
import type { Case } from './faithful-case';
import { apply, get, merge, post, remove } from './requests';

const configurations = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
const maps = '/api/v1/namespaces/NS/configmaps';
const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' }, data: { a: '1' } };

const hook = (more: object = {}) => ({
  name: 'check.NS.example',
  clientConfig: { service: { namespace: 'NS', name: 'hook' } },
  rules: [{ operations: ['CREATE', 'DELETE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }],
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'NS' } },
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  ...more,
});
const configuration = (more: object = {}) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'NS' },
  webhooks: [hook(more)],
});

export const webhookCases: readonly Case[] = [
  {
    name: 'webhook configurations, valid and not',
    requests: [
      post(`${configurations}?dryRun=All`, configuration()),
      post(configurations, configuration({ name: 'short' })),
      post(configurations, configuration({ sideEffects: 'Some' })),
      post(configurations, configuration({ sideEffects: undefined })),
      post(configurations, configuration({ timeoutSeconds: 31 })),
      post(configurations, configuration({ failurePolicy: 'Maybe' })),
      post(configurations, configuration({ clientConfig: {} })),
      post(configurations, configuration({ clientConfig: { url: 'http://example.com' } })),
      post(configurations, configuration({ admissionReviewVersions: [] })),
      post(configurations, configuration({ admissionReviewVersions: ['v7'] })),
      post(
        configurations,
        configuration({ rules: [{ operations: ['READ'], apiGroups: ['*', 'apps'], apiVersions: ['v1'], resources: ['pods'] }] }),
      ),
      post(configurations, configuration({ rules: [{}] })),
      apply(
        '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/NS',
        {
          ...configuration(),
          kind: 'MutatingWebhookConfiguration',
        },
        'fieldManager=konfig&dryRun=All',
      ),
    ],
  },
  {
    name: 'a webhook that is down refuses what it is asked about',
    requests: [
      post(configurations, configuration()),
      merge(`${configurations}/NS`, { metadata: { labels: { a: 'b' } } }),
      // The real server asks a webhook only some time after it was registered; this is asked until it does.
      { ...post(`${maps}?dryRun=All`, map), untilStatus: 500 },
      post(maps, map),
      apply(`${maps}/one`, map),
      get(`${maps}/one`),
      remove(`${configurations}/NS`),
    ],
  },
];
