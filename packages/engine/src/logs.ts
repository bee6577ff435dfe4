// What the containers of a stack say, from whatever target, with secrets masked.
import {
  type Connection,
  KonfigError,
  type LogLine,
  type LogRequest,
  type Problem,
  problemsOf,
  type ResourceId,
  type Spec,
  stackName,
} from '@konfig/core';
import { readLast } from './last-release';
import { withSession } from './looking';
import { learnHeld, readSecrets } from './secrets';
import type { World } from './world';

/** Which logs of a stack to read. */
export interface LogsWish extends Omit<LogRequest, 'resources'> {
  /** Picks among the ids of what the stack owns. Whoever picks none says so itself. */
  readonly pick: (ids: readonly ResourceId[]) => readonly ResourceId[];
}

/**
 * Reads the logs behind what a stack owns, by its record; the Spec says which targets and store. Ends when all was told, or, with `follow`, when the signal
 * aborts. What is wrong with one target, or with the last release, is told when the others have been read. With `follow`, a target that is lost
 * ends it.
 */
export async function logs(
  spec: Spec,
  { pick, ...part }: LogsWish,
  { world, onLine, signal }: { readonly world: World; readonly onLine: (line: LogLine) => void; readonly signal: AbortSignal },
): Promise<void> {
  await withSession(spec, world, signal, async ({ record, store, connections, unreachable }, mask) => {
    if (!record) {
      const name = stackName(spec);
      throw new KonfigError({ code: 'USAGE', message: `${name} was never applied: nothing of it runs.`, hint: `konfig apply ${name}` });
    }
    const last = await readLast(record, store);
    const told = last.release?.spec ?? spec;
    await readSecrets({ spec: told, sources: {}, mask }, world, signal);
    await learnHeld(told.resources, { mask, connections, world }, signal);
    const picked = new Set(pick(record.inventory.map(({ id }) => id)));
    const entries = record.inventory.filter(({ id }) => picked.has(id));
    const watched = (target: string) => entries.filter((entry) => entry.target === target).map(({ id, type }) => ({ id, type }));
    const tell = (line: LogLine) => onLine({ ...line, text: mask.text(line.text) });
    const reads = [...connections].map(async ([target, connection]: [string, Connection]) => {
      const resources = watched(target);
      if (resources.length > 0) await connection.logs({ ...part, resources }, tell, signal);
    });
    const lost = [...unreachable].filter(([target]) => watched(target).length > 0).flatMap(([, problems]) => problems);
    const broken = await problemsIn(part.follow ? [Promise.all(reads)] : reads);
    if (broken.length > 0) signal.throwIfAborted();
    const problems = [...last.problems, ...lost, ...broken];
    if (problems.length > 0) throw new KonfigError(problems);
  });
}

/** What went wrong with any of these, once all have come to their end. */
async function problemsIn(reads: readonly Promise<unknown>[]): Promise<readonly Problem[]> {
  const ends = await Promise.allSettled(reads);
  return ends.flatMap((end) => (end.status === 'rejected' ? problemsOf(end.reason, 'read the logs') : []));
}
