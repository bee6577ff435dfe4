// One look at the world for one Spec: its targets opened, its record read. Preview makes it; apply goes on with it.
import {
  type Connection,
  type GrowingMask,
  KonfigError,
  type Problem,
  problemsOf,
  type ReleaseStore,
  type Spec,
  type StackRecord,
  stackName,
  type Target,
} from '@konfig/core';
import { keeperOf, type StackKeeper } from './keeper';
import { releasesBack } from './releases-back';
import { filledRecords, filledTargets } from './target-secrets';
import type { World } from './world';

/** The targets of a Spec and the store of its stack, open. */
export interface Opened {
  readonly spec: Spec;
  /** Of the targets that could be opened. */
  readonly connections: ReadonlyMap<string, Connection>;
  /** The others, and why each could not be reached. */
  readonly unreachable: ReadonlyMap<string, readonly Problem[]>;
  readonly store: ReleaseStore;
  readonly keeper: StackKeeper;
  close(): Promise<void>;
}

export interface Session extends Opened {
  readonly record: StackRecord | undefined;
}

/**
 * Opens the targets that the stack goes to or has something in, and its store, and reads the stack's record. What the workspace names besides is let alone: a
 * stack that does not use it must not need it. `mask` learns what the targets are opened with, and what they come to know later.
 */
export async function openSession(spec: Spec, world: World, signal: AbortSignal, mask: GrowingMask): Promise<Session> {
  const opened = await openStore(spec, world, signal, mask);
  const { store, connections, unreachable, keeper } = opened;
  try {
    const record = await store.readRecord(stackName(spec));
    keeper.know(record);
    const owned = new Set(record?.inventory.map(({ target }) => target));
    const more = [...owned].filter((name) => !connections.has(name) && !unreachable.has(name));
    const targets = { ...(await lastTargets(more, { spec, store, record, world })), ...spec.targets };
    const found = await openTargets(only({ ...spec, targets }, more), world, signal, mask);
    for (const [name, connection] of found.connections) {
      connection.attach?.(keeper);
      connections.set(name, connection);
    }
    for (const [name, problems] of found.unreachable) unreachable.set(name, problems);
    if (found.problems.length > 0) throw new KonfigError(found.problems);
    return { ...opened, record };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

interface Recorded {
  readonly spec: Spec;
  readonly store: ReleaseStore;
  readonly record: StackRecord | undefined;
  readonly world: World;
}

/**
 * Those that the workspace does not have any more, as the last release that had them did: where all that is needed to delete is in the releases, the target is too. A
 * cluster must be named by the workspace: only people know whether it is still that one.
 */
async function lastTargets(names: readonly string[], { spec, store, record, world }: Recorded): Promise<Spec['targets']> {
  const gone = new Set(names.filter((name) => !Object.hasOwn(spec.targets, name)));
  const found: { [name: string]: Target } = {};
  if (gone.size === 0) return found;
  for await (const release of releasesBack(store, record)) {
    for (const [name, target] of Object.entries(release.spec.targets)) {
      if (gone.delete(name) && world.runtimes[target.runtime]?.needsLastWish) found[name] = target;
    }
    if (gone.size === 0) break;
  }
  return found;
}

interface OpenStore extends Opened {
  readonly connections: Map<string, Connection>;
  readonly unreachable: Map<string, readonly Problem[]>;
}

/**
 * Opens the targets that the Spec uses side by side, and the store. One that cannot be reached stands in nobody's way but those that need it: it fails only
 * where the records lie, or when no target is left. All else that is wrong is thrown at once.
 */
export async function openStore(spec: Spec, world: World, signal: AbortSignal, mask: GrowingMask): Promise<OpenStore> {
  const used = new Set(spec.resources.map(({ target }) => target));
  if (spec.records.store === 'kubernetes') used.add(spec.records.target);
  // A stack of nothing yet will go there: better told now than with its first object.
  if (used.size === 0) used.add('main');
  const { connections, unreachable, problems } = await openTargets(only(spec, [...used]), world, signal, mask);
  const close = async () => {
    await Promise.all([...connections.values()].map((connection) => connection.close()));
  };
  try {
    if (problems.length > 0 || isNeeded(unreachable, connections, spec))
      throw new KonfigError([...problems, ...[...unreachable.values()].flat()]);
    const store = await world.openStore({ ...spec, records: await filledRecords(spec, world, signal, mask) }, connections);
    const keeper = keeperOf(store, stackName(spec));
    for (const connection of connections.values()) connection.attach?.(keeper);
    return { spec, connections, unreachable, store, keeper, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function only(spec: Spec, names: readonly string[]): Spec {
  return { ...spec, targets: Object.fromEntries(Object.entries(spec.targets).filter(([name]) => names.includes(name))) };
}

interface OpenTargets {
  readonly connections: Map<string, Connection>;
  readonly unreachable: Map<string, readonly Problem[]>;
  readonly problems: readonly Problem[];
}

async function openTargets(spec: Spec, world: World, signal: AbortSignal, mask: GrowingMask): Promise<OpenTargets> {
  const connections = new Map<string, Connection>();
  const unreachable = new Map<string, readonly Problem[]>();
  const { targets, problems: missing } = await filledTargets(spec, world, signal, mask);
  const problems: Problem[] = [...missing];
  await Promise.all(
    Object.entries(targets).map(async ([name, target]) => {
      try {
        const runtime = world.runtimes[target.runtime];
        if (!runtime)
          throw new KonfigError({
            code: 'TARGET_CONFIG',
            message: `Target ${name} is of the runtime ${JSON.stringify(target.runtime)}, which is not there.`,
          });
        const connection = await runtime.connect(name, target, signal);
        connection.maskWith?.(mask);
        connections.set(name, connection);
      } catch (error) {
        const found = problemsOf(error, `open the target ${name}`);
        if (found.every((problem) => problem.code === 'TARGET_UNREACHABLE')) unreachable.set(name, found);
        else problems.push(...found);
      }
    }),
  );
  return { connections, unreachable, problems };
}

/** Without its records nothing of a stack can be told, and without any target nothing can be done. */
function isNeeded(unreachable: ReadonlyMap<string, unknown>, connections: ReadonlyMap<string, unknown>, { records }: Spec): boolean {
  if (unreachable.size === 0) return false;
  return (records.store === 'kubernetes' && unreachable.has(records.target)) || connections.size === 0;
}

/** The open connection of a target that `openSession` has opened. */
export function connectionOf(session: Session, target: string): Connection {
  const connection = session.connections.get(target);
  if (!connection) throw new KonfigError({ code: 'SPEC_TARGET', message: `The target ${target} is not open.` });
  return connection;
}
