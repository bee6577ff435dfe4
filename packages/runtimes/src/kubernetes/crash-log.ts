// The last lines of containers that crashed: each crash is read once, few at a time.
import { type Quote, quoteBy } from '../quote';
import { crashesOf } from './health/pod';
import type { KubeObject, Pod } from './objects';
import type { Seen } from './seen';
import type { World } from './world';

export interface CrashLogs {
  /** To be called at each state of an object. */
  look(object: KubeObject): void;
  idle(): Promise<void>;
}

const logsAtOnce = 8;
const logsInAll = 500;
const lastLines = 5;
const mostBytes = 8192;

/** What is read is kept in `seen`. */
export function makeCrashLogs({ client, mask }: Pick<World, 'client' | 'mask'>, seen: Seen, signal: AbortSignal): CrashLogs {
  const quote = quoteBy(mask);
  const asked = new Set<string>();
  const running = new Set<Promise<void>>();
  const read = async (object: Pod, container: string, restarts: number) => {
    const logs = `/api/v1/namespaces/${object.metadata.namespace}/pods/${object.metadata.name}/log`;
    const ask = async (previous: object) => {
      const query = new URLSearchParams({ container, tailLines: String(lastLines), limitBytes: String(mostBytes), ...previous });
      return client.text(`${logs}?${query}`, signal).catch(() => undefined);
    };
    // The crashed container may be gone already, or not be the previous one yet.
    const text = (restarts > 0 ? await ask({ previous: 'true' }) : undefined) ?? (await ask({})) ?? '';
    const lines = linesIn(text, quote);
    if (lines.length > 0) seen.keepLog(object, container, lines.slice(-lastLines));
  };
  return {
    look: (object) => {
      if (object.kind !== 'Pod') return;
      for (const { container, restarts } of crashesOf(object as Pod)) {
        const key = `${object.metadata.uid}/${container}/${restarts}`;
        if (asked.has(key) || running.size >= logsAtOnce || asked.size >= logsInAll) continue;
        asked.add(key);
        const reading: Promise<void> = read(object as Pod, container, restarts).finally(() => running.delete(reading));
        running.add(reading);
      }
    },
    idle: async () => {
      await Promise.all(running);
    },
  };
}

/** Where the server cut it off, the last line is told only if it is all there is: of a secret at the cut, a part would be left. */
function linesIn(text: string, quote: Quote): readonly string[] {
  const lines = text.split('\n');
  const isCut = Buffer.byteLength(text) >= mostBytes;
  const told = !isCut ? lines : lines.length > 1 ? lines.slice(0, -1) : [`${text}…`];
  return told.map((line) => quote(line, 300)).filter(Boolean);
}
