// What we own, before and after an operation: never less than what is in the world because of us.
import type { DependencyEdge } from './graph';
import type { Plan } from './plan';
import type { InventoryEntry, StackRecord, StepRecord } from './release';
import type { ResourceId, Spec } from './spec';

/** Saved before the first change: all that was ours and all that may become ours. */
export function inventoryBefore(
  record: StackRecord | undefined,
  spec: Spec,
  plan: Plan,
  edges: readonly DependencyEdge[],
): readonly InventoryEntry[] {
  const entries = new Map((record?.inventory ?? []).map((entry) => [entry.id, entry]));
  if (plan.kind === 'destroy') return [...entries.values()];
  const steps = new Map(plan.steps.map((step) => [step.id, step]));
  for (const resource of spec.resources) {
    const step = steps.get(resource.id);
    if (!step) continue;
    const known = entries.get(resource.id)?.uid ?? (step.action === 'create' ? undefined : step.live?.uid);
    entries.set(resource.id, {
      id: resource.id,
      target: resource.target,
      runtime: resource.runtime,
      type: resource.type,
      ...(known === undefined ? {} : { uid: known }),
      dependsOn: edges.filter((edge) => edge.from === resource.id).map((edge) => edge.on),
      ...(resource.onRemoval === undefined ? {} : { onRemoval: resource.onRemoval }),
    });
  }
  return sortById([...entries.values()]);
}

/** What became of each step, for the inventory. */
export interface StepOutcome {
  readonly state: StepRecord['state'];
  /** Of the object that stands there now. */
  readonly uid?: string;
}

/** Saved with every journal entry: shrinks only by what is surely gone, or never came. */
export function inventoryAfter(
  before: readonly InventoryEntry[],
  plan: Plan,
  outcomes: ReadonlyMap<ResourceId, StepOutcome>,
): readonly InventoryEntry[] {
  const steps = new Map(plan.steps.map((step) => [step.id, step]));
  return before.flatMap((entry) => {
    const step = steps.get(entry.id);
    const outcome = outcomes.get(entry.id);
    if (!step || !outcome) return [entry];
    const gone = (step.action === 'delete' || step.action === 'forget') && outcome.state === 'done';
    const neverCame = step.action === 'create' && outcome.state === 'skipped' && entry.uid === undefined;
    if (gone || neverCame) return [];
    return [outcome.uid === undefined ? entry : { ...entry, uid: outcome.uid }];
  });
}

function sortById(entries: readonly InventoryEntry[]): readonly InventoryEntry[] {
  return [...entries].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
