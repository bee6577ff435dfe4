import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Json, startTestCluster, type TestCluster, watch } from './cluster';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const lamps = '/apis/home.example/v1/namespaces/default/lamps';

let cluster: TestCluster;
beforeEach(async () => {
  cluster = await startTestCluster({ nodes: 0 });
});
afterEach(() => cluster.stop());

const definition = (spec: object, more: object = {}) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'lamps.home.example' },
  spec: {
    group: 'home.example',
    scope: 'Namespaced',
    names: { kind: 'Lamp', plural: 'lamps', shortNames: ['lp'], categories: ['home'] },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties: { spec } } } }],
    ...more,
  },
});
const watts = { type: 'object', properties: { watts: { type: 'integer' } } };
const lamp = (spec: object, metadata: object = {}) => ({
  apiVersion: 'home.example/v1',
  kind: 'Lamp',
  metadata: { name: 'one', ...metadata },
  spec,
});

const isEstablished = (object: Json): boolean =>
  (object?.status.conditions ?? []).some((one: Json) => one.type === 'Established' && one.status === 'True');

async function define(spec: object, more: object = {}): Promise<void> {
  const created = await cluster.post(definitions, definition(spec, more));
  expect([created.code, created.body.status]).toEqual([
    201,
    { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: ['v1'] },
  ]);
  await cluster.until(`${definitions}/lamps.home.example`, isEstablished);
}

describe('A CustomResourceDefinition', () => {
  test('is accepted and established a moment after it was created', async () => {
    await define(watts);
    const { body } = await cluster.get(`${definitions}/lamps.home.example`);
    expect(body.status.conditions.map((one: Json) => [one.type, one.status, one.reason, one.message])).toEqual([
      ['NamesAccepted', 'True', 'NoConflicts', 'no conflicts found'],
      ['Established', 'True', 'InitialNamesAccepted', 'the initial names have been accepted'],
    ]);
    expect(body.status.acceptedNames).toEqual({
      kind: 'Lamp',
      listKind: 'LampList',
      plural: 'lamps',
      singular: 'lamp',
      shortNames: ['lp'],
      categories: ['home'],
    });
  });

  test('brings its kind into discovery, plain and aggregated, and into OpenAPI', async () => {
    expect((await cluster.get('/apis/home.example')).code).toBe(404);
    await define(watts);
    const { body } = await cluster.get('/apis/home.example/v1');
    expect(body.resources[0]).toMatchObject({ name: 'lamps', kind: 'Lamp', shortNames: ['lp'], categories: ['home'], namespaced: true });
    const response = await fetch(`${cluster.server}/apis`, {
      headers: { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' },
    });
    const aggregated = ((await response.json()) as Json).items.find((one: Json) => one.metadata.name === 'home.example');
    expect(aggregated.versions[0].resources[0]).toMatchObject({ resource: 'lamps', scope: 'Namespaced', singularResource: 'lamp' });
    const url = (await cluster.get('/openapi/v3')).body.paths['apis/home.example/v1'].serverRelativeURL;
    const described = (await cluster.get(url)).body.components.schemas['example.home.v1.Lamp'];
    expect([described['x-kubernetes-group-version-kind'], described.properties.spec]).toEqual([
      [{ group: 'home.example', kind: 'Lamp', version: 'v1' }],
      watts,
    ]);
  });

  test('whose names another one has waits until that one is gone', async () => {
    await define(watts);
    const rival = definition(watts, { names: { kind: 'Lamp', plural: 'torches' } });
    await cluster.post(definitions, { ...rival, metadata: { name: 'torches.home.example' } });
    const waiting = await cluster.until(`${definitions}/torches.home.example`, (one) => one.status.conditions?.length > 0);
    expect(waiting.status.conditions.map((one: Json) => [one.type, one.status, one.reason, one.message])).toEqual([
      ['NamesAccepted', 'False', 'ListKindConflict', '"LampList" is already in use'],
      ['Established', 'False', 'NotAccepted', 'not all names are accepted'],
    ]);
    await cluster.delete(`${definitions}/lamps.home.example`);
    await cluster.until(`${definitions}/torches.home.example`, isEstablished);
  });

  test('goes after its objects, and they after their finalizers; nothing new is made meanwhile', async () => {
    await define(watts);
    await cluster.post(lamps, lamp({ watts: 1 }, { finalizers: ['home.example/wait'] }));
    const deleted = await cluster.delete(`${definitions}/lamps.home.example`);
    expect([deleted.code, deleted.body.metadata.finalizers]).toEqual([200, ['customresourcecleanup.apiextensions.k8s.io']]);
    const held = await cluster.until(`${definitions}/lamps.home.example`, (one) => one.status.conditions.length === 3);
    expect(held.status.conditions[2]).toMatchObject({ type: 'Terminating', status: 'True' });
    const late = await cluster.post(lamps, lamp({ watts: 2 }, { name: 'two' }));
    expect([late.code, late.body.message]).toEqual([405, 'create not allowed while custom resource definition is terminating']);
    expect((await cluster.get(`${lamps}/one`)).body.metadata.deletionTimestamp).toBeDefined();
    await cluster.patch(`${lamps}/one`, 'merge-patch+json', { metadata: { finalizers: null } });
    await cluster.until(`${definitions}/lamps.home.example`, (one) => one === undefined);
    expect((await cluster.get(lamps)).code).toBe(404);
  });

  test('that is changed holds at once, for new objects and for those that are there', async () => {
    await define({ type: 'object', properties: { watts: { type: 'integer' }, color: { type: 'string' } } });
    await cluster.post(lamps, lamp({ watts: 1, color: 'red' }));
    const change = [
      {
        op: 'replace',
        path: '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties',
        value: { watts: { type: 'integer', maximum: 10 }, volts: { type: 'integer', default: 230 } },
      },
    ];
    const changed = await cluster.patch(`${definitions}/lamps.home.example`, 'json-patch+json', change);
    expect([changed.code, changed.body.metadata.generation]).toEqual([200, 2]);
    expect((await cluster.get(`${lamps}/one`)).body.spec).toEqual({ watts: 1, volts: 230 });
    expect((await cluster.get(lamps)).body.items[0].spec).toEqual({ watts: 1, volts: 230 });
    expect((await cluster.post(lamps, lamp({ watts: 11 }, { name: 'two' }))).code).toBe(422);
  });

  test('can no longer name a storage version away, and remembers all it had', async () => {
    await define(watts);
    const schema = { openAPIV3Schema: { type: 'object', properties: { spec: watts } } };
    const v2 = { name: 'v2', served: true, storage: true, schema };
    const both = { spec: { versions: [{ name: 'v1', served: true, storage: false, schema }, v2] } };
    const { body } = await cluster.patch(`${definitions}/lamps.home.example`, 'merge-patch+json', both);
    expect(body.status.storedVersions).toEqual(['v1', 'v2']);
    const refused = await cluster.patch(`${definitions}/lamps.home.example`, 'merge-patch+json', { spec: { versions: [v2] } });
    expect([refused.code, refused.body.message]).toEqual([422, expect.stringMatching(/status\.storedVersions\[0\]: .*"v1": missing from/)]);
    await cluster.patch(`${definitions}/lamps.home.example/status`, 'merge-patch+json', { status: { storedVersions: ['v2'] } });
    expect((await cluster.patch(`${definitions}/lamps.home.example`, 'merge-patch+json', { spec: { versions: [v2] } })).code).toBe(200);
  });
});

describe('A custom resource', () => {
  test('loses what its schema does not name, gets its defaults, and is refused in the words of the real server', async () => {
    await define({
      type: 'object',
      required: ['watts'],
      properties: { watts: { type: 'integer', minimum: 1 }, color: { type: 'string', default: 'red' } },
    });
    const { body, headers } = await cluster.post(lamps, lamp({ watts: 5, unknown: 1 }));
    expect([body.spec, headers.get('warning')]).toEqual([{ watts: 5, color: 'red' }, '299 - "unknown field \\"spec.unknown\\""']);
    const refused = await cluster.post(lamps, lamp({ watts: 'many', color: 1 }, { name: 'two' }));
    expect([refused.code, refused.body.message]).toEqual([
      422,
      'Lamp.home.example "two" is invalid: [spec.watts: Invalid value: "string": spec.watts in body must be of type integer: "string", spec.color: Invalid value: "integer": spec.color in body must be of type string: "integer"]',
    ]);
    const missing = await cluster.post(lamps, lamp({}, { name: 'two' }));
    expect(missing.body.message).toBe('Lamp.home.example "two" is invalid: spec.watts: Required value');
  });

  test('that was right when it was written may be changed elsewhere when its schema has become stricter', async () => {
    await define(watts);
    await cluster.post(lamps, lamp({ watts: 50 }));
    const path = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/watts/maximum';
    await cluster.patch(`${definitions}/lamps.home.example`, 'json-patch+json', [{ op: 'add', path, value: 10 }]);
    expect((await cluster.patch(`${lamps}/one`, 'merge-patch+json', { metadata: { labels: { a: 'b' } } })).code).toBe(200);
    expect((await cluster.patch(`${lamps}/one`, 'merge-patch+json', { spec: { watts: 51 } })).code).toBe(422);
  });

  test('in a deprecated version comes with a warning', async () => {
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    const old = { served: true, storage: false, schema, deprecated: true };
    const versions = [
      { name: 'v1', served: true, storage: true, schema },
      { ...old, name: 'v1beta1' },
      { ...old, name: 'v1alpha1', deprecationWarning: 'lamps are gas now' },
    ];
    await define(watts, { versions });
    const warned = async (version: string) => (await cluster.get(`/apis/home.example/${version}/lamps`)).headers.get('warning');
    expect([await warned('v1'), await warned('v1beta1'), await warned('v1alpha1')]).toEqual([
      null,
      '299 - "home.example/v1beta1 Lamp is deprecated; use home.example/v1 Lamp"',
      '299 - "lamps are gas now"',
    ]);
  });

  test('of a kind of the whole cluster lies in no namespace', async () => {
    await define(watts, { scope: 'Cluster' });
    const path = '/apis/home.example/v1/lamps';
    expect((await cluster.post(path, lamp({ watts: 1 }))).body.metadata.namespace).toBeUndefined();
    expect((await cluster.get(`${path}/one`)).body.spec).toEqual({ watts: 1 });
    expect((await cluster.post(lamps, lamp({ watts: 1 }, { name: 'two' }))).code).toBe(404);
    expect((await cluster.get('/apis/home.example/v1')).body.resources[0].namespaced).toBe(false);
  });

  test('is owned by the list types of its schema', async () => {
    const items = { type: 'object', required: ['name'], properties: { name: { type: 'string' }, volts: { type: 'integer' } } };
    const sockets = { type: 'array', items, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] };
    await define({ type: 'object', properties: { sockets } });
    const put = (manager: string, names: readonly string[]) => {
      const object = lamp({ sockets: names.map((name) => ({ name, volts: 230 })) });
      return cluster.patch(`${lamps}/one?fieldManager=${manager}`, 'apply-patch+yaml', object);
    };
    await put('a', ['left', 'right']);
    const { body } = await put('b', ['top']);
    expect(body.spec.sockets.map((one: Json) => one.name)).toEqual(['left', 'right', 'top']);
    expect((await put('a', ['left'])).body.spec.sockets.map((one: Json) => one.name)).toEqual(['left', 'top']);
  });

  test('is watched in the version that was asked for, and anew when its definition changes', async () => {
    await define(watts);
    await cluster.post(lamps, lamp({ watts: 1 }));
    const seen: string[] = [];
    for await (const { type, object } of watch(cluster.server, `${lamps}?watch=true`)) {
      seen.push(`${type} ${object.metadata.name}`);
      await cluster.patch(`${definitions}/lamps.home.example`, 'merge-patch+json', {
        spec: { names: { plural: 'lamps', kind: 'Lamp', shortNames: ['l'] } },
      });
    }
    expect(seen).toEqual(['ADDED one']);
  });

  test('is watched from no earlier than the last change of its definition: who asks for more lists anew', async () => {
    await define(watts);
    const { body: one } = await cluster.post(lamps, lamp({ watts: 40 }));
    const { body: changed } = await cluster.patch(`${definitions}/lamps.home.example`, 'merge-patch+json', {
      spec: { names: { shortNames: ['l'] } },
    });
    const { body: two } = await cluster.post(lamps, lamp({ watts: 60 }, { name: 'two' }));
    const from = (revision: string) => watch(cluster.server, `${lamps}?watch=true&resourceVersion=${revision}`);
    const early: Json[] = [];
    for await (const event of from(one.metadata.resourceVersion)) early.push(event);
    expect(early.map(({ type, object }) => [type, object.code, object.message])).toEqual([
      ['ERROR', 410, `too old resource version: ${one.metadata.resourceVersion} (${changed.metadata.resourceVersion})`],
    ]);
    expect((await from(changed.metadata.resourceVersion).next()).value).toEqual({ type: 'ADDED', object: two });
  });

  test('is garbage when its owner goes, and goes with its namespace', async () => {
    await define(watts);
    await cluster.post('/api/v1/namespaces', { metadata: { name: 'shed' } });
    const inShed = lamps.replace('default', 'shed');
    const { body: owner } = await cluster.post(inShed, lamp({ watts: 1 }));
    const reference = { apiVersion: 'home.example/v1', kind: 'Lamp', name: 'one', uid: owner.metadata.uid };
    await cluster.post(inShed, lamp({ watts: 2 }, { name: 'two', ownerReferences: [reference] }));
    await cluster.delete(`${inShed}/one`);
    await cluster.until(`${inShed}/two`, (one) => one === undefined);
    await cluster.post(inShed, lamp({ watts: 3 }, { name: 'three' }));
    await cluster.delete('/api/v1/namespaces/shed');
    await cluster.until('/api/v1/namespaces/shed', (one) => one === undefined);
    expect((await cluster.get('/apis/home.example/v1/lamps')).body.items).toEqual([]);
  });
});

test('Definitions and their objects outlive a restart with a state file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cluster-'));
  const stateFile = join(folder, 'state.json');
  const first = await startTestCluster({ stateFile });
  await first.post(definitions, definition(watts));
  await first.until(`${definitions}/lamps.home.example`, isEstablished);
  const { body: before } = await first.post(lamps, lamp({ watts: 1 }));
  await first.stop();
  const second = await startTestCluster({ stateFile });
  expect((await second.get(`${lamps}/one`)).body).toEqual(before);
  await second.delete(`${definitions}/lamps.home.example`);
  await second.until(`${definitions}/lamps.home.example`, (one) => one === undefined);
  await second.stop();
  await rm(folder, { recursive: true });
});
