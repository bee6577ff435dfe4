// The journal of a running operation: what was saved whole at its beginning, and what has become of its steps since.
import { inventoryAfter } from './inventory';
import { equalJson, type Json } from './json';
import type { Plan } from './plan';
import type { Problem } from './problem';
import type { JournalEntry, Release, StackRecord, StepRecord } from './release';
import type { ResourceId } from './spec';

/**
 * A release with its journal. Of several entries of one step the last one counts, so that what was written twice does no harm; a release that has ended
 * was saved whole after its last entry.
 */
export function foldRelease(saved: Release, entries: readonly JournalEntry[]): Release {
  if (saved.phase !== 'applying' || entries.length === 0) return saved;
  const last = lastOfEach(entries);
  const problems: Problem[] = [...saved.problems];
  for (const problem of [...last.values()].flatMap((entry) => entry.problems ?? []))
    if (!problems.some((known) => isSame(known, problem))) problems.push(problem);
  return { ...saved, steps: saved.steps.map((step) => stepAfter(step, last.get(step.id))), problems };
}

/**
 * A record with the journal of its last release: the inventory as that plan and those entries leave it. Entries that are missing leave more in it, never less.
 */
export function foldRecord(saved: StackRecord, plan: Plan, entries: readonly JournalEntry[]): StackRecord {
  if (entries.length === 0) return saved;
  return { ...saved, inventory: inventoryAfter(saved.inventory, plan, lastOfEach(entries)) };
}

/** In the order in which each step was last written of. */
function lastOfEach(entries: readonly JournalEntry[]): ReadonlyMap<ResourceId, JournalEntry> {
  const last = new Map<ResourceId, JournalEntry>();
  for (const entry of entries) {
    last.delete(entry.id);
    last.set(entry.id, entry);
  }
  return last;
}

function stepAfter({ id, action, ...before }: StepRecord, entry: JournalEntry | undefined): StepRecord {
  if (!entry) return { id, action, ...before };
  const { state, seconds, health, message, counts = before.counts } = entry;
  return {
    id,
    action,
    state,
    ...(seconds === undefined ? {} : { seconds }),
    ...(health === undefined ? {} : { health }),
    ...(message === undefined ? {} : { message }),
    ...(counts === undefined ? {} : { counts }),
  };
}

function isSame(a: Problem, b: Problem): boolean {
  return equalJson(a as unknown as Json, b as unknown as Json);
}
