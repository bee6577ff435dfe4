// What both clusters make of new objects of the kinds that every cluster has.
import { apps, configMap, configMaps, core, deployment, deployments, dry, job, pod, service } from './built-in-objects';
import type { Case } from './faithful-case';
import { apply, get, post, remove } from './requests';

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

export const defaultCases: readonly Case[] = [
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
];
