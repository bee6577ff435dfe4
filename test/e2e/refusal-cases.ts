// What both clusters refuse of the kinds that every cluster has.
import { configMap, configMaps, core, deployment, deployments, job, pod, service } from './built-in-objects';
import type { Case } from './faithful-case';
import { get, merge, post } from './requests';

export const refusalCases: readonly Case[] = [
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
];
