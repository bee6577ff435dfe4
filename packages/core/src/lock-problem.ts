// What every store says when a lock does not hold, in one wording.
import { KonfigError } from './problem';
import type { JournalBatch } from './release';

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
