// What we own, before and after an operation: never less than what stands in the world as ours.
import type { DependencyEdge } from './graph';
import type { Plan, Step } from './plan';
import type { InventoryEntry, JournalEntry, StackRecord, StepRecord } from './release';
import type { ResourceId, Spec } from './spec';

/** What the inventory of a running operation follows from. */
export interface InventoryInput {
  /** As it was before; undefined: the first release. */
  readonly record: StackRecord | undefined;
  readonly spec: Spec;
  readonly plan: Plan;
  /** Those that the plan goes by. */
  readonly edges: readonly DependencyEdge[];
}

/** The inventory to save before the first change: all that was ours and all that may become ours. */
export function inventoryBefore({ record, spec, plan, edges }: InventoryInput): readonly InventoryEntry[] {
  const entries = new Map((record?.inventory ?? []).map((entry) => [entry.id, entry]));
  if (plan.kind === 'destroy') return [...entries.values()];
  const steps = new Map(plan.steps.map((step) => [step.id, step]));
  const dependsOn = groupByFrom(edges);
  for (const resource of spec.resources) {
    const step = steps.get(resource.id);
    // What cannot be done is not made: only what was ours before stays ours.
    if (!step || step.action === 'skip') continue;
    const known = knownUid(step, entries.get(resource.id));
    entries.set(resource.id, {
      id: resource.id,
      target: resource.target,
      runtime: resource.runtime,
      type: resource.type,
      ...(known === undefined ? {} : { uid: known }),
      dependsOn: dependsOn.get(resource.id) ?? [],
      ...(resource.onRemoval === undefined ? {} : { onRemoval: resource.onRemoval }),
      ...pastOf(entries.get(resource.id)),
    });
  }
  return sortById([...entries.values()]);
}

/** What a plan changes nothing about. */
function pastOf({ ran, kept }: Partial<InventoryEntry> = {}): Pick<InventoryEntry, 'ran' | 'kept'> {
  return { ...(ran === undefined ? {} : { ran }), ...(kept === undefined ? {} : { kept }) };
}

/** A create and a replace make an object with a uid that a run may die before hearing of; an old one would disown it. */
function knownUid(step: Step, entry: InventoryEntry | undefined): string | undefined {
  if (step.action === 'create' || step.action === 'replace') return undefined;
  return step.live?.uid ?? entry?.uid;
}

function groupByFrom(edges: readonly DependencyEdge[]): ReadonlyMap<ResourceId, readonly ResourceId[]> {
  const groups = new Map<ResourceId, ResourceId[]>();
  for (const { from, on } of edges) {
    const group = groups.get(from) ?? [];
    group.push(on);
    groups.set(from, group);
  }
  return groups;
}

/** What became of each step, for the inventory. */
export interface StepOutcome {
  readonly state: StepRecord['state'];
  /** Of the object that stands there now. */
  readonly uid?: string;
  /** Of a task that has succeeded: the digest of what it did. */
  readonly ran?: string;
  readonly kept?: JournalEntry['kept'];
}

/** The inventory as far as the steps have come: shrinks only by what is surely gone, was given up, or never came. */
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
    const gone = (step.action === 'delete' || step.action === 'forget' || step.action === 'abandon') && outcome.state === 'done';
    // A step may also be skipped when its object is there already: what that one gets ready through has failed.
    const neverCame = step.action === 'create' && outcome.state === 'skipped' && outcome.uid === undefined;
    if (gone || neverCame) return [];
    const uid = outcome.uid ?? (outcome.state === 'skipped' ? step.live?.uid : undefined);
    const { kept: _, ...rest } = entry;
    const kept = outcome.kept === undefined ? entry.kept : outcome.kept;
    return [
      {
        ...rest,
        ...(uid === undefined ? {} : { uid }),
        ...(outcome.ran === undefined ? {} : { ran: outcome.ran }),
        ...(kept ? { kept } : {}),
      },
    ];
  });
}

function sortById(entries: readonly InventoryEntry[]): readonly InventoryEntry[] {
  return [...entries].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
