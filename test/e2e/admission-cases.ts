// What both clusters refuse at the door: by webhooks, quotas and limits. NS is the namespace of the case.
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

export const admissionCases: readonly Case[] = [
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
  {
    name: 'a quota that is used up',
    requests: [
      post('/api/v1/namespaces/NS/resourcequotas', { metadata: { name: 'all' }, spec: { hard: { configmaps: '1' } } }),
      { ...post(`${maps}?dryRun=All`, map), untilStatus: 403 },
    ],
  },
  {
    name: 'limits of containers and claims',
    requests: [
      post('/api/v1/namespaces/NS/limitranges', {
        metadata: { name: 'all' },
        spec: {
          limits: [
            { type: 'Container', max: { memory: '1Gi' }, min: { memory: '64Mi' }, default: { cpu: '500m' } },
            { type: 'PersistentVolumeClaim', max: { storage: '1Gi' } },
          ],
        },
      }),
      {
        ...post('/api/v1/namespaces/NS/pods?dryRun=All', {
          metadata: { name: 'big' },
          spec: { containers: [{ name: 'main', image: 'web:1', resources: { limits: { memory: '2Gi' } } }] },
        }),
        untilStatus: 403,
      },
      post('/api/v1/namespaces/NS/persistentvolumeclaims', {
        metadata: { name: 'big' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } },
      }),
    ],
  },
];
