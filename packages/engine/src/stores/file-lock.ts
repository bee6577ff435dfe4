// The lock of a stack among processes that share a folder: one file a holder, named by a number that only grows.
import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Holder,
  isKonfigError,
  isObject,
  KonfigError,
  type Lock,
  lockHeld,
  lockLost,
  notLocked,
  type ProcessIdentity,
} from '@konfig/core';
import { hasEnded, machine, ownProcess } from '../process';

/** Seconds without a heartbeat after which a holder on another machine counts as dead. One on this machine is asked by its pid. */
const lockTimeToLive = 60;
const heartbeat = 10;

/** What a lock file says. Its name is its fence; the newest one counts. One that lies under another number than its own was given back. */
export interface LockFile extends Holder {
  readonly process: ProcessIdentity;
  readonly fence: number;
}

/** A lock file that cannot be read still has a heartbeat. */
interface Unreadable extends Holder {
  readonly file: string;
}

/**
 * A lock is a file named by its fence. Whoever links the next number owns it, and linking fails where the name exists,
 * so two can never own one number. Release, takeover and unlock only ever add a number.
 */
export function takeFileLock(locks: string, stack: string, holder: Holder): Lock {
  try {
    mkdirSync(locks, { recursive: true });
    for (;;) {
      const newest = newestLock(locks);
      const before = liveLock(locks, newest);
      if (before) throw heldByAnother(stack, before);
      const mine: LockFile = { ...holder, process: ownProcess(), fence: newest + 1 };
      if (claimLock(locks, mine)) return holdLock(locks, stack, mine);
    }
  } catch (error) {
    throw cannotWriteLock(locks, 'take', error);
  }
}

/** Whoever holds the newest lock and is alive. */
export function fileLockHolder(locks: string): Holder | undefined {
  return liveLock(locks, newestLock(locks));
}

/** Takes the lock away from this run: the next number says that it was given back. */
export function unlockFile(locks: string, stack: string, run: string): Holder {
  for (;;) {
    const newest = newestLock(locks);
    const held = liveLock(locks, newest);
    if (!held) throw notLocked(stack);
    if (held.run !== run) throw heldByAnother(stack, held);
    try {
      if (giveBack(locks, newest)) return held;
    } catch (error) {
      throw cannotWriteLock(locks, 'take away', error);
    }
  }
}

/** Is this still the newest lock? */
export function lockIsOurs(locks: string, fence: number): boolean {
  return newestLock(locks) === fence;
}

function holdLock(locks: string, stack: string, mine: LockFile): Lock {
  const { fence } = mine;
  const file = join(locks, String(fence));
  const lost = new AbortController();
  for (const name of readdirSync(locks)) if (Number(name) < fence) rmSync(join(locks, name), { force: true });
  const timer = setInterval(() => {
    try {
      if (!lockIsOurs(locks, fence)) lost.abort(lockLost(stack));
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
      if (lockIsOurs(locks, fence)) giveBack(locks, fence);
    },
  };
}

/** The same file under the next number: this needs no room on a disk that is full. False when somebody else has it already. */
function giveBack(locks: string, fence: number): boolean {
  return linked(join(locks, String(fence)), join(locks, String(fence + 1)));
}

/**
 * Takes its number, unless somebody has it or a higher one. The second look matters: while we slept, others may have taken
 * this very number and the next, and swept this one away.
 */
export function claimLock(locks: string, mine: LockFile): boolean {
  const file = join(locks, String(mine.fence));
  const part = join(locks, `${randomUUID()}.part`);
  try {
    writeFileSync(part, JSON.stringify(mine));
    if (!linked(part, file)) return false;
  } finally {
    rmSync(part, { force: true });
  }
  if (lockIsOurs(locks, mine.fence)) return true;
  rmSync(file, { force: true });
  return false;
}

/** Makes a name for a whole file in one step; false when it is taken, or the file is gone because others have gone on. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (isErrorCode(error, 'EEXIST') || isMissing(error)) return false;
    throw error;
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

/** The holder of this lock, if there is one that lives. */
function liveLock(locks: string, fence: number): LockFile | Unreadable | undefined {
  const file = join(locks, String(fence));
  const heard = statSync(file, { throwIfNoEntry: false })?.mtime;
  // Never taken, or swept away by its successor.
  if (fence === 0 || !heard) return undefined;
  const isHeard = Date.now() - heard.getTime() < lockTimeToLive * 1000;
  const lock = readLock(file);
  if (lock === 'gone') return undefined;
  if (lock === 'unreadable') return isHeard ? { run: '', who: 'somebody', since: heard.toISOString(), file } : undefined;
  if (lock.fence !== fence || hasEnded(lock.process)) return undefined;
  return lock.process.machine === machine() || isHeard ? lock : undefined;
}

function readLock(file: string): LockFile | 'gone' | 'unreadable' {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isLock(value) ? value : 'unreadable';
  } catch (error) {
    return isMissing(error) ? 'gone' : 'unreadable';
  }
}

function isLock(value: unknown): value is LockFile {
  if (!isObject(value) || !isObject(value.process)) return false;
  const { run, who, since, fence, process } = value;
  return [run, who, since, process.machine].every((text) => typeof text === 'string') && [fence, process.pid].every(Number.isInteger);
}

function heldByAnother(stack: string, holder: LockFile | Unreadable): KonfigError {
  if ('file' in holder) {
    const who = `somebody whose lock ${holder.file} cannot be read, and who was not heard of`;
    const hint = `Wait for it (--lock-wait 2m): a lock that nobody keeps alive is taken over after ${lockTimeToLive} seconds.`;
    return lockHeld({ stack, holder: { who, since: holder.since }, hint, cause: holder });
  }
  return lockHeld({
    stack,
    holder,
    hint: 'Wait for it (--lock-wait 5m), or stop that run; a run that died gives its lock back by itself.',
  });
}

function cannotWriteLock(locks: string, what: string, error: unknown): unknown {
  if (isKonfigError(error)) return error;
  return new KonfigError(
    {
      code: 'RECORD_WRITE',
      message: `${what} the lock in ${locks}: ${(error as Error).message}`,
      hint: 'Konfig keeps its lock and records there: make room or give the right to write.',
    },
    { cause: error },
  );
}

export function isMissing(error: unknown): boolean {
  return isErrorCode(error, 'ENOENT');
}

export function isErrorCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
