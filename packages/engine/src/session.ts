// One look at the world for one Spec: its targets opened, its record read. Preview makes it; apply goes on with it.
import {
  type Connection,
  KonfigError,
  type Problem,
  problemsOf,
  type ReleaseStore,
  type Spec,
  type StackRecord,
  stackName,
} from '@konfig/core';
import type { World } from './world';

export interface Session {
  readonly spec: Spec;
  readonly connections: ReadonlyMap<string, Connection>;
  readonly store: ReleaseStore;
  readonly record: StackRecord | undefined;
  close(): Promise<void>;
}

/** Opens every target of the Spec side by side and reads the stack's record. Throws all problems at once. */
export async function openSession(spec: Spec, world: World, signal: AbortSignal): Promise<Session> {
  const connections = new Map<string, Connection>();
  const close = async () => {
    await Promise.all([...connections.values()].map((connection) => connection.close()));
  };
  const problems: Problem[] = [];
  await Promise.all(
    Object.entries(spec.targets).map(async ([name, target]) => {
      try {
        const runtime = world.runtimes[target.runtime];
        if (!runtime)
          throw new KonfigError({
            code: 'TARGET_CONFIG',
            message: `Target ${name} is of the runtime ${JSON.stringify(target.runtime)}, which is not there.`,
          });
        connections.set(name, await runtime.connect(name, target, signal));
      } catch (error) {
        problems.push(...problemsOf(error, `open the target ${name}`));
      }
    }),
  );
  try {
    if (problems.length > 0) throw new KonfigError(problems);
    const store = await world.openStore(spec, connections);
    return { spec, connections, store, record: await store.readRecord(stackName(spec)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The open connection of a target that `openSession` has opened. */
export function connectionOf(session: Session, target: string): Connection {
  const connection = session.connections.get(target);
  if (!connection) throw new KonfigError({ code: 'SPEC_TARGET', message: `The target ${target} is not open.` });
  return connection;
}
