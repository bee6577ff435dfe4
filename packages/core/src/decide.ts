// What is done about one resource, and why: one place for all of it.
import type { Action, Reason } from './action';
import { namesText } from './names-text';
import type { PlanInput } from './plan-input';
import type { Problem } from './problem';
import type { InventoryEntry } from './release';
import type { PlannedPart, PlannedRow } from './runtime';
import { type Resource, type ResourceId, shortId, sourceOf, stackName } from './spec';
import { decideTask } from './task';

/** What is to be done about one resource, and what stands against it. */
export interface Decision {
  readonly action: Action;
  readonly reason: Reason;
  readonly problems: readonly Problem[];
}

/** The inventory as it was before, by id. */
export type Recorded = ReadonlyMap<ResourceId, InventoryEntry>;

/** Whether it is there is not known. */
const unseen: Decision = { action: 'skip', reason: 'could not be planned', problems: [] };

/** What becomes of a resource that the Spec wishes. */
export function decideWished(row: PlannedRow, resource: Resource, input: PlanInput & { readonly recorded: Recorded }): Decision {
  const stack = stackName(input.spec);
  const source = sourceOf(input.sources, row.id);
  const place = source ? { source } : {};
  if (row.isUnseen) return unseen;
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
  if (row.changes.length > 0 || row.parts?.some(isChanged)) return { action: 'update', reason: 'fields differ', problems: [] };
  // What is written anew is what the releases know from then on.
  if (isNamed(row.id, input.options?.acceptState)) return { action: 'update', reason: 'lost state accepted', problems: [] };
  return {
    action: 'keep',
    reason: isRecordedSo(resource, input.recorded.get(row.id)) ? 'no difference' : 'onRemoval differs',
    problems: [],
  };
}

function isNamed(id: ResourceId, names: readonly string[] = []): boolean {
  return names.includes(id) || names.includes(shortId(id));
}

/** What becomes of it when it goes from the program stands in the record alone: a change of it is work, though no object changes. */
function isRecordedSo(resource: Resource, entry: InventoryEntry | undefined): boolean {
  return entry === undefined || (entry.onRemoval ?? 'delete') === (resource.onRemoval ?? 'delete');
}

function isChanged({ action }: PlannedPart): boolean {
  return action !== 'keep' && action !== 'read';
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
  const isAsked = isNamed(row.id, asked);
  if (resource.onRemoval === 'retain' && !isAsked && !row.owner) {
    return [
      {
        code: 'RESOURCE_PROTECTED',
        message: `${shortId(row.id)} is to stay in the world when it goes (onRemoval "retain"), but ${row.immutable.map((field) => field.path).join(', ')} can only change by replacing it, which deletes it.`,
        hint: `Give the new one another name: the old one stays then. Or let the old one go: set onRemoval to "delete", or apply with --replace ${shortId(row.id)}.`,
        at: row.id,
        ...place,
      },
    ];
  }
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

/** What becomes of what we own and the Spec does not wish any more. */
export function decideRemoved(entry: InventoryEntry, row: PlannedRow, input: PlanInput): Decision {
  if (row.isUnseen) return unseen;
  if (!row.live) {
    const isLost = isNamed(entry.id, input.options?.acceptState);
    return { action: 'forget', reason: isLost ? 'lost state accepted' : 'already gone', problems: [] };
  }
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
  if (entry.onRemoval === 'protect') return { action: 'keep', reason: 'no difference', problems: [protectedProblem(entry, isDestroy)] };
  if (row.keeps && row.keeps.length > 0) return { action: 'abandon', reason: 'holds what stays', problems: [] };
  return {
    action: 'delete',
    reason: isDestroy ? 'stack is destroyed' : 'not in the program any more',
    problems: holdsOthers(entry, row),
  };
}

function protectedProblem({ id }: InventoryEntry, isDestroy: boolean): Problem {
  return {
    code: 'RESOURCE_PROTECTED',
    message: `${shortId(id)} is protected, but ${isDestroy ? 'its stack is destroyed' : 'it is not in the program any more'}.`,
    hint: `${isDestroy ? 'Release it first' : 'Put it back into the program, or release it first'}: set onRemoval to "delete" or "retain" and apply.`,
    at: id,
  };
}

/** To delete it would delete what the very same plan leaves alone. */
function holdsWished({ id }: InventoryEntry, contains: readonly ResourceId[], { sources }: PlanInput): Problem {
  const source = sourceOf(sources, contains[0] as string);
  return {
    code: 'RESOURCE_HOLDS_OTHERS',
    message: `${shortId(id)} is not in the program any more, but ${namesText(contains.map(shortId))} of it ${contains.length === 1 ? 'is' : 'are'} still wished, and would be deleted with it.`,
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
      message: `Deleting ${shortId(id)} takes along what is not of this stack: ${namesText(takesAlong)}.`,
      hint: 'If that is meant, confirm it; else apply it once with onRemoval "retain".',
      at: id,
    },
  ];
}

/** Another object may stand under the name by now; one that we only meant to make is ours when nobody else claims it. */
function isSame(entry: InventoryEntry, row: PlannedRow): boolean {
  return entry.uid === undefined ? row.owner === undefined : row.live?.uid === entry.uid;
}
