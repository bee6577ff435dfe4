import type { Observation } from '@konfig/core';
import { configMap, deployment, eventually, namespace, resource, startWorld, type TestWorld, until } from './world';

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld({ historyLength: 30 });
});
afterAll(() => world.stop());
afterEach(() => world.cluster.inject([]));

const line = ({ health, message, findings }: Observation) =>
  [health, message, ...findings.map((one) => `${one.code} ${one.class}`)].join(' | ');

test('a rollout is told from nothing to ready, each state once', async () => {
  const wished = deployment('rollout', { spec: { replicas: 1 } });
  const seen: Observation[] = [];
  const stop = new AbortController();
  await world.create(namespace('rollout'));
  const watch = await world.connection.watch([wished], (observation) => seen.push(observation), stop.signal);
  expect(seen.map(line)).toEqual(['unknown | is not there']);
  await world.create(wished);
  await eventually(
    () => seen.at(-1)?.health === 'ready',
    () => seen.at(-1),
  );
  stop.abort();
  await watch.ended;
  expect(seen.at(-1)).toMatchObject({ exists: true, generation: 1, health: 'ready', message: '1 of 1 ready', findings: [] });
  expect(seen.at(-1)?.related).toEqual([
    {
      name: expect.stringMatching(/^ReplicaSet\/web-/),
      health: 'ready',
      message: 'new, revision 1: 1 of 1 available',
      children: [{ name: expect.stringMatching(/^Pod\/web-/), health: 'ready', message: 'ready' }],
    },
  ]);
  const texts = seen.map((observation) => JSON.stringify(observation));
  expect(texts.filter((text, i) => text === texts[i - 1])).toEqual([]);
});

test('an image that cannot be pulled is found, with the field that names it', async () => {
  await world.create(namespace('pull'), deployment('pull', { container: { image: 'shop:does-not-exist' } }));
  const { findings, health } = await until(world, deployment('pull'), (seen) => seen.findings.length > 0);
  expect(health).toBe('degraded');
  expect(findings[0]).toMatchObject({
    code: 'ImagePullBackOff',
    class: 'likely',
    grace: 60,
    on: expect.stringMatching(/^Pod\/web-/),
    field: 'spec.template.spec.containers[name=app].image',
  });
  expect(findings[0]?.message).toMatch(/^app: cannot pull image "shop:does-not-exist"/);
});

test('a container that crashes is terminal after its third restart, with exit code and last words', async () => {
  const annotations = {
    'simulate.konfig.dev/crash': '3',
    'simulate.konfig.dev/log': 'Error: \u001b[31mECONNREFUSED\u001b[0m 10.0.3.4:5432',
  };
  await world.create(namespace('crash'), deployment('crash', { annotations, spec: { replicas: 1 } }));
  const isSure = (seen: Observation) => seen.findings.some((finding) => finding.class === 'terminal' && finding.details !== undefined);
  const { findings } = await until(world, deployment('crash'), isSure);
  expect(findings[0]).toMatchObject({ code: 'CrashLoopBackOff', field: 'spec.template.spec.containers[name=app]' });
  expect(findings[0]?.message).toMatch(/^app: CrashLoopBackOff, exit 3, [3-9] restarts$/);
  expect(findings[0]?.details).toContain('log  Error: ECONNREFUSED 10.0.3.4:5432');
});

test('only the pods of the new revision count', async () => {
  const crashing = deployment('revision', { annotations: { 'simulate.konfig.dev/crash': '1' } });
  await world.create(namespace('revision'), crashing);
  await until(world, crashing, (seen) => seen.findings.length > 0);
  await world.update(deployment('revision', { container: { image: 'shop:2' } }));
  const { findings, related } = await until(world, crashing, (seen) => seen.generation === 2 && seen.health === 'ready');
  expect(findings).toEqual([]);
  expect(related[0]?.message).toMatch(/^new, revision 2: 2 of 2 available$/);
});

test('that old Pods serve on is told while the new ones do not come up', async () => {
  await world.create(namespace('serving'), deployment('serving'));
  expect(await until(world, deployment('serving'), (seen) => seen.health === 'ready')).not.toHaveProperty('serving');
  const broken = deployment('serving', { container: { image: 'shop:does-not-exist' } });
  await world.update(broken);
  const { serving } = await until(world, broken, (seen) => seen.generation === 2 && seen.findings.length > 0);
  expect(serving).toBe('old Pods serve on: 2 of 2 of revision 1');
});

test('a missing key of a ConfigMap is terminal and names the environment', async () => {
  const env = [{ name: 'DB', valueFrom: { configMapKeyRef: { name: 'conf', key: 'database' } } }];
  await world.create(namespace('key'), configMap('conf', 'key', { other: 'x' }), deployment('key', { container: { env } }));
  const { findings } = await until(world, deployment('key'), (seen) => seen.findings.length > 0);
  expect(findings[0]).toMatchObject({
    code: 'CreateContainerConfigError',
    class: 'terminal',
    field: 'spec.template.spec.containers[name=app].env',
  });
});

test('a pod that fits on no node is unschedulable', async () => {
  world.cluster.inject([{ fault: 'unschedulable', image: 'huge:*', message: '0/1 nodes are available: 1 Insufficient cpu.' }]);
  await world.create(namespace('huge'), deployment('huge', { container: { image: 'huge:1' }, spec: { replicas: 1 } }));
  const { findings } = await until(world, deployment('huge'), (seen) => seen.findings.length > 0);
  expect(findings[0]).toMatchObject({ code: 'Unschedulable', class: 'likely', grace: 60, field: 'spec.template.spec.containers' });
});

test('a Service without a ready endpoint waits for the workload that it selects', async () => {
  const service = resource({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'endpoint' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  });
  await world.create(namespace('endpoint'), service);
  const seen = new Map<string, string>();
  const stop = new AbortController();
  await world.connection.watch(
    [service, deployment('endpoint')],
    (observation) => seen.set(observation.id, line(observation)),
    stop.signal,
  );
  expect(seen.get(service.id)).toBe('progressing | has no ready endpoint');
  await world.create(deployment('endpoint'));
  stop.abort();
  await until(world, service, (observation) => observation.message === '2 ready endpoints');
});

test('a Job is progressing until it is complete', async () => {
  const job = resource({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'seed', namespace: 'job' },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'seed', image: 'seed:1' }] } } },
  });
  await world.create(namespace('job'), job);
  expect((await until(world, job, (seen) => seen.health === 'ready')).message).toBe('complete, 1 succeeded');
});

test('a watch survives cut connections', async () => {
  await world.create(namespace('cut'));
  const wished = configMap('conf', 'cut', { a: '1' });
  const seen: string[] = [];
  const stop = new AbortController();
  world.cluster.inject([{ fault: 'disconnect', path: '/api/v1/namespaces/cut/configmaps', afterMillis: 10, times: 3 }]);
  const watch = await world.connection.watch([wished], (observation) => seen.push(observation.message), stop.signal);
  await world.create(wished);
  await eventually(
    () => seen.length === 2,
    () => seen,
  );
  await world.connection.delete(wished, world.signal);
  await eventually(
    () => seen.length === 3,
    () => seen,
  );
  stop.abort();
  await watch.ended;
  expect(seen).toEqual(['is not there', 'is there', 'is not there']);
});

test('a watch that was away for longer than the server remembers lists anew', async () => {
  await world.create(namespace('history'), configMap('conf', 'history', { a: '0' }));
  const wished = configMap('conf', 'history', {});
  const path = '/api/v1/namespaces/history/configmaps';
  const seen: string[] = [];
  const stop = new AbortController();
  world.cluster.inject([{ fault: 'disconnect', path, method: 'GET', afterMillis: 30, times: 2 }]);
  await world.connection.watch([wished], (observation) => seen.push(observation.message), stop.signal);
  world.cluster.inject([
    { fault: 'request', path, method: 'GET', status: 503, times: 4 },
    { fault: 'disconnect', path, method: 'GET', afterMillis: 30, times: 1 },
  ]);
  for (let i = 0; i < 60; i++) await world.send('PATCH', `${path}/conf`, { data: { a: String(i) } }, 'application/merge-patch+json');
  await world.connection.delete(wished, world.signal);
  await eventually(
    () => seen.length === 2,
    () => seen,
  );
  stop.abort();
  expect(seen).toEqual(['is there', 'is not there']);
});

test('a running watch is widened', async () => {
  await world.create(namespace('wide'), configMap('one', 'wide', {}), configMap('two', 'wide', {}));
  const seen: string[] = [];
  const stop = new AbortController();
  const watch = await world.connection.watch([configMap('one', 'wide', {})], ({ id }) => seen.push(id), stop.signal);
  await watch.add([configMap('two', 'wide', {}), namespace('wide')]);
  stop.abort();
  expect(seen).toEqual(['main:ConfigMap/wide/one', 'main:ConfigMap/wide/two', 'main:Namespace/wide']);
});

test('a watch that is forbidden for good ends, and says so', async () => {
  const path = '/api/v1/namespaces/denied/configmaps';
  await world.create(namespace('denied'), configMap('conf', 'denied', {}));
  const stop = new AbortController();
  world.cluster.inject([{ fault: 'disconnect', path, afterMillis: 30, times: 2 }]);
  const watch = await world.connection.watch([configMap('conf', 'denied', {})], () => undefined, stop.signal);
  world.cluster.inject([{ fault: 'request', path, method: 'GET', status: 403 }]);
  await expect(watch.ended).rejects.toMatchObject({ problems: [{ code: 'PERMISSION_MISSING' }] });
  stop.abort();
});

test('observe says how things are, once', async () => {
  await world.create(namespace('once'), deployment('once'), configMap('conf', 'once', {}));
  await until(world, deployment('once'), (seen) => seen.health === 'ready');
  const observations = await world.connection.observe(
    [configMap('conf', 'once', {}), deployment('once'), configMap('none', 'once', {})],
    world.signal,
  );
  expect(observations.map(line)).toEqual(['ready | is there', 'ready | 2 of 2 ready', 'unknown | is not there']);
});

test('a new version is told again, even where it looks the same: who applied it waits for just that', async () => {
  await world.create(namespace('again'));
  const service = (port: number) =>
    resource({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'again' },
      spec: { selector: { app: 'web' }, ports: [{ name: 'http', port }] },
    });
  await world.create(service(80));
  const told: string[] = [];
  const stop = new AbortController();
  let heard = () => {};
  const watched = [{ id: service(80).id, type: 'v1/Service', attributes: service(80).attributes }];
  const watch = await world.connection.watch(
    watched,
    ({ message }) => {
      told.push(message);
      heard();
    },
    stop.signal,
  );
  const before = told.length;
  const again = new Promise<void>((resolve) => {
    heard = () => told.length > before && resolve();
  });
  await world.update(service(81));
  await again;
  expect(new Set(told)).toEqual(new Set([told[0]]));
  stop.abort();
  await watch.ended;
});
