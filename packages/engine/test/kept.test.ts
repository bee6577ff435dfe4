// What a runtime keeps of a resource, and what the record knows of it: what is gone or old is never taken for what there is.
import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Connection,
  isKonfigError,
  type Keeper,
  KonfigError,
  type PlanOptions,
  type ReleaseStore,
  type Runtime,
  type Spec,
  specVersion,
} from '@konfig/core';
import { apply } from '../src/apply';
import { type Preview, preview } from '../src/preview';
import { pullState, pushState, type StateWish } from '../src/state';
import { fileStore } from '../src/stores/files';
import type { World } from '../src/world';
import { handClock } from './hand-clock';
import { memoryRuntime } from './memory-runtime';
import { noSignal, ownFolder } from './stage';

const id = 'main:Thing/db';

describe('what is kept', () => {
  test('is told to be gone, and its apply makes nothing a second time', async () => {
    const { outcome, play, show, file } = scene();
    await play('1');
    rmSync(file());
    const shown = await show('2');
    expect(shown.problems).toEqual([
      expect.objectContaining({
        code: 'RECORD_CORRUPT',
        message: expect.stringMatching(/^What was kept of Thing\/db \(its state\) is gone: .* version 1 /),
      }),
    ]);
    expect(await outcome(shown)).toBe('failed');
  });

  test('is told to be gone by a destroy too, which forgets nothing', async () => {
    const { outcome, play, show, file, owned } = scene();
    await play('1');
    rmSync(file());
    const shown = await show(undefined);
    expect(shown.problems).toMatchObject([{ code: 'RECORD_CORRUPT' }]);
    expect(await outcome(shown)).toBe('failed');
    expect(await owned()).toEqual([id]);
  });

  test('that is older than its release is not taken for it', async () => {
    const { play, show, file, folder } = scene();
    await play('1');
    copyFileSync(file(), join(folder, 'backup'));
    await play('2');
    copyFileSync(join(folder, 'backup'), file());
    expect((await show('2')).problems).toMatchObject([
      {
        code: 'RECORD_OUTDATED',
        message: expect.stringContaining('is older than its release: it is version 1, and the record of shop/dev tells of version 2'),
      },
    ]);
  });

  test('of an earlier life is not taken for what was made since', async () => {
    const { play, show, file, folder } = scene();
    await play('1');
    copyFileSync(file(), join(folder, 'backup'));
    await play(undefined);
    await play('2');
    renameSync(join(folder, 'backup'), file());
    expect((await show('2')).problems).toMatchObject([{ code: 'RECORD_OUTDATED', message: expect.stringContaining('of an earlier life') }]);
  });

  test('that was lost for good is made anew where that is accepted, and from then on it is known', async () => {
    const { outcome, play, show, file } = scene();
    await play('1');
    rmSync(file());
    const shown = await show('1', { acceptState: ['Thing/db'] });
    expect(shown.problems).toMatchObject([{ code: 'RECORD_CORRUPT', severity: 'warning' }]);
    expect(await outcome(shown)).toBe('succeeded');
    expect(await problemsOf(show('1'))).toEqual([]);
  });

  test('and is old is gone on from where that is accepted, though nothing else changes', async () => {
    const { outcome, play, show, file, folder } = scene();
    await play('1');
    copyFileSync(file(), join(folder, 'backup'));
    await play('2');
    copyFileSync(join(folder, 'backup'), file());
    const shown = await show('1', { acceptState: [id] });
    expect(shown.plan?.steps).toMatchObject([{ action: 'update', reason: 'lost state accepted' }]);
    expect(await outcome(shown)).toBe('succeeded');
    expect(await problemsOf(show('1'))).toEqual([]);
  });

  test('and is lost is forgotten by a destroy where that is accepted', async () => {
    const { outcome, play, show, file, owned } = scene();
    await play('1');
    rmSync(file());
    const shown = await show(undefined, { acceptState: ['Thing/db'] });
    expect(shown.plan?.steps).toMatchObject([{ action: 'forget', reason: 'lost state accepted' }]);
    expect(await outcome(shown)).toBe('succeeded');
    expect(await owned()).toEqual([]);
  });

  test.each([
    ['an apply makes it anew', '1', 'create', [id]],
    ['a destroy forgets it', undefined, 'forget', []],
  ] as const)('and can be read by nobody stops all, and lies aside once it is given up: %s', async (_, size, action, left) => {
    const { play, show, file, owned, world } = scene();
    await play('1');
    writeFileSync(file(), 'nothing that Konfig writes');
    const stopped = await show(size);
    expect(stopped.problems).toMatchObject([
      { code: 'RECORD_CORRUPT', hint: expect.stringContaining('--accept-state Thing/db puts what is there aside') },
    ]);
    await stopped.close();
    const shown = await show(size, { acceptState: ['Thing/db'] });
    expect(shown.problems).toMatchObject([{ code: 'RECORD_CORRUPT', severity: 'warning' }]);
    expect(shown.plan?.steps).toMatchObject([{ action }]);
    expect(readFileSync(file(), 'utf8')).toBe('nothing that Konfig writes');
    const { phase, problems } = await apply(shown, world).result;
    const aside = `${file()}%20aside%203`;
    expect([phase, problems.map(({ message }) => message)]).toEqual([
      'succeeded',
      [`What was kept of Thing/db and cannot be read lies aside: ${aside}.`],
    ]);
    expect(readFileSync(aside, 'utf8')).toBe('nothing that Konfig writes');
    expect(await owned()).toEqual(left);
    if (size !== undefined) expect(await problemsOf(show(size))).toEqual([]);
  });

  test('may be newer than the record says: the run that wrote it had no time to tell', async () => {
    const { play, show, folder } = scene();
    await play('1');
    const record = join(folder, 'shop', 'dev', 'record.json');
    copyFileSync(record, join(folder, 'record'));
    await play('2');
    copyFileSync(join(folder, 'record'), record);
    expect(await problemsOf(show('2'))).toEqual([]);
  });

  test('and went in a run that died right then is missed by nobody', async () => {
    const { outcome, play, show, faults, folder, owned } = scene();
    await play('1');
    faults.diesAfterRemove = true;
    await outcome(await show(undefined));
    expect(readdirSync(join(folder, 'shop', 'dev', 'kept'))).toEqual([]);
    expect(await owned()).toEqual([id]);
    faults.diesAfterRemove = false;
    await play(undefined);
    expect(await owned()).toEqual([]);
  });

  test('is known from what a failed step has written too', async () => {
    const { outcome, show, file, faults } = scene();
    faults.failsAfterWrite = true;
    expect(await outcome(await show('1'))).toBe('failed');
    rmSync(file());
    expect((await show('1')).problems).toMatchObject([{ code: 'RECORD_CORRUPT' }]);
  });

  test('is named by an option that fits something', async () => {
    const { play, show } = scene();
    await play('1');
    expect((await show('1', { acceptState: ['Thing/bd'] })).problems).toMatchObject([
      { code: 'USAGE', message: 'shop/dev owns no "Thing/bd" whose state could be accepted.' },
    ]);
  });
});

describe('a state that is pushed', () => {
  const wish = { name: 'Thing/db', text: '1', file: 'db.state', lockWait: 0 };
  const push = (world: World, more: Partial<StateWish> = {}) => pushState(specOf('1'), { ...wish, ...more }, world, noSignal);

  test('counts as what the releases tell of, though that is gone, and older copies are still known as such', async () => {
    const { play, show, file, folder, world } = scene();
    await play('1');
    copyFileSync(file(), join(folder, 'backup'));
    rmSync(file());
    expect(await push(world)).toEqual({ id, after: { serial: 1, resources: 1 } });
    expect(await problemsOf(show('1'))).toEqual([]);
    await play('2');
    copyFileSync(join(folder, 'backup'), file());
    expect(await problemsOf(show('2'))).toMatchObject([{ code: 'RECORD_OUTDATED' }]);
    expect(await pullState(specOf('1'), id, world, noSignal)).toMatchObject({ id, text: '1', problems: [{ code: 'RECORD_OUTDATED' }] });
  });

  test('takes the place of what nobody can read only when it is forced, and that lies aside then', async () => {
    const { play, show, file, world } = scene();
    await play('1');
    writeFileSync(file(), 'nothing that Konfig writes');
    await expect(pullState(specOf('1'), id, world, noSignal)).rejects.toThrow(/RECORD_CORRUPT/);
    await expect(push(world)).rejects.toThrow('Whether this state comes after it, nobody can tell.');
    expect(readFileSync(file(), 'utf8')).toBe('nothing that Konfig writes');
    const { aside = '' } = await push(world, { isForced: true });
    expect(readFileSync(aside, 'utf8')).toBe('nothing that Konfig writes');
    expect(await problemsOf(show('1'))).toEqual([]);
  });

  test('may come before the first release', async () => {
    const { show, world } = scene();
    await push(world);
    expect((await show('1', { adopt: true })).plan?.steps).toMatchObject([{ action: 'adopt' }]);
  });

  test('goes to something whose state is kept, and waits for whoever changes the stack', async () => {
    const { play, store, world } = scene();
    await play('1');
    await expect(push(world, { name: 'Thing/bd' })).rejects.toThrow('shop/dev has no "Thing/bd" whose state is kept.');
    const lock = await store.lock('shop/dev', { run: 'other', who: 'ben', since: '' });
    await expect(push(world)).rejects.toThrow('LOCK_HELD');
    await lock.release();
  });
});

interface Faults {
  /** The next write is the last that the record hears of. */
  failsAfterWrite?: boolean;
  diesAfterRemove?: boolean;
}

interface Scene {
  readonly folder: string;
  readonly faults: Faults;
  readonly world: World;
  readonly store: ReleaseStore;
  /** Undefined: a destroy. */
  show(size: string | undefined, options?: PlanOptions): Promise<Preview>;
  play(size: string | undefined): Promise<void>;
  outcome(shown: Preview): Promise<string>;
  /** What is kept of it. */
  file(): string;
  owned(): Promise<readonly string[]>;
}

function scene(): Scene {
  const folder = ownFolder();
  const faults: Faults = {};
  const store = fileStore(folder);
  const world: World = {
    runtimes: { memory: keepingRuntime(faults) },
    openStore: async () => store,
    readSecrets: async () => [],
    clock: handClock(),
    who: { run: 'run', name: 'anna@laptop', place: 'pid 1' },
    commit: async () => undefined,
  };
  const show: Scene['show'] = (size, options = {}) => {
    const spec = specOf(size);
    return preview({ kind: size === undefined ? 'destroy' : 'apply', spec, sources: {}, options }, world, noSignal);
  };
  const outcome = async (shown: Preview) => (await apply(shown, world).result).phase;
  return {
    folder,
    faults,
    world,
    store,
    show,
    outcome,
    play: async (size) => expect(await outcome(await show(size))).toBe('succeeded'),
    file: () => join(folder, 'shop', 'dev', 'kept', encodeURIComponent(id)),
    owned: async () => (await store.readRecord('shop/dev'))?.inventory.map((entry) => entry.id) ?? [],
  };
}

function specOf(size = ''): Spec {
  return {
    version: specVersion,
    project: 'shop',
    stack: 'dev',
    workspace: 'dev',
    targets: { main: { runtime: 'memory', config: {} } },
    records: { store: 'files' },
    settings: { totalTimeout: 60, resourceTimeout: 60, noProgressTimeout: 60, graces: {}, concurrency: 4 },
    resources: [{ id, target: 'main', runtime: 'memory', type: 'Thing', path: 'db', attributes: { size } }],
  };
}

/** All that it knows of a resource is what is kept of it. */
function keepingRuntime(faults: Faults): Runtime {
  const memory = memoryRuntime();
  return {
    ...memory,
    async connect(name, target) {
      let keeper: Keeper;
      const seen = { exists: true, uid: 'db', health: 'ready', message: 'is there', findings: [], related: [] } as const;
      const connection: Connection = {
        ...(await memory.connect(name, target, noSignal)),
        attach: (given) => {
          keeper = given;
        },
        async plan({ wished, removed }) {
          const row = { id, changes: [], immutable: [], replaceable: true, checked: 'server', notes: [], problems: [] } as const;
          try {
            const found = await keeper.read(id);
            if (!found) return [...wished, ...removed].map(() => row);
            const before = Buffer.from(found.bytes).toString();
            const differs = wished.filter(({ attributes }) => attributes.size !== before);
            const changes = differs.map(({ attributes }) => ({ path: ['size'], before, after: attributes.size ?? null }));
            return [{ ...row, live: { uid: 'db', version: found.version }, changes }];
          } catch (error) {
            if (!isKonfigError(error)) throw error;
            return [{ ...row, isUnseen: true, problems: error.problems }];
          }
        },
        async apply({ resource }) {
          const found = await keeper.read(id);
          await keeper.write(id, Buffer.from(String(resource.attributes.size)), found?.version);
          if (faults.failsAfterWrite) throw new KonfigError({ code: 'RESOURCE_REJECTED', message: 'It does not fit.' });
          return { uid: 'db', live: {}, warnings: [], observation: { id, ...seen } };
        },
        async delete() {
          const found = await keeper.read(id);
          if (found) await keeper.remove(id, found.version);
          if (faults.diesAfterRemove) throw new KonfigError({ code: 'LOCK_LOST', message: 'It died.' });
          return 'gone';
        },
        pullState: async () => (await keeper.read(id))?.bytes.toString(),
        async pushState({ text }) {
          const found = await keeper.read(id);
          await keeper.write(id, Buffer.from(text), found?.version);
          return { after: { serial: 1, resources: 1 } };
        },
        async watch(resources, onChange) {
          for (const one of resources) onChange({ id: one.id, ...seen });
          return { add: async () => {}, ended: new Promise(() => {}) };
        },
      };
      return connection;
    },
  };
}

async function problemsOf(shown: Promise<Preview>): Promise<Preview['problems']> {
  const { problems, close } = await shown;
  await close();
  return problems;
}
