// The lock of a stack among processes that share a folder: one file a holder, named by a number that only grows.
import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Holder, isKonfigError, KonfigError, type Lock, type ProcessIdentity } from '@konfig/core';
import { hasEnded, machine, ownProcess } from '../process';

/** Seconds without a heartbeat after which a holder on another machine counts as dead. One on this machine is asked by its pid. */
const lockTimeToLive = 60;
const heartbeat = 10;

/** What a lock file says. Its name is its fence; the newest one counts. */
export interface LockFile extends Holder {
  readonly process: ProcessIdentity;
  readonly released?: boolean;
}

/**
 * A lock is a file named by its fence. Whoever links the next number owns it, and linking fails where the name exists,
 * so two can never own one number. Release and takeover only ever add a number.
 */
export function takeFileLock(locks: string, stack: string, holder: Holder): Lock {
  const mine: LockFile = { ...holder, process: ownProcess() };
  try {
    mkdirSync(locks, { recursive: true });
    for (;;) {
      const newest = newestLock(locks);
      const before = newest > 0 ? readLock(locks, newest) : undefined;
      if (before && isAlive(before, join(locks, String(newest)))) throw lockHeld(stack, before);
      if (claimLock(locks, newest + 1, mine)) return holdLock(locks, stack, newest + 1, mine);
    }
  } catch (error) {
    if (isKonfigError(error)) throw error;
    throw new KonfigError(
      {
        code: 'RECORD_WRITE',
        message: `take the lock in ${locks}: ${(error as Error).message}`,
        hint: 'Konfig keeps its lock and records there: make room or give the right to write.',
      },
      { cause: error },
    );
  }
}

/** Whoever holds the newest lock and is alive. */
export function fileLockHolder(locks: string): Holder | undefined {
  const newest = newestLock(locks);
  const lock = newest > 0 ? readLock(locks, newest) : undefined;
  return lock && isAlive(lock, join(locks, String(newest))) ? lock : undefined;
}

/** Is this still the newest lock? */
export function lockIsOurs(locks: string, fence: number): boolean {
  return newestLock(locks) === fence;
}

function holdLock(locks: string, stack: string, fence: number, mine: LockFile): Lock {
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
      if (lockIsOurs(locks, fence)) linkLock(locks, fence + 1, { ...mine, released: true });
    },
  };
}

/**
 * Takes this number, unless somebody has it or a higher one. The second look matters: while we slept, others may have taken
 * this very number and the next, and swept this one away.
 */
export function claimLock(locks: string, fence: number, content: LockFile): boolean {
  if (!linkLock(locks, fence, content)) return false;
  if (lockIsOurs(locks, fence)) return true;
  rmSync(join(locks, String(fence)), { force: true });
  return false;
}

/** Makes the file with its content in one step; false when somebody else was first. */
function linkLock(locks: string, fence: number, content: LockFile): boolean {
  const part = join(locks, `${randomUUID()}.part`);
  writeFileSync(part, JSON.stringify(content));
  try {
    linkSync(part, join(locks, String(fence)));
    return true;
  } catch (error) {
    if (isErrorCode(error, 'EEXIST')) return false;
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

function readLock(locks: string, fence: number): LockFile | undefined {
  try {
    return JSON.parse(readFileSync(join(locks, String(fence)), 'utf8')) as LockFile;
  } catch {
    // Swept away by its successor, or not a lock: nobody holds it.
    return undefined;
  }
}

function isAlive(lock: LockFile, file: string): boolean {
  if (lock.released || hasEnded(lock.process)) return false;
  if (lock.process.machine === machine()) return true;
  return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < lockTimeToLive * 1000;
}

export function lockLost(stack: string): KonfigError {
  return new KonfigError({
    code: 'LOCK_LOST',
    message: `The lock of ${stack} is no longer ours.`,
    hint: 'Another run took it over. Look at konfig history, then apply again.',
  });
}

function lockHeld(stack: string, holder: LockFile): KonfigError {
  return new KonfigError(
    {
      code: 'LOCK_HELD',
      message: `${stack} is being changed by ${holder.who} since ${holder.since}.`,
      hint: 'Wait for it (--lock-wait 5m), or stop that run; a run that died gives its lock back by itself.',
    },
    { cause: holder },
  );
}

export function isMissing(error: unknown): boolean {
  return isErrorCode(error, 'ENOENT');
}

export function isErrorCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
