// A custom resource whose controller does not run, or never writes a status: nobody calls it ready, and nobody waits for it for ever without saying why.
import { type KubeObject, makeJudge } from '../../src';
import { makeUnwritten } from '../../src/kubernetes/unwritten';
import { namespace, openWorld, resource, startWorld, type TestWorld, until } from './world';

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
  await world.create(definition, namespace('left'));
});
afterAll(() => world.stop());

const status = { type: 'object', properties: { conditions: { type: 'array', items: { type: 'object' } } } };
const definition = resource({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'queues.eg.example.org' },
  spec: {
    group: 'eg.example.org',
    scope: 'Namespaced',
    names: { kind: 'Queue', plural: 'queues' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' }, status } } },
      },
    ],
  },
});
const queue = (name: string) =>
  resource({ apiVersion: 'eg.example.org/v1', kind: 'Queue', metadata: { name, namespace: 'left' }, spec: {} });

test('one that nobody has written a status for is told to be so, with the rule to write, and fails after a grace', async () => {
  await world.create(queue('dead'));
  const impatient = await openWorld({ server: world.cluster.server }, async () => undefined, { statusPatience: 0.02 });
  const seen = await until(impatient, queue('dead'), ({ findings }) => findings.length > 0);
  expect(seen).toMatchObject({ health: 'degraded', message: 'has no status yet' });
  expect(seen.findings).toEqual([
    {
      code: 'NoStatus',
      class: 'likely',
      grace: 120,
      message: 'nobody has written its status: does its controller run?',
      on: 'Queue/dead',
      details: [
        "where none ever is, a health rule says so: { kind: 'Queue.eg.example.org', cases: [{ when: '!has(self.status)', health: 'ready' }] }",
      ],
    },
  ]);
  const [again] = await impatient.connection.observe([queue('dead')], impatient.signal);
  expect(again?.findings).toEqual(seen.findings);
  await impatient.stop();
});

test('the rule that is told makes it ready', async () => {
  const cases = [{ when: '!has(self.status)', health: 'ready' }];
  const config = { server: world.cluster.server, healthRules: [{ kind: 'Queue.eg.example.org', cases }] };
  const ruled = await openWorld(config, async () => undefined);
  await world.create(queue('ruled'));
  expect(await ruled.connection.observe([queue('ruled')], ruled.signal)).toMatchObject([{ health: 'ready', findings: [] }]);
  await ruled.stop();
});

test('one that has only just been made is waited for in silence', async () => {
  await world.create(queue('new'));
  expect(await world.connection.observe([queue('new')], world.signal)).toMatchObject([{ health: 'progressing', findings: [] }]);
});

test('a file has no clock: nothing of that is said of its objects', () => {
  const object: KubeObject = { apiVersion: 'eg.example.org/v1', kind: 'Queue', metadata: { name: 'q' }, spec: {} };
  expect(makeJudge().put(object)).toMatchObject([{ health: 'progressing', findings: [] }]);
});

describe('looked at once', () => {
  const made = (ago: number, more: Partial<KubeObject> = {}): KubeObject => ({
    apiVersion: 'eg.example.org/v1',
    kind: 'Queue',
    metadata: { name: 'q', uid: 'q', creationTimestamp: new Date(Date.now() - ago).toISOString() },
    ...more,
  });

  test.each<[string, KubeObject, boolean]>([
    ['an old one is told', made(120_000), true],
    ['a new one is not', made(1_000), false],
    ['one of tomorrow is not: clocks differ', made(-86_400_000), false],
    ['one that has a status is not', made(120_000, { status: { phase: 'Ready' } }), false],
    ['a built-in kind is not', made(120_000, { apiVersion: 'v1', kind: 'ConfigMap' }), false],
  ])('%s', (_, object, isKept) => {
    const kept: KubeObject[] = [];
    const keep = { mode: 'once' as const, patience: 60_000, now: () => object, keep: (one: KubeObject) => void kept.push(one) };
    makeUnwritten(keep, new AbortController().signal).look(object);
    expect(kept.length > 0).toBe(isKept);
  });
});
