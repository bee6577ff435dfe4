// What runtimes keep in the store of releases: readable at any time, writable while this operation holds the stack's lock.
import {
  type InventoryEntry,
  isKonfigError,
  type Keeper,
  type Kept,
  type KeptStamp,
  KonfigError,
  type Lock,
  lockLost,
  type Problem,
  type ReleaseStore,
  type ResourceId,
  type StackRecord,
  shortId,
  unreadKept,
} from '@konfig/core';
import { nextStamp, readStamped, restoredStamp, stampedBytes, stampProblem } from './kept-stamp';

/** Hears of each write, and of each removal before it is done (null). */
export type KeptListener = (id: ResourceId, kept: KeptStamp | null) => Promise<void>;

/** The keeper of one stack. */
export interface StackKeeper extends Keeper {
  /** From now on it may be written, until it is called with nothing. */
  hold(lock: Lock | undefined): void;
  listen(listener: KeptListener): void;
  /** What is to be there, as the releases say. */
  know(record: StackRecord | undefined): void;
  /** Of these, ids or short ids, what is there will do. What there was to accept is in `accepted`, as warnings. */
  accept(names: readonly string[]): void;
  readonly accepted: readonly Problem[];
  /** As `hold`; what is written now counts as what the releases tell of, whatever has become of that. */
  restore(lock: Lock): void;
  /** What is there and was found to be unreadable, where that was accepted. */
  readonly givenUp: ReadonlySet<ResourceId>;
  /** Puts aside what was given up of these; tells where it lies. */
  putAside(ids: ReadonlySet<ResourceId>): Promise<ReadonlyMap<ResourceId, string>>;
}

export function keeperOf(store: ReleaseStore, stack: string): StackKeeper {
  let lock: Lock | undefined;
  let isRestoring = false;
  let tell: KeptListener = async () => {};
  let lenient: readonly string[] = [];
  const expected = new Map<ResourceId, InventoryEntry['kept']>();
  const accepted = new Map<ResourceId, Problem>();
  const givenUp = new Set<ResourceId>();
  const held = () => {
    if (!lock) throw lockLost(stack);
    return lock;
  };
  const isLenient = (id: ResourceId) => lenient.includes(id) || lenient.includes(shortId(id));
  const check = (id: ResourceId, found: KeptStamp | undefined) => {
    const kept = expected.get(id);
    const problem = stampProblem(found, { entry: { id, ...(kept ? { kept } : {}) }, stack, place: store.description });
    if (!problem) return;
    if (!isLenient(id)) throw new KonfigError(problem);
    accepted.set(id, { ...problem, severity: 'warning' });
  };
  const isGivenUp = (id: ResourceId, { problems: [problem] }: KonfigError) => {
    if (!problem || !isLenient(id)) return false;
    accepted.set(id, { ...problem, severity: 'warning' });
    givenUp.add(id);
    return true;
  };
  const readRaw = async (id: ResourceId) => {
    const found = await readStored(store, stack, id);
    return found && { ...found, ...readStamped(id, found.bytes) };
  };
  return {
    stack,
    async read(id) {
      try {
        const found = await readRaw(id);
        check(id, found?.stamp);
        return found && { bytes: found.bytes, version: found.version };
      } catch (error) {
        if (!isCorrupt(error) || !isGivenUp(id, error)) throw error;
        return undefined;
      }
    },
    isGivenUp,
    async write(id, bytes, before) {
      const known = before === undefined ? undefined : await readRaw(id);
      const stamp = (isRestoring ? restoredStamp : nextStamp)(known?.stamp, expected.get(id));
      const version = await store.writeKept(held(), stack, { name: id, bytes: stampedBytes({ stamp, bytes }), before });
      expected.set(id, stamp);
      await tell(id, stamp);
      return version;
    },
    async remove(id, before) {
      held();
      expected.delete(id);
      // Whoever finds nothing there must know by then that it was to go.
      await tell(id, null);
      await store.writeKept(held(), stack, { name: id, bytes: undefined, before });
    },
    get writer() {
      return lock?.holder.who;
    },
    hold(next) {
      lock = next;
      isRestoring = false;
    },
    restore(next) {
      lock = next;
      isRestoring = true;
    },
    givenUp,
    listen(listener) {
      tell = listener;
    },
    know(record) {
      expected.clear();
      for (const { id, kept } of record?.inventory ?? []) if (kept) expected.set(id, kept);
    },
    accept(names) {
      lenient = names;
      givenUp.clear();
    },
    get accepted() {
      return [...accepted.values()];
    },
    async putAside(ids) {
      const places = new Map<ResourceId, string>();
      for (const id of [...givenUp].filter((one) => ids.has(one))) {
        const where = await store.putKeptAside(held(), stack, id);
        if (where !== undefined) places.set(id, where);
        givenUp.delete(id);
      }
      return places;
    },
  };
}

/** What the store itself cannot read is told like all else that cannot be. */
async function readStored(store: ReleaseStore, stack: string, id: ResourceId): Promise<Kept | undefined> {
  try {
    return await store.readKept(stack, id);
  } catch (error) {
    if (!isCorrupt(error)) throw error;
    throw unreadKept(id, { why: error.problems.map(({ message }) => message.replace(/\.$/, '')).join('; '), cause: error });
  }
}

function isCorrupt(error: unknown): error is KonfigError {
  return isKonfigError(error) && error.problems.every(({ code }) => code === 'RECORD_CORRUPT');
}
