// Deletes, lists and the forms of an answer, on both clusters.
import { configMap, configMaps, core, dry } from './built-in-objects';
import type { Case } from './faithful-case';
import { get, merge, post, remove } from './requests';

const eviction = (deleteOptions?: object) => ({ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'one' }, deleteOptions });

export const deleteCases: readonly Case[] = [
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
    name: 'a delete whose options are none',
    requests: [
      post(configMaps, configMap({})),
      remove(`${configMaps}/one?dryRun=Some`),
      remove(`${configMaps}/one`, { kind: 'DeleteOptions', apiVersion: 'v1', dryRun: ['Some'] }),
      remove(`${configMaps}/one`, { kind: 'DeleteOptions', apiVersion: 'v1', dryRun: 'All' }),
      remove(`${configMaps}/one`, { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 'soon' }),
      remove(`${configMaps}?dryRun=Some`),
      get(`${configMaps}/one`),
    ],
  },
  {
    name: 'evictions, dry, of another pod, with options that are none, and meant so',
    requests: [
      { ...get(`${core}/serviceaccounts/default`), untilStatus: 200 },
      post(`${core}/pods`, {
        metadata: { name: 'one' },
        spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'web', image: 'web:1' }] },
      }),
      post(`${core}/pods/one/eviction?${dry}`, eviction()),
      post(`${core}/pods/one/eviction`, eviction({ dryRun: ['All'] })),
      post(`${core}/pods/one/eviction?${dry}`, eviction({ gracePeriodSeconds: 0 })),
      post(`${core}/pods/one/eviction?dryRun=Some`, eviction()),
      post(`${core}/pods/one/eviction`, eviction({ dryRun: ['Some'] })),
      post(`${core}/pods/one/eviction`, eviction({ dryRun: 'All' })),
      post(`${core}/pods/one/eviction`, eviction({ preconditions: { uid: 'another' } })),
      post(`${core}/pods/one/eviction`, { ...eviction(), metadata: { name: 'two' } }),
      post(`${core}/pods/one/eviction`, {}),
      post(`${core}/pods/one/eviction`, { ...eviction(), apiVersion: 'v1', kind: 'Pod' }),
      post(`${core}/pods/one/eviction`, eviction()),
      post(`${core}/pods/one/eviction`, eviction()),
    ],
    isControlled: true,
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
