// The record of a running operation: saved whole before the first change and at the end; between them, intent before every change and result after it,
// appended. Batches are put together while one is being written, never written side by side.
import {
  type JournalEntry,
  KonfigError,
  type Lock,
  type Phase,
  type Release,
  type ReleaseStore,
  type ResourceId,
  type StackRecord,
} from '@konfig/core';
import { lostWhileApplying } from './lock';

export interface Journal {
  /** Saves record and release whole, before the first change. */
  begin(): Promise<void>;
  /** Something has become of this step: the next batch says what. */
  note(step: ResourceId): void;
  /** Resolves when what has become of all steps so far is written. */
  write(): Promise<void>;
  /** Saves whole for the last time, after whatever is under way. */
  finish(phase: Phase): Promise<void>;
}

/** What a journal asks of the run, right before it writes. */
export interface Journalled {
  readonly stack: string;
  readonly number: number;
  whole(phase: Phase): { readonly record: StackRecord; readonly release: Release };
  entry(step: ResourceId): JournalEntry;
}

export function openJournal(store: ReleaseStore, lock: Lock, run: Journalled): Journal {
  const { stack, number } = run;
  const noted = new Set<ResourceId>();
  let last: Promise<void> = Promise.resolve();
  /** Not begun yet: whoever asks now is in it. */
  let next: Promise<void> | undefined;

  async function save(phase: Phase): Promise<void> {
    if (lock.lost.aborted) throw new KonfigError(lostWhileApplying(stack));
    const { record, release } = run.whole(phase);
    await store.save(lock, record, release);
  }

  async function append(): Promise<void> {
    if (lock.lost.aborted) throw new KonfigError(lostWhileApplying(stack));
    const steps = [...noted];
    noted.clear();
    try {
      if (steps.length > 0) await store.append(lock, { stack, number, entries: steps.map(run.entry) });
    } catch (error) {
      // The next batch has them.
      for (const step of steps) noted.add(step);
      throw error;
    }
  }

  function write(): Promise<void> {
    next ??= last
      .catch(() => {})
      .then(() => {
        next = undefined;
        return append();
      });
    last = next;
    return next;
  }

  async function finish(phase: Phase): Promise<void> {
    await last.catch(() => {});
    await save(phase);
  }

  return { begin: () => save('applying'), note: (step) => void noted.add(step), write, finish };
}
