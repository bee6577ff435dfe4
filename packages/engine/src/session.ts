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
} from '@konfig/core';
import { filledTargets } from './target-secrets';
import type { World } from './world';

/** The targets of a Spec and the store of its stack, open. */
export interface Opened {
  readonly spec: Spec;
  /** Of the targets that could be opened. */
  readonly connections: ReadonlyMap<string, Connection>;
  /** The others, and why each could not be reached. */
  readonly unreachable: ReadonlyMap<string, readonly Problem[]>;
  readonly store: ReleaseStore;
  close(): Promise<void>;
}

export interface Session extends Opened {
  readonly record: StackRecord | undefined;
}

/** Opens the targets of the Spec and its store, and reads the stack's record. `mask` learns what the targets are opened with. */
export async function openSession(spec: Spec, world: World, signal: AbortSignal, mask?: GrowingMask): Promise<Session> {
  const opened = await openStore(spec, world, signal, mask);
  try {
    return { ...opened, record: await opened.store.readRecord(stackName(spec)) };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/**
 * Opens every target of the Spec side by side, and the store. One that cannot be reached stands in nobody's way but those that need it: it fails only
 * where the records lie, or when no target is left. All else that is wrong is thrown at once.
 */
export async function openStore(spec: Spec, world: World, signal: AbortSignal, mask?: GrowingMask): Promise<Opened> {
  const connections = new Map<string, Connection>();
  const unreachable = new Map<string, readonly Problem[]>();
  const close = async () => {
    await Promise.all([...connections.values()].map((connection) => connection.close()));
  };
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
        connections.set(name, await runtime.connect(name, target, signal));
      } catch (error) {
        const found = problemsOf(error, `open the target ${name}`);
        if (found.every((problem) => problem.code === 'TARGET_UNREACHABLE')) unreachable.set(name, found);
        else problems.push(...found);
      }
    }),
  );
  try {
    if (problems.length > 0 || isNeeded(unreachable, spec)) throw new KonfigError([...problems, ...[...unreachable.values()].flat()]);
    const store = await world.openStore(spec, connections);
    return { spec, connections, unreachable, store, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Without its records nothing of a stack can be told, and without any target nothing can be done. */
function isNeeded(unreachable: ReadonlyMap<string, unknown>, { records, targets }: Spec): boolean {
  if (unreachable.size === 0) return false;
  return (records.store === 'kubernetes' && unreachable.has(records.target)) || unreachable.size === Object.keys(targets).length;
}

/** The open connection of a target that `openSession` has opened. */
export function connectionOf(session: Session, target: string): Connection {
  const connection = session.connections.get(target);
  if (!connection) throw new KonfigError({ code: 'SPEC_TARGET', message: `The target ${target} is not open.` });
  return connection;
}
