// Gathers all that a plan needs, changes nothing, and lets core decide.
import {
  arrange,
  checkSpec,
  type DependencyEdge,
  edgesOf,
  type FieldChange,
  isError,
  isKonfigError,
  makePlan,
  type Path,
  type Plan,
  type PlannedRow,
  type PlanOptions,
  type Problem,
  pathText,
  problemsOf,
  type Resource,
  removedEntries,
  type SourceTable,
  type Spec,
  secretsIn,
  specDigest,
  stackName,
  withoutDropped,
} from '@konfig/core';
import { type LiveValues, newHashKey, readReferred, readSecrets, resolveResource, type Secrets } from './resolve';
import { openSession, type Session } from './session';
import type { World } from './world';

export interface PreviewRequest {
  readonly kind: 'apply' | 'destroy';
  readonly spec: Spec;
  readonly sources: SourceTable;
  readonly options?: PlanOptions;
}

/** A plan, with all that is needed to carry it out. `plan` is missing where problems stood in the way of making one. */
export interface Preview {
  readonly request: PreviewRequest;
  readonly plan?: Plan;
  /** With severity `error`: the plan must not be applied. */
  readonly problems: readonly Problem[];
  readonly session?: Session;
  readonly secrets: Secrets;
  readonly live: LiveValues;
  readonly hashKey: string;
  /** Frees the connections. `apply` does it itself. */
  close(): Promise<void>;
}

/** verify → arrange → plan. Never throws for what a user can mend: that comes back as problems. */
export async function preview(request: PreviewRequest, world: World, signal: AbortSignal): Promise<Preview> {
  const { spec, sources } = request;
  const edges = edgesFor(spec, world);
  const secrets = request.kind === 'apply' ? readSecrets(spec, sources, world) : { ...readSecrets(spec, sources, world), problems: [] };
  const found: Problem[] = [...checkSpec(spec, sources, edges), ...checkByRuntimes(spec, world), ...secrets.problems];
  const without = (problems: readonly Problem[]): Preview => ({
    request,
    problems,
    secrets,
    live: new Map(),
    hashKey: '',
    close: async () => {},
  });
  if (found.some(isError)) return without(found);
  let session: Session;
  try {
    session = await openSession(spec, world, signal);
  } catch (error) {
    return without([...found, ...placed(problemsOf(error, 'open the targets'), secrets)]);
  }
  try {
    return await gather(request, session, edges, secrets, found, signal);
  } catch (error) {
    await session.close();
    if (!isKonfigError(error)) throw error;
    return without([...found, ...placed(error.problems, secrets)]);
  }
}

async function gather(
  request: PreviewRequest,
  session: Session,
  edges: readonly DependencyEdge[],
  secrets: Secrets,
  found: readonly Problem[],
  signal: AbortSignal,
): Promise<Preview> {
  const { spec, sources, kind } = request;
  const hashKey = session.record?.hashKey ?? newHashKey();
  const live = kind === 'apply' ? await readReferred(spec, session.connections, signal) : new Map();
  const removed = removedEntries({ kind, spec, record: session.record });
  const wished = kind === 'apply' ? spec.resources.map((resource) => resolveResource(resource, live, secrets, hashKey)) : [];
  const rows = await Promise.all(
    [...session.connections].map(([target, connection]) =>
      connection.plan(
        {
          stack: stackName(spec),
          wished: wished.filter((resource) => resource.target === target),
          removed: removed
            .filter((entry) => entry.target === target)
            .map(({ id, type, uid }) => (uid === undefined ? { id, type } : { id, type, uid })),
        },
        signal,
      ),
    ),
  );
  const identities = Object.fromEntries([...session.connections].map(([name, connection]) => [name, connection.identity]));
  const { plan, problems } = makePlan({
    kind,
    spec,
    sources,
    record: session.record,
    identities,
    planned: hideSecrets(rows.flat(), spec, secrets),
    edges,
    ...(request.options ? { options: request.options } : {}),
  });
  const missing = await missingPermissions(plan, session, signal);
  return {
    request,
    plan,
    problems: placed([...found, ...problems, ...missing], secrets),
    session,
    secrets,
    live,
    hashKey,
    close: () => session.close(),
  };
}

/** The edges that the plan goes by: those that had to give way to a cycle are gone. */
export function edgesFor(spec: Spec, world: World): readonly DependencyEdge[] {
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

function checkByRuntimes(spec: Spec, world: World): readonly Problem[] {
  return Object.entries(world.runtimes).flatMap(([name, runtime]) =>
    runtime.check(spec.resources.filter((resource) => resource.runtime === name)),
  );
}

async function missingPermissions(plan: Plan, session: Session, signal: AbortSignal): Promise<readonly Problem[]> {
  const verbs = { create: 'create', update: 'patch', adopt: 'patch', replace: 'delete', delete: 'delete' } as const;
  const found = await Promise.all(
    [...session.connections].map(([target, connection]) => {
      const rows = plan.steps.flatMap((step) =>
        step.target === target && step.action in verbs
          ? [{ resource: step.id, type: step.type, verb: verbs[step.action as keyof typeof verbs] }]
          : [],
      );
      return rows.length > 0 ? connection.missingPermissions(rows, signal) : [];
    }),
  );
  return found.flat();
}

/** No secret leaves here: changes under a secret's path lose their values, and what carries the value elsewhere is masked. */
function hideSecrets(rows: readonly PlannedRow[], spec: Spec, secrets: Secrets): readonly PlannedRow[] {
  const paths = new Map(spec.resources.map((resource) => [resource.id, secretPaths(resource)]));
  return rows.map((row) => ({
    ...row,
    changes: row.changes.map((change) => hideChange(change, paths.get(row.id) ?? [], secrets)),
    immutable: row.immutable.map((field) => ({ ...field, message: secrets.mask.text(field.message) })),
    notes: row.notes.map((note) => secrets.mask.text(note)),
  }));
}

function hideChange(change: FieldChange, secretAt: readonly string[], secrets: Secrets): FieldChange {
  const path = pathText(change.path);
  if (change.sensitive || secretAt.some((at) => isWithin(path, at) || isWithin(at, path))) return { path: change.path, sensitive: true };
  return {
    path: change.path,
    ...(change.before === undefined ? {} : { before: secrets.mask.json(change.before) }),
    ...(change.after === undefined ? {} : { after: secrets.mask.json(change.after) }),
  };
}

function isWithin(path: string, parent: string): boolean {
  return path === parent || (path.startsWith(parent) && (path[parent.length] === '.' || path[parent.length] === '['));
}

/** Paths by index, as the Spec writes them, and by name, as rows write them. */
function secretPaths(resource: Resource): readonly string[] {
  return secretsIn(resource.attributes).flatMap(({ path }) => [pathText(path), pathText(byName(resource, path))]);
}

function byName(resource: Resource, path: Path): Path {
  let here: unknown = resource.attributes;
  return path.map((part) => {
    here = (here as Record<string | number, unknown> | undefined)?.[part as string | number];
    const name = (here as { name?: unknown } | undefined)?.name;
    return typeof part === 'number' && typeof name === 'string' ? { name } : part;
  });
}

function placed(problems: readonly Problem[], secrets: Secrets): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, message: secrets.mask.text(problem.message) }));
}

/** Is this still the Spec that the plan was made of? */
export function isPlanOf(plan: Plan, spec: Spec): boolean {
  return plan.specDigest === specDigest(spec);
}
