// What every store says when a lock does not hold, in one wording.
import { KonfigError } from './problem';
import type { Holder, JournalBatch } from './release';

/** LOCK_LOST: whoever asks to write holds the lock no more. */
export function lockLost(stack: string): KonfigError {
  return new KonfigError({
    code: 'LOCK_LOST',
    message: `The lock of ${stack} is no longer ours.`,
    hint: 'Another run took it over, or it could not be renewed in time. Look at konfig history, then apply again.',
  });
}

/** LOCK_LOST: it was to be taken away, but nobody holds it. */
export function notLocked(stack: string): KonfigError {
  return new KonfigError({ code: 'LOCK_LOST', message: `Nobody holds the lock of ${stack}: there is nothing to take away.` });
}

/** INTERNAL: entries came for the journal of a release that this lock has not saved before. */
export function notBegun({ stack, number }: JournalBatch): KonfigError {
  return new KonfigError({ code: 'INTERNAL', message: `The journal of release ${number} of ${stack} was not begun under this lock.` });
}

/** Who holds a lock, as far as a store can tell. */
export interface LockHeld {
  readonly stack: string;
  /** Undefined: somebody who has just begun. */
  readonly holder: Pick<Holder, 'who' | 'since'> | undefined;
  /** When the lock comes free by itself, and what to do where it does not. */
  readonly hint: string;
  /** The holder as the store has it. Default: `holder`. */
  readonly cause?: unknown;
}

/** Another run holds the lock that somebody wants. */
export function lockHeld({ stack, holder, hint, cause = holder }: LockHeld): KonfigError {
  const who = holder ? `${holder.who} since ${holder.since}` : 'somebody who has just begun';
  return new KonfigError({ code: 'LOCK_HELD', message: `${stack} is being changed by ${who}.`, hint }, { cause });
}
