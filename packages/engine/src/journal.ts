// The record of a running operation: intent before every change, result after it. Saves are put together, never run side by side.
import { KonfigError, type Lock, type Phase, type Release, type ReleaseStore, type StackRecord } from '@konfig/core';
import { lockLost } from './lock';

export interface Journal {
  /** Resolves when everything that was so at the call is saved. */
  save(): Promise<void>;
  /** Saves for the last time, after whatever is under way. */
  finish(phase: Phase): Promise<void>;
}

/** `current` gives record and release as they are now; it is asked right before each save. */
export function openJournal(
  store: ReleaseStore,
  lock: Lock,
  current: (phase: Phase) => { readonly record: StackRecord; readonly release: Release },
): Journal {
  let last: Promise<void> = Promise.resolve();
  /** Not begun yet: whoever asks now is in it. */
  let next: Promise<void> | undefined;

  async function write(phase: Phase): Promise<void> {
    const { record, release } = current(phase);
    if (lock.lost.aborted) throw new KonfigError(lockLost(record.stack));
    await store.save(lock, record, release);
  }

  function save(): Promise<void> {
    next ??= last
      .catch(() => {})
      .then(() => {
        next = undefined;
        return write('applying');
      });
    last = next;
    return next;
  }

  async function finish(phase: Phase): Promise<void> {
    await last.catch(() => {});
    await write(phase);
  }

  return { save, finish };
}
