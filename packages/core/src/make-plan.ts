// Decides a plan from the Spec, the last record and what the runtimes saw. No await in here.
import type { Action, Reason } from './action';
import { arrange, type DependencyEdge, reverse, withoutDropped } from './graph';
import { didYouMean } from './nearest';
import { type Plan, type PlanOptions, planVersion, type Step } from './plan';
import type { Problem } from './problem';
import type { InventoryEntry, StackRecord } from './release';
import type { PlannedRow } from './runtime';
import { selectResources } from './select';
import {
  type Dependency,
  type Resource,
  type ResourceId,
  type SourceTable,
  type Spec,
  shortId,
  sourceOf,
  specDigest,
  stackName,
} from './spec';
import { decideTask } from './task';

/** All that a plan is decided from. */
export interface PlanInput {
  readonly kind: 'apply' | 'destroy';
  readonly spec: Spec;
  readonly sources: SourceTable;
  /** Undefined: the stack was never applied. */
  readonly record: StackRecord | undefined;
  /** `Connection.identity` of every target, by its name. */
  readonly identities: { readonly [target: string]: string };
  /** What the runtimes found out, one row for each wished or removed resource. */
  readonly planned: readonly PlannedRow[];
  /** Those of `edgesOf`. */
  readonly edges: readonly DependencyEdge[];
  /** Targets that could not be opened: what goes there is skipped, and what needs that. */
  readonly unreachable?: ReadonlySet<string>;
  readonly options?: PlanOptions;
}

/** A plan with all that is wrong with it; a problem of severity error forbids to apply it. */
export type PlanResult = { readonly plan: Plan; readonly problems: readonly Problem[] };

/** Decides every step. What stands against one comes back as problems; it never throws for them. */
export function makePlan(input: PlanInput): PlanResult {
  const rows = new Map(input.planned.map((row) => [row.id, row]));
  const problems: Problem[] = [];
  const steps: Step[] = [];
  const order = arrange(
    input.spec.resources.map((resource) => resource.id),
    input.edges,
  );
  const waits = groupWaits(withoutDropped(input.edges, order));
  const resources = new Map(input.spec.resources.map((resource) => [resource.id, resource]));
  const recorded = new Map((input.record?.inventory ?? []).map((entry) => [entry.id, entry]));
  const isChosen = choice(input, problems);
  if (input.kind === 'apply') {
    for (const id of order.sorted) {
      const resource = resources.get(id);
      const row = rows.get(id);
      if (!resource || !isChosen(id)) continue;
      if (input.unreachable?.has(resource.target)) {
        steps.push(skipped(resource, waits.get(id) ?? []));
        continue;
      }
      if (!row) {
        problems.push(missingRow(id, input));
        continue;
      }
      const decided = decideWished(row, resource, { ...input, recorded });
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
  const deleteWaits = groupDeleteWaits(input);
  for (const entry of removedEntries(input)) {
    const row = rows.get(entry.id);
    if (!isChosen(entry.id)) continue;
    if (input.unreachable?.has(entry.target)) {
      steps.push(skipped(entry, deleteWaits.get(entry.id) ?? []));
      continue;
    }
    if (!row) {
      problems.push(missingRemovedRow(entry, input));
      continue;
    }
    const decided = decideRemoved(entry, row, input);
    problems.push(...row.problems, ...decided.problems);
    steps.push({
      ...stepOf(row, decided.action, decided.reason),
      target: entry.target,
      runtime: entry.runtime,
      type: entry.type,
      waitsFor: deleteWaits.get(entry.id) ?? [],
    });
  }
  const notes = [...new Set([...input.planned.flatMap((row) => row.notes), ...removalNotes(steps, resources)])];
  const plan: Plan = {
    version: planVersion,
    kind: input.kind,
    stack: stackName(input.spec),
    specDigest: specDigest(input.spec),
    baseRelease: input.record?.lastRelease ?? 0,
    targets: input.identities,
    options: input.options ?? {},
    steps: skipDependants(steps),
    notes,
  };
  return { plan, problems: [...problems, ...unknownReplaces(input), ...unknownToRecord(plan.steps, rows, input), ...riskOf(plan, input)] };
}

/** What bears our mark came into the inventory before it was made: where it is not in there, this is not the record that knows of it. */
function unknownToRecord(steps: readonly Step[], rows: ReadonlyMap<ResourceId, PlannedRow>, input: PlanInput): readonly Problem[] {
  if (input.options?.adopt) return [];
  const recorded = new Set((input.record?.inventory ?? []).map((entry) => entry.id));
  const unknown = steps.filter(({ id, live, action }) => live && action !== 'skip' && !recorded.has(id) && !rows.get(id)?.owner);
  if (unknown.length === 0) return [];
  const stack = stackName(input.spec);
  const names = unknown.slice(0, 3).map(({ id }) => shortId(id));
  const all = unknown.length > 3 ? `${names.join(', ')} and ${unknown.length - 3} more` : names.join(', ');
  return [
    {
      code: 'RECORD_OUTDATED',
      message: `${all} ${unknown.length === 1 ? 'bears' : 'bear'} the mark of ${stack}, but its records, which end at release ${input.record?.lastRelease ?? 0}, do not know of ${unknown.length === 1 ? 'it' : 'them'}.`,
      hint: 'They may lie in another store, or these come from an old backup: bring back the right ones. If they are lost, apply with --adopt: what the program wishes is taken over; what it no longer wishes stays.',
    },
  ];
}

/** What is to be replaced must be there, or a slip of the finger would go unnoticed. */
function unknownReplaces({ options, spec }: PlanInput): readonly Problem[] {
  const names = new Set(spec.resources.flatMap(({ id }) => [id, shortId(id)]));
  return (options?.replace ?? [])
    .filter((name) => !names.has(name))
    .map((name) => ({
      code: 'USAGE',
      message: `${stackName(spec)} has no resource ${JSON.stringify(name)} to replace.`,
      hint: `${didYouMean(
        name,
        spec.resources.map(({ id }) => shortId(id)),
      )}Name it like PersistentVolumeClaim/disk.`,
    }));
}

/** Is a resource among those that this plan is about? */
function choice(input: PlanInput, problems: Problem[]): (id: ResourceId) => boolean {
  const { only } = input.options ?? {};
  if (!only) return () => true;
  const selection = selectResources(input, only);
  problems.push(...selection.problems);
  return (id) => selection.ids.has(id);
}

function skipped({ id, target, runtime, type }: Resource | InventoryEntry, waitsFor: readonly Dependency[]): Step {
  const nothing = { changes: [], immutable: [], checked: 'none', notes: [] } as const;
  return { id, target, runtime, type, action: 'skip', reason: 'target unreachable', waitsFor, ...nothing };
}

/** What waits for something that cannot be done cannot be done either. Steps come after what they wait for, so that one pass is enough. */
function skipDependants(steps: readonly Step[]): readonly Step[] {
  const skip = new Set(steps.filter((step) => step.action === 'skip').map((step) => step.id));
  if (skip.size === 0) return steps;
  return steps.map((step) => {
    if (step.action === 'skip' || step.action === 'keep' || !step.waitsFor.some(({ on }) => skip.has(on))) return step;
    skip.add(step.id);
    return { ...step, action: 'skip', reason: 'needs what is skipped' };
  });
}

function removalNotes(steps: readonly Step[], resources: ReadonlyMap<ResourceId, Resource>): readonly string[] {
  return steps.flatMap(({ id, reason }) => {
    const name = shortId(id);
    if (reason === 'onRemoval differs')
      return [`${name}: from now on, onRemoval is ${JSON.stringify(resources.get(id)?.onRemoval ?? 'delete')}`];
    if (reason === 'kept unless asked')
      return [`${name} stays in the cluster and is no longer ours: nothing says onRemoval "delete" of it`];
    if (reason === 'holds data') return [`${name} stays: the older release did not have it, but it holds data; --include-data deletes it`];
    return [];
  });
}

/** The inventory entries that the Spec does not wish any more, newest dependants first. */
export function removedEntries(input: Pick<PlanInput, 'kind' | 'spec' | 'record'>): readonly InventoryEntry[] {
  const wished = new Set(input.kind === 'destroy' ? [] : input.spec.resources.map((resource) => resource.id));
  const removed = (input.record?.inventory ?? []).filter((entry) => !wished.has(entry.id));
  // Deletes run backwards: a Service outlives the route that points at it.
  const order = reverse(
    arrange(
      removed.map((entry) => entry.id),
      recordedEdges(removed),
    ).sorted,
  );
  const byId = new Map(removed.map((entry) => [entry.id, entry]));
  return order.map((id) => byId.get(id) as InventoryEntry);
}

function recordedEdges(entries: readonly InventoryEntry[]): readonly DependencyEdge[] {
  return entries.flatMap((entry) => entry.dependsOn.map((on) => ({ from: entry.id, on, until: 'present' as const, explicit: false })));
}

interface Decision {
  readonly action: Action;
  readonly reason: Reason;
  readonly problems: readonly Problem[];
}

type Recorded = ReadonlyMap<ResourceId, InventoryEntry>;

function decideWished(row: PlannedRow, resource: Resource, input: PlanInput & { readonly recorded: Recorded }): Decision {
  const stack = stackName(input.spec);
  const source = sourceOf(input.sources, row.id);
  const place = source ? { source } : {};
  const task = decideTask(row, resource, input.recorded.get(row.id));
  if (task) return { ...task, problems: [] };
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
  // What is on its way out is neither changed nor lost by us: it is waited for, and made anew.
  if (row.isGoing && !row.owner) return { action: 'replace', reason: 'being deleted', problems: [] };
  if (row.immutable.length > 0) return decideReplace(row, resource, { place, asked: input.options?.replace ?? [] });
  if (row.owner)
    return { action: 'adopt', reason: row.owner.kind === 'nobody' ? 'owned by nobody' : 'owned by somebody else', problems: [] };
  // To take it over is work for the record, even where nothing differs.
  if (input.options?.adopt && !input.recorded.has(row.id)) return { action: 'adopt', reason: 'not in the record', problems: [] };
  if (row.changes.length > 0) return { action: 'update', reason: 'fields differ', problems: [] };
  return {
    action: 'keep',
    reason: isRecordedSo(resource, input.recorded.get(row.id)) ? 'no difference' : 'onRemoval differs',
    problems: [],
  };
}

/** What becomes of it when it goes from the program stands in the record alone: a change of it is work, though no object changes. */
function isRecordedSo(resource: Resource, entry: InventoryEntry | undefined): boolean {
  return entry === undefined || (entry.onRemoval ?? 'delete') === (resource.onRemoval ?? 'delete');
}

interface ReplaceWish {
  readonly place: Pick<Problem, 'source'>;
  /** What was named to be replaced all the same. */
  readonly asked: readonly string[];
}

function decideReplace(row: PlannedRow, resource: Resource, wish: ReplaceWish): Decision {
  return { action: 'replace', reason: 'immutable field', problems: replaceProblems(row, resource, wish) };
}

function replaceProblems(row: PlannedRow, resource: Resource, { place, asked }: ReplaceWish): readonly Problem[] {
  if (resource.onRemoval === 'protect') {
    return [
      {
        code: 'RESOURCE_PROTECTED',
        message: `${shortId(row.id)} is protected, but ${row.immutable.map((field) => field.path).join(', ')} can only change by replacing it.`,
        hint: 'Undo that change, or release it first: set onRemoval to "delete" and apply.',
        at: row.id,
        ...place,
      },
    ];
  }
  const isAsked = asked.includes(row.id) || asked.includes(shortId(row.id));
  if ((row.replaceable || isAsked) && !row.owner) return [];
  const why = row.owner ? 'it is not ours to replace' : 'replacing it would lose data';
  return row.immutable.map((field) => ({
    code: 'RESOURCE_IMMUTABLE',
    message: `${shortId(row.id)} cannot change ${field.path} in place (${field.message}), and ${why}.`,
    hint: row.owner
      ? 'Give the new one another name.'
      : `Give the new one another name; or, when its data is safe, have it replaced all the same: --replace ${shortId(row.id)}.`,
    at: row.id,
    ...place,
  }));
}

function decideRemoved(entry: InventoryEntry, row: PlannedRow, input: PlanInput): Decision {
  if (!row.live) return { action: 'forget', reason: 'already gone', problems: [] };
  if (!isSame(entry, row)) return { action: 'forget', reason: 'another object by now', problems: [] };
  if (row.owner && row.owner.kind !== 'nobody') return { action: 'forget', reason: 'owned by somebody else', problems: [] };
  if (entry.onRemoval === 'retain') return { action: 'abandon', reason: 'retained', problems: [] };
  const isDestroy = input.kind === 'destroy';
  const { rollbackTo, includeData } = input.options ?? {};
  if (rollbackTo !== undefined && !includeData && !row.replaceable) return { action: 'keep', reason: 'holds data', problems: [] };
  if (row.deletable === false && entry.onRemoval === undefined) return { action: 'abandon', reason: 'kept unless asked', problems: [] };
  if (entry.onRemoval === 'collect' && !isDestroy && row.usedBy && row.usedBy.length > 0)
    return { action: 'keep', reason: 'still used', problems: [] };
  if (row.contains && row.contains.length > 0)
    return { action: 'keep', reason: 'no difference', problems: [holdsWished(entry, row.contains, input)] };
  if (entry.onRemoval !== 'protect') {
    return {
      action: 'delete',
      reason: isDestroy ? 'stack is destroyed' : 'not in the program any more',
      problems: holdsOthers(entry, row),
    };
  }
  const problem: Problem = {
    code: 'RESOURCE_PROTECTED',
    message: `${shortId(entry.id)} is protected, but ${isDestroy ? 'its stack is destroyed' : 'it is not in the program any more'}.`,
    hint: `${isDestroy ? 'Release it first' : 'Put it back into the program, or release it first'}: set onRemoval to "delete" or "retain" and apply.`,
    at: entry.id,
  };
  return { action: 'keep', reason: 'no difference', problems: [problem] };
}

/** To delete it would delete what the very same plan leaves alone. */
function holdsWished({ id }: InventoryEntry, contains: readonly ResourceId[], { sources }: PlanInput): Problem {
  const source = sourceOf(sources, contains[0] as string);
  return {
    code: 'RESOURCE_HOLDS_OTHERS',
    message: `${shortId(id)} is not in the program any more, but ${namesOf(contains.map(shortId))} of it ${contains.length === 1 ? 'is' : 'are'} still wished, and would be deleted with it.`,
    hint: `Put ${shortId(id)} back into the program, or take out what is in it too. To give it up and leave it there, apply it once with onRemoval "retain".`,
    at: id,
    ...(source ? { source } : {}),
  };
}

function holdsOthers({ id }: InventoryEntry, { takesAlong = [] }: PlannedRow): readonly Problem[] {
  if (takesAlong.length === 0) return [];
  return [
    {
      code: 'RESOURCE_HOLDS_OTHERS',
      severity: 'warning',
      message: `Deleting ${shortId(id)} takes along what is not of this stack: ${namesOf(takesAlong)}.`,
      hint: 'If that is meant, confirm it; else apply it once with onRemoval "retain".',
      at: id,
    },
  ];
}

const mostNames = 3;

function namesOf(names: readonly string[]): string {
  const more = names.length - mostNames;
  return more > 0 ? `${names.slice(0, mostNames).join(', ')} and ${more} more` : names.join(' and ');
}

/** Another object may stand under the name by now; one that we only meant to make is ours when nobody else claims it. */
function isSame(entry: InventoryEntry, row: PlannedRow): boolean {
  return entry.uid === undefined ? row.owner === undefined : row.live?.uid === entry.uid;
}

/**
 * What a delete waits for: the deletes of everything that depended on it, and whatever depended on it and is still wished:
 * a Deployment must have let go of a ConfigMap before that goes.
 */
function groupDeleteWaits(input: PlanInput): ReadonlyMap<ResourceId, readonly Dependency[]> {
  const removed = removedEntries(input);
  const ids = new Set(removed.map((entry) => entry.id));
  const recorded = recordedEdges(removed);
  const among = withoutDropped(recorded, arrange([...ids], recorded));
  const wished = new Set(input.kind === 'destroy' ? [] : input.spec.resources.map((resource) => resource.id));
  const users = (input.record?.inventory ?? []).filter((entry) => wished.has(entry.id));
  const waits = new Map<ResourceId, Dependency[]>();
  const add = (id: ResourceId, dependency: Dependency) => {
    const list = waits.get(id) ?? [];
    list.push(dependency);
    waits.set(id, list);
  };
  for (const edge of among) if (ids.has(edge.on)) add(edge.on, { on: edge.from, until: 'present' });
  for (const user of users) for (const on of user.dependsOn) if (ids.has(on)) add(on, { on: user.id, until: 'ready' });
  return waits;
}

function missingRow(id: ResourceId, input: PlanInput): Problem {
  const source = sourceOf(input.sources, id);
  return {
    code: 'INTERNAL',
    message: `${shortId(id)} was not planned: its target said nothing of it.`,
    hint: 'Please report this with the command and its output.',
    at: id,
    ...(source ? { source } : {}),
  };
}

/** It stays in the inventory; whether it may be forgotten is for people to say. */
function missingRemovedRow(entry: InventoryEntry, input: PlanInput): Problem {
  if (Object.hasOwn(input.spec.targets, entry.target)) return missingRow(entry.id, input);
  return {
    code: 'SPEC_TARGET',
    severity: 'warning',
    message: `${shortId(entry.id)} of ${stackName(input.spec)} stands in the target ${entry.target}, which workspace ${input.spec.workspace} does not have any more.`,
    hint: `Give the workspace the target ${entry.target} again, so that it can be deleted.`,
    at: entry.id,
  };
}

function stepOf(row: PlannedRow, action: Action, reason: Reason): Omit<Step, 'target' | 'runtime' | 'type' | 'waitsFor'> {
  return {
    id: row.id,
    action,
    reason,
    ...(row.live ? { live: row.live } : {}),
    changes: showsChanges.has(action) ? row.changes : [],
    immutable: row.immutable.map((field) => field.path),
    checked: row.checked,
    notes: row.notes,
  };
}

const showsChanges: ReadonlySet<Action> = new Set<Action>(['create', 'update', 'replace', 'adopt', 'skip']);

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
      hint: 'Look at the list; if it is meant, confirm it. With --yes it takes --allow-mass-delete too.',
    },
  ];
}
