import type { JsonObject, LogLine, LogRequest, Resource } from '@konfig/core';
import { deployment, namespace, resource, startWorld, type TestWorld, until } from './world';

let world: TestWorld;
beforeAll(async () => {
  // Long enough that no run begins while a test reads.
  world = await startWorld({ backOffMillis: 60_000, podRunMillis: 400 });
});
afterAll(() => world.stop());

const speaking = (log: string) => ({ 'simulate.konfig.dev/crash': '1', 'simulate.konfig.dev/log': log });

const read = async (resources: readonly Resource[], request: Partial<LogRequest> = {}) => {
  const lines: LogLine[] = [];
  await world.connection.logs({ resources, follow: false, ...request }, (line) => lines.push(line), world.signal);
  return lines;
};

/** Waits until a Pod of the namespace has crashed twice and waits before it runs again, for longer than any test. */
async function backsOff(namespace: string): Promise<void> {
  for (const end = performance.now() + 5000; ; ) {
    const { body } = await world.send('GET', `/api/v1/namespaces/${namespace}/pods`);
    if (JSON.stringify(body.items).includes('"reason":"CrashLoopBackOff"')) return;
    if (performance.now() > end) throw new Error(`no Pod of ${namespace} crashes`);
  }
}

test('what the Pods behind a Deployment said is told with the resource and the container that said it', async () => {
  const wished = deployment('said', { spec: { replicas: 1 }, annotations: speaking('no database') });
  await world.create(namespace('said'), wished);
  await backsOff('said');
  const [line] = await read([wished]);
  expect(line).toEqual({
    id: 'main:Deployment.apps/said/web',
    from: expect.stringMatching(/^web-[\w]+-[\w]+\/app$/),
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/),
    text: 'no database',
  });
  expect(await read([wished], { container: 'another' })).toEqual([]);
  expect((await read([wished], { previous: true })).map(({ text }) => text)).toEqual(['no database']);
});

test('only what runs for a resource is told, through whatever owns its Pods', async () => {
  const job = resource({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'seed', namespace: 'through', annotations: {} },
    spec: {
      backoffLimit: 0,
      template: {
        metadata: { annotations: speaking('seeded') },
        spec: { restartPolicy: 'Never', containers: [{ name: 'seed', image: 'seed:1' }] },
      },
    },
  });
  const other = deployment('through', { annotations: speaking('another') });
  await world.create(namespace('through'), job, other);
  await until(world, job, (seen) => seen.health === 'degraded');
  expect((await read([job])).map(({ id, text }) => [id, text])).toEqual([['main:Job.batch/through/seed', 'seeded']]);
});

test('a custom resource says what the Pods say that it made, whatever lies between', async () => {
  const definition = resource({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'shops.home.example' },
    spec: {
      group: 'home.example',
      scope: 'Namespaced',
      names: { kind: 'Shop', plural: 'shops' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  });
  const shop = resource({ apiVersion: 'home.example/v1', kind: 'Shop', metadata: { name: 'one', namespace: 'owner' } });
  await world.create(namespace('owner'), definition);
  await until(world, definition, ({ health }) => health === 'ready');
  await world.create(shop);
  const { body } = await world.send('GET', '/apis/home.example/v1/namespaces/owner/shops/one');
  const { uid } = body.metadata as { readonly uid: string };
  const made = deployment('owner', { annotations: speaking('open'), spec: { replicas: 1 } });
  const ownerReferences = [{ apiVersion: 'home.example/v1', kind: 'Shop', name: 'one', uid }];
  const owned = resource({ ...made.attributes, metadata: { ...(made.attributes.metadata as JsonObject), ownerReferences } });
  await world.create(owned);
  await backsOff('owner');
  expect((await read([shop])).map(({ id, text }) => [id, text])).toEqual([['main:Shop.home.example/owner/one', 'open']]);
});

/** Follows until so many lines have come; fails after ten seconds. */
async function follow(resources: readonly Resource[], count: number, meanwhile: () => Promise<unknown> = async () => {}) {
  const lines: LogLine[] = [];
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 10_000);
  const see = (line: LogLine) => {
    lines.push(line);
    if (lines.length === count) stop.abort();
  };
  const following = world.connection.logs({ resources, follow: true }, see, stop.signal);
  await meanwhile();
  await following;
  clearTimeout(timer);
  return lines;
}

const words = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];
const task = (namespace: string, name: string) =>
  resource({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace },
    spec: {
      template: {
        metadata: { annotations: { 'simulate.konfig.dev/log': words.join('\n') } },
        spec: { restartPolicy: 'Never', containers: [{ name: 'task', image: 'task:1' }] },
      },
    },
  });

test('a followed log tells what comes later, from Pods that come later too, and ends with its signal', async () => {
  await world.create(namespace('later'));
  const lines = await follow([task('later', 'seed')], words.length, () => world.create(task('later', 'seed'), task('later', 'other')));
  expect(lines.map(({ text }) => text)).toEqual(words);
  expect(new Set(lines.map(({ id }) => id))).toEqual(new Set(['main:Job.batch/later/seed']));
});

test('a followed log whose signal has aborted already ends without an error, one that is not followed with the reason', async () => {
  const reading = (follow: boolean) => world.connection.logs({ resources: [task('later', 'seed')], follow }, () => {}, AbortSignal.abort());
  await expect(reading(true)).resolves.toBeUndefined();
  await expect(reading(false)).rejects.toMatchObject({ name: 'AbortError' });
});

test('a followed log that is cut again and again loses no line and repeats none', async () => {
  await world.create(namespace('cut'));
  world.cluster.inject([{ fault: 'disconnect', path: '/api/v1/namespaces/cut/pods/*', afterMillis: 60, times: 5 }]);
  const lines = await follow([task('cut', 'seed')], words.length, () => world.create(task('cut', 'seed')));
  world.cluster.inject([]);
  expect(lines.map(({ text }) => text)).toEqual(words);
});

test('a container that restarts goes on under its name', async () => {
  const wished = deployment('again', { spec: { replicas: 1 }, annotations: speaking('no database') });
  await world.create(namespace('again'));
  // The first restart comes at once, the second after its back-off.
  const lines = await follow([wished], 2, () => world.create(wished));
  expect(lines.map(({ text }) => text)).toEqual(['no database', 'no database']);
  expect(new Set(lines.map(({ from }) => from)).size).toBe(1);
});

test('what several containers said comes by its time', async () => {
  const all = [task('times', 'a'), task('times', 'b')];
  await world.create(namespace('times'), ...all);
  for (const one of all) await until(world, one, (seen) => seen.health === 'ready');
  const lines = await read(all);
  expect(lines).toHaveLength(2 * words.length);
  const firsts = lines.map(({ id }) => id.split('/').pop()).join('');
  expect(firsts).toMatch(/^a.*b.*a|^b.*a.*b/);
  expect((await read(all, { tail: 2 })).map(({ text }) => text).toSorted()).toEqual(['eight', 'eight', 'seven', 'seven']);
});
