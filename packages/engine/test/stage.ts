// A stack on a stage: memory runtime, clock turned by hand, records in a folder of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  defaultSettings,
  type Event,
  type JsonObject,
  KonfigError,
  type Lock,
  type PlanOptions,
  type Release,
  type ReleaseStore,
  type Resource,
  type Settings,
  type SourceTable,
  type Spec,
  specVersion,
} from '@konfig/core';
import { type ApplyOptions, apply, type Operation } from '../src/apply';
import { type Preview, preview } from '../src/preview';
import { fileStore } from '../src/stores/files';
import type { World } from '../src/world';
import { type HandClock, handClock } from './hand-clock';
import { idOf, type MemoryRuntime, memoryRuntime, nameOf } from './memory-runtime';

/** What a test wishes for, by name; `eu:Thing/web` goes to the target `eu`, a plain name to `main`. `after` and `present` are explicit dependencies; the rest are attributes. */
export interface Program {
  readonly [name: string]: Wish;
}

export interface Wish extends JsonObject {
  readonly after?: readonly string[];
  readonly present?: readonly string[];
  readonly onRemoval?: 'delete' | 'protect' | 'retain' | 'collect';
  readonly runWhen?: 'changed' | 'always' | 'once';
}

export interface Stage {
  readonly folder: string;
  readonly runtime: MemoryRuntime;
  readonly clock: HandClock;
  readonly store: TroubledStore;
  readonly secrets: { [name: string]: string };
  readonly settings: Partial<Settings>;
  preview(program: Program, options?: PlanOptions): Promise<Preview>;
  previewDestroy(program: Program, options?: PlanOptions): Promise<Preview>;
  /** Applies a preview to the end; what was said, line by line. */
  play(shown: Preview): Promise<readonly string[]>;
  /** Previews and starts. */
  start(program: Program, options?: ApplyOptions): Promise<Operation>;
  /** Previews and plays. */
  apply(program: Program): Promise<readonly string[]>;
  destroy(program: Program): Promise<readonly string[]>;
  /** The process of the run that is under way is gone: it hears, says and writes nothing any more. */
  dies(): void;
  /** The lock can be had. */
  isUnlocked(): Promise<void>;
  /** Somebody else in front of the same world. */
  world(who: string): World;
  release(number: number): Promise<Release | undefined>;
  /** Names in the inventory. */
  owned(): Promise<readonly string[]>;
}

const folders: string[] = [];

/** Every test has its own folder; they go when the tests of the file are over. */
export function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'konfig-engine-'));
  folders.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export const noSignal = new AbortController().signal;

export function stage(settings: Partial<Settings> = {}): Stage {
  const folder = ownFolder();
  const runtime = memoryRuntime();
  const clock = handClock();
  const store = troubledStore(fileStore(folder));
  const secrets: { [name: string]: string } = {};
  const world = (who: string): World => ({
    runtimes: { memory: runtime },
    openStore: async () => store,
    readSecrets: async (sources) => {
      const values = sources.map((source) => (source.from === 'env' ? secrets[source.name] : undefined));
      return values.map((value) => (value === undefined ? { why: 'is not there', hint: 'Put it there.' } : { value }));
    },
    clock,
    who: { run: `run-of-${who}`, name: `${who}@laptop`, place: 'pid 1' },
    commit: async () => undefined,
  });
  const anna = world('anna');
  const show = (kind: 'apply' | 'destroy', program: Program, options?: PlanOptions) =>
    preview({ kind, spec: specOf(program, settings), sources: sourcesOf(program), ...(options ? { options } : {}) }, anna, noSignal);
  const play = async (shown: Preview) => {
    const operation = apply(shown, anna);
    await operation.result;
    return linesOf(await collect(operation));
  };
  return {
    folder,
    runtime,
    clock,
    store,
    secrets,
    settings,
    world,
    play,
    preview: (program, options) => show('apply', program, options),
    previewDestroy: (program, options) => show('destroy', program, options),
    start: async (program, options) => apply(await show('apply', program), anna, options),
    apply: async (program) => play(await show('apply', program)),
    destroy: async (program) => play(await show('destroy', program)),
    dies() {
      store.dies();
      runtime.forgetsReaders();
    },
    async isUnlocked() {
      const lock = await store.lock('shop/prod', { run: 'test', who: 'test', since: '' });
      await lock.release();
    },
    release: (number) => store.readRelease('shop/prod', number),
    owned: async () => ((await store.readRecord('shop/prod'))?.inventory ?? []).map(({ id }) => nameOf(id)),
  };
}

export function specOf(program: Program, settings: Partial<Settings> = {}): Spec {
  return {
    version: specVersion,
    project: 'shop',
    stack: 'prod',
    workspace: 'prod',
    targets: Object.fromEntries(
      targetsOf(program).map((target) => [target, { runtime: 'memory', config: { server: `memory://${target}` } }]),
    ),
    records: { store: 'files' },
    settings: { ...defaultSettings, ...settings },
    resources: Object.entries(program).map(([name, wish]) => resourceOf(name, wish)),
  };
}

function targetsOf(program: Program): readonly string[] {
  return [...new Set(['main', ...Object.keys(program).map(targetOf)])];
}

function targetOf(name: string): string {
  return idOf(name).split(':')[0] as string;
}

function resourceOf(name: string, { after = [], present = [], onRemoval, runWhen, ...attributes }: Wish): Resource {
  const dependsOn = [
    ...after.map((on) => ({ on: idOf(on), until: 'ready' as const })),
    ...present.map((on) => ({ on: idOf(on), until: 'present' as const })),
  ];
  return {
    id: idOf(name),
    target: targetOf(name),
    runtime: 'memory',
    type: 'Thing',
    attributes,
    path: `shop/prod/${name}`,
    ...(dependsOn.length > 0 ? { dependsOn } : {}),
    ...(onRemoval === undefined ? {} : { onRemoval }),
    ...(runWhen === undefined ? {} : { runWhen }),
  };
}

/** The first thing is made on line 10, the second on line 20 … */
export function sourcesOf(program: Program): SourceTable {
  return Object.fromEntries(Object.keys(program).map((name, i) => [idOf(name), { made: { file: 'app.ts', line: (i + 1) * 10 } }]));
}

/** All events of an operation, once it is over. */
export async function collect(operation: Operation): Promise<readonly Event[]> {
  const events: Event[] = [];
  for await (const event of operation.events()) events.push(event);
  return events;
}

/** Resolves when the operation has said this line (see `linesOf`), now or before. */
export async function said(operation: Operation, line: string): Promise<void> {
  const lines: string[] = [];
  for await (const event of operation.events()) {
    const [here] = linesOf([event]);
    lines.push(here as string);
    if (here === line) return;
  }
  throw new Error(`Nobody said ${JSON.stringify(line)}, but:\n${lines.join('\n')}`);
}

/** What an operation said, one line an event, without times. */
export function linesOf(events: readonly Event[]): readonly string[] {
  return events.map((event) => lines[event.type](event as never));
}

type Of<T extends Event['type']> = Extract<Event, { readonly type: T }>;

const lines: { readonly [T in Event['type']]: (event: Of<T>) => string } = {
  'operation-started': ({ kind, stack, release, steps }) =>
    `${kind} ${stack}, release ${release}: ${steps
      .map(({ id, action, waitsFor }) => {
        const waits = waitsFor.map(({ on, until }) => `${nameOf(on)} is ${until}`);
        return `${action} ${nameOf(id)}${waits.length > 0 ? ` after ${waits.join(' and ')}` : ''}`;
      })
      .join(', ')}`,
  'lock-held': ({ holder }) => `lock held by ${holder.who}`,
  'step-started': ({ step, action }) => `${nameOf(step)}: ${action}`,
  'step-applied': ({ step }) => `${nameOf(step)}: applied`,
  'step-observed': ({ step, health, message, findings }) =>
    `${nameOf(step)}: ${[health, message, ...findings.map(({ code }) => code)].join(', ')}`,
  'step-log': ({ step, from, text }) => `${nameOf(step)}: ${from} says ${text}`,
  'step-done': ({ step }) => `${nameOf(step)}: done`,
  'step-failed': ({ step, problem }) => `${nameOf(step)}: failed, ${problem.code}: ${problem.message.split('\n')[0]}`,
  'step-skipped': ({ step, because }) => `${nameOf(step)}: skipped because of ${because.includes(':') ? nameOf(because) : because}`,
  cancelling: ({ type }) => type,
  heartbeat: ({ type }) => type,
  note: ({ message }) => `note: ${message}`,
  'operation-finished': ({ phase, problems }) => [phase, ...problems.map(({ code }) => code)].join(' '),
};

/** A store with verbs for what goes wrong with stores. */
export interface TroubledStore extends ReleaseStore {
  /** Every write that came through. */
  readonly saves: readonly ('whole' | 'appended')[];
  isFull: boolean;
  losesLock(): void;
  /** Resolves when no save is under way or waiting. */
  settled(): Promise<void>;
  /** Resolves when somebody has tried for the lock once more, got or not. */
  tries(): Promise<void>;
  /** Whoever holds a lock now can neither save nor release; its lock is free. */
  dies(): void;
  /** Saves wait until `goesOn`; the answer resolves when one has come. */
  stops(): Promise<void>;
  goesOn(): void;
  /** The next release of a lock fails. */
  keepsLock: boolean;
}

export function troubledStore(store: ReleaseStore): TroubledStore {
  const saves: ('whole' | 'appended')[] = [];
  const held = new Set<{ readonly lock: Lock; readonly lost: AbortController; isDead: boolean }>();
  const never = new Promise<never>(() => {});
  let gate: { readonly open: Promise<void>; readonly goOn: () => void; readonly came: () => void } | undefined;
  let tried: (() => void)[] = [];
  let saving = 0;
  let settled: (() => void)[] = [];
  const troubled: TroubledStore = {
    ...store,
    saves,
    isFull: false,
    keepsLock: false,
    losesLock() {
      for (const { lost } of held) lost.abort();
    },
    async settled() {
      // Saves are put together in microtasks: let those that were asked for begin.
      await new Promise((resolve) => setImmediate(resolve));
      if (saving > 0) await new Promise<void>((resolve) => settled.push(resolve));
    },
    tries: () => new Promise((resolve) => tried.push(resolve)),
    dies() {
      for (const one of held) {
        one.isDead = true;
        void one.lock.release();
      }
    },
    stops() {
      let goOn = () => {};
      const open = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      return new Promise((came) => {
        gate = { open, goOn, came };
      });
    },
    goesOn() {
      gate?.goOn();
      gate = undefined;
    },
    async lock(stack, holder): Promise<Lock> {
      try {
        const lock = await store.lock(stack, holder);
        const one = { lock, lost: new AbortController(), isDead: false };
        held.add(one);
        const release = async () => {
          if (one.isDead) return never;
          held.delete(one);
          await lock.release();
          if (troubled.keepsLock) throw new Error('the lock sticks');
        };
        return { ...lock, lost: AbortSignal.any([lock.lost, one.lost.signal]), release };
      } finally {
        const all = tried;
        tried = [];
        // Whoever tried is told first.
        setImmediate(() => {
          for (const tell of all) tell();
        });
      }
    },
    save: (lock, record, release) =>
      writing(lock, async () => {
        await store.save(lock, record, release);
        saves.push('whole');
      }),
    append: (lock, batch) =>
      writing(lock, async () => {
        await store.append(lock, batch);
        saves.push('appended');
      }),
  };
  /** Everything that goes wrong with writes goes wrong with this one. */
  async function writing(lock: Lock, work: () => Promise<void>): Promise<void> {
    if ([...held].some((one) => one.isDead && one.lock.fence === lock.fence)) return never;
    saving++;
    try {
      if (gate) {
        gate.came();
        await gate.open;
      }
      if (troubled.isFull) throw new KonfigError({ code: 'RECORD_WRITE', message: 'write record: no space left on device' });
      await work();
    } finally {
      saving--;
      if (saving === 0) {
        const all = settled;
        settled = [];
        setImmediate(() => {
          for (const tell of all) tell();
        });
      }
    }
  }
  return troubled;
}
