// The record of a running operation: intent before every change, result after it. Saves are put together, never run side by side.
import type { Lock, Release, ReleaseStore, StackRecord } from '@konfig/core';

export interface Journal {
  /** Resolves when everything that was so at the call is saved. */
  save(): Promise<void>;
}

/** `current` gives record and release as they are now; it is asked right before each save. */
export function openJournal(
  store: ReleaseStore,
  lock: Lock,
  current: () => { readonly record: StackRecord; readonly release: Release },
): Journal {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  function write(): Promise<void> {
    const { record, release } = current();
    return store.save(lock, record, release);
  }

  function save(): Promise<void> {
    if (!running) {
      running = write().finally(() => {
        running = undefined;
      });
      return running;
    }
    // One save is under way and may not hold our news: one more follows, for all who ask meanwhile.
    next ??= running
      .catch(() => {})
      .then(() => {
        next = undefined;
        return save();
      });
    return next;
  }

  return { save };
}
