// Records in files, for the embedded cluster and for one machine. What is saved whole is written beside and renamed, so that a death at any line
// leaves the old or the new; the journal of a running release only grows.
import { randomUUID } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  asideName,
  damaged,
  damageOfRelease,
  foldRecord,
  foldRelease,
  isKonfigError,
  type JournalEntry,
  type Kept,
  KonfigError,
  keptConflict,
  type Lock,
  lockLost,
  notBegun,
  type Plan,
  type Problem,
  planVersion,
  type Release,
  type ReleaseList,
  type ReleaseStore,
  type ReleaseSummary,
  readBatch,
  readStored,
  readStoredRecord,
  recordVersion,
  type SourceTable,
  type Spec,
  type StackRecord,
  specVersion,
  summaryOf,
} from '@konfig/core';
import { fileLockHolder, isErrorCode, isMissing, lockIsOurs, takeFileLock, unlockFile } from './file-lock';
import { keptVersion } from './kept-version';
import { recordConflict } from './record-conflict';

/** A release as its file has it. What never changes, mostly far bigger, lies beside it and is written once. */
interface ReleaseFile extends Omit<Release, Part> {
  readonly parts: readonly Part[];
}

type Part = 'spec' | 'plan' | 'sources';

/** What this store knows of a journal that it has begun: the whole lines in it. */
interface Begun {
  readonly fence: number;
  bytes: number;
}

/**
 * A store in a folder of this machine. One folder a stack: `record.json`, `releases/000042.json` and beside it `000042.spec.json`, `000042.plan.json`,
 * `000042.sources.json` and, until the release has ended, `000042.journal`; `kept/` what runtimes keep; `locks/7`.
 */
export function fileStore(folder: string): ReleaseStore {
  const files = (stack: string) => filesOf(join(folder, ...stack.split('/').map(fileName)));
  const begun = new Map<string, Begun>();
  const written = new Set<string>();

  return {
    description: `files in ${folder}`,
    readRecord: (stack) => readRecord(files(stack)),
    readRelease: (stack, number) => readRelease(files(stack), number),
    listReleases: (stack) => listReleases(files(stack), stack),
    async listStacks() {
      const found = await Promise.all(
        (await namesIn(folder)).map(async (project) => {
          const stacks = await namesIn(join(folder, project));
          return stacks.map((stack) => `${decodeURIComponent(project)}/${decodeURIComponent(stack)}`);
        }),
      );
      return found
        .flat()
        .filter((stack) => existsSync(files(stack).record))
        .sort();
    },
    holder: async (stack) => fileLockHolder(files(stack).locks),
    lock: async (stack, holder) => takeFileLock(files(stack).locks, stack, holder),
    unlock: async (stack, run) => unlockFile(files(stack).locks, stack, run),
    async save(lock, record, release) {
      const { stack } = record;
      const here = files(stack);
      const { number } = release;
      refuseIfLost(lock, here, stack);
      const known = await readRecordFile(here.record);
      if (known && known.lastRelease > record.lastRelease) throw recordConflict(known, record.lastRelease);
      const journal = here.journal(number);
      // Left by a run whose release the record never came to know: nobody reads it yet.
      if (known?.lastRelease !== number) await writing(journal, () => rm(journal, { force: true }));
      const once = `${stack} ${number} ${lock.fence}`;
      await saveRelease(here, release, { withParts: !written.has(once) });
      written.add(once);
      refuseIfLost(lock, here, stack);
      await writeWhole(here.record, record);
      if (release.phase === 'applying') {
        await writing(journal, () => makeEmpty(journal));
        begun.set(journal, { fence: lock.fence, bytes: 0 });
      } else {
        begun.delete(journal);
        await writing(journal, () => rm(journal, { force: true }));
      }
    },
    async append(lock, batch) {
      const here = files(batch.stack);
      const journal = here.journal(batch.number);
      refuseIfLost(lock, here, batch.stack);
      const mine = begun.get(journal);
      if (mine?.fence !== lock.fence) throw notBegun(batch);
      const line = Buffer.from(`${JSON.stringify(batch.entries)}\n`);
      await writing(journal, () => appendLine(journal, line, mine.bytes));
      mine.bytes += line.length;
    },
    readKept: (stack, name) => readKept(files(stack).kept(name)),
    async writeKept(lock, stack, { name, bytes, before }) {
      const here = files(stack);
      const file = here.kept(name);
      refuseIfLost(lock, here, stack);
      if ((await readKept(file))?.version !== before) throw keptConflict(stack, name);
      if (bytes) await writeBytes(file, bytes);
      else await writing(file, () => rm(file, { force: true }));
      return bytes ? keptVersion(bytes) : '';
    },
    async putKeptAside(lock, stack, name) {
      const here = files(stack);
      refuseIfLost(lock, here, stack);
      if (!existsSync(here.kept(name))) return undefined;
      const file = here.kept(asideName(name, lock));
      await writing(file, () => rename(here.kept(name), file));
      return file;
    },
  };
}

interface Files {
  readonly record: string;
  readonly releases: string;
  readonly locks: string;
  release(number: number): string;
  part(number: number, part: Part): string;
  journal(number: number): string;
  kept(name: string): string;
}

function filesOf(stackFolder: string): Files {
  const releases = join(stackFolder, 'releases');
  const named = (number: number, end: string) => join(releases, `${String(number).padStart(6, '0')}.${end}`);
  return {
    record: join(stackFolder, 'record.json'),
    releases,
    locks: join(stackFolder, 'locks'),
    release: (number) => named(number, 'json'),
    part: (number, part) => named(number, `${part}.json`),
    journal: (number) => named(number, 'journal'),
    kept: (name) => join(stackFolder, 'kept', fileName(name)),
  };
}

// -- Reading

async function readRecord(here: Files): Promise<StackRecord | undefined> {
  for (;;) {
    const saved = await readRecordFile(here.record);
    if (!saved) return undefined;
    const entries = await readJournal(here.journal(saved.lastRelease));
    const plan = entries.length > 0 ? await planOf(here, saved.lastRelease) : undefined;
    const now = await readRecordFile(here.record);
    // A run that has saved meanwhile may have taken the journal away.
    if (JSON.stringify(now) === JSON.stringify(saved)) return plan ? foldRecord(saved, plan, entries) : saved;
  }
}

function planOf(here: Files, number: number): Promise<Plan | undefined> {
  const hint = `Bring it back from a backup, or move ${here.journal(number)} away: ${withoutJournal}`;
  return readJson<Plan>(here.part(number, 'plan'), planVersion, hint);
}

async function readRelease(here: Files, number: number): Promise<Release | undefined> {
  const saved = await readReleaseFile(here, number);
  if (!saved) return undefined;
  const { parts, ...rest } = saved;
  const read = async <T>(part: Part, work: (file: string) => Promise<T | undefined>) => {
    if (!parts.includes(part)) return {};
    const file = here.part(number, part);
    const value = await work(file);
    if (value === undefined) throw missing(file);
    return { [part]: value };
  };
  const [spec, plan, sources] = await Promise.all([
    read('spec', (file) => readJson<Spec>(file, specVersion, hintOfRelease)),
    read('plan', (file) => readJson<Plan>(file, planVersion, hintOfRelease)),
    read('sources', (file) => readSources(file)),
  ]);
  const whole = { ...rest, ...spec, ...plan, ...sources } as Release;
  return whole.phase === 'applying' ? foldRelease(whole, await readJournal(here.journal(number))) : whole;
}

async function listReleases(here: Files, stack: string): Promise<ReleaseList> {
  const names = new Set(await namesIn(here.releases));
  const numbers = [...names].flatMap((name) => (/^\d+\.json$/.test(name) ? [Number.parseInt(name, 10)] : [])).sort((a, b) => b - a);
  const read = await Promise.all(
    numbers.map(async (number): Promise<{ readonly release?: ReleaseSummary; readonly problems: readonly Problem[] }> => {
      try {
        const saved = await readReleaseFile(here, number);
        if (!saved) return { problems: [] };
        const lost = saved.parts.map((part) => here.part(number, part)).filter((file) => !existsSync(file));
        return { release: summaryOf(saved), problems: lost.flatMap((file) => damageOfRelease(stack, number, missing(file))) };
      } catch (error) {
        return { problems: damageOfRelease(stack, number, error) };
      }
    }),
  );
  return { releases: read.flatMap(({ release }) => release ?? []), problems: read.flatMap(({ problems }) => problems) };
}

async function readReleaseFile(here: Files, number: number): Promise<ReleaseFile | undefined> {
  const file = here.release(number);
  const saved = await readJson<ReleaseFile>(file, recordVersion, hintOfRelease);
  if (saved && !(Array.isArray(saved.parts) && Array.isArray(saved.steps) && Array.isArray(saved.problems)))
    throw damaged({ name: file, hint: hintOfRelease }, 'it lacks its steps, its problems or the list of its parts');
  return saved;
}

async function readKept(file: string): Promise<Kept | undefined> {
  try {
    const bytes = await readFile(file);
    return { bytes, version: keptVersion(bytes) };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new KonfigError({ code: 'RECORD_CORRUPT', message: `read ${file}: ${(error as Error).message}` }, { cause: error });
  }
}

/** What has surely been written: a line that was cut short at the end never was, and nobody has acted on it. */
async function readJournal(file: string): Promise<readonly JournalEntry[]> {
  const lines = ((await readText(file)) ?? '').split('\n');
  const rest = lines.pop();
  return lines.flatMap((line, i) => {
    try {
      return readBatch(line, {
        name: `${file}, line ${i + 1},`,
        hint: `Bring it back from a backup, or move ${file} away: ${withoutJournal}`,
      });
    } catch (error) {
      // After a power cut the end of a file may hold anything.
      if (i === lines.length - 1 && rest === '') return [];
      throw error;
    }
  });
}

const withoutJournal =
  'what was saved before the first change of that release still stands, so nothing that Konfig may own is forgotten; what it had deleted is asked for once more.';
const hintOfRelease = 'Bring it back from a backup, or move it away: the other releases stay usable, and the stack too.';
const hintOfRecord =
  'Bring it back from a backup: it says what the stack owns. Without one, move it away and apply with --adopt: what the program wishes and bears the mark of this stack is its own again; what it no longer wishes stays.';

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new KonfigError({ code: 'RECORD_CORRUPT', message: `read ${file}: ${(error as Error).message}` }, { cause: error });
  }
}

async function readJson<T extends { readonly version: string }>(file: string, version: T['version'], hint: string): Promise<T | undefined> {
  const text = await readText(file);
  return text === undefined ? undefined : readStored<T>(text, version, { name: file, hint });
}

async function readRecordFile(file: string): Promise<StackRecord | undefined> {
  const text = await readText(file);
  return text === undefined ? undefined : readStoredRecord(text, { name: file, hint: hintOfRecord });
}

async function readSources(file: string): Promise<SourceTable | undefined> {
  const text = await readText(file);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as SourceTable;
  } catch (error) {
    throw damaged({ name: file, hint: hintOfRelease }, (error as Error).message);
  }
}

function missing(file: string): KonfigError {
  return damaged({ name: file, hint: hintOfRelease }, 'it is not there');
}

// -- Writing

function refuseIfLost(lock: Lock, { locks }: Files, stack: string): void {
  if (lock.lost.aborted || !lockIsOurs(locks, lock.fence)) throw lockLost(stack);
}

async function saveRelease(here: Files, release: Release, { withParts }: { readonly withParts: boolean }): Promise<void> {
  const { spec, plan, sources, ...rest } = release;
  const parts = Object.entries({ spec, plan, sources }).filter(([, value]) => value !== undefined) as [Part, unknown][];
  if (withParts) for (const [part, value] of parts) await writeWhole(here.part(release.number, part), value);
  const file: ReleaseFile = { ...rest, parts: parts.map(([part]) => part) };
  await writeWhole(here.release(release.number), file);
}

function writeWhole(file: string, value: unknown): Promise<void> {
  return writeBytes(file, `${JSON.stringify(value)}\n`);
}

async function writeBytes(file: string, content: string | Uint8Array): Promise<void> {
  const part = `${file}.${randomUUID()}.part`;
  await writing(file, async () => {
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeNew(part, content);
      await rename(part, file);
      await syncFolder(dirname(file));
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  });
}

async function writeNew(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  await closing(handle, async () => {
    await handle.writeFile(content);
    await handle.sync();
  });
}

async function makeEmpty(file: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  await closing(handle, () => handle.sync());
  await syncFolder(dirname(file));
}

/** A line behind the whole ones. What a write that failed has left of another one goes first. It makes no file: whose journal was taken away writes nothing. */
async function appendLine(file: string, line: Buffer, after: number): Promise<void> {
  const handle = await open(file, constants.O_WRONLY | constants.O_APPEND);
  await closing(handle, async () => {
    if ((await handle.stat()).size !== after) await handle.truncate(after);
    await handle.appendFile(line);
    await handle.datasync();
  });
}

async function closing(handle: FileHandle, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } finally {
    await handle.close();
  }
}

/** A new name in a folder outlives a power cut only when the folder is written too. Windows has no such thing. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await closing(handle, () => handle.sync());
}

async function writing(file: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isKonfigError(error)) throw error;
    throw new KonfigError(
      {
        code: 'RECORD_WRITE',
        message: `write ${file}: ${(error as Error).message}`,
        hint: 'Nothing that was written before is lost. Make room or give the right to write, then apply again: it goes on from there.',
      },
      { cause: error },
    );
  }
}

/** Sorted; none where there is no such folder. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isMissing(error) || isErrorCode(error, 'ENOTDIR')) return [];
    throw new KonfigError({ code: 'RECORD_CORRUPT', message: `read ${folder}: ${(error as Error).message}` }, { cause: error });
  }
}

/** A name as a file's: never a way out of its folder. */
function fileName(name: string): string {
  return /^\.+$/.test(name) ? name.replaceAll('.', '%2E') : encodeURIComponent(name);
}
