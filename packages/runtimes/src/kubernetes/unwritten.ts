// Objects of custom kinds that nobody writes a status for: perhaps their controller does not run, perhaps it never writes one. Only time tells.
import { groupOf } from './address';
import { isBuiltIn } from './built-in';
import { saysNothing } from './health/generic';
import type { KubeObject } from './objects';

/** What is known of the objects of a watch by how long they have been without a status. */
export interface Unwritten {
  /** To be called at each state of a watched object. */
  look(object: KubeObject): void;
}

interface Keep {
  readonly mode: 'once' | 'follow';
  /** In milliseconds. */
  readonly patience: number;
  /** The object as it is now; undefined when it is gone, or another one stands there. */
  now(object: KubeObject): KubeObject | undefined;
  keep(object: KubeObject): void;
}

/** Keeps what has had no status for longer than the patience: of what is followed since it was told, of what is looked at once since it was made. */
export function makeUnwritten({ mode, patience, now, keep }: Keep, signal: AbortSignal): Unwritten {
  const timers = new Map<string, NodeJS.Timeout>();
  const stop = () => {
    for (const timer of timers.values()) clearTimeout(timer);
  };
  signal.addEventListener('abort', stop, { once: true });
  const decide = (object: KubeObject) => {
    const there = now(object);
    if (there && isAwaited(there)) keep(there);
  };
  return {
    look: (object) => {
      const { uid = '', creationTimestamp = '' } = object.metadata;
      if (!isAwaited(object) || timers.has(uid) || signal.aborted) return;
      if (mode === 'follow') timers.set(uid, setTimeout(decide, patience, object).unref());
      else if (Date.now() - Date.parse(creationTimestamp) >= patience) keep(object);
    },
  };
}

function isAwaited(object: KubeObject): boolean {
  return saysNothing(object) && !object.metadata.deletionTimestamp && !isBuiltIn(groupOf(object));
}
