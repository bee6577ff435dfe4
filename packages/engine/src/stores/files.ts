// Records in files, for the embedded cluster and for one machine. Written whole, then renamed, so that a death at any line leaves the old or the new.
import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type Holder,
  KonfigError,
  type Lock,
  type Release,
  type ReleaseStore,
  type ReleaseSummary,
  recordVersion,
  type StackRecord,
  summaryOf,
} from '@konfig/core';

/** Seconds without a heartbeat after which a holder on another machine counts as dead. One on this machine is asked by its pid. */
const lockTimeToLive = 60;
const heartbeat = 10;

/** One folder a stack: `record.json`, `releases/000042.json`, `locks/7`. */
export function fileStore(folder: string): ReleaseStore {
  const stackFolder = (stack: string) => join(folder, ...stack.split('/').map(encodeURIComponent));
  const recordFile = (stack: string) => join(stackFolder(stack), 'record.json');
  const releaseFile = (stack: string, number: number) => join(stackFolder(stack), 'releases', `${String(number).padStart(6, '0')}.json`);

  return {
    description: `files in ${folder}`,
    readRecord: (stack) => readJson<StackRecord>(recordFile(stack)),
    readRelease: (stack, number) => readJson<Release>(releaseFile(stack, number)),
    async listReleases(stack) {
      const names = await namesIn(join(stackFolder(stack), 'releases'));
      const releases = names.filter((name) => /^\d+\.json$/.test(name)).sort();
      const found = await Promise.all(releases.map((name) => readJson<Release>(join(stackFolder(stack), 'releases', name))));
      return found.flatMap((release): ReleaseSummary[] => (release ? [summaryOf(release)] : [])).reverse();
    },
    async listStacks() {
      const projects = await namesIn(folder);
      const stacks = await Promise.all(
        projects.map(async (project) =>
          (await namesIn(join(folder, project))).map((stack) => `${decodeURIComponent(project)}/${decodeURIComponent(stack)}`),
        ),
      );
      return stacks.flat().sort();
    },
    lock: async (stack, holder) => takeLock(join(stackFolder(stack), 'locks'), stack, holder),
    async save(lock, record, release) {
      const locks = join(stackFolder(record.stack), 'locks');
      if (lock.lost.aborted || newestLock(locks) !== lock.fence) throw lockLost(record.stack);
      const known = await readJson<StackRecord>(recordFile(record.stack));
      if (known && known.lastRelease > record.lastRelease) {
        throw new KonfigError({
          code: 'RECORD_CONFLICT',
          message: `${record.stack} is at release ${known.lastRelease} already; release ${record.lastRelease} was not saved.`,
          hint: 'Preview and apply again.',
        });
      }
      await writeWhole(releaseFile(record.stack, release.number), release);
      await writeWhole(recordFile(record.stack), record);
    },
  };
}

async function readJson<T extends { readonly version: string }>(file: string): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new KonfigError({ code: 'RECORD_CORRUPT', message: `read ${file}: ${(error as Error).message}` }, { cause: error });
  }
  try {
    const value = JSON.parse(text) as T;
    if (value.version !== recordVersion)
      throw new Error(`it has version ${JSON.stringify(value.version)}, this Konfig reads ${recordVersion}`);
    return value;
  } catch (error) {
    throw new KonfigError(
      {
        code: 'RECORD_CORRUPT',
        message: `${file} is not a record of Konfig: ${(error as Error).message}`,
        hint: 'Bring it back from a backup, or move the file away: the rest stays usable.',
      },
      { cause: error },
    );
  }
}

async function writeWhole(file: string, value: unknown): Promise<void> {
  const part = `${file}.${randomUUID()}.part`;
  try {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(part, 'wx', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(value)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw new KonfigError(
      {
        code: 'RECORD_WRITE',
        message: `write ${file}: ${(error as Error).message}`,
        hint: 'Nothing was lost: the older record is still there. Make room or give the right to write, then apply again.',
      },
      { cause: error },
    );
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** What a lock file says. Its name is its fence; the newest one counts. */
interface LockFile extends Holder {
  readonly host: string;
  readonly pid: number;
  /** Start of the process in clock ticks since boot, where the system tells it: a pid may be used again. */
  readonly born: string | undefined;
  readonly released?: boolean;
}

/**
 * A lock is a file named by its fence. Whoever links the next number owns it, and linking fails where the name exists,
 * so two can never own one number. Release and takeover only ever add a number.
 */
function takeLock(locks: string, stack: string, holder: Holder): Lock {
  try {
    mkdirSync(locks, { recursive: true });
  } catch (error) {
    throw new KonfigError(
      {
        code: 'RECORD_WRITE',
        message: `make ${locks}: ${(error as Error).message}`,
        hint: 'Konfig keeps its lock and records there: give it the right to write.',
      },
      { cause: error },
    );
  }
  for (;;) {
    const newest = newestLock(locks);
    const before = newest > 0 ? readLock(join(locks, String(newest))) : undefined;
    if (before && isAlive(before, join(locks, String(newest)))) {
      throw new KonfigError(
        {
          code: 'LOCK_HELD',
          message: `${stack} is being changed by ${before.who} since ${before.since}.`,
          hint: 'Wait for it (--lock-wait 5m), or stop that run; a run that died gives its lock back by itself.',
        },
        { cause: before },
      );
    }
    const mine: LockFile = { ...holder, host: hostname(), pid: process.pid, born: bornOf(process.pid) };
    if (linkLock(locks, newest + 1, mine)) return holdLock(locks, stack, newest + 1, mine);
  }
}

function holdLock(locks: string, stack: string, fence: number, mine: LockFile): Lock {
  const file = join(locks, String(fence));
  const lost = new AbortController();
  for (const name of readdirSync(locks)) if (Number(name) < fence) rmSync(join(locks, name), { force: true });
  const timer = setInterval(() => {
    try {
      if (newestLock(locks) !== fence) lost.abort(lockLost(stack));
      else utimesSync(file, new Date(), new Date());
    } catch {
      lost.abort(lockLost(stack));
    }
  }, heartbeat * 1000);
  timer.unref();
  return {
    holder: mine,
    fence,
    lost: lost.signal,
    async release() {
      clearInterval(timer);
      if (newestLock(locks) === fence) linkLock(locks, fence + 1, { ...mine, released: true });
    },
  };
}

/** Makes the file with its content in one step; false when somebody else was first. */
function linkLock(locks: string, fence: number, content: LockFile): boolean {
  const part = join(locks, `${randomUUID()}.part`);
  writeFileSync(part, JSON.stringify(content));
  try {
    linkSync(part, join(locks, String(fence)));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(part, { force: true });
  }
}

function newestLock(locks: string): number {
  try {
    return Math.max(
      0,
      ...readdirSync(locks)
        .filter((name) => /^\d+$/.test(name))
        .map(Number),
    );
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

function readLock(file: string): LockFile | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LockFile;
  } catch {
    // Gone or not readable: nobody holds it.
    return undefined;
  }
}

function isAlive(lock: LockFile, file: string): boolean {
  if (lock.released) return false;
  if (lock.host !== hostname()) return Date.now() - statSync(file).mtimeMs < lockTimeToLive * 1000;
  try {
    process.kill(lock.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return lock.born === undefined || bornOf(lock.pid) === lock.born;
}

/** Field 22 of /proc/PID/stat (proc(5)), counted behind the name, which may hold spaces. Undefined off Linux. */
function bornOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function lockLost(stack: string): KonfigError {
  return new KonfigError({
    code: 'LOCK_LOST',
    message: `The lock of ${stack} is no longer ours.`,
    hint: 'Another run took it over. Look at konfig history, then apply again.',
  });
}
