import type { JsonObject } from '@konfig/core';
import { configMap, namespace, resource, stack, startWorld, type TestWorld } from './world';

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const place = (name: string, inside: string) => ({ id: `main:ConfigMap/${inside}/${name}`, type: 'v1/ConfigMap' });
const live = async (path: string) => (await world.send('GET', path)).body as { metadata: JsonObject & { uid: string }; data?: JsonObject };

test('what is abandoned keeps its content and bears no mark of ours, so that another stack takes it as nobody’s', async () => {
  const annotations = { note: 'kept' };
  const metadata = { name: 'conf', namespace: 'left', annotations };
  const wished = resource({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: '1' } });
  await world.create(namespace('left'), wished);
  const path = '/api/v1/namespaces/left/configmaps/conf';
  const { uid } = (await live(path)).metadata;
  await world.connection.abandon({ ...place('conf', 'left'), uid, stack }, world.signal);
  const after = await live(path);
  expect(after).toMatchObject({ metadata: { uid, annotations }, data: { a: '1' } });
  expect(after.metadata.annotations).toEqual(annotations);
  expect(JSON.stringify(after.metadata.managedFields ?? [])).not.toContain('konfig');
  const [row] = await world.connection.plan({ stack: 'other/prod', wished: [wished], removed: [] }, world.signal);
  expect(row).toMatchObject({ owner: { kind: 'nobody' }, changes: [], problems: [] });
  await world.connection.apply(
    { stack: 'other/prod', resource: wished, action: 'adopt', ...(row?.live ? { live: row.live } : {}), changes: [] },
    world.signal,
  );
  expect(await live(path)).toMatchObject({ metadata: { uid, annotations: { 'konfig.dev/stack': 'other/prod' } } });
});

test('what others own of an abandoned object stays theirs', async () => {
  await world.create(namespace('theirs'), configMap('conf', 'theirs', { a: '1' }));
  const path = '/api/v1/namespaces/theirs/configmaps/conf';
  await world.send('PATCH', `${path}?fieldManager=operator`, { data: { b: '2' } }, 'application/merge-patch+json');
  await world.connection.abandon({ ...place('conf', 'theirs'), stack }, world.signal);
  const after = await live(path);
  expect(after.data).toEqual({ a: '1', b: '2' });
  expect(after.metadata.managedFields).toMatchObject([{ manager: 'operator', fieldsV1: { 'f:data': { 'f:b': {} } } }]);
});

test('what is gone, another object, or another stack’s is left alone', async () => {
  await world.create(namespace('other'), configMap('conf', 'other', {}));
  const path = '/api/v1/namespaces/other/configmaps/conf';
  const before = await live(path);
  await world.connection.abandon({ ...place('gone', 'other'), uid: 'x', stack }, world.signal);
  await world.connection.abandon({ ...place('conf', 'other'), uid: 'another', stack }, world.signal);
  await world.connection.abandon({ ...place('conf', 'other'), stack: 'other/prod' }, world.signal);
  expect(await live(path)).toEqual(before);
});
