// What both clusters are asked about the kinds that every cluster has; NS stands for the namespace of the case.
import type { Case } from './faithful-case';
import { apply, get, jsonPatch, merge, post, put, remove, strategic } from './requests';

export const core = '/api/v1/namespaces/NS';
export const apps = '/apis/apps/v1/namespaces/NS';
const configMaps = `${core}/configmaps`;
export const deployments = `${apps}/deployments`;
const dry = 'dryRun=All';

const configMap = (data: object, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'one', ...metadata },
  data,
});
const pod = (containers: readonly object[], more: object = {}) => ({ metadata: { labels: { app: 'web' } }, spec: { containers, ...more } });
/** A Deployment without pods, unless the spec says otherwise. */
export const deployment = (containers: readonly object[] = [{ name: 'web', image: 'web:1' }], spec: object = {}, more: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { replicas: 0, selector: { matchLabels: { app: 'web' } }, template: pod(containers, more), ...spec },
});
const service = (spec: object, name = 'web') => ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec });
const job = (spec: object) => ({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'seed' }, spec });
const rich = {
  name: 'web',
  image: 'registry.example/web',
  env: [
    { name: 'A', value: '1' },
    { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
  ],
  ports: [{ containerPort: 8080 }, { name: 'dns', containerPort: 53, protocol: 'UDP' }],
  resources: { requests: { cpu: '0.5', memory: '1024Mi' }, limits: { cpu: 2, memory: '1.5Gi' } },
  readinessProbe: { httpGet: { path: '/', port: 8080 } },
  livenessProbe: { grpc: { port: 8080 } },
  lifecycle: { preStop: { sleep: { seconds: 5 } } },
  volumeMounts: [{ name: 'files', mountPath: '/etc/web' }],
};
const volumes = [
  { name: 'files', configMap: { name: 'files' } },
  { name: 'secret', secret: { secretName: 'keys' } },
  { name: 'scratch', emptyDir: {} },
  { name: 'projected', projected: { sources: [{ serviceAccountToken: { path: 'token' } }, { downwardAPI: { items: [] } }] } },
];

export const builtInCases: readonly Case[] = [
  // -- Defaults
  {
    name: 'a Deployment with its defaults',
    isControlled: true,
    requests: [
      post(deployments, deployment([rich], {}, { volumes, initContainers: [{ name: 'wait', image: 'wait:1' }] })),
      remove(`${deployments}/web`),
    ],
  },
  {
    name: 'a StatefulSet with its defaults',
    isControlled: true,
    requests: [
      post(`${apps}/statefulsets`, {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'db' },
        spec: {
          replicas: 0,
          serviceName: 'db',
          selector: { matchLabels: { app: 'web' } },
          template: pod([{ name: 'db', image: 'db:1' }]),
          volumeClaimTemplates: [
            { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
          ],
        },
      }),
    ],
  },
  {
    name: 'a DaemonSet and a CronJob with their defaults',
    isControlled: true,
    requests: [
      post(`${apps}/daemonsets?${dry}`, {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 'agent' },
        spec: { selector: { matchLabels: { app: 'web' } }, template: pod([{ name: 'agent', image: 'agent:1' }]) },
      }),
      post(`/apis/batch/v1/namespaces/NS/cronjobs?${dry}`, {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'nightly' },
        spec: {
          schedule: '@daily',
          jobTemplate: { spec: { template: pod([{ name: 'run', image: 'run:1' }], { restartPolicy: 'Never' }) } },
        },
      }),
    ],
  },
  {
    name: 'a Job with its defaults',
    isControlled: true,
    requests: [
      post(
        '/apis/batch/v1/namespaces/NS/jobs?dryRun=All',
        job({ template: pod([{ name: 'seed', image: 'seed:1' }], { restartPolicy: 'Never' }) }),
      ),
    ],
  },
  {
    name: 'a Pod with its defaults',
    isControlled: true,
    requests: [
      post(`${core}/pods?${dry}`, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'one' },
        spec: { serviceAccountName: 'default', automountServiceAccountToken: false, containers: [rich], volumes },
      }),
    ],
  },
  {
    name: 'Services of each type with their defaults',
    requests: [
      post(`${core}/services`, service({ selector: { app: 'web' }, ports: [{ port: 80 }] }, 'a')),
      post(
        `${core}/services`,
        service({ clusterIP: 'None', selector: { app: 'web' }, ports: [{ name: 'x', port: 80, targetPort: 'http' }] }, 'b'),
      ),
      post(`${core}/services`, service({ type: 'NodePort', ports: [{ port: 80, protocol: 'UDP' }] }, 'c')),
      post(`${core}/services?${dry}`, service({ type: 'LoadBalancer', externalTrafficPolicy: 'Local', ports: [{ port: 80 }] }, 'd')),
      post(`${core}/services`, service({ type: 'ExternalName', externalName: 'example.com' }, 'e')),
      get(`${core}/services/a`),
      remove(`${core}/services/a`),
      get(`${core}/services/a`),
    ],
  },
  {
    name: 'ConfigMap, Secret and ServiceAccount from birth to death',
    requests: [
      post(configMaps, { ...configMap({ a: '1' }), binaryData: { b: 'AQID' }, immutable: false }),
      get(`${configMaps}/one`),
      post(`${core}/secrets`, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'keys' },
        stringData: { key: 'value' },
        data: { other: 'dmFsdWU=' },
      }),
      get(`${core}/secrets/keys`),
      post(`${core}/serviceaccounts`, {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'web' },
        automountServiceAccountToken: false,
      }),
      remove(`${core}/serviceaccounts/web`),
      remove(`${core}/secrets/keys`),
      remove(`${configMaps}/one`),
      remove(`${configMaps}/one`),
    ],
  },
  {
    name: 'PodDisruptionBudget, Ingress, NetworkPolicy, HorizontalPodAutoscaler and PersistentVolumeClaim with their defaults',
    isControlled: true,
    requests: [
      post('/apis/policy/v1/namespaces/NS/poddisruptionbudgets', {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'web' },
        spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'web' } } },
      }),
      post('/apis/networking.k8s.io/v1/namespaces/NS/ingresses', {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'web' },
        spec: {
          rules: [
            {
              host: 'example.com',
              http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }] },
            },
          ],
        },
      }),
      post('/apis/networking.k8s.io/v1/namespaces/NS/networkpolicies', {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'web' },
        spec: { podSelector: {}, egress: [{ ports: [{ port: 53 }] }] },
      }),
      post('/apis/autoscaling/v2/namespaces/NS/horizontalpodautoscalers', {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'web' },
        spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas: 3 },
      }),
      post(`${core}/persistentvolumeclaims?${dry}`, {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'data' },
        spec: { storageClassName: 'some', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1000Mi' } } },
      }),
    ],
  },
  {
    name: 'a Namespace, dry',
    requests: [
      post(`/api/v1/namespaces?${dry}`, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'another' } }),
      apply(
        '/api/v1/namespaces/another',
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'another' } },
        `fieldManager=konfig&${dry}`,
      ),
      get('/api/v1/namespaces/another'),
    ],
  },
  {
    name: 'roles and what binds them',
    requests: [
      post('/apis/rbac.authorization.k8s.io/v1/namespaces/NS/roles', {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'reader' },
        rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
      }),
      post('/apis/rbac.authorization.k8s.io/v1/namespaces/NS/rolebindings', {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'reader' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
        subjects: [
          { kind: 'ServiceAccount', name: 'web', namespace: 'NS' },
          { kind: 'User', name: 'jane' },
        ],
      }),
    ],
  },

  // -- Server-side apply
  {
    name: 'server-side apply makes, leaves alone, changes and gives up fields',
    requests: [
      apply(`${configMaps}/one`, configMap({ a: '1', b: '2' })),
      apply(`${configMaps}/one`, configMap({ a: '1', b: '2' })),
      apply(`${configMaps}/one`, configMap({ a: '2', b: '2' })),
      apply(`${configMaps}/one`, configMap({ a: '2' })),
      get(`${configMaps}/one`),
    ],
  },
  {
    name: 'a second manager: shared fields, conflicts, force, giving up',
    requests: [
      apply(`${configMaps}/one`, configMap({ a: '1', b: '1' })),
      apply(`${configMaps}/one`, configMap({ a: '1', c: '1' }), 'fieldManager=other'),
      apply(`${configMaps}/one`, configMap({ a: '2', b: '2' }), 'fieldManager=other'),
      apply(`${configMaps}/one`, configMap({ a: '2' }), 'fieldManager=other&force=true'),
      apply(`${configMaps}/one`, configMap({ b: '1' })),
      merge(`${configMaps}/one?fieldManager=kubectl-edit`, { data: { b: '9', d: '1' } }),
      apply(`${configMaps}/one`, configMap({ b: '1' })),
      apply(`${configMaps}/one`, configMap({ b: '1' }), 'fieldManager=konfig&force=true'),
    ],
  },
  {
    name: 'conflicts in a Deployment, of two managers at once',
    isControlled: true,
    requests: [
      apply(`${deployments}/web`, deployment([{ name: 'web', image: 'web:1', env: [{ name: 'A', value: '1' }] }])),
      merge(`${deployments}/web?fieldManager=kubectl-edit`, { spec: { replicas: 0, revisionHistoryLimit: 3, paused: true } }),
      strategic(`${deployments}/web?fieldManager=tool`, {
        spec: { template: { spec: { containers: [{ name: 'web', image: 'web:2' }] } } },
      }),
      apply(`${deployments}/web`, deployment([{ name: 'web', image: 'web:3' }], { revisionHistoryLimit: 4, paused: false })),
      apply(
        `${deployments}/web`,
        deployment([{ name: 'web', image: 'web:3' }], { revisionHistoryLimit: 4 }),
        'fieldManager=konfig&force=true',
      ),
    ],
  },
  {
    name: 'lists with keys are merged: containers, variables, ports, mounts',
    isControlled: true,
    requests: [
      apply(
        `${deployments}/web`,
        deployment([
          {
            name: 'web',
            image: 'web:1',
            env: [
              { name: 'A', value: '1' },
              { name: 'B', value: '1' },
            ],
            ports: [{ containerPort: 80 }],
          },
        ]),
      ),
      apply(
        `${deployments}/web`,
        deployment([
          { name: 'web', env: [{ name: 'C', value: '1' }], ports: [{ containerPort: 80, protocol: 'UDP' }, { containerPort: 81 }] },
          { name: 'side', image: 'side:1' },
        ]),
        'fieldManager=other',
      ),
      apply(`${deployments}/web`, deployment([{ name: 'web', image: 'web:1', env: [{ name: 'B', value: '1' }] }])),
      apply(
        `${deployments}/web`,
        {
          ...deployment([{ name: 'web', image: 'web:1' }]),
          spec: { replicas: 0, selector: { matchLabels: { app: 'web' } }, template: pod([{ name: 'web' }]) },
        },
        'fieldManager=other',
      ),
    ],
  },
  {
    name: 'finalizers are a set, labels and annotations a map',
    requests: [
      apply(`${configMaps}/one`, configMap({}, { finalizers: ['x.dev/a', 'x.dev/b'], labels: { a: '1' }, annotations: { n: '1' } })),
      apply(`${configMaps}/one`, configMap({}, { finalizers: ['x.dev/c', 'x.dev/a'], labels: { b: '1' } }), 'fieldManager=other'),
      apply(`${configMaps}/one`, configMap({}, { finalizers: ['x.dev/b'] })),
      remove(`${configMaps}/one`),
      apply(`${configMaps}/one`, configMap({ new: '1' }, { finalizers: ['x.dev/b', 'x.dev/d'] })),
      merge(`${configMaps}/one`, { metadata: { finalizers: null } }),
      get(`${configMaps}/one`),
    ],
  },
  {
    name: 'what server-side apply refuses',
    requests: [
      apply(`${configMaps}/one`, configMap({}), ''),
      apply(`${configMaps}/one`, { kind: 'ConfigMap', metadata: { name: 'one' } }),
      apply(`${configMaps}/one`, configMap({}, { name: 'two' })),
      apply(`${configMaps}/one`, configMap({}, { managedFields: [{ manager: 'x' }] })),
      apply(`${configMaps}/one`, configMap({}, { uid: '11111111-1111-1111-1111-111111111111' })),
      apply(`${configMaps}/one`, configMap({}, { resourceVersion: '1' })),
      apply(`${deployments}/web`, deployment([{ name: 'web', image: 'web:1', imagge: 'x' }], { replica: 1 })),
      apply(
        `${deployments}/web`,
        deployment([
          {
            name: 'web',
            image: 'web:1',
            env: [
              { name: 'A', value: '1' },
              { name: 'A', value: '2' },
            ],
          },
        ]),
      ),
      apply(`${deployments}/web`, deployment([{ name: 'web', image: 'web:1', env: [{ value: '1' }] }])),
      apply(`${deployments}/web`, deployment([{ name: 'web', image: 1 }])),
      apply(`${configMaps}/one`, '{not: [yaml'),
      apply('/api/v1/namespaces/nowhere/configmaps/one', configMap({})),
      apply('/apis/example.com/v1/namespaces/NS/things/one', { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'one' } }),
    ],
  },
  {
    name: 'server-side apply of status and scale, beside the spec',
    isControlled: true,
    requests: [
      apply(`${deployments}/web`, deployment()),
      merge(`${deployments}/web/scale?fieldManager=scaler`, { spec: { replicas: 0 } }),
      get(`${deployments}/web/scale`),
      put(`${deployments}/web/scale?fieldManager=scaler`, {
        apiVersion: 'autoscaling/v1',
        kind: 'Scale',
        metadata: { name: 'web', namespace: 'NS' },
        spec: { replicas: 1 },
      }),
      apply(`${deployments}/web`, deployment()),
    ],
  },

  // -- Dry runs and patches
  {
    name: 'a dry run answers as the real run and keeps nothing',
    requests: [
      post(`${configMaps}?${dry}`, configMap({ a: '1' })),
      apply(`${configMaps}/one`, configMap({ a: '1' }), `fieldManager=konfig&${dry}`),
      get(`${configMaps}/one`),
      post(configMaps, configMap({ a: '1' })),
      merge(`${configMaps}/one?${dry}`, { data: { a: '2' } }),
      remove(`${configMaps}/one?${dry}`),
      get(`${configMaps}/one`),
      post(`${configMaps}?dryRun=Some`, configMap({})),
    ],
  },
  {
    name: 'merge patches and JSON patches, and those that do not fit',
    requests: [
      post(configMaps, configMap({ a: '1', b: '1' })),
      merge(`${configMaps}/one`, { data: { a: null, c: '1' }, metadata: { labels: { x: 'y' } } }),
      merge(`${configMaps}/one`, { data: { c: '1' } }),
      jsonPatch(`${configMaps}/one`, [
        { op: 'test', path: '/data/c', value: '1' },
        { op: 'replace', path: '/data/c', value: '2' },
        { op: 'add', path: '/data/d', value: '1' },
      ]),
      jsonPatch(`${configMaps}/one`, [{ op: 'test', path: '/data/c', value: '1' }]),
      jsonPatch(`${configMaps}/one`, [{ op: 'remove', path: '/data/none' }]),
      jsonPatch(`${configMaps}/one`, { op: 'remove' }),
      merge(`${configMaps}/one`, { metadata: { resourceVersion: '1' }, data: { c: '3' } }),
      merge(`${configMaps}/one`, { metadata: { name: 'two' } }),
      merge(`${configMaps}/none`, { data: {} }),
      { method: 'PATCH', path: `${configMaps}/one`, body: {}, contentType: 'text/plain' },
      strategic(`${configMaps}/one`, { data: { c: '4' } }),
    ],
  },
  {
    name: 'a PUT with and without the version that was read',
    requests: [
      post(configMaps, configMap({ a: '1' })),
      put(`${configMaps}/one`, configMap({ a: '2' })),
      put(`${configMaps}/one`, configMap({ a: '3' }, { resourceVersion: '1' })),
      put(`${configMaps}/two`, configMap({ a: '3' })),
      put(`${configMaps}/none`, configMap({ a: '3' }, { name: 'none' })),
    ],
  },

  // -- Refusals
  {
    name: 'not there, there already, unknown kinds and names that are none',
    requests: [
      get(`${configMaps}/none`),
      get(`${deployments}/none`),
      get('/apis/example.com/v1/things'),
      get(`${core}/nothings`),
      post(configMaps, configMap({})),
      post(configMaps, configMap({})),
      post(configMaps, configMap({}, { name: 'Not_A_Name' })),
      post(`${core}/services`, service({ ports: [{ port: 80 }] }, '1web')),
      post(configMaps, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } }),
      post(configMaps, { metadata: { name: 'no-kind' } }),
      post(configMaps, configMap({}, { namespace: 'other' })),
      post(configMaps, configMap({}, { name: undefined })),
      post(configMaps, '{"apiVersion": "v1", "kind": '),
      post('/api/v1/namespaces/nowhere/configmaps', configMap({})),
      { method: 'PUT', path: configMaps, body: configMap({}) },
    ],
  },
  {
    name: 'Deployments that are not valid, each with all of its causes',
    isControlled: true,
    requests: [
      post(deployments, deployment([{ name: 'web' }])),
      post(deployments, deployment([])),
      post(
        deployments,
        deployment([
          { name: 'Web_1', image: 'web:1', ports: [{ containerPort: 99999 }, { name: 'much-too-long-a-name', containerPort: 1 }] },
        ]),
      ),
      post(
        deployments,
        deployment([
          { name: 'web', image: 'web:1' },
          { name: 'web', image: 'web:2' },
        ]),
      ),
      post(deployments, deployment([{ name: 'web', image: 'web:1', resources: { requests: { cpu: 'much' } } }])),
      post(
        deployments,
        deployment([{ name: 'web', image: 'web:1', resources: { requests: { memory: '2Gi' }, limits: { memory: '1Gi' } } }]),
      ),
      post(deployments, deployment([{ name: 'web', image: 'web:1', volumeMounts: [{ name: 'none', mountPath: '/x' }] }])),
      post(
        deployments,
        deployment([
          {
            name: 'web',
            image: 'web:1',
            env: [
              { name: '1=2', value: 'x' },
              { name: 'B', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
            ],
          },
        ]),
      ),
      post(
        deployments,
        deployment([
          {
            name: 'web',
            image: 'web:1',
            env: [
              { name: 'A', value: '1' },
              { name: 'A', value: '2' },
            ],
          },
        ]),
      ),
      post(deployments, deployment([{ name: 'web', image: 'web:1', readinessProbe: { periodSeconds: -1 }, imagePullPolicy: 'Sometimes' }])),
      post(deployments, deployment([{ name: 'web', image: 'web:1' }], { selector: { matchLabels: { app: 'other' } } })),
      post(
        deployments,
        deployment([{ name: 'web', image: 'web:1' }], { replicas: -1, strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } }),
      ),
      post(deployments, deployment([{ name: 'web', image: 'web:1' }], { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } })),
      post(deployments, deployment([{ name: 'web', image: 'web:1' }], {}, { restartPolicy: 'Never' })),
      post(deployments, { ...deployment(), metadata: { name: 'web', labels: { 'not a label': 'x' } } }),
      post(deployments, { ...deployment(), metadata: { name: 'web', labels: { ok: 'not a value!' } } }),
    ],
  },
  {
    name: 'what cannot be changed',
    isControlled: true,
    requests: [
      post(deployments, deployment()),
      merge(`${deployments}/web`, {
        spec: { selector: { matchLabels: { app: 'other' } }, template: { metadata: { labels: { app: 'other' } } } },
      }),
      post(`${core}/services`, service({ clusterIP: '10.96.77.7', ports: [{ port: 80 }] })),
      merge(`${core}/services/web`, { spec: { clusterIP: '10.96.77.8', clusterIPs: ['10.96.77.8'] } }),
      post(
        '/apis/batch/v1/namespaces/NS/jobs',
        job({ suspend: true, template: pod([{ name: 'seed', image: 'seed:1' }], { restartPolicy: 'Never' }) }),
      ),
      merge('/apis/batch/v1/namespaces/NS/jobs/seed', { spec: { completions: 3 } }),
      post(configMaps, { ...configMap({ a: '1' }), immutable: true }),
      merge(`${configMaps}/one`, { data: { a: '2' } }),
      merge(`${configMaps}/one`, { immutable: false }),
      post(`${core}/secrets`, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, type: 'Opaque' }),
      merge(`${core}/secrets/keys`, { type: 'example.com/other' }),
      merge(`${configMaps}/one`, { metadata: { uid: '11111111-1111-1111-1111-111111111111' } }),
    ],
  },
  {
    name: 'Services, Secrets and others that are not valid',
    requests: [
      post(`${core}/services`, service({ ports: [{ port: 99999 }] })),
      post(`${core}/services`, service({ ports: [{ port: 80 }, { port: 81 }] })),
      post(
        `${core}/services`,
        service({
          ports: [
            { name: 'a', port: 80 },
            { name: 'b', port: 80 },
          ],
        }),
      ),
      post(`${core}/services`, service({ type: 'Sometimes', ports: [{ port: 80, targetPort: 'much_too_long_for_a_name' }] })),
      post(`${core}/services`, service({ ports: [] })),
      post(`${core}/secrets`, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, data: { key: 'not base64!' } }),
      post(`${core}/secrets`, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, stringData: { 'not a key': 'x' } }),
      post(`${core}/secrets`, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, type: 'kubernetes.io/tls', data: {} }),
      post('/apis/policy/v1/namespaces/NS/poddisruptionbudgets', {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'x' },
        spec: { minAvailable: 1, maxUnavailable: 1 },
      }),
      post('/apis/networking.k8s.io/v1/namespaces/NS/ingresses', {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'x' },
        spec: {},
      }),
      post('/apis/networking.k8s.io/v1/namespaces/NS/ingresses', {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'x' },
        spec: { rules: [{ http: { paths: [{ path: 'x', backend: { service: { name: 'web', port: {} } } }] } }] },
      }),
      post('/apis/batch/v1/namespaces/NS/jobs', job({ template: pod([{ name: 'seed', image: 'seed:1' }]) })),
      post('/apis/batch/v1/namespaces/NS/cronjobs', {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'x' },
        spec: { schedule: 'at times', jobTemplate: { spec: { template: pod([{ name: 'x', image: 'x' }], { restartPolicy: 'Never' }) } } },
      }),
    ],
  },
  {
    name: 'fields that nobody knows: strict, with a warning, ignored',
    requests: [
      post(`${configMaps}?fieldValidation=Strict`, { ...configMap({}), dat: {}, metadata: { name: 'one', lables: {} } }),
      post(
        `${configMaps}?fieldValidation=Strict`,
        '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"one"},"data":{"a":"1","a":"2"}}',
      ),
      post(
        `${deployments}?fieldValidation=Strict`,
        deployment([{ name: 'web', image: 'web:1', imagePulPolicy: 'Always' }], { replica: 1 }),
      ),
      post(`${configMaps}?fieldValidation=Warn`, { ...configMap({}), dat: {} }),
      post(`${configMaps}?fieldValidation=Ignore`, { ...configMap({}), metadata: { name: 'two' }, dat: {} }),
      merge(`${configMaps}/two?fieldValidation=Strict`, { dat: {} }),
      post(`${configMaps}?fieldValidation=Never`, configMap({})),
      post(configMaps, { ...configMap({}), data: { a: 1 } }),
      post(configMaps, { ...configMap({}), metadata: { name: 'x', labels: ['a'] } }),
    ],
  },

  {
    name: 'an autoscaler in its old version and in its new one',
    isControlled: true,
    requests: [
      post('/apis/autoscaling/v1/namespaces/NS/horizontalpodautoscalers', {
        apiVersion: 'autoscaling/v1',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'web' },
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
          maxReplicas: 5,
          targetCPUUtilizationPercentage: 70,
        },
      }),
      get('/apis/autoscaling/v2/namespaces/NS/horizontalpodautoscalers/web'),
      merge('/apis/autoscaling/v2/namespaces/NS/horizontalpodautoscalers/web', { spec: { minReplicas: 2 } }),
      merge('/apis/autoscaling/v1/namespaces/NS/horizontalpodautoscalers/web', { spec: { maxReplicas: 1 } }),
      get('/apis/autoscaling'),
    ],
  },

  // -- Deletes, lists, forms
  {
    name: 'preconditions, propagation and finalizers of a delete',
    requests: [
      post(configMaps, configMap({}, { finalizers: ['x.dev/wait'] })),
      remove(`${configMaps}/one`, {
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        preconditions: { uid: '11111111-1111-1111-1111-111111111111' },
      }),
      remove(`${configMaps}/one`, { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { resourceVersion: '1' } }),
      remove(`${configMaps}/one`, { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Sideways' }),
      remove(`${configMaps}/one`, { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' }),
      remove(`${configMaps}/one`),
      merge(`${configMaps}/one`, { metadata: { finalizers: [] } }),
      get(`${configMaps}/one`),
    ],
  },
  {
    name: 'names by generateName',
    requests: [
      post(`${core}/secrets`, { apiVersion: 'v1', kind: 'Secret', metadata: { generateName: 'drawn-' } }),
      post(`${core}/secrets`, { apiVersion: 'v1', kind: 'Secret', metadata: { generateName: 'Drawn_' } }),
    ],
  },
  {
    name: 'lists: selectors of labels and fields, pages, and selectors that are none',
    requests: [
      post(`${core}/secrets`, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a', labels: { tier: 'front', app: 'web' } } }),
      post(`${core}/secrets`, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'b', labels: { tier: 'back' } } }),
      post(`${core}/secrets`, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'c' }, type: 'example.com/x' }),
      get(`${core}/secrets?labelSelector=tier`),
      get(`${core}/secrets?labelSelector=${encodeURIComponent('tier in (front,middle),app=web')}`),
      get(`${core}/secrets?labelSelector=${encodeURIComponent('!tier')}`),
      get(`${core}/secrets?labelSelector=${encodeURIComponent('tier!=back')}`),
      get(`${core}/secrets?labelSelector=${encodeURIComponent('tier in front')}`),
      get(`${core}/secrets?fieldSelector=metadata.name%3Db`),
      get(`${core}/secrets?fieldSelector=type%3Dexample.com/x`),
      get(`${core}/secrets?fieldSelector=data%3Dx`),
      { method: 'DELETE', path: `${core}/secrets?labelSelector=tier` },
      get(`${core}/secrets`),
    ],
  },
  {
    name: 'only the metadata of objects',
    requests: [
      post(configMaps, configMap({ a: '1' })),
      get(`${configMaps}/one`, 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1'),
      get(`${core}/secrets`, 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'),
      get(`${configMaps}/none`, 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1'),
      get(`${configMaps}/one`, 'application/json;as=Table;g=meta.k8s.io;v=v1'),
    ],
  },
];
