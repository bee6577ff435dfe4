import { randomBytes } from 'node:crypto';
import { isKonfigError, type Release, recordVersion, type StackRecord, specVersion } from '@konfig/core';
import { kubernetesStore } from '../../src';
import { startWorld, type TestWorld } from './world';

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
afterEach(() => world.cluster.inject([]));

const store = (namespace: string, leaseSeconds = 0.4) => kubernetesStore(world.connection, { namespace, leaseSeconds, keptReleases: 3 });
const holder = (run: string) => ({ run, who: `${run}@laptop`, since: '2026-01-01T00:00:00Z' });
const record = (stack: string, lastRelease: number): StackRecord => ({
  version: recordVersion,
  stack,
  lastRelease,
  hashKey: 'ab',
  inventory: [],
});
const release = (stack: string, number: number, parts: Partial<Release> = {}): Release => ({
  version: recordVersion,
  stack,
  number,
  kind: 'apply',
  phase: 'succeeded',
  by: 'anna@laptop',
  startedAt: '2026-01-01T00:00:00Z',
  specDigest: 'd',
  spec: { version: specVersion, project: 'shop', stack: 'dev' } as unknown as Release['spec'],
  steps: [{ id: 'main:ConfigMap/shop/conf', action: 'create', state: 'done' }],
  problems: [],
  ...parts,
});
const failure = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(
    () => 'nothing was wrong',
    (reason: unknown) => reason,
  );
  return isKonfigError(error) ? `${error.problems[0]?.code}: ${error.problems[0]?.message}` : error;
};
const secrets = async (namespace: string) =>
  (
    (await world.send('GET', `/api/v1/namespaces/${namespace}/secrets`)).body.items as unknown as {
      metadata: { name: string };
      type: string;
    }[]
  ).filter((secret) => secret.type.startsWith('konfig.dev/'));

test('an empty store knows nothing, and needs no namespace', async () => {
  expect(await store('never').readRecord('shop/dev')).toBeUndefined();
  expect(await store('never').readRelease('shop/dev', 1)).toBeUndefined();
  expect(await store('never').listReleases('shop/dev')).toEqual({ releases: [], problems: [] });
  expect(await store('never').listStacks()).toEqual([]);
});

test('what was saved is read, and the oldest releases go', async () => {
  const here = store('saved');
  const lock = await here.lock('shop/dev', holder('one'));
  for (const number of [1, 2, 3, 4, 5]) await here.save(lock, record('shop/dev', number), release('shop/dev', number));
  await lock.release();
  expect(await here.readRecord('shop/dev')).toEqual(record('shop/dev', 5));
  expect(await here.readRelease('shop/dev', 3)).toEqual(release('shop/dev', 3));
  expect((await here.listReleases('shop/dev')).releases.map((summary) => summary.number)).toEqual([5, 4, 3]);
  expect(await here.readRelease('shop/dev', 1)).toBeUndefined();
  expect(await here.listStacks()).toEqual(['shop/dev']);
});

test('a release of megabytes is kept in several Secrets, and no more of them than needed', async () => {
  const here = store('large');
  const spec = { version: specVersion, noise: randomBytes(1_500_000).toString('base64') } as unknown as Release['spec'];
  const lock = await here.lock('shop/dev', holder('one'));
  await here.save(lock, record('shop/dev', 1), release('shop/dev', 1, { spec, phase: 'applying' }));
  await here.save(lock, record('shop/dev', 1), release('shop/dev', 1, { spec }));
  await lock.release();
  expect(await here.readRelease('shop/dev', 1)).toEqual(release('shop/dev', 1, { spec }));
  expect((await secrets('large')).length).toBe(4);
});

test('a lock that is held names its holder', async () => {
  const lock = await store('held', 15).lock('shop/dev', holder('anna'));
  expect(await failure(store('held', 15).lock('shop/dev', holder('ben')))).toBe(
    'LOCK_HELD: shop/dev is being changed by anna@laptop since 2026-01-01T00:00:00Z.',
  );
  await lock.release();
  const next = await store('held', 15).lock('shop/dev', holder('ben'));
  expect(next.fence).toBe(lock.fence + 1);
  await next.release();
});

test('of many that want the lock at once, one gets it', async () => {
  const all = await Promise.all(
    ['a', 'b', 'c', 'd', 'e'].map((run) =>
      store('race', 15)
        .lock('shop/dev', holder(run))
        .catch((error: unknown) => error),
    ),
  );
  expect(all.filter((one) => !isKonfigError(one))).toHaveLength(1);
});

test('a holder whose process has surely ended is taken over at once, however fresh its lease', async () => {
  const process = { machine: 'this one', pid: 4711 };
  const here = kubernetesStore(world.connection, { namespace: 'ended', leaseSeconds: 3600, hasEnded: ({ pid }) => pid === 4711 });
  const dead = await here.lock('shop/dev', { ...holder('dead'), process });
  const lock = await here.lock('shop/dev', { ...holder('next'), process: { machine: 'this one', pid: 4712 } });
  expect(lock.fence).toBeGreaterThan(dead.fence);
  expect(await failure(here.save(dead, record('shop/dev', 1), release('shop/dev', 1)))).toMatch(/^LOCK_LOST/);
  expect(await failure(here.lock('shop/dev', holder('third')))).toMatch(/^LOCK_HELD: shop\/dev is being changed by next@laptop/);
  await lock.release();
});

test('a holder that died is taken over, and can no longer write', async () => {
  const here = store('dead');
  const lock = await here.lock('shop/dev', holder('dead'));
  world.cluster.inject([{ fault: 'request', method: 'PATCH', path: '/apis/coordination.k8s.io/v1/namespaces/dead/*', status: 500 }]);
  const next = await waitFor(() => here.lock('shop/dev', holder('next')));
  expect(next.fence).toBe(lock.fence + 1);
  expect(await failure(here.save(lock, record('shop/dev', 1), release('shop/dev', 1)))).toBe(
    'LOCK_LOST: The lock of shop/dev is no longer ours.',
  );
  expect(lock.lost.aborted).toBe(true);
  world.cluster.inject([]);
  await here.save(next, record('shop/dev', 1), release('shop/dev', 1));
  await next.release();
});

test('a lock that is kept alive outlives its lease', async () => {
  const lock = await store('alive').lock('shop/dev', holder('one'));
  await new Promise((resolve) => setTimeout(resolve, 900));
  expect(lock.lost.aborted).toBe(false);
  expect(await failure(store('alive').lock('shop/dev', holder('two')))).toMatch(/^LOCK_HELD/);
  await lock.release();
});

test('a run that dies between two Secrets leaves the older record as it was', async () => {
  const here = store('half');
  const lock = await here.lock('shop/dev', holder('one'));
  await here.save(lock, record('shop/dev', 1), release('shop/dev', 1));
  world.cluster.inject([{ fault: 'request', method: 'PUT', path: '/api/v1/namespaces/half/secrets/*', status: 500 }]);
  const spec = { version: specVersion, another: 'spec' } as unknown as Release['spec'];
  expect(await failure(here.save(lock, record('shop/dev', 2), release('shop/dev', 2, { spec })))).toMatch(
    /^RECORD_WRITE: write Secret half\/konfig-shop-dev-/,
  );
  world.cluster.inject([]);
  expect((await here.readRecord('shop/dev'))?.lastRelease).toBe(1);
  await here.save(lock, record('shop/dev', 2), release('shop/dev', 2));
  const left = (await secrets('half')).length;
  await here.save(lock, record('shop/dev', 2), release('shop/dev', 2));
  expect((await secrets('half')).length).toBe(left);
  await lock.release();
});

test('a save whose answer was lost is a save', async () => {
  const here = store('lost');
  const lock = await here.lock('shop/dev', holder('one'));
  world.cluster.inject([{ fault: 'disconnect', method: 'PUT', path: '/api/v1/namespaces/lost/secrets/*', afterHandling: true, times: 1 }]);
  await here.save(lock, record('shop/dev', 1), release('shop/dev', 1));
  await lock.release();
  expect((await here.readRecord('shop/dev'))?.lastRelease).toBe(1);
});

test('an older release does not overwrite a newer one', async () => {
  const here = store('older');
  const lock = await here.lock('shop/dev', holder('one'));
  await here.save(lock, record('shop/dev', 2), release('shop/dev', 2));
  expect(await failure(here.save(lock, record('shop/dev', 1), release('shop/dev', 1)))).toMatch(/^RECORD_CONFLICT/);
  await lock.release();
});

test('a Secret that is broken is named', async () => {
  const here = store('broken');
  const lock = await here.lock('shop/dev', holder('one'));
  await here.save(lock, record('shop/dev', 1), release('shop/dev', 1));
  await lock.release();
  const index = (await secrets('broken')).find((secret) => secret.type === 'konfig.dev/record') as { metadata: { name: string } };
  const chunk = (await secrets('broken')).find((secret) => secret.type === 'konfig.dev/release') as { metadata: { name: string } };
  await world.send('DELETE', `/api/v1/namespaces/broken/secrets/${chunk.metadata.name}`);
  expect(await failure(here.readRelease('shop/dev', 1))).toBe(
    `RECORD_CORRUPT: Secret broken/${chunk.metadata.name} is not a record of Konfig: it is missing.`,
  );
  const path = `/api/v1/namespaces/broken/secrets/${index.metadata.name}`;
  await world.send('PATCH', path, { data: { index: 'bm9uc2Vuc2U=' } }, 'application/merge-patch+json');
  expect(await failure(here.readRecord('shop/dev'))).toMatch(
    new RegExp(`^RECORD_CORRUPT: Secret broken/${index.metadata.name} is not a record`),
  );
});

/** A dead holder's lease must first be seen to stand still. */
async function waitFor<T>(work: () => Promise<T>): Promise<T> {
  for (const end = performance.now() + 5000; ; ) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
