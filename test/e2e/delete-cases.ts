// Deletes, lists and the forms of an answer, on both clusters.
import { configMap, configMaps, core } from './built-in-objects';
import type { Case } from './faithful-case';
import { get, merge, post, remove } from './requests';

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
