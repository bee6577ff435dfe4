// A resource that is made of parts, kept in the store of releases, and deleted with what its last release wished: the engine's side of a Terraform stack.
import {
  type ApplyRequest,
  type Connection,
  type DeleteRequest,
  type Event,
  type GrowingMask,
  type Import,
  type JsonObject,
  type Keeper,
  KonfigError,
  type PlannedPart,
  type PlanRequest,
  type Problem,
  type Runtime,
  type Spec,
  specVersion,
} from '@konfig/core';
import { apply } from '../src/apply';
import { drift } from '../src/drift';
import { keeperOf } from '../src/keeper';
import { type Preview, preview } from '../src/preview';
import { history } from '../src/status';
import { fileStore } from '../src/stores/files';
import type { World } from '../src/world';
import { type HandClock, handClock } from './hand-clock';
import { memoryRuntime } from './memory-runtime';
import { collect, noSignal, ownFolder } from './stage';

const id = 'tf:Parts/db';
const cancelled = new KonfigError({ code: 'CANCELLED', message: 'It was interrupted.' });

interface Faults {
  /** Said of what is planned. */
  says?: readonly Problem[];
  /** In the first plan only. Default: in each. */
  saysOnce?: boolean;
  /** How many parts are done before an apply fails. Default: all, and it does not. */
  failsAfter?: number;
  /** What it finds at its turn, instead of what the plan showed. */
  finds?: readonly PlannedPart[];
  /** An apply does not come back: this part is under way. */
  hangsAt?: string;
  /** Told to end, it does so in order. */
  endsInOrder?: boolean;
  /** Of any plan of it. */
  cannotRead?: boolean;
  /** Something of what it keeps is to be written anew. */
  rewrites?: boolean;
}

/** Keeps what was wished in the keeper, as JSON; each field is a part. */
function partsRuntime(calls: string[], faults: Faults): Runtime {
  const memory = memoryRuntime();
  return {
    ...memory,
    name: 'parts',
    needsLastWish: true,
    isSecret: (_, path) => path[0] === 'secrets',
    secretsIn: () => [],
    references: () => new Map(),
    partNames: ({ attributes }) => Object.keys(attributes),
    check: () => [],
    async connect(name, target) {
      calls.push(`open ${name} ${JSON.stringify(target.config)}`);
      const base = await memory.connect(name, target, noSignal);
      let keeper: Keeper;
      let mask: GrowingMask | undefined;
      const kept = async (): Promise<JsonObject | undefined> => {
        const found = await keeper.read(id);
        return found && JSON.parse(Buffer.from(found.bytes).toString());
      };
      const partsOf = (before: JsonObject, after: JsonObject): readonly PlannedPart[] =>
        [...new Set([...Object.keys(before), ...Object.keys(after)])].map((key) => ({
          name: key,
          action: !(key in before) ? 'create' : !(key in after) ? 'delete' : before[key] === after[key] ? 'keep' : 'update',
          at: [key],
          changes: before[key] === after[key] ? [] : [{ path: [], before: before[key] ?? null, after: after[key] ?? null }],
        }));
      const connection: Connection = {
        ...base,
        attach: (given) => {
          keeper = given;
        },
        maskWith(given) {
          mask = given;
        },
        async plan({ wished, removed, imports = [] }: PlanRequest) {
          for (const { part, id: known } of imports) calls.push(`import ${part} ${known}`);
          const before = await kept();
          const { says: problems = [] } = faults;
          if (faults.saysOnce) delete faults.says;
          const row = { id, changes: [], immutable: [], replaceable: false, checked: 'server', notes: [], problems } as const;
          const live = before ? { live: { uid: 'lineage', version: String(before.serial ?? 1) } } : {};
          if (removed.length > 0) calls.push(`plan removed ${JSON.stringify(removed[0]?.attributes)}`);
          if (faults.cannotRead)
            return [{ ...row, isUnseen: true, problems: [{ code: 'TARGET_CONFIG', message: 'No key fits.', at: id }] }];
          return [...wished, ...removed].map(({ attributes }) => ({
            ...row,
            ...live,
            ...(faults.rewrites ? { changes: [{ path: ['state'], before: 'old', after: 'new', isOurs: true }] } : {}),
            parts: partsOf(before ?? {}, wished.length > 0 ? (attributes as JsonObject) : {}),
            ahead: { outputs: { size: `${Object.keys(attributes ?? {}).length}` } },
          }));
        },
        async apply({ resource, parts: shown, tell, planned }: ApplyRequest, signal: AbortSignal) {
          const parts = faults.finds ?? shown;
          if (faults.finds) planned?.(faults.finds);
          calls.push(`apply ${(parts ?? []).map(({ name, action }) => `${action} ${name}`).join(', ')}`);
          const { failsAfter = Number.POSITIVE_INFINITY } = faults;
          const related = (parts ?? []).map(
            ({ name }, i) =>
              ({ name, health: name === faults.hangsAt ? 'progressing' : i < failsAfter ? 'ready' : 'unknown', message: '' }) as const,
          );
          tell?.({ id, exists: true, health: 'progressing', message: 'half-way', findings: [], related });
          if (faults.hangsAt)
            await new Promise((_, reject) =>
              signal.addEventListener('abort', () => reject(faults.endsInOrder ? cancelled : signal.reason)),
            );
          if (failsAfter < related.length) throw new KonfigError({ code: 'RESOURCE_REJECTED', message: 'It does not fit.' });
          if (resource.attributes.makes) {
            mask?.add(['just made here']);
            throw new KonfigError({ code: 'RESOURCE_REJECTED', message: 'There is no role just made here.' });
          }
          const found = await keeper.read(id);
          await keeper.write(id, Buffer.from(JSON.stringify(resource.attributes)), found?.version);
          return {
            uid: 'lineage',
            live: {},
            warnings: [],
            observation: { id, exists: true, uid: 'lineage', health: 'ready', message: 'is there', findings: [], related: [] },
          };
        },
        async delete({ attributes }: DeleteRequest) {
          calls.push(`delete ${JSON.stringify(attributes)}`);
          const found = await keeper.read(id);
          await keeper.remove(id, found?.version ?? '');
          return 'gone';
        },
        async read() {
          const found = await kept();
          return found && { outputs: { size: `${Object.keys(found).length}` } };
        },
        async watch(resources, onChange) {
          for (const { id: one } of resources)
            onChange({ id: one, exists: true, uid: 'lineage', health: 'ready', message: 'is there', findings: [], related: [] });
          return { add: async () => {}, ended: new Promise(() => {}) };
        },
      };
      return connection;
    },
  };
}

interface Scene {
  readonly calls: string[];
  readonly runtime: Faults;
  readonly secrets: { [name: string]: string };
  show(parts: JsonObject | undefined, kind?: 'apply' | 'destroy'): Promise<Preview>;
  play(parts: JsonObject | undefined, kind?: 'apply' | 'destroy'): Promise<readonly Event[]>;
  spec(parts: JsonObject | undefined): Spec;
  readonly world: World;
  readonly clock: HandClock;
}

function scene(): Scene {
  const calls: string[] = [];
  const runtime: Faults = {};
  const folder = ownFolder();
  const secrets: { [name: string]: string } = {};
  const memory = memoryRuntime();
  const clock = handClock();
  const world: World = {
    runtimes: { memory, parts: partsRuntime(calls, runtime) },
    openStore: async () => fileStore(folder),
    readSecrets: async (sources) =>
      sources.map((source) => {
        const value = source.from === 'env' ? secrets[source.name] : undefined;
        return value === undefined ? { why: 'is not there', hint: 'Put it there.' } : { value };
      }),
    clock,
    who: { run: 'run', name: 'anna@laptop', place: 'pid 1' },
    commit: async () => undefined,
  };
  const spec = (parts: JsonObject | undefined): Spec => ({
    version: specVersion,
    project: 'shop',
    stack: 'dev',
    workspace: 'dev',
    targets: {
      main: { runtime: 'memory', config: {} },
      ...(parts ? { tf: { runtime: 'parts', config: { region: 'eu' } } } : {}),
    },
    records: { store: 'files' },
    settings: { totalTimeout: 60, resourceTimeout: 60, noProgressTimeout: 60, graces: {}, concurrency: 4 },
    resources: [
      {
        id: 'main:Thing/web',
        target: 'main',
        runtime: 'memory',
        type: 'Thing',
        path: 'web',
        attributes: parts ? { size: { $ref: { resource: id, path: ['outputs', 'size'] } } } : {},
      },
      ...(parts ? [{ id, target: 'tf', runtime: 'parts', type: 'Parts', path: 'db', attributes: parts }] : []),
    ],
  });
  const show = (parts: JsonObject | undefined, kind: 'apply' | 'destroy' = 'apply') =>
    preview({ kind, spec: spec(parts), sources: {} }, world, noSignal);
  return {
    calls,
    runtime,
    secrets,
    clock,
    world,
    spec,
    show,
    async play(parts, kind) {
      const operation = apply(await show(parts, kind), world);
      expect((await operation.result).problems).toEqual([]);
      return collect(operation);
    },
  };
}

const secret = { $secret: { from: 'env', name: 'PASSWORD' } };

test('a step has a row for each part, and what others read of it is known before where it can be told', async () => {
  const { show } = scene();
  const { plan, problems, close } = await show({ a: 1, b: 2 });
  await close();
  expect(problems).toEqual([]);
  expect(plan?.steps.map(({ id: step, action, parts }) => [step, action, parts?.map((part) => `${part.action} ${part.name}`)])).toEqual([
    [id, 'create', ['create a', 'create b']],
    ['main:Thing/web', 'create', undefined],
  ]);
});

test('it is changed where one of its parts is, told while it lasts, and as wished afterwards', async () => {
  const { play, show, calls } = scene();
  await play({ a: 1, b: 2 });
  const events = await play({ a: 1, b: 3 });
  expect(calls.filter((call) => call.startsWith('apply'))).toEqual(['apply create a, create b', 'apply keep a, update b']);
  expect(events.some((event) => event.type === 'step-observed' && event.message === 'half-way')).toBe(true);
  const again = await show({ a: 1, b: 3 });
  await again.close();
  expect(again.plan?.steps.map(({ action }) => action)).toEqual(['keep', 'keep']);
});

test('parts count in the release, and in what a run tells, as resources do', async () => {
  const { play, spec, world } = scene();
  await play({ a: 1, b: 2, c: 3 });
  const [started] = await play({ a: 1, b: 3 });
  expect(started).toMatchObject({
    steps: [
      { id, action: 'update', counts: { keep: 1, update: 1, delete: 1 } },
      { id: 'main:Thing/web', action: 'update' },
    ],
  });
  const { releases } = await history(spec({}), world, noSignal);
  expect(releases.map(({ counts }) => counts)).toEqual([{ update: 2, delete: 1 }, { create: 4 }]);
});

test('of a stack that failed half-way, the parts count that were done by then', async () => {
  const { show, spec, world, runtime } = scene();
  runtime.failsAfter = 2;
  const operation = apply(await show({ a: 1, b: 2, c: 3 }), world);
  expect((await operation.result).phase).toBe('failed');
  expect(await collect(operation)).toContainEqual(expect.objectContaining({ type: 'step-failed', counts: { create: 2 } }));
  const { releases } = await history(spec({}), world, noSignal);
  expect(releases.map(({ counts }) => counts)).toEqual([{ create: 2 }]);
});

test.each([
  ['done', Number.POSITIVE_INFINITY, { create: 3 }],
  ['failed', 2, { create: 2 }],
] as const)('of a stack that was only listed and is %s, what it does at its turn counts in the end', async (end, failsAfter, counts) => {
  const { show, spec, world, runtime } = scene();
  runtime.finds = ['a[0]', 'a[1]', 'a[2]'].map((name) => ({ name, action: 'create', changes: [] }));
  runtime.failsAfter = failsAfter;
  const operation = apply(await show({ a: 1 }), world);
  await operation.result;
  expect(await collect(operation)).toContainEqual(expect.objectContaining({ type: `step-${end}`, step: id, counts }));
  const { releases } = await history(spec({}), world, noSignal);
  expect(releases[0]?.counts).toEqual(end === 'done' ? { create: 4 } : counts);
});

test('of a stack that is given up, the part is named that was under way', async () => {
  const { show, world, runtime, clock } = scene();
  runtime.hangsAt = 'b';
  const operation = apply(await show({ a: 1, b: 2, c: 3 }), world);
  for await (const event of operation.events()) if (event.type === 'step-observed') clock.turn(60);
  expect((await operation.result).problems.map(({ message }) => message)).toEqual([
    expect.stringContaining('its create was still under way (b) when the operation had to end'),
  ]);
});

test('an apply that ends in order when the time of the operation is over names what it has not begun', async () => {
  const { runtime, show, world, clock } = scene();
  Object.assign(runtime, { hangsAt: 'b', failsAfter: 0, endsInOrder: true });
  const operation = apply(await show({ a: 1, b: 2, c: 3 }), world);
  for await (const event of operation.events()) if (event.type === 'step-observed') clock.turn(60);
  expect((await operation.result).problems.map(({ code, message }) => `${code} ${message}`)).toEqual([
    'RESOURCE_TIMEOUT Parts/db: its create was stopped when the operation had to end. What was under way has come to its end; a and c were not begun.',
  ]);
});

test('a plan that deletes most of the parts asks first', async () => {
  const { play, show } = scene();
  await play({ a: 1, b: 2, c: 3, d: 4 });
  const { problems, close } = await show({ a: 1 });
  await close();
  expect(problems.map(({ code, message }) => [code, message])).toEqual([['PLAN_RISKY', 'shop/dev would lose 3 of its 5 resources.']]);
});

test('a secret of a part is masked in the plan', async () => {
  const { secrets, show } = scene();
  secrets.PASSWORD = 'correct horse';
  const { plan, close } = await show({ password: secret });
  await close();
  expect(JSON.stringify(plan)).not.toContain('correct horse');
});

test('a secret that a runtime has made in the run is in no event and in no release of it', async () => {
  const { show, spec, world } = scene();
  const operation = apply(await show({ makes: true }), world);
  const events = await collect(operation);
  const { problems } = await operation.result;
  expect(problems.map(({ message }) => message)).toEqual(['There is no role (secret).']);
  const store = await world.openStore(spec({ makes: true }), new Map());
  expect(JSON.stringify([events, await store.readRelease('shop/dev', 1)])).not.toContain('just made here');
});

test('what has gone from the program is deleted by what its release wished, on the target that it names, with secrets read anew', async () => {
  const { play, calls, secrets } = scene();
  secrets.PASSWORD = 'correct horse';
  await play({ password: secret });
  calls.length = 0;
  secrets.PASSWORD = 'battery staple';
  await play(undefined);
  expect(calls).toEqual(['open tf {"region":"eu"}', 'plan removed {"password":"battery staple"}', 'delete {"password":"battery staple"}']);
});

test('a secret that is not there any more stands in the way of that delete, and is named', async () => {
  const { play, show, secrets } = scene();
  secrets.PASSWORD = 'correct horse';
  await play({ password: secret });
  delete secrets.PASSWORD;
  const { problems, close } = await show(undefined);
  await close();
  expect(problems.map(({ code }) => code)).toContain('SECRET_MISSING');
});

test('a destroy hands it over too', async () => {
  const { play, calls } = scene();
  await play({ a: 1 });
  calls.length = 0;
  await play({ a: 1 }, 'destroy');
  expect(calls.filter((call) => call.startsWith('delete'))).toEqual(['delete {"a":1}']);
});

test('drift tells what has changed in which part', async () => {
  const { play, spec, world } = scene();
  await play({ a: 1 });
  const store = await world.openStore(spec({ a: 1 }), new Map());
  const lock = await store.lock('shop/dev', { run: 'somebody', who: 'ben', since: '' });
  const keeper = keeperOf(store, 'shop/dev');
  keeper.hold(lock);
  await keeper.write(id, Buffer.from('{"a":2}'), (await keeper.read(id))?.version);
  await lock.release();
  const { drifted } = await drift(spec({ a: 1 }), world, noSignal);
  expect(drifted).toEqual([
    { id, how: 'changed', changes: [], parts: [{ name: 'a', how: 'changed', at: ['a'], changes: [{ path: [], before: 2, after: 1 }] }] },
  ]);
});

test('what is only to be written anew beside the releases is a change, and no drift', async () => {
  const { play, show, spec, world, runtime } = scene();
  await play({ a: 1 });
  runtime.rewrites = true;
  expect((await drift(spec({ a: 1 }), world, noSignal)).drifted).toEqual([]);
  const { plan, close } = await show({ a: 1 });
  await close();
  expect(plan?.steps.find((step) => step.id === id)).toMatchObject({ action: 'update', changes: [{ path: ['state'], isOurs: true }] });
});

test('what could not be looked at is neither gone nor to be made, and what needs it is not planned past it', async () => {
  const { play, show, spec, world, runtime } = scene();
  await play({ a: 1 });
  runtime.cannotRead = true;
  const { drifted, problems } = await drift(spec({ a: 1 }), world, noSignal);
  expect([drifted, problems]).toEqual([[], [{ code: 'TARGET_CONFIG', message: 'No key fits.', at: id }]]);
  for (const kind of ['apply', 'destroy'] as const) {
    const { plan, close } = await show({ a: 1, b: 2 }, kind);
    await close();
    expect(plan?.steps.find((step) => step.id === id)).toMatchObject({ action: 'skip', reason: 'could not be planned' });
  }
});

test('what needs a value of what could not be planned is not told that the value is wrong', async () => {
  const { show, runtime } = scene();
  runtime.cannotRead = true;
  const { plan, problems, close } = await show({ size: 1 });
  await close();
  expect(plan?.steps.map(({ id: step, action, changes }) => [step, action, changes])).toEqual([
    [id, 'skip', []],
    ['main:Thing/web', 'skip', []],
  ]);
  expect(problems.map(({ at }) => at)).toEqual([id]);
});

test('without the lock nothing that is kept can be written', async () => {
  const { show } = scene();
  const { session, close } = await show({ a: 1 });
  expect(session?.keeper.writer).toBeUndefined();
  await expect(session?.keeper.write(id, Uint8Array.of(1), undefined)).rejects.toMatchObject({ problems: [{ code: 'LOCK_LOST' }] });
  await close();
});

test('what is to be imported is handed to the runtime of the resource that has such a part', async () => {
  const { spec, world, calls } = scene();
  const importing = async (part: string, resource?: string) => {
    const imports = [{ part, id: 'the-real-one', ...(resource ? { resource } : {}) }];
    const { problems, close } = await preview(
      { kind: 'apply', spec: spec({ disk: 1 }), sources: {}, options: { imports } },
      world,
      noSignal,
    );
    await close();
    return problems.map(({ message, hint }) => `${message} ${hint}`);
  };
  expect(await importing('disk')).toEqual([]);
  expect(await importing('disk', 'Parts/db')).toEqual([]);
  expect(calls.filter((call) => call.startsWith('import'))).toEqual(['import disk the-real-one', 'import disk the-real-one']);
  expect(await importing('disc')).toEqual(['Nothing in this stack is called disc. Did you mean disk? It has disk.']);
  expect(await importing('disk["a b"]')).toEqual([]);
  expect(await importing('disk[0][1]')).toHaveLength(1);
  expect(await importing('Thing/web')).toEqual([
    'Thing/web is no resource of Terraform: it is taken over by its kind and name, and not by an id like the-real-one. konfig apply --adopt takes over what bears its name.',
  ]);
  expect(await importing('disk', 'Parts/other')).toEqual(['Nothing in this stack is called disk. Did you mean disk? It has disk.']);
});

describe('an import of what is no part of anything', () => {
  const importing = async ({ spec, world }: Scene, imports: readonly Import[]) => {
    const { problems, close } = await preview({ kind: 'apply', spec: spec({}), sources: {}, options: { imports } }, world, noSignal);
    await close();
    return problems.map(({ message }) => message);
  };

  test('by what it holds is nothing to do', async () => {
    const here = scene();
    await here.play({});
    for (const name of ['web', 'Thing/web', 'main:Thing/web']) expect(await importing(here, [{ part: 'Thing/web', id: name }])).toEqual([]);
  });

  test('by another id is told with what it holds', async () => {
    const here = scene();
    await here.play({});
    expect(await importing(here, [{ part: 'main:Thing/web', id: 'other' }])).toEqual([
      expect.stringMatching(/^Thing\/web is managed already: it holds web \(uid \S+\), not other\.$/),
    ]);
  });

  test('one address cannot hold two', async () => {
    const both = ['a', 'b'].map((id) => ({ part: 'disk', id }));
    const { spec, world } = scene();
    const { problems, close } = await preview(
      { kind: 'apply', spec: spec({ disk: 1 }), sources: {}, options: { imports: both } },
      world,
      noSignal,
    );
    await close();
    expect(problems.map(({ message }) => message)).toEqual(['disk is to be imported by a and by b.']);
  });
});

describe('what a run was making', () => {
  const orphans: Problem = { code: 'PLAN_ORPHANS', severity: 'warning', message: 'a may be there.' };
  const codes = ({ problems }: Preview) => problems.map(({ code, message }) => [code, message]);

  test('is left behind when nobody holds the lock any more', async () => {
    const { show, runtime } = scene();
    runtime.says = [orphans];
    const made = await show({ a: 1 });
    await made.close();
    expect(codes(made)).toEqual([['PLAN_ORPHANS', 'a may be there.']]);
  });

  test('is no orphan as long as that run goes on, and its plan is no plan for afterwards', async () => {
    const { show, runtime, spec, world } = scene();
    runtime.says = [orphans];
    const store = await world.openStore(spec({ a: 1 }), new Map());
    const lock = await store.lock('shop/dev', { run: 'other', who: 'ben@ci, pid 7', since: '10:00' });
    const made = await show({ a: 1 });
    expect(codes(made)).toEqual([
      ['LOCK_HELD', 'shop/dev is being changed by ben@ci, pid 7, since 10:00: what is shown here is how it was found meanwhile.'],
    ]);
    await lock.release();
    expect((await apply(made, world).result).problems).toMatchObject([
      { code: 'PLAN_STALE', message: 'Another run was changing shop/dev when this plan was made.' },
    ]);
  });

  test('is an error when that run is alive, and has lost its lock', async () => {
    const { show, runtime, spec, world } = scene();
    runtime.says = [{ code: 'LOCK_HELD', severity: 'warning', message: 'Terraform is still at work on a.' }];
    const made = await show({ a: 1 });
    expect(made.problems).toMatchObject([{ code: 'LOCK_HELD', severity: 'error', message: 'Terraform is still at work on a.' }]);
    await made.close();
    const store = await world.openStore(spec({ a: 1 }), new Map());
    const lock = await store.lock('shop/dev', { run: 'other', who: 'ben@ci, pid 7', since: '10:00' });
    const meanwhile = await show({ a: 1 });
    await meanwhile.close();
    expect(codes(meanwhile)).toEqual([['LOCK_HELD', expect.stringContaining('is being changed by ben@ci, pid 7')]]);
    await lock.release();
  });

  test('is looked at again where that run has ended while we looked', async () => {
    const { show, runtime } = scene();
    runtime.says = [orphans];
    runtime.saysOnce = true;
    const made = await show({ a: 1 });
    await made.close();
    expect(codes(made)).toEqual([]);
  });
});
