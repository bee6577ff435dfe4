// Dry runs, patches and PUTs, as both clusters answer them.
import { configMap, configMaps, deployment, deployments, dry } from './built-in-objects';
import type { Case } from './faithful-case';
import { apply, get, jsonPatch, merge, post, put, remove, strategic } from './requests';

const scale = (spec: unknown) => ({ apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'web', namespace: 'NS' }, spec });

export const patchCases: readonly Case[] = [
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
  {
    name: 'a PUT or a patch that names another object, or none, or leaves none',
    requests: [
      post(configMaps, configMap({ a: '1' })),
      put(`${configMaps}/one`, configMap({ a: '2' }, { name: undefined })),
      put(`${configMaps}/one`, configMap({ a: '2' }, { name: 'two' })),
      put(`${configMaps}/one`, configMap({ a: '2' }, { namespace: 'default' })),
      merge(`${configMaps}/one`, { metadata: { name: null } }),
      merge(`${configMaps}/one`, { metadata: { namespace: 'default' } }),
      merge(`${configMaps}/one`, []),
      merge(`${configMaps}/one`, '"text"'),
      jsonPatch(`${configMaps}/one`, [{ op: 'replace', path: '', value: 'text' }]),
      get(`${configMaps}/one`),
    ],
  },
  {
    name: 'scales that are none, of a wrong type, or of something else',
    isControlled: true,
    requests: [
      post(deployments, deployment([{ name: 'web', image: 'web:1' }], { paused: true, replicas: 2 })),
      put(`${deployments}/web/scale`, scale({ replicas: 'three' })),
      put(`${deployments}/web/scale`, scale({ replicas: 1.5 })),
      put(`${deployments}/web/scale`, scale({ replicas: 3_000_000_000 })),
      put(`${deployments}/web/scale`, scale(7)),
      put(`${deployments}/web/scale`, { ...scale({ replicas: 1 }), metadata: 3 }),
      put(`${deployments}/web/scale`, { spec: { replicas: 1 } }),
      put(`${deployments}/web/scale`, { ...scale({ replicas: 1 }), metadata: { name: 'api' } }),
      put(`${deployments}/web/scale`, { ...scale({ replicas: 1 }), metadata: { name: 'web', namespace: 'default' } }),
      put(`${deployments}/web/scale`, { ...scale({ replicas: 1 }), metadata: { name: 'web', uid: 'another' } }),
      put(`${deployments}/web/scale`, { ...scale({ replicas: 1 }), metadata: { name: 'web', resourceVersion: '1' } }),
      put(`${deployments}/web/scale`, deployment()),
      put(`${deployments}/web/scale`, scale({ replicas: -1 })),
      put(`${deployments}/web/scale?fieldValidation=Strict`, scale({ replicas: 1, more: 1 })),
      put(`${deployments}/none/scale`, { ...scale({ replicas: 1 }), metadata: { name: 'none' } }),
      merge(`${deployments}/web/scale`, { metadata: { name: 'api' } }),
      jsonPatch(`${deployments}/web/scale`, [{ op: 'replace', path: '', value: 'text' }]),
      put(`${deployments}/web/scale`, scale(undefined)),
      get(`${deployments}/web`),
    ],
  },
];
