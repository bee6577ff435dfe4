// Two Specs that are not equal are never called the same, whatever it is that differs.
import { defaultSettings, type Resource, type Spec, specVersion } from '@konfig/core';
import { differences } from '../src/determinism';

const web: Resource = {
  id: 'main:ConfigMap/web',
  target: 'main',
  runtime: 'kubernetes',
  type: 'v1/ConfigMap',
  attributes: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' } },
  path: 'shop/dev/web',
};

const specOf = (resource: Resource): { readonly spec: Spec; readonly sources: Record<string, never> } => ({
  spec: {
    version: specVersion,
    project: 'shop',
    stack: 'dev',
    workspace: 'dev',
    targets: { main: { runtime: 'kubernetes', config: {} } },
    records: { store: 'files' },
    settings: defaultSettings,
    resources: [resource],
  },
  sources: {},
});

test.each<[string, Partial<Resource>]>([
  ['what waits for what', { dependsOn: [{ on: 'main:ConfigMap/other', until: 'ready' }] }],
  ['what becomes of an object', { onRemoval: 'retain' }],
  ["a construct's path", { path: 'shop/dev/other' }],
])('%s', (_what, other) => {
  expect(differences(specOf(web), specOf({ ...web, ...other }), 'at another time')).toEqual([
    expect.objectContaining({ code: 'PROGRAM_VARIES', message: expect.stringMatching(/at another time\.$/) }),
  ]);
});
