// What of a stack is no longer as its last release left it: changed by whom, deleted, made anew.
import {
  type FieldChange,
  isError,
  latersIn,
  type Plan,
  type PlannedPart,
  type Problem,
  type Release,
  type ResourceId,
  type SourceTable,
  type Spec,
  type StackRecord,
  type Step,
  stackName,
} from '@konfig/core';
import { withSession } from './looking';
import { preview } from './preview';
import type { World } from './world';

/** How a stack differs from its last release. */
export interface Drift {
  readonly stack: string;
  /** Undefined: never applied. */
  readonly release?: number;
  readonly drifted: readonly Drifted[];
  /** With an error among them it is not known whether that is all. */
  readonly problems: readonly Problem[];
  /** The lines behind the Spec of that release. */
  readonly sources: SourceTable;
}

/**
 * One resource that is no longer as it was released. `recreated`: another object stands under its name; `unfinished`: the last release did not come to it;
 * `taken over`: somebody else says it is theirs.
 */
export interface Drifted {
  readonly id: ResourceId;
  readonly how: 'changed' | 'deleted' | 'recreated' | 'taken over' | 'unfinished';
  /** Back from what is there to what was released: `before` is in the world. */
  readonly changes: readonly FieldChange[];
  /** Those of its parts that are no longer so, where it is made of parts; `changes` are its own then. */
  readonly parts?: readonly DriftedPart[];
}

/** A part that is no longer as it was released. */
export interface DriftedPart extends Pick<PlannedPart, 'name' | 'at'> {
  readonly how: Exclude<Drifted['how'], 'recreated' | 'taken over'>;
  /** As above, with paths from the part. Of one that was deleted: none. */
  readonly changes: readonly FieldChange[];
}

/** Compares the world with the last release, at any time; changes nothing. The Spec only says which targets and store. Secrets that are missing are not compared. */
export async function drift(spec: Spec, world: World, signal: AbortSignal): Promise<Drift> {
  const known = await readLast(spec, world, signal);
  if (!known) return { stack: stackName(spec), drifted: [], problems: [], sources: {} };
  const { release, record } = known;
  const { targets, records } = spec;
  const sources = release.sources ?? {};
  const request = { kind: 'apply', spec: { ...release.spec, targets, records }, sources, missingSecrets: 'not compared' } as const;
  const made = await preview(request, world, signal);
  await made.close();
  const owned = new Set(made.problems.filter((problem) => problem.code === 'RESOURCE_OWNED').map((problem) => problem.at));
  const drifted = made.plan ? driftedIn(made.plan, { release, record, owned }) : [];
  return {
    stack: release.stack,
    release: release.number,
    drifted,
    problems: made.problems.filter((one) => isAbout(one, drifted)).map(asError),
    sources,
  };
}

function readLast(spec: Spec, world: World, signal: AbortSignal): Promise<{ release: Release; record: StackRecord } | undefined> {
  return withSession(spec, world, signal, async ({ record, store }) => {
    const release = record && (await store.readRelease(record.stack, record.lastRelease));
    return release && { release, record };
  });
}

/** That somebody owns a resource is told as drift; what forbids an apply besides stands in nobody's way here. */
function isAbout(problem: Problem, drifted: readonly Drifted[]): boolean {
  if (!isError(problem)) return true;
  return problem.code !== 'PERMISSION_MISSING' && !drifted.some(({ id }) => problem.at === id || problem.at?.startsWith(`${id} `));
}

/** An apply goes on beside a target that cannot be reached; whoever asks for drift there has got no answer. */
function asError(problem: Problem): Problem {
  if (problem.code !== 'TARGET_UNREACHABLE') return problem;
  const { severity: _, ...error } = problem;
  return error;
}

interface Known {
  readonly release: Release;
  readonly record: StackRecord;
  /** What somebody else says is theirs, by id. */
  readonly owned: ReadonlySet<string | undefined>;
}

function driftedIn(plan: Plan, { release, record, owned }: Known): readonly Drifted[] {
  const last = new Map(release.steps.map((step) => [step.id, step]));
  const entries = new Map(record.inventory.map((entry) => [entry.id, entry]));
  return plan.steps.flatMap((step): readonly Drifted[] => {
    const before = last.get(step.id);
    // `destroy --target` has left it so.
    if (!entries.has(step.id) && (!before || before.action === 'delete')) return [];
    const how = owned.has(step.id) ? 'taken over' : howOf(step, entries.get(step.id)?.uid);
    if (how === undefined) return [];
    // What a release for some resources does not mind stays as the one before left it.
    const isDone = before === undefined || before.state === 'done';
    const parts = partsIn(step, isDone);
    const changes = step.changes.filter((change) => !change.isOurs && !waitsForAnother(change));
    // What we keep of it is to change, or a value of something that has drifted, and nothing that is in the world.
    if (isDone && changes.length < step.changes.length && changes.length + parts.length === 0) return [];
    return [{ id: step.id, how: isDone ? how : 'unfinished', changes, ...(parts.length > 0 ? { parts } : {}) }];
  });
}

/** The value of another resource that is gone, say: as long as nobody knows that one, nothing has become of this. */
function waitsForAnother({ after }: FieldChange): boolean {
  return after !== undefined && latersIn(after).some(({ later }) => '$unknown' in later);
}

function partsIn({ parts = [] }: Step, isDone: boolean): readonly DriftedPart[] {
  const drifted = parts.filter(({ action }) => action !== 'keep' && action !== 'read');
  return drifted.map(({ name, action, changes, at }) => ({
    name,
    how: !isDone ? 'unfinished' : action === 'create' ? 'deleted' : 'changed',
    changes: action === 'create' ? [] : changes,
    ...(at ? { at } : {}),
  }));
}

function howOf({ action, reason, live }: Step, uid: string | undefined): Drifted['how'] | undefined {
  if (live && uid !== undefined && live.uid !== uid) return 'recreated';
  switch (action) {
    case 'create':
      return 'deleted';
    case 'adopt':
    case 'update':
      return 'changed';
    case 'replace':
      if (reason === 'being deleted') return 'deleted';
      return reason === 'runs always' ? undefined : 'changed';
    default:
      return undefined;
  }
}
