// The stack's lock: taken at once or waited for, as was asked.
import { type Holder, isKonfigError, isObject, KonfigError, type Lock, type Problem, type ReleaseStore } from '@konfig/core';
import type { EventLog } from './event-log';
import type { World } from './world';

export interface LockWish {
  readonly stack: string;
  readonly store: ReleaseStore;
  /** Seconds. */
  readonly lockWait: number;
  readonly world: World;
  readonly log: EventLog;
  readonly cancelled: AbortSignal;
}

/** Milliseconds between two tries. */
const retryAfter = 1000;

export async function takeLock({ stack, store, lockWait, world, log, cancelled }: LockWish): Promise<Lock> {
  const { who, clock } = world;
  const until = clock.now() + lockWait * 1000;
  for (let told = false; ; told = true) {
    if (cancelled.aborted) throw cancelledBefore(stack);
    try {
      return await store.lock(stack, {
        run: who.run,
        who: `${who.name}, ${who.place}`,
        since: new Date(clock.now()).toISOString(),
        ...(who.process ? { process: who.process } : {}),
      });
    } catch (error) {
      const held = heldProblem(error);
      if (!held || clock.now() >= until) throw error;
      if (!told) tell(log, held, error);
      await pause(Math.min(retryAfter, until - clock.now()), world, cancelled);
    }
  }
}

export function cancelledBefore(stack: string): KonfigError {
  return new KonfigError({ code: 'CANCELLED', message: `Cancelled before ${stack} was changed.` });
}

/** Nothing more is started or written once the lock is gone. */
export function lostWhileApplying(stack: string): Problem {
  return {
    code: 'LOCK_LOST',
    message: `The lock of ${stack} was lost while applying: nothing more was started or written.`,
    hint: `Look with konfig status ${stack}, then apply again.`,
  };
}

function heldProblem(error: unknown): Problem | undefined {
  return isKonfigError(error) ? error.problems.find((problem) => problem.code === 'LOCK_HELD') : undefined;
}

/** Stores give the holder as the error's cause. */
function tell(log: EventLog, held: Problem, error: unknown): void {
  const { cause } = error as Error;
  if (isObject(cause) && typeof cause.who === 'string') {
    const { run, who, since } = cause as unknown as Holder;
    log.emit({ type: 'lock-held', holder: { run, who, since } });
  } else log.emit({ type: 'note', message: held.message });
}

function pause(milliseconds: number, world: World, cancelled: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      stop();
      cancelled.removeEventListener('abort', end);
      resolve();
    };
    const stop = world.clock.after(milliseconds, end);
    cancelled.addEventListener('abort', end, { once: true });
  });
}
