// What a service remembers of its resources, and the same in memory.
import type { Health } from './health';
import type { JsonObject } from './json';

/** A resource as the service remembers it. */
export interface StoredResource {
  readonly type: string;
  readonly name: string;
  /** Another one when it was deleted and made anew. */
  readonly uid: string;
  /** Counts every change of anything. */
  readonly version: number;
  /** Counts the changes of its config. */
  readonly generation: number;
  /** Undefined: nobody says that it is theirs. */
  readonly owner?: string;
  /** Without what is `writeOnly`. */
  readonly config: JsonObject;
  /** Salted digests of what is `writeOnly`, by JSON pointer: enough to tell whether it is still the same. */
  readonly digests: { readonly [pointer: string]: string };
  readonly outputs: JsonObject;
  readonly secrets: JsonObject;
  readonly health: Health;
  /** `making`: `create` was called and has not come back yet. */
  readonly state: 'making' | 'there' | 'deleting';
}

/** A change of a resource, in the order in which they came. */
export interface Change {
  readonly at: number;
  readonly type: string;
  readonly name: string;
  readonly uid: string;
  /** As it was then; undefined: it is gone. */
  readonly resource?: StoredResource;
}

/** Which resources to list. */
export interface Listing {
  readonly type?: string;
  readonly owner?: string;
  /** `<type>/<name>` of the last one of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/** An answer that was given to an idempotency key. */
export interface Remembered {
  /** Of what was asked: the same key with another wish is an error of the caller. */
  readonly wish: string;
  /** Of the resource that was made or changed. */
  readonly uid: string;
}

/** Where a service remembers. Write one for your database, or use {@link memoryStore} or `postgresStore`. */
export interface Store {
  get(type: string, name: string): Promise<StoredResource | undefined>;
  /** Ordered by type and name. */
  list(listing: Listing): Promise<readonly StoredResource[]>;
  /** Writes it, and notes the change. */
  put(resource: StoredResource): Promise<void>;
  /** Removes it, and notes the change. */
  remove(resource: StoredResource): Promise<void>;
  /** What was answered to this key within the last day. */
  recall(key: string): Promise<Remembered | undefined>;
  remember(key: string, answer: Remembered): Promise<void>;
  /** The number of the last change, 0 for none. */
  lastChange(): Promise<number>;
  /** Changes after this one, at most 1000; undefined where some of them are forgotten. */
  changesAfter(at: number): Promise<readonly Change[] | undefined>;
  /** Runs the work while nobody else, in no other process either, works on the same resource. */
  exclusive<T>(key: string, work: () => Promise<T>): Promise<T>;
}

const longestLog = 10_000;
const page = 1000;

/** Forgets everything when the process ends: for tests, and for services that keep nothing themselves. */
export function memoryStore(): Store {
  const resources = new Map<string, StoredResource>();
  const answers = new Map<string, Remembered>();
  const running = new Map<string, Promise<unknown>>();
  let log: Change[] = [];
  let count = 0;
  const keyOf = (one: Pick<StoredResource, 'type' | 'name'>) => `${one.type}/${one.name}`;
  const note = (change: Omit<Change, 'at'>) => {
    log.push({ ...change, at: ++count });
    if (log.length > 2 * longestLog) log = log.slice(-longestLog);
  };
  return {
    get: async (type, name) => resources.get(keyOf({ type, name })),
    list: async ({ type, owner, after = '', limit }) =>
      [...resources.values()]
        .filter((one) => (type === undefined || one.type === type) && (owner === undefined || one.owner === owner) && keyOf(one) > after)
        .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
        .slice(0, limit),
    async put(resource) {
      resources.set(keyOf(resource), resource);
      const { type, name, uid } = resource;
      note({ type, name, uid, resource });
    },
    async remove({ type, name, uid }) {
      resources.delete(keyOf({ type, name }));
      note({ type, name, uid });
    },
    recall: async (key) => answers.get(key),
    async remember(key, answer) {
      answers.set(key, answer);
      if (answers.size > longestLog) answers.delete(answers.keys().next().value as string);
    },
    lastChange: async () => count,
    async changesAfter(at) {
      const first = log[0]?.at ?? count + 1;
      return at > count || at < first - 1 ? undefined : log.filter((change) => change.at > at).slice(0, page);
    },
    exclusive<T>(key: string, work: () => Promise<T>): Promise<T> {
      const run = (running.get(key) ?? Promise.resolve()).then(work, work);
      const settled = run.catch(() => undefined);
      running.set(key, settled);
      void settled.then(() => running.get(key) === settled && running.delete(key));
      return run;
    },
  };
}
