// Gathers all that a plan needs, changes nothing, and lets core decide.
import {
  type Action,
  arrange,
  checkSpec,
  type DependencyEdge,
  edgesOf,
  equalJson,
  type InventoryEntry,
  isError,
  isKonfigError,
  type Json,
  makePlan,
  mayRename,
  type OwnedResource,
  type PartImport,
  type Plan,
  type PlannedRow,
  type PlanOptions,
  type PlanResult,
  type Problem,
  partRenamesIn,
  problemsOf,
  type Resource,
  type ResourceId,
  removedEntries,
  renamesIn,
  type SourceTable,
  type Spec,
  type SynthOutput,
  specVersion,
  stackName,
  withoutDropped,
  withSource,
} from '@konfig/core';
import { carriedSecretsIn } from './carried-secrets';
import { importsIn } from './imports';
import { lastWishes } from './last-wishes';
import { hideSecrets, maskError, maskProblems } from './masking';
import { withinPlanLimit } from './plan-limit';
import { type LiveValues, type Look, lookAhead, lookAt, newHashKey, readReferred, resolveResource } from './resolve';
import { learnHeld, learnReferred, newMask, noSecrets, readSecrets, type Secrets, withoutUnread } from './secrets';
import { openSession, type Session } from './session';
import { surely } from './under-way';
import type { World } from './world';

/** What to preview: a Spec, and whether to apply it or to destroy what its stack owns. */
export interface PreviewRequest {
  readonly kind: 'apply' | 'destroy';
  readonly spec: Spec;
  readonly sources: SourceTable;
  readonly options?: PlanOptions;
  /** Values that need a secret which is not there are left out of the comparison, with a warning. Default: it is an error. */
  readonly missingSecrets?: 'not compared';
}

/** A plan, with all that is needed to carry it out. `plan` is missing where problems stood in the way of making one. */
export interface Preview {
  readonly request: PreviewRequest;
  readonly plan?: Plan;
  /** With severity `error`: the plan must not be applied. */
  readonly problems: readonly Problem[];
  /** The open connections and the store that the plan was made with. */
  readonly session?: Session;
  readonly secrets: Secrets;
  /** The fields that `$ref`s point at, as far as they are known. */
  readonly live: LiveValues;
  /** What was wished last of what is to go, where its runtime needs that. Holds secrets. */
  readonly lastWishes: ReadonlyMap<ResourceId, Resource>;
  /** Key of the stack's keyed hashes, 32 bytes in hex. */
  readonly hashKey: string;
  /** What waits for what; those that had to give way to a cycle are gone. */
  readonly edges: readonly DependencyEdge[];
  /** Frees the connections. `apply` does it itself. */
  close(): Promise<void>;
}

/** Finds out what an apply or a destroy would do; changes nothing. Never throws for what a user can mend: that comes back as problems. */
export async function preview(given: PreviewRequest, world: World, signal: AbortSignal): Promise<Preview> {
  const { sources, kind } = given;
  if (given.spec.version !== specVersion)
    return without({ request: given, edges: [], secrets: noSecrets() }, checkSpec(given.spec, sources));
  const spec = byRank(given.spec, world);
  const request = { ...given, spec };
  const edges = edgesFor(spec, world);
  const secrets = await readSecrets({ spec, sources, mask: newMask() }, world, signal).catch((error) => {
    if (!signal.aborted) throw error;
    return noSecrets();
  });
  const known = { request, edges, secrets };
  if (signal.aborted) return without(known, [cancelled(spec)]);
  // A destroy needs nothing of what the program says but its targets.
  const found = kind === 'destroy' ? [] : [...checkOffline(request, edges, world), ...missingSecrets(secrets, request)];
  if (found.some(isError)) return without(known, found);
  let session: Session;
  try {
    session = await openSession(spec, world, signal, secrets.mask);
  } catch (error) {
    return without(known, [...found, ...(signal.aborted ? [cancelled(spec)] : problemsOf(error, 'open the targets'))]);
  }
  try {
    const look = () => gatherWithRecord({ ...known, session, world }, found, signal);
    return await surely(look, { stack: stackName(spec), store: session.store });
  } catch (error) {
    await session.close();
    if (signal.aborted) return without(known, [...found, cancelled(spec)]);
    if (!isKonfigError(error)) throw maskError(error, secrets.mask);
    return without(known, [...found, ...error.problems]);
  }
}

function missingSecrets({ problems }: Secrets, { missingSecrets }: PreviewRequest): readonly Problem[] {
  return missingSecrets ? problems.map((problem) => ({ ...problem, severity: 'warning' as const })) : problems;
}

function cancelled(spec: Spec): Problem {
  return { code: 'CANCELLED', message: `Cancelled while planning ${stackName(spec)}; nothing was changed.` };
}

/** What nothing else orders goes by its kind: the order of the resources breaks ties. The digest does not know of it. */
function byRank(spec: Spec, world: World): Spec {
  const rankOf = (resource: Resource) => world.runtimes[resource.runtime]?.rank(resource) ?? 0;
  const ranked = spec.resources.map((resource) => ({ resource, rank: rankOf(resource) })).sort((a, b) => a.rank - b.rank);
  return { ...spec, resources: ranked.map(({ resource }) => resource) };
}

/** No plan, and why. */
function without(known: Pick<Preview, 'request' | 'edges' | 'secrets'>, problems: readonly Problem[]): Preview {
  return { ...known, problems: finished(problems, known), live: new Map(), lastWishes: new Map(), hashKey: '', close: async () => {} };
}

/** What the targets say of missing permissions as a whole is told once, not once more for each dry run that was refused. */
function withoutRefusals(problems: readonly Problem[], missing: readonly Problem[]): readonly Problem[] {
  return !missing.some(isError) ? problems : problems.filter((problem) => problem.code !== 'PERMISSION_MISSING');
}

/** As they leave here: each with the line of the user's code behind it, none with a secret in it. */
function finished(problems: readonly Problem[], { request, secrets }: Pick<Preview, 'request' | 'secrets'>): readonly Problem[] {
  return maskProblems(
    problems.map((problem) => withSource(problem, request.sources)),
    secrets,
  );
}

/** Another run may begin while we look at the world: what it makes is in its record, but not in the one that we have read before. */
async function gatherWithRecord(given: Given, found: readonly Problem[], signal: AbortSignal): Promise<Preview> {
  for (let { session } = given; ; ) {
    const made = await gather({ ...given, session }, found, signal);
    if (!made.problems.some(({ code }) => code === 'RECORD_OUTDATED' || code === 'RECORD_CORRUPT')) return made;
    const record = await session.store.readRecord(stackName(given.request.spec));
    if (equalJson(record as unknown as Json | undefined, session.record as unknown as Json | undefined)) return made;
    session = { ...session, record };
  }
}

async function gather({ world, ...given }: Given, before: readonly Problem[], signal: AbortSignal): Promise<Preview> {
  const { request, session, secrets } = given;
  const { spec, kind } = request;
  const { connections, keeper } = session;
  keeper.know(session.record);
  keeper.accept(request.options?.acceptState ?? []);
  const hashKey = session.record?.hashKey ?? newHashKey();
  const live = kind === 'apply' ? await readReferred(spec, connections, signal) : new Map();
  learnReferred(live, new Map(spec.resources.map((resource) => [resource.id, resource])), { secrets, world });
  await learnHeld(spec.resources, { mask: secrets.mask, connections, world }, signal);
  const removed = removedEntries({ kind, spec, record: session.record });
  const last = await lastWishes(removed, { session, world, hashKey, mask: secrets.mask }, signal);
  const found = importsIn(request.options?.imports ?? [], {
    resources: kind === 'apply' ? spec.resources : [],
    world,
    record: session.record,
  });
  const gathered = { ...given, live, hashKey, world, removed, lastWishes: last.resources, imports: found.imports };
  const { plan, problems } = await planAll(gathered, signal);
  const missing = await missingPermissions(plan, session, signal);
  const renames = await possibleRenames(plan, request, { session, world });
  return {
    ...given,
    plan,
    problems: finished(
      [
        ...before,
        ...found.problems,
        ...last.problems,
        ...outOfReach(session),
        ...keeper.accepted,
        ...withoutRefusals(problems, missing),
        ...missing,
        ...renames,
      ],
      given,
    ),
    live,
    lastWishes: last.resources,
    hashKey,
    close: () => session.close(),
  };
}

/** Only a hint: where the last release cannot be read, there is none. */
async function possibleRenames(
  plan: Plan,
  wished: SynthOutput,
  { session: { store, record }, world }: Pick<Gathered, 'session' | 'world'>,
): Promise<readonly Problem[]> {
  if (!record || !mayRename(plan)) return [];
  const last = await store.readRelease(plan.stack, record.lastRelease).catch(() => undefined);
  if (!last) return [];
  const partsOf = (resource: Resource) => world.runtimes[resource.runtime]?.wishedParts?.(resource) ?? [];
  return [...renamesIn(plan, wished, last.spec), ...partRenamesIn(plan, { wished: wished.spec, released: last.spec }, partsOf)];
}

/** It stands in the way of what needs it, not of the rest: the plan shows both. */
function outOfReach({ unreachable }: Session): readonly Problem[] {
  return [...unreachable.values()].flat().map((problem) => ({ ...problem, severity: 'warning' as const }));
}

type Gathered = Pick<Preview, 'request' | 'edges' | 'secrets' | 'live' | 'lastWishes' | 'hashKey'> & {
  readonly session: Session;
  readonly world: World;
  readonly removed: readonly InventoryEntry[];
  readonly imports: readonly PartImport[];
};
type Given = Omit<Gathered, 'live' | 'lastWishes' | 'hashKey' | 'removed' | 'imports'>;

/**
 * Plans everything, then once more whatever refers to a field that this very plan changes, until nothing is left to look at again:
 * what a run changes must have been shown, along the whole chain.
 */
async function planAll(gathered: Gathered, signal: AbortSignal): Promise<PlanResult> {
  const { request, secrets, live, hashKey, removed, lastWishes, imports, world } = gathered;
  const { spec, kind } = request;
  const resources = kind === 'apply' ? spec.resources : [];
  const resolved = (look: Look) => resources.map((resource) => resolveResource(resource, look, secrets, hashKey));
  let wished = resolved(lookAt(live));
  const rows = new Map(
    (await planRows(gathered, { wished, removed: owned(removed, lastWishes), imports }, signal)).map((row) => [row.id, row]),
  );
  for (;;) {
    const result = decide(gathered, [...rows.values()]);
    const look = lookAhead(result.plan, { wished, live, rows });
    const next = resolved(look);
    const anew = next.filter((resource, i) => !equalJson(resource.attributes, wished[i]?.attributes));
    if (anew.length === 0) {
      const carried = carriedSecretsIn(result.plan, resources, { look, secrets, world });
      return { ...result, problems: [...result.problems, ...carried] };
    }
    wished = next;
    const beside = next.filter((resource) => !anew.includes(resource));
    for (const row of await planRows(gathered, { wished: anew, beside, removed: [], imports }, signal)) rows.set(row.id, row);
  }
}

function decide({ request, session, secrets, edges, world }: Gathered, rows: readonly PlannedRow[]): PlanResult {
  const { kind, spec, sources, options } = request;
  return makePlan({
    kind,
    spec,
    sources,
    record: session.record,
    identities: Object.fromEntries([...session.connections].map(([name, connection]) => [name, connection.identity])),
    planned: hideSecrets(request.missingSecrets ? withoutUnread(rows, spec, secrets) : rows, { spec, mask: secrets.mask, world }),
    edges,
    unreachable: new Set(session.unreachable.keys()),
    ...(options ? { options } : {}),
  });
}

interface ToPlan {
  readonly wished: readonly Resource[];
  readonly beside?: readonly Resource[];
  readonly removed: readonly (OwnedResource & { readonly target: string })[];
  readonly imports: readonly PartImport[];
}

async function planRows(
  { session, world }: Pick<Gathered, 'session' | 'world'>,
  { wished, beside = [], removed, imports }: ToPlan,
  signal: AbortSignal,
): Promise<readonly PlannedRow[]> {
  const stack = stackName(session.spec);
  const rows = await Promise.all(
    [...session.connections].map(([target, connection]) => {
      const request = {
        stack,
        wished: wished.filter((resource) => resource.target === target),
        ...(beside.length > 0 ? { beside: beside.filter((resource) => resource.target === target) } : {}),
        removed: removed.filter((entry) => entry.target === target),
        ...(imports.length > 0 ? { imports } : {}),
      };
      if (request.wished.length + request.removed.length === 0) return [];
      return withinPlanLimit(session.spec, world, signal, (until) => connection.plan(request, until));
    }),
  );
  return rows.flat();
}

function owned(
  removed: readonly InventoryEntry[],
  lastWishes: Preview['lastWishes'],
): readonly (OwnedResource & { readonly target: string })[] {
  return removed.map(({ id, target, type, uid, onRemoval }) => {
    const attributes = lastWishes.get(id)?.attributes;
    return {
      id,
      target,
      type,
      ...(uid === undefined ? {} : { uid }),
      ...(onRemoval === undefined ? {} : { onRemoval }),
      ...(attributes === undefined ? {} : { attributes }),
    };
  });
}

/** What waits for what in a Spec: as written, and as follows from what its resources refer to. Edges that would close a cycle have given way. */
export function edgesFor(spec: Spec, world: Pick<World, 'runtimes'>): readonly DependencyEdge[] {
  const derived = Object.entries(world.runtimes).flatMap(([name, runtime]) => [
    ...runtime.references(spec.resources.filter((resource) => resource.runtime === name)),
  ]);
  const edges = edgesOf(spec.resources, new Map(derived));
  return withoutDropped(
    edges,
    arrange(
      spec.resources.map((resource) => resource.id),
      edges,
    ),
  );
}

/** All that is wrong with a Spec as far as it can be seen without any target: what every preview begins with. `edges` are those of `edgesFor`. */
export function checkOffline(
  { spec, sources }: SynthOutput,
  edges: readonly DependencyEdge[],
  world: Pick<World, 'runtimes'>,
): readonly Problem[] {
  const problems = [...checkSpec(spec, sources, edges), ...(spec.version === specVersion ? checkByRuntimes(spec, world) : [])];
  return problems.map((problem) => withSource(problem, sources));
}

function checkByRuntimes(spec: Spec, world: Pick<World, 'runtimes'>): readonly Problem[] {
  return Object.entries(world.runtimes).flatMap(([name, runtime]) =>
    runtime.check(spec.resources.filter((resource) => resource.runtime === name)),
  );
}

const verbsOf: { readonly [action in Action]: readonly ('create' | 'patch' | 'delete')[] } = {
  create: ['create'],
  update: ['patch'],
  adopt: ['patch'],
  replace: ['delete', 'create'],
  delete: ['delete'],
  abandon: ['patch'],
  keep: [],
  forget: [],
  skip: [],
};

async function missingPermissions(plan: Plan, session: Session, signal: AbortSignal): Promise<readonly Problem[]> {
  const found = await Promise.all(
    [...session.connections].map(([target, connection]) => {
      const rows = plan.steps.flatMap((step) =>
        step.target === target ? verbsOf[step.action].map((verb) => ({ resource: step.id, type: step.type, verb })) : [],
      );
      return rows.length > 0 ? connection.missingPermissions(rows, signal) : [];
    }),
  );
  return found.flat();
}
