// A process of its own whose records lie on a disk that is full from one moment on. It applies, makes room, looks, applies again, and says what it saw, in JSON.
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { defaultSettings, type OperationResult, type ReleaseStore, type Spec, specVersion } from '@konfig/core';
import { apply } from '../src/apply';
import { preview } from '../src/preview';
import { history } from '../src/status';
import { fileStore } from '../src/stores/files';
import { systemClock, type World } from '../src/world';
import { memoryRuntime } from './memory-runtime';

/** What that process says. */
export interface FullDisk {
  /** The run on the full disk. */
  readonly first: OperationResult;
  /** Steps by their state, as the record has them after it. */
  readonly states: { readonly [state: string]: number };
  /** Things that stand in the world, but not in the inventory. */
  readonly orphans: readonly string[];
  readonly holder: string | null;
  /** What stood there and was ours before is still in the record. */
  readonly keepsOld: boolean;
  readonly second: OperationResult;
  /** Changes that the second run made. */
  readonly rest: number;
  readonly things: number;
  readonly owned: number;
  readonly phases: readonly string[];
}

const [, , folder = '', moment = ''] = process.argv;
const signal = new AbortController().signal;
const runtime = memoryRuntime();
const filler = join(folder, 'filler');
/** Writes that are still to come before the disk is full. */
let left = Number.POSITIVE_INFINITY;
/** It is full when the end of a release is to be saved. */
let fillsAtEnd = false;

void main();

async function main(): Promise<void> {
  await applied(specOf(3));
  const before = runtime.things();
  const store = fileStore(folder);
  left = { lock: 0, begin: 0, journal: 2 }[moment] ?? Number.POSITIVE_INFINITY;
  fillsAtEnd = moment === 'end';
  if (moment === 'lock') fill();
  const first = await applied(specOf(100));
  rmSync(filler, { force: true });
  left = Number.POSITIVE_INFINITY;
  fillsAtEnd = false;
  const record = await store.readRecord('shop/prod');
  const release = await store.readRelease('shop/prod', record?.lastRelease ?? 0);
  const states: { [state: string]: number } = {};
  for (const { state } of release?.steps ?? []) states[state] = (states[state] ?? 0) + 1;
  const inventory = new Set(record?.inventory.map(({ id }) => nameOf(id)));
  const holder = (await store.holder('shop/prod'))?.who ?? null;
  const changes = runtime.changes.length;
  const orphans = runtime.things().filter((name) => !inventory.has(name));
  const second = await applied(specOf(100));
  const said: FullDisk = {
    first,
    states,
    orphans,
    holder,
    keepsOld: before.every((name) => inventory.has(name)),
    second,
    rest: runtime.changes.length - changes,
    things: runtime.things().length,
    owned: (await store.readRecord('shop/prod'))?.inventory.length ?? 0,
    phases: (await history(specOf(100), worldOf(), signal)).releases.map(({ phase }) => phase),
  };
  process.stdout.write(JSON.stringify(said));
}

async function applied(spec: Spec): Promise<OperationResult> {
  const world = worldOf();
  return apply(await preview({ kind: 'apply', spec, sources: {} }, world, signal), world).result;
}

function worldOf(): World {
  const store = fileStore(folder);
  const watched: ReleaseStore = {
    ...store,
    async save(lock, record, release) {
      if (left <= 0 || (fillsAtEnd && release.phase !== 'applying')) fill();
      await store.save(lock, record, release);
    },
    async append(lock, batch) {
      if (left-- <= 0) fill();
      await store.append(lock, batch);
    },
  };
  return {
    runtimes: { memory: runtime },
    openStore: async () => watched,
    readSecrets: async () => [],
    clock: systemClock,
    who: { run: String(Math.random()), name: 'anna@laptop', place: 'pid 1' },
    commit: async () => undefined,
  };
}

/** To the last byte. */
function fill(): void {
  const file = openSync(filler, 'a');
  for (let size = 65_536; size >= 1; size /= 2) {
    try {
      for (;;) writeSync(file, Buffer.alloc(size));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
  closeSync(file);
}

function specOf(count: number): Spec {
  const names = Array.from({ length: count }, (_, i) => `thing-with-a-name-that-takes-some-room-${i}`);
  return {
    version: specVersion,
    project: 'shop',
    stack: 'prod',
    workspace: 'prod',
    targets: { main: { runtime: 'memory', config: { server: 'memory://main' } } },
    records: { store: 'files' },
    settings: defaultSettings,
    resources: names.map((name) => ({
      id: `main:Thing/${name}`,
      target: 'main',
      runtime: 'memory',
      type: 'Thing',
      attributes: {},
      path: name,
    })),
  };
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
