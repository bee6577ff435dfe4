// The plan: exactly what an apply would do, decided from the Spec, the last record and what the runtimes saw. No await in here.
import type { Action, Reason } from './action';
import { arrange, type DependencyEdge, reverse } from './graph';
import { pathText } from './json';
import type { Problem } from './problem';
import type { InventoryEntry, StackRecord } from './release';
import type { FieldChange, LiveIdentity, PlannedRow } from './runtime';
import { type Dependency, type ResourceId, type SourceTable, type Spec, shortId, sourceOf, specDigest, stackName } from './spec';

export const planVersion = 'konfig.dev/plan/v1';

/** What would be done; saved, reviewed, applied. */
export interface Plan {
  readonly version: typeof planVersion;
  readonly kind: 'apply' | 'destroy';
  readonly stack: string;
  readonly specDigest: string;
  /** The last release's number when the plan was made. */
  readonly baseRelease: number;
  /** The identity of every target that the plan touches. */
  readonly targets: { readonly [name: string]: string };
  /** In an order that respects what waits for what. */
  readonly steps: readonly Step[];
  readonly notes: readonly string[];
}

/** One piece of work; its id is its resource's. */
export interface Step {
  readonly id: ResourceId;
  readonly target: string;
  readonly runtime: string;
  readonly type: string;
  readonly action: Action;
  readonly reason: Reason;
  /** What must be so before it starts. */
  readonly waitsFor: readonly Dependency[];
  readonly live?: LiveIdentity;
  readonly changes: readonly FieldChange[];
  readonly immutable: readonly string[];
  readonly checked: 'server' | 'offline' | 'none';
  readonly notes: readonly string[];
}

export interface PlanInput {
  readonly kind: 'apply' | 'destroy';
  readonly spec: Spec;
  readonly sources: SourceTable;
  readonly record: StackRecord | undefined;
  readonly identities: { readonly [target: string]: string };
  readonly planned: readonly PlannedRow[];
  readonly edges: readonly DependencyEdge[];
  readonly options?: PlanOptions;
}

export interface PlanOptions {
  /** Take over resources that another tool owns. Default false. */
  readonly adopt?: boolean;
}

export type PlanResult = { readonly plan: Plan; readonly problems: readonly Problem[] };

/** Decides every step. Problems with severity error mean that the plan must not be applied. */
export function makePlan(input: PlanInput): PlanResult {
  const rows = new Map(input.planned.map((row) => [row.id, row]));
  const problems: Problem[] = [];
  const steps: Step[] = [];
  const order = arrange(
    input.spec.resources.map((resource) => resource.id),
    input.edges,
  );
  const waits = groupWaits(input.edges);
  const resources = new Map(input.spec.resources.map((resource) => [resource.id, resource]));
  if (input.kind === 'apply') {
    for (const id of order.sorted) {
      const resource = resources.get(id);
      const row = rows.get(id);
      if (!resource || !row) continue;
      const decided = decideWished(row, input);
      problems.push(...row.problems, ...decided.problems);
      steps.push({
        ...stepOf(row, decided.action, decided.reason),
        target: resource.target,
        runtime: resource.runtime,
        type: resource.type,
        waitsFor: waits.get(id) ?? [],
      });
    }
  }
  for (const entry of removedEntries(input)) {
    const row = rows.get(entry.id);
    if (!row) continue;
    const decided = decideRemoved(entry, row, input);
    problems.push(...row.problems, ...decided.problems);
    steps.push({
      ...stepOf(row, decided.action, decided.reason),
      target: entry.target,
      runtime: entry.runtime,
      type: entry.type,
      waitsFor: deleteWaits(entry, input),
    });
  }
  const notes = [...new Set(input.planned.flatMap((row) => row.notes))];
  const plan: Plan = {
    version: planVersion,
    kind: input.kind,
    stack: stackName(input.spec),
    specDigest: specDigest(input.spec),
    baseRelease: input.record?.lastRelease ?? 0,
    targets: input.identities,
    steps,
    notes,
  };
  return { plan, problems: [...problems, ...riskOf(plan, input)] };
}

/** Does the plan change anything in the world or in our inventory? */
export function isEmpty(plan: Plan): boolean {
  return plan.steps.every((step) => step.action === 'keep');
}

/** The inventory entries that the Spec does not wish any more, newest dependants first. */
export function removedEntries(input: Pick<PlanInput, 'kind' | 'spec' | 'record'>): readonly InventoryEntry[] {
  const wished = new Set(input.kind === 'destroy' ? [] : input.spec.resources.map((resource) => resource.id));
  const removed = (input.record?.inventory ?? []).filter((entry) => !wished.has(entry.id));
  const ids = new Set(removed.map((entry) => entry.id));
  const edges = removed.flatMap((entry) =>
    entry.dependsOn.filter((on) => ids.has(on)).map((on) => ({ from: entry.id, on, until: 'present' as const, explicit: false })),
  );
  // Deletes run backwards: a Service outlives the route that points at it.
  const order = reverse(arrange([...ids], edges).sorted);
  const byId = new Map(removed.map((entry) => [entry.id, entry]));
  return order.map((id) => byId.get(id) as InventoryEntry);
}

function decideWished(row: PlannedRow, input: PlanInput): { action: Action; reason: Reason; problems: readonly Problem[] } {
  const stack = stackName(input.spec);
  const source = sourceOf(input.sources, row.id);
  const place = source ? { source } : {};
  if (!row.live) return { action: 'create', reason: 'not there yet', problems: [] };
  if (row.owner && row.owner.kind !== 'nobody' && !input.options?.adopt) {
    const problem: Problem = {
      code: 'RESOURCE_OWNED',
      message: `${shortId(row.id)} is already there and belongs to ${row.owner.name}, but ${stack} wishes it too.`,
      hint: `Remove it from one of the two, give it another name, or take it over with --adopt.`,
      at: row.id,
      ...place,
    };
    return { action: 'keep', reason: 'no difference', problems: [problem] };
  }
  if (row.immutable.length > 0) return decideReplace(row, place);
  if (row.owner) return { action: 'adopt', reason: 'owned by nobody', problems: [] };
  if (row.changes.length > 0) return { action: 'update', reason: 'fields differ', problems: [] };
  return { action: 'keep', reason: 'no difference', problems: [] };
}

function decideReplace(row: PlannedRow, place: Pick<Problem, 'source'>): { action: Action; reason: Reason; problems: readonly Problem[] } {
  if (row.replaceable) return { action: 'replace', reason: 'immutable field', problems: [] };
  const problems = row.immutable.map(
    (field): Problem => ({
      code: 'RESOURCE_IMMUTABLE',
      message: `${shortId(row.id)} cannot change ${field.path} in place (${field.message}), and replacing it would lose data.`,
      hint: 'Give the new one another name, or delete the old one yourself when its data is safe.',
      at: row.id,
      ...place,
    }),
  );
  return { action: 'replace', reason: 'immutable field', problems };
}

function decideRemoved(
  entry: InventoryEntry,
  row: PlannedRow,
  input: PlanInput,
): { action: Action; reason: Reason; problems: readonly Problem[] } {
  if (!row.live || !isOurs(entry, row)) return { action: 'forget', reason: 'already gone', problems: [] };
  if (entry.onRemoval === 'retain') return { action: 'forget', reason: 'retained', problems: [] };
  const reason = input.kind === 'destroy' ? 'stack is destroyed' : 'not in the program any more';
  if (entry.onRemoval !== 'protect') return { action: 'delete', reason, problems: [] };
  const problem: Problem = {
    code: 'RESOURCE_PROTECTED',
    message: `${shortId(entry.id)} is protected, but it is ${reason}.`,
    hint: 'Put it back into the program, or release it first: set onRemoval to "delete" or "retain" and apply.',
    at: entry.id,
  };
  return { action: 'keep', reason: 'no difference', problems: [problem] };
}

/** Another object may stand under the name by now; one that we only meant to make is ours when nobody else claims it. */
function isOurs(entry: InventoryEntry, row: PlannedRow): boolean {
  return entry.uid === undefined ? row.owner === undefined : row.live?.uid === entry.uid;
}

/** A delete waits for the deletes of everything that depends on it. */
function deleteWaits(entry: InventoryEntry, input: PlanInput): readonly Dependency[] {
  return removedEntries(input)
    .filter((other) => other.dependsOn.includes(entry.id))
    .map((other) => ({ on: other.id, until: 'present' as const }));
}

function stepOf(row: PlannedRow, action: Action, reason: Reason): Omit<Step, 'target' | 'runtime' | 'type' | 'waitsFor'> {
  return {
    id: row.id,
    action,
    reason,
    ...(row.live ? { live: row.live } : {}),
    changes: action === 'delete' || action === 'forget' ? [] : row.changes,
    immutable: row.immutable.map((field) => field.path),
    checked: row.checked,
    notes: row.notes,
  };
}

function groupWaits(edges: readonly DependencyEdge[]): ReadonlyMap<ResourceId, readonly Dependency[]> {
  const waits = new Map<ResourceId, Dependency[]>();
  for (const edge of edges) {
    const list = waits.get(edge.from) ?? [];
    list.push({ on: edge.on, until: edge.until });
    waits.set(edge.from, list);
  }
  return waits;
}

/** An apply that deletes more than half of what we own is more often a mistake than a wish. */
function riskOf(plan: Plan, input: PlanInput): readonly Problem[] {
  const deletes = plan.steps.filter((step) => step.action === 'delete').length;
  const owned = input.record?.inventory.length ?? 0;
  if (plan.kind === 'destroy' || deletes < 2 || deletes * 2 <= owned) return [];
  return [
    {
      code: 'PLAN_RISKY',
      severity: 'warning',
      message: `${plan.stack} would lose ${deletes} of its ${owned} resources.`,
      hint: 'Look at the list; if it is meant, confirm it or pass --yes.',
    },
  ];
}

/** `spec.replicas` of a change, for people and for looking up its source line. */
export function changePath(change: FieldChange): string {
  return pathText(change.path);
}
