// What the containers of a stack say, from whatever target, with secrets masked.
import {
  type Connection,
  KonfigError,
  type LogLine,
  type LogRequest,
  type ResourceId,
  type Spec,
  stackName,
  type Watched,
} from '@konfig/core';
import { learnHeld, readSecrets } from './secrets';
import { openSession } from './session';
import type { World } from './world';

/** Which logs of a stack to read. */
export interface LogsWish extends Omit<LogRequest, 'resources'> {
  /** Picks among the ids of what the stack owns. Whoever picks none says so itself. */
  readonly pick: (ids: readonly ResourceId[]) => readonly ResourceId[];
}

/**
 * Reads the logs behind what a stack owns, by its record; the Spec says which targets and store. Ends when all was told, or, with `follow`, when the signal
 * aborts. A target that cannot be reached is told by its problems when the others have been read.
 */
export async function logs(
  spec: Spec,
  { pick, ...part }: LogsWish,
  { world, onLine, signal }: { readonly world: World; readonly onLine: (line: LogLine) => void; readonly signal: AbortSignal },
): Promise<void> {
  const session = await openSession(spec, world, signal);
  try {
    const { record, store } = session;
    if (!record) {
      const name = stackName(spec);
      throw new KonfigError({ code: 'USAGE', message: `${name} was never applied: nothing of it runs.`, hint: `konfig apply ${name}` });
    }
    const release = await store.readRelease(record.stack, record.lastRelease);
    const told = release?.spec ?? spec;
    const secrets = await readSecrets({ spec: told, sources: {} }, world, signal);
    await learnHeld(told.resources, { secrets, connections: session.connections, world }, signal);
    const picked = new Set(pick(record.inventory.map(({ id }) => id)));
    const entries = record.inventory.filter(({ id }) => picked.has(id));
    const watched = (target: string): readonly Watched[] =>
      entries.filter((entry) => entry.target === target).map(({ id, type }) => ({ id, type, ...attributesOf(release?.spec, id) }));
    const tell = (line: LogLine) => onLine({ ...line, text: secrets.mask.text(line.text) });
    await Promise.all(
      [...session.connections].map(([target, connection]: [string, Connection]) => {
        const resources = watched(target);
        return resources.length === 0 ? undefined : connection.logs({ ...part, resources }, tell, signal);
      }),
    );
    const lost = [...session.unreachable].filter(([target]) => watched(target).length > 0).flatMap(([, problems]) => problems);
    if (lost.length > 0) throw new KonfigError(lost);
  } finally {
    await session.close();
  }
}

function attributesOf(spec: Spec | undefined, id: ResourceId): Pick<Watched, 'attributes'> {
  const attributes = spec?.resources.find((resource) => resource.id === id)?.attributes;
  return attributes ? { attributes } : {};
}
