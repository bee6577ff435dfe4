import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import {
  isKonfigError,
  type JournalEntry,
  type Json,
  type KonfigError,
  type Release,
  recordVersion,
  type StackRecord,
  specVersion,
} from '@konfig/core';
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

describe('the journal', () => {
  const entry = (state: 'started' | 'done', message = ''): JournalEntry => ({ id: 'main:ConfigMap/shop/conf', state, message });
  const batch = (...entries: readonly JournalEntry[]) => ({ stack: 'shop/dev', number: 1, entries });
  /** Does not get smaller when it is packed. */
  const large = () => randomBytes(20_000).toString('base64');
  const begun = async (namespace: string) => {
    const here = store(namespace, 15);
    const lock = await here.lock('shop/dev', holder('one'));
    await here.save(lock, record('shop/dev', 1), release('shop/dev', 1, { phase: 'applying' }));
    return { here, lock };
  };
  const journals = async (namespace: string) => (await secrets(namespace)).filter(({ type }) => type === 'konfig.dev/journal');
  const message = async (namespace: string) => (await store(namespace).readRelease('shop/dev', 1))?.steps[0]?.message;

  test('goes on in a next Secret before one is full, and is swept away when it is in the release', async () => {
    const { here, lock } = await begun('parts');
    const texts = Array.from({ length: 6 }, large);
    for (const text of texts) await here.append(lock, batch(entry('started', text)));
    expect((await journals('parts')).length).toBeGreaterThanOrEqual(3);
    expect(await message('parts')).toBe(texts[5]);
    await here.save(lock, record('shop/dev', 1), release('shop/dev', 1));
    expect(await journals('parts')).toEqual([]);
    await lock.release();
  });

  test('an entry whose answer was lost is written once', async () => {
    const { here, lock } = await begun('answer');
    world.cluster.inject([
      { fault: 'disconnect', method: 'PATCH', path: '/api/v1/namespaces/answer/secrets/*', afterHandling: true, times: 1 },
    ]);
    await here.append(lock, batch(entry('started', 'a')));
    await here.append(lock, batch(entry('started', 'b')));
    const [only] = await journals('answer');
    const { body } = await world.send('GET', `/api/v1/namespaces/answer/secrets/${only?.metadata.name}`);
    expect(Object.keys(body.data as object)).toEqual(['000000', '000001']);
    expect(await message('answer')).toBe('b');
    await lock.release();
  });

  test('goes on when somebody else has touched its Secret', async () => {
    const { here, lock } = await begun('touched');
    const [only] = await journals('touched');
    const path = `/api/v1/namespaces/touched/secrets/${only?.metadata.name}`;
    await world.send('PATCH', path, { metadata: { labels: { team: 'a' } } }, 'application/merge-patch+json');
    await here.append(lock, batch(entry('done', 'a')));
    expect(await message('touched')).toBe('a');
    await lock.release();
  });

  test('takes nothing more from a run whose lock was taken away, in this Secret or in a next one', async () => {
    for (const text of ['small', large()]) {
      const namespace = `fenced-${text.length}`;
      const { here, lock } = await begun(namespace);
      await here.append(lock, batch(entry('started', large())));
      await here.unlock('shop/dev', 'one');
      const kept = await message(namespace);
      expect(await failure(here.append(lock, batch(entry('done', text))))).toMatch(/^LOCK_LOST/);
      expect(await message(namespace)).toBe(kept);
    }
  });

  test('that ends while somebody reads it is read as it has ended', async () => {
    const { here, lock } = await begun('reader');
    await here.append(lock, batch(entry('started', 'a')));
    const ended = release('shop/dev', 1);
    const { client } = world.connection;
    const reader = (isIt: (path: string) => boolean) => {
      let isFirst = true;
      const request: typeof client.request = async (asked, signal) => {
        // Between its look at the index and the one at the journal.
        if (isFirst && isIt(asked.path)) {
          isFirst = false;
          await here.save(lock, record('shop/dev', 1), ended);
        }
        return client.request(asked, signal);
      };
      return kubernetesStore({ ...world.connection, client: { ...client, request } } as typeof world.connection, { namespace: 'reader' });
    };
    const isJournal = (path: string) => path.includes('-journal-');
    expect(await reader(isJournal).readRelease('shop/dev', 1)).toEqual(ended);
    await here.save(lock, record('shop/dev', 1), release('shop/dev', 1, { phase: 'applying' }));
    await here.append(lock, batch(entry('started', 'a')));
    expect(await reader(isJournal).readRecord('shop/dev')).toEqual(record('shop/dev', 1));
    await here.save(lock, record('shop/dev', 1), release('shop/dev', 1, { phase: 'applying' }));
    const listed = await reader((path) => path.includes('labelSelector')).listReleases('shop/dev');
    expect(listed).toEqual({ releases: [expect.objectContaining({ phase: 'succeeded' })], problems: [] });
    await lock.release();
  });

  test('of which a Secret is gone is named; what was saved before the first change still stands', async () => {
    const { here, lock } = await begun('hole');
    await here.append(lock, batch(entry('started', large())));
    const [first] = await journals('hole');
    await world.send('DELETE', `/api/v1/namespaces/hole/secrets/${first?.metadata.name}`);
    const broken = `Secret hole/${first?.metadata.name} is not a record of Konfig: it is missing.`;
    expect(await failure(here.readRelease('shop/dev', 1))).toBe(`RECORD_CORRUPT: ${broken}`);
    expect((await here.listReleases('shop/dev')).problems.map((problem) => problem.message)).toEqual([broken]);
    expect(await here.readRecord('shop/dev')).toEqual(record('shop/dev', 1));
    await here.save(lock, record('shop/dev', 1), release('shop/dev', 1));
    expect(await here.readRelease('shop/dev', 1)).toEqual(release('shop/dev', 1));
    await lock.release();
  });
});

describe('what is damaged', () => {
  const put = async (namespace: string, name: string, change: (data: Readonly<Record<string, string>>) => object) => {
    const path = `/api/v1/namespaces/${namespace}/secrets/${name}`;
    const { metadata, data, ...rest } = (await world.send('GET', path)).body;
    const { name: same, labels, annotations } = metadata as { readonly [key: string]: Json };
    await world.send('DELETE', path);
    await world.send('POST', `/api/v1/namespaces/${namespace}/secrets`, {
      ...rest,
      metadata: { name: same, labels, annotations },
      data: change(data as Readonly<Record<string, string>>),
    });
  };
  const saved = async (namespace: string, ...numbers: readonly number[]) => {
    const here = store(namespace);
    const lock = await here.lock('shop/dev', holder('one'));
    for (const number of numbers) await here.save(lock, record('shop/dev', number), release('shop/dev', number));
    await lock.release();
    const names = async (type: string) =>
      (await secrets(namespace)).filter((secret) => secret.type === type).map(({ metadata }) => metadata.name);
    return { here, index: (await names('konfig.dev/record'))[0] as string, chunks: await names('konfig.dev/release') };
  };
  const packed = (value: unknown) => gzipSync(JSON.stringify(value)).toString('base64');

  test.each<[string, string | undefined, RegExp]>([
    ['is no archive', 'bm9uc2Vuc2U=', /incorrect header check/],
    ['was cut in half', packed({ version: recordVersion, releases: [] }).slice(0, 24), /unexpected end of file/],
    ['is not there', undefined, /unexpected end of file/],
    ['holds something else', packed([1]), /it holds no object/],
    ['holds half of it', packed({ version: recordVersion }), /it lists no releases/],
  ])('an index that %s is named, with the way out; nothing is written over it, and other stacks stay usable', async (how, index, why) => {
    const namespace = `index-${how.replaceAll(/\W/g, '-')}`;
    const { here, index: name } = await saved(namespace, 1);
    await put(namespace, name, (data) => (index === undefined ? {} : { ...data, index }));
    const named = new RegExp(`^RECORD_CORRUPT: Secret ${namespace}/${name} is not a record of Konfig: .*${why.source}`);
    for (const work of [here.readRecord('shop/dev'), here.readRelease('shop/dev', 1), here.listReleases('shop/dev')])
      expect(await failure(work)).toMatch(named);
    const error = await here.lock('shop/dev', holder('two')).catch((thrown: unknown) => thrown as KonfigError);
    expect((error as KonfigError).problems[0]?.hint).toContain(`kubectl delete secret,lease -n ${namespace} ${name}`);
    const other = await here.lock('shop/test', holder('two'));
    await here.save(other, record('shop/test', 1), release('shop/test', 1));
    await other.release();
    // The way out, as the hint says it.
    await world.send('DELETE', `/api/v1/namespaces/${namespace}/secrets/${name}`);
    await world.send('DELETE', `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${name}`);
    const lock = await here.lock('shop/dev', holder('two'));
    await here.save(lock, record('shop/dev', 1), release('shop/dev', 1));
    await lock.release();
  });

  test('what is kept and cannot be read is put aside as it is, and no save takes it away', async () => {
    const here = store('aside');
    const lock = await here.lock('shop/dev', holder('one'));
    await here.save(lock, record('shop/dev', 1), release('shop/dev', 1));
    const before = new Set((await secrets('aside')).map(({ metadata }) => metadata.name));
    await here.writeKept(lock, 'shop/dev', { name: 'a', bytes: Uint8Array.of(1), before: undefined });
    const chunk = (await secrets('aside')).map(({ metadata }) => metadata.name).find((name) => !before.has(name)) as string;
    await put('aside', chunk, () => ({ chunk: 'bm9uc2Vuc2U=' }));
    expect(await failure(here.readKept('shop/dev', 'a'))).toContain(`RECORD_CORRUPT: Secret aside/${chunk}`);
    expect(await here.putKeptAside(lock, 'shop/dev', 'a')).toContain(`Secret aside/${chunk}`);
    expect(await here.readKept('shop/dev', 'a')).toBeUndefined();
    await here.save(lock, record('shop/dev', 2), release('shop/dev', 2));
    const { data } = (await world.send('GET', `/api/v1/namespaces/aside/secrets/${chunk}`)).body;
    expect(data).toEqual({ chunk: 'bm9uc2Vuc2U=' });
    await lock.release();
  });

  test('a blob that is gone, cut or another one is named; the list names the release that lacks one', async () => {
    const { here, chunks } = await saved('blobs', 1, 2);
    for (const chunk of chunks) {
      const spoil = [
        (data: Readonly<Record<string, string>>) => ({ chunk: data.chunk?.slice(0, 40) as string }),
        () => ({ chunk: packed({ version: specVersion }) }),
        () => ({}),
      ];
      for (const change of spoil) {
        await put('blobs', chunk, change);
        const said = await Promise.all([1, 2].map((number) => failure(here.readRelease('shop/dev', number))));
        expect(said.join(' ')).toContain(`RECORD_CORRUPT: Secret blobs/${chunk} is not a record of Konfig`);
      }
      await world.send('DELETE', `/api/v1/namespaces/blobs/secrets/${chunk}`);
    }
    const { releases, problems } = await here.listReleases('shop/dev');
    expect(releases.map(({ number }) => number)).toEqual([2, 1]);
    for (const chunk of chunks) expect(problems.map(({ message }) => message).join()).toContain(`Secret blobs/${chunk}`);
    expect((await here.readRecord('shop/dev'))?.lastRelease).toBe(2);
    // The one above them all needs none of them.
    const lock = await here.lock('shop/dev', holder('two'));
    await here.save(lock, record('shop/dev', 3), release('shop/dev', 3));
    await lock.release();
    expect(await here.readRelease('shop/dev', 3)).toEqual(release('shop/dev', 3));
  });

  test('a lease that was deleted or emptied gives no older fence back', async () => {
    const { here, index } = await saved('lease', 1);
    const path = `/apis/coordination.k8s.io/v1/namespaces/lease/leases/${index}`;
    for (let i = 0; i < 3; i++) await (await here.lock('shop/dev', holder('one'))).release();
    const old = await here.lock('shop/dev', holder('one'));
    await world.send('DELETE', path);
    const young = await here.lock('shop/dev', holder('two'));
    expect(young.fence).toBeGreaterThan(old.fence);
    expect(await failure(here.save(old, record('shop/dev', 2), release('shop/dev', 2)))).toMatch(/^LOCK_LOST/);
    await here.save(young, record('shop/dev', 2), release('shop/dev', 2));
    const { metadata } = (await world.send('GET', path)).body;
    const { name, namespace, resourceVersion } = metadata as { readonly [key: string]: Json };
    await world.send('PUT', path, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace, resourceVersion },
      spec: {},
    });
    const next = await here.lock('shop/dev', holder('three'));
    expect(next.fence).toBeGreaterThan(young.fence);
    await next.release();
  });
});

test('records that do not know the last release, as from an old backup, are refused until somebody says that they count', async () => {
  const here = store('backup', 15);
  const path = '/api/v1/namespaces/backup/secrets';
  const apply = async (number: number) => {
    const lock = await here.lock('shop/dev', holder('one'));
    await here.save(lock, record('shop/dev', number), release('shop/dev', number, { phase: 'applying' }));
    await here.save(lock, record('shop/dev', number), release('shop/dev', number));
    await lock.release();
  };
  await apply(1);
  const index = (await secrets('backup')).find(({ type }) => type === 'konfig.dev/record')?.metadata.name as string;
  const { metadata: _, ...backup } = (await world.send('GET', `${path}/${index}`)).body;
  const { labels, annotations } = _ as { readonly [key: string]: Json };
  await apply(2);
  await world.send('DELETE', `${path}/${index}`);
  const lost = `RECORD_OUTDATED: The records of shop/dev end at release 0, but release 2 was applied, as Lease backup/${index} says.`;
  expect(await failure(here.readRecord('shop/dev'))).toBe(lost);
  expect(await failure(here.lock('shop/dev', holder('two')))).toBe(lost);
  await world.send('POST', path, { ...backup, metadata: { name: index, labels, annotations } });
  const old = lost.replace('release 0', 'release 1');
  expect(await failure(here.readRecord('shop/dev'))).toBe(old);
  expect(await failure(here.lock('shop/dev', holder('two')))).toBe(old);
  expect(await here.holder('shop/dev')).toBeUndefined();
  const forget = { metadata: { annotations: { 'konfig.dev/last-release': null } } };
  await world.send('PATCH', `/apis/coordination.k8s.io/v1/namespaces/backup/leases/${index}`, forget, 'application/merge-patch+json');
  expect((await here.readRecord('shop/dev'))?.lastRelease).toBe(1);
  await apply(2);
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
