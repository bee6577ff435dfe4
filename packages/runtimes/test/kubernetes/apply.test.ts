import { isKonfigError } from '@konfig/core';
import { configMap, deployment, namespace, resource, stack, startWorld, type TestWorld, until } from './world';

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const failure = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return isKonfigError(error) ? error.problems.map(({ code, message }) => `${code}: ${message}`) : error;
};

test('an apply answers with the object as the server made it, and marks it as the stack’s', async () => {
  await world.create(namespace('made'));
  const applied = await world.connection.apply({ stack, resource: deployment('made'), action: 'create', changes: [] }, world.signal);
  expect(applied).toMatchObject({
    generation: 1,
    warnings: [],
    observation: { id: 'main:Deployment.apps/made/web', exists: true, generation: 1, health: 'progressing' },
    live: { metadata: { annotations: { 'konfig.dev/stack': 'shop/dev' } }, spec: { replicas: 2, revisionHistoryLimit: 10 } },
  });
});

test('a create goes on where a dead run stopped, but never over a stranger', async () => {
  await world.create(namespace('twice'), configMap('ours', 'twice', { a: '1' }));
  await world.create(configMap('ours', 'twice', { a: '2' }));
  await world.send('POST', '/api/v1/namespaces/twice/configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'theirs' } });
  expect(await failure(world.create(configMap('theirs', 'twice', { a: '1' })))).toEqual([
    'PLAN_STALE: ConfigMap/theirs was not there when the plan was made, but is now.',
  ]);
});

test('an update of an object that was made anew is refused', async () => {
  const wished = configMap('conf', 'anew', { a: '2' });
  await world.create(namespace('anew'), configMap('conf', 'anew', { a: '1' }));
  const live = (await world.plan(wished))[0]?.live as { uid: string; version: string };
  await world.send('DELETE', '/api/v1/namespaces/anew/configmaps/conf');
  const gone = failure(world.connection.apply({ stack, resource: wished, action: 'update', live, changes: [] }, world.signal));
  expect(await gone).toEqual(['PLAN_STALE: ConfigMap/conf was deleted or made anew since the plan was made.']);
  await world.create(configMap('conf', 'anew', { a: '3' }));
  const another = failure(world.connection.apply({ stack, resource: wished, action: 'update', live, changes: [] }, world.signal));
  expect(await another).toEqual(['PLAN_STALE: ConfigMap/conf was deleted or made anew since the plan was made.']);
});

test('an object that was changed since the plan is looked at again, and only what was shown is done', async () => {
  const wished = deployment('since', { container: { image: 'shop:2' } });
  await world.create(namespace('since'), deployment('since'));
  const row = (await world.plan(wished))[0];
  const planned = { resource: wished, action: 'update' as const, ...(row?.live ? { live: row.live } : {}), changes: row?.changes ?? [] };
  const path = '/apis/apps/v1/namespaces/since/deployments/web?fieldManager=kubectl-edit';
  const edit = (patch: object) => world.send('PATCH', path, patch, 'application/merge-patch+json');
  await edit({ spec: { replicas: 7 } });
  expect(await failure(world.connection.apply({ stack, ...planned }, world.signal))).toEqual([
    'PLAN_STALE: Deployment/web was changed since the plan was made, which did not show spec.replicas.',
  ]);
  await edit({ spec: { replicas: 2 }, metadata: { annotations: { note: 'mine' } } });
  await world.connection.apply({ stack, ...planned }, world.signal);
  expect(await world.changes(wished)).toEqual([]);
});

test('a replace deletes, waits until it is gone, and makes it anew', async () => {
  const job = (image: string) =>
    resource({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'seed', namespace: 'again' },
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'seed', image }] } } },
    });
  await world.create(namespace('again'), job('seed:1'));
  const row = (await world.plan(job('seed:2')))[0];
  expect(row).toMatchObject({ replaceable: true, immutable: [{ path: 'spec.template.spec.containers[name=seed].image' }] });
  const live = row?.live as { uid: string; version: string };
  const applied = await world.connection.apply({ stack, resource: job('seed:2'), action: 'replace', live, changes: [] }, world.signal);
  expect(applied.uid).not.toBe(live.uid);
  expect(await world.changes(job('seed:2'))).toEqual([]);
});

test('an adopted object of kubectl apply loses what the program does not wish, and stays ours', async () => {
  await world.create(namespace('adopt'));
  const given = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'conf', namespace: 'adopt' }, data: { a: '1', b: '2' } };
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(given) };
  const made = { ...given, metadata: { ...given.metadata, annotations } };
  await world.send('POST', '/api/v1/namespaces/adopt/configmaps?fieldManager=kubectl-client-side-apply', made);
  const wished = configMap('conf', 'adopt', { a: '9' });
  expect(await world.changes(wished)).toEqual(['data.a: "1" → "9"', 'data.b: "2" → (none)']);
  const row = (await world.plan(wished))[0];
  expect(row?.owner).toEqual({ kind: 'nobody', name: 'nobody' });
  await world.connection.apply(
    { stack, resource: wished, action: 'adopt', ...(row?.live ? { live: row.live } : {}), changes: row?.changes ?? [] },
    world.signal,
  );
  const after = await world.connection.read(wished.id, wished.type, world.signal);
  expect(after).toMatchObject({ data: { a: '9' }, metadata: { annotations: { 'konfig.dev/stack': stack } } });
  expect(after?.data).toEqual({ a: '9' });
  expect((await world.plan(wished))[0]).toMatchObject({ changes: [] });
});

test('a delete takes this object and no other', async () => {
  await world.create(namespace('delete'), configMap('conf', 'delete', {}));
  const place = { id: 'main:ConfigMap/delete/conf', type: 'v1/ConfigMap' };
  expect(await world.connection.delete({ ...place, uid: 'another' }, world.signal)).toBe('gone');
  expect(await world.connection.read(place.id, place.type, world.signal)).toBeDefined();
  expect(await world.connection.delete(place, world.signal)).toBe('gone');
  expect(await world.connection.read(place.id, place.type, world.signal)).toBeUndefined();
  expect(await world.connection.delete(place, world.signal)).toBe('gone');
});

test('the delete of a workload ends when its pods are gone', async () => {
  await world.create(namespace('drain'), deployment('drain'));
  await until(world, deployment('drain'), (seen) => seen.health === 'ready');
  const place = { id: 'main:Deployment.apps/drain/web', type: 'apps/v1/Deployment' };
  expect(await world.connection.delete(place, world.signal)).toBe('deleting');
  await until(world, deployment('drain'), (seen) => !seen.exists);
  const { body } = await world.send('GET', '/api/v1/namespaces/drain/pods');
  expect(body.items).toEqual([]);
});

test('a server that is busy is asked again, as soon as it says', async () => {
  await world.create(namespace('busy'));
  world.cluster.inject([{ fault: 'request', method: 'PATCH', path: '/api/v1/namespaces/busy/configmaps/conf', status: 429, times: 2 }]);
  await world.create(configMap('conf', 'busy', { a: '1' }));
  expect(await world.changes(configMap('conf', 'busy', { a: '1' }))).toEqual([]);
});

test('an apply whose answer was lost is sent again', async () => {
  await world.create(namespace('lost'));
  world.cluster.inject([
    { fault: 'disconnect', method: 'PATCH', path: '/api/v1/namespaces/lost/configmaps/conf', afterHandling: true, times: 2 },
  ]);
  await world.create(configMap('conf', 'lost', { a: '1' }));
  expect(await world.changes(configMap('conf', 'lost', { a: '1' }))).toEqual([]);
});

test('a server that never answers ends in CONNECTION_LOST', async () => {
  await world.create(namespace('dead'));
  world.cluster.inject([{ fault: 'disconnect', method: 'PATCH', path: '/api/v1/namespaces/dead/*' }]);
  const [problem] = (await failure(world.create(configMap('conf', 'dead', {})))) as string[];
  world.cluster.inject([]);
  expect(problem).toMatch(/^CONNECTION_LOST: http:\/\/127\.0\.0\.1:\d+ gave no answer 6 times: /);
});

test('a Service with a selector is not called ready by the answer to its apply: only its endpoints tell', async () => {
  await world.create(namespace('early'));
  const service = resource({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'early' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  });
  const applied = await world.connection.apply({ stack: 'shop/dev', resource: service, action: 'create', changes: [] }, world.signal);
  expect(applied.observation).toBeUndefined();
});
