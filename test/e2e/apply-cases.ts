// What both clusters make of server-side apply.
import { configMap, configMaps, deployment, deployments, pod } from './built-in-objects';
import type { Case } from './faithful-case';
import { apply, get, merge, put, remove, strategic } from './requests';

export const applyCases: readonly Case[] = [
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
      // One at a time: of two unknown fields the real one names either.
      apply(`${deployments}/web`, deployment([{ name: 'web', image: 'web:1', imagge: 'x' }])),
      apply(`${deployments}/web`, deployment([{ name: 'web', image: 'web:1' }], { replica: 1 })),
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
];
