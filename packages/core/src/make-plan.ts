// Decides a plan from the Spec, the last record and what the runtimes saw. No await in here.
import type { Action } from './action';
import { type DecidedStep, lossProblems, lostBy, type Removal } from './data-losses';
import { type Decision, decideRemoved, decideWished } from './decide';
import { arrange, type DependencyEdge, reverse, withoutDropped } from './graph';
import { type Plan, planVersion, type Step } from './plan';
import type { PlanInput, PlanResult } from './plan-input';
import { riskOf, unknownNames, unknownToRecord } from './plan-risks';
import type { Problem } from './problem';
import type { InventoryEntry } from './release';
import type { PlannedPart, PlannedRow } from './runtime';
import { selectResources } from './select';
import { type Dependency, type Resource, type ResourceId, shortId, sourceOf, specDigest, stackName } from './spec';

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
      const step = stepOf(row, decided, { entry: recorded.get(id), kind: input.kind });
      problems.push(...row.problems, ...decided.problems, ...lossProblems(step, input));
      steps.push({
        ...step,
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
    const step = stepOf(row, decided, { entry, kind: input.kind });
    problems.push(...row.problems, ...decided.problems, ...lossProblems(step, input));
    steps.push({
      ...step,
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
  return { plan, problems: [...problems, ...unknownNames(input), ...unknownToRecord(plan.steps, rows, input), ...riskOf(plan, input)] };
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
    if (reason === 'holds what stays') return [`${name} stays, and is no longer ours: something in it is retained`];
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

function stepOf(row: PlannedRow, { action, reason }: Decision, before: Removal): DecidedStep {
  const loses = lostBy(row, action, before);
  return {
    id: row.id,
    action,
    reason,
    ...(action === 'adopt' && row.owner && row.owner.kind !== 'nobody' ? { owner: row.owner.name } : {}),
    ...(row.live ? { live: row.live } : {}),
    changes: showsChanges.has(action) ? row.changes : [],
    ...(row.parts ? { parts: reason === 'holds data' ? row.parts.map(untouched) : row.parts } : {}),
    immutable: row.immutable.map((field) => field.path),
    ...(action === 'delete' && row.takesAlong ? { takesAlong: row.takesAlong } : {}),
    ...(loses.length > 0 ? { loses } : {}),
    checked: row.checked,
    notes: row.notes,
  };
}

function untouched({ name, at }: PlannedPart): PlannedPart {
  return { name, action: 'keep', changes: [], ...(at ? { at } : {}) };
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
