import type { JsonObject } from '@konfig/core';
import { rankOf, referencesOf } from '../../src/kubernetes/references';
import { configMap, namespace, resource } from './world';

const arrows = (...manifests: readonly JsonObject[]) =>
  [...referencesOf(manifests.map(resource))].flatMap(([from, dependencies]) =>
    dependencies.map(({ on, until }) => `${short(from)} → ${short(on)} ${until}`),
  );
const short = (id: string) => id.replace('main:', '').replace('/shop/', '/');
const shop = (apiVersion: string, kind: string, name: string, rest: JsonObject = {}): JsonObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'shop' },
  ...rest,
});

test('a workload waits for all that its pods read, but only until it is there', () => {
  const spec = {
    serviceAccountName: 'web',
    priorityClassName: 'high',
    imagePullSecrets: [{ name: 'registry' }],
    containers: [
      {
        name: 'app',
        env: [
          { name: 'A', valueFrom: { configMapKeyRef: { name: 'conf', key: 'a' } } },
          { name: 'B', valueFrom: { secretKeyRef: { name: 'pass', key: 'b' } } },
          { name: 'C', value: 'plain' },
        ],
        envFrom: [{ configMapRef: { name: 'all' } }],
      },
    ],
    volumes: [
      { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
      { name: 'mixed', projected: { sources: [{ secret: { name: 'token' } }, { configMap: { name: 'conf' } }] } },
      { name: 'missing', secret: { secretName: 'made-by-somebody-else' } },
    ],
  };
  expect(
    arrows(
      shop('apps/v1', 'Deployment', 'web', { spec: { template: { spec } } }),
      shop('v1', 'ServiceAccount', 'web'),
      { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' } },
      shop('v1', 'Secret', 'registry'),
      shop('v1', 'Secret', 'pass'),
      shop('v1', 'Secret', 'token'),
      shop('v1', 'ConfigMap', 'conf'),
      shop('v1', 'ConfigMap', 'all'),
      shop('v1', 'PersistentVolumeClaim', 'data'),
    ),
  ).toEqual([
    'Deployment.apps/web → ServiceAccount/web present',
    'Deployment.apps/web → PriorityClass.scheduling.k8s.io/high present',
    'Deployment.apps/web → Secret/registry present',
    'Deployment.apps/web → ConfigMap/all present',
    'Deployment.apps/web → ConfigMap/conf present',
    'Deployment.apps/web → Secret/pass present',
    'Deployment.apps/web → PersistentVolumeClaim/data present',
    'Deployment.apps/web → Secret/token present',
  ]);
});

test.each([
  [
    'CronJob',
    shop('batch/v1', 'CronJob', 'x', {
      spec: { jobTemplate: { spec: { template: { spec: { containers: [], volumes: [{ configMap: { name: 'c' } }] } } } } },
    }),
    shop('v1', 'ConfigMap', 'c'),
    'CronJob.batch/x → ConfigMap/c present',
  ],
  [
    'Pod',
    shop('v1', 'Pod', 'x', { spec: { containers: [{ name: 'a', envFrom: [{ secretRef: { name: 's' } }] }] } }),
    shop('v1', 'Secret', 's'),
    'Pod/x → Secret/s present',
  ],
  [
    'StatefulSet',
    shop('apps/v1', 'StatefulSet', 'x', { spec: { serviceName: 's' } }),
    shop('v1', 'Service', 's'),
    'StatefulSet.apps/x → Service/s present',
  ],
  [
    'RoleBinding to its Role',
    shop('rbac.authorization.k8s.io/v1', 'RoleBinding', 'x', { roleRef: { kind: 'Role', name: 'r' } }),
    shop('rbac.authorization.k8s.io/v1', 'Role', 'r'),
    'RoleBinding.rbac.authorization.k8s.io/x → Role.rbac.authorization.k8s.io/r present',
  ],
  [
    'RoleBinding to its subject',
    shop('rbac.authorization.k8s.io/v1', 'RoleBinding', 'x', { subjects: [{ kind: 'ServiceAccount', name: 's' }] }),
    shop('v1', 'ServiceAccount', 's'),
    'RoleBinding.rbac.authorization.k8s.io/x → ServiceAccount/s present',
  ],
  [
    'Ingress',
    shop('networking.k8s.io/v1', 'Ingress', 'x', { spec: { rules: [{ http: { paths: [{ backend: { service: { name: 's' } } }] } }] } }),
    shop('v1', 'Service', 's'),
    'Ingress.networking.k8s.io/x → Service/s present',
  ],
  [
    'HorizontalPodAutoscaler',
    shop('autoscaling/v2', 'HorizontalPodAutoscaler', 'x', {
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' } },
    }),
    shop('apps/v1', 'Deployment', 'd'),
    'HorizontalPodAutoscaler.autoscaling/x → Deployment.apps/d present',
  ],
  [
    'webhook',
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'x' },
      webhooks: [{ clientConfig: { service: { name: 's', namespace: 'shop' } } }],
    },
    shop('v1', 'Service', 's'),
    'ValidatingWebhookConfiguration.admissionregistration.k8s.io/x → Service/s ready',
  ],
])('%s', (_, from, to, arrow) => {
  expect(arrows(from, to)).toEqual([arrow]);
});

test('everything in a namespace waits for it, and a custom resource for its CRD to be ready', () => {
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'lamps.x.dev' },
    spec: { group: 'x.dev', names: { kind: 'Lamp' } },
  };
  expect(arrows({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }, crd, shop('x.dev/v1', 'Lamp', 'one'))).toEqual([
    'Lamp.x.dev/one → Namespace/shop present',
    'Lamp.x.dev/one → CustomResourceDefinition.apiextensions.k8s.io/lamps.x.dev ready',
  ]);
});

test('another namespace’s or target’s object of the same name is not meant', () => {
  const pod = shop('v1', 'Pod', 'x', { spec: { containers: [{ name: 'a', envFrom: [{ configMapRef: { name: 'conf' } }] }] } });
  const there = configMap('conf', 'other', {});
  const elsewhere = { ...configMap('conf', 'shop', {}), id: 'second:ConfigMap/shop/conf', target: 'second' };
  expect(referencesOf([resource(pod), there, elsewhere]).size).toBe(0);
});

test('kinds that others need come first, unknown kinds behind workloads, gatekeepers last', () => {
  const kinds = ['Namespace', 'ConfigMap'].map((kind) => resource(shop('v1', kind, 'x')));
  const rest = [resource(shop('apps/v1', 'Deployment', 'x')), resource(shop('x.dev/v1', 'Lamp', 'x'))];
  const webhook = resource({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'x' },
  });
  const ranks = [namespace('x'), ...kinds.slice(1), ...rest, webhook].map(rankOf);
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  expect(new Set(ranks).size).toBe(ranks.length);
});
