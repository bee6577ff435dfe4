import { type Json, startTestCluster, type TestCluster } from './cluster';

let cluster: TestCluster;
beforeEach(async () => {
  cluster = await startTestCluster({ podRunMillis: 600 });
});
afterEach(() => cluster.stop());

const pods = '/api/v1/namespaces/default/pods';
const pod = (name: string, annotations: object, spec: object = {}) => ({
  metadata: { name, annotations },
  spec: { containers: [{ name: 'main', image: 'task:1' }], restartPolicy: 'Never', ...spec },
});
const says = (log: string) => ({ 'simulate.konfig.dev/log': log });
const isRunning = (one: Json): boolean => one?.status.phase === 'Running';
const hasEnded = (one: Json): boolean => one?.status.phase === 'Succeeded' || one?.status.phase === 'Failed';

async function startPod(name: string, annotations: object, spec: object = {}): Promise<string> {
  await cluster.post(pods, pod(name, annotations, spec));
  await cluster.until(`${pods}/${name}`, isRunning);
  return `${pods}/${name}/log`;
}

describe('A log that is followed', () => {
  test('tells each line as it comes, and ends when the container does', async () => {
    const path = await startPod('task', says('one\ntwo\nthree'));
    const { code, body } = await cluster.get(`${path}?follow=true`);
    expect([code, body]).toEqual([200, 'one\ntwo\nthree\n']);
    await cluster.until(`${pods}/task`, hasEnded);
    expect((await cluster.get(`${path}?follow=true`)).body).toBe('one\ntwo\nthree\n');
  });

  test('begins where it is told to, and carries its times when asked', async () => {
    const path = await startPod('task', says('one\ntwo\nthree'));
    const { body } = await cluster.get(`${path}?follow=true&tailLines=0&timestamps=true`);
    expect(body).toMatch(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z (two|three)\n)+$/);
  });

  test('ends with a container that crashes, and with a pod that is deleted', async () => {
    const crash = await startPod('crash', { ...says('panic: no database'), 'simulate.konfig.dev/crash': '3' });
    expect((await cluster.get(`${crash}?follow=true`)).body).toBe('panic: no database\n');
    const server = await startPod('server', says('listening'), { restartPolicy: 'Always' });
    const following = cluster.get(`${server}?follow=true`);
    await cluster.delete(`${pods}/server`);
    expect((await following).body).toBe('listening\n');
  });

  test('of a container that has not begun is refused', async () => {
    await cluster.post(pods, pod('slow', { 'simulate.konfig.dev/start-millis': '60000' }));
    await cluster.until(`${pods}/slow`, (one) => one?.status.containerStatuses !== undefined);
    const { code, body } = await cluster.get(`${pods}/slow/log?follow=true`);
    expect([code, body.message]).toEqual([400, 'container "main" in pod "slow" is waiting to start: ContainerCreating']);
  });
});

describe('A log', () => {
  test('is cut by lines, by time and by size', async () => {
    const path = await startPod('task', says('one\ntwo\nthree'));
    await cluster.until(`${pods}/task`, hasEnded);
    const read = async (query: string): Promise<string> => (await cluster.get(`${path}?${query}`)).body;
    const future = encodeURIComponent('2999-01-01T00:00:00Z');
    expect([
      await read('tailLines=1'),
      await read('sinceSeconds=100'),
      await read(`sinceTime=${future}`),
      await read('limitBytes=5'),
    ]).toEqual(['three\n', 'one\ntwo\nthree\n', '', 'one\nt']);
  });

  test('of several containers needs the name of one', async () => {
    const containers = ['a', 'b'].map((name) => ({ name, image: 'task:1' }));
    const path = await startPod('two', says('hello'), { containers });
    expect((await cluster.get(path)).body.message).toBe('a container name must be specified for pod two, choose one of: [a b]');
    expect((await cluster.get(`${path}?container=b&follow=true`)).body).toBe('hello\n');
    expect((await cluster.get(`${path}?container=c`)).body.message).toBe('container c is not valid for pod two');
  });

  test('is not asked for in ways that contradict each other', async () => {
    const path = await startPod('task', says('hello'));
    expect((await cluster.get(`${path}?sinceSeconds=0`)).body.message).toBe(
      'PodLogOptions "task" is invalid: sinceSeconds: Invalid value: 0: must be greater than 0',
    );
  });
});
