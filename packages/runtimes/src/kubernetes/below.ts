// What hangs from custom resources, whose kinds nobody knows beforehand: what one names is followed by its name, what has it as an owner is searched for (owned.ts).
import { type Address, addressOfObject, groupOf, placeOf } from './address';
import { isBuiltIn } from './built-in';
import type { KubeObject } from './objects';
import { type Following, makeOwnedSearch } from './owned';
import { referredBy } from './referred';
import type { World } from './world';

/** What hangs from objects that are watched, found as they are told of. */
export interface Below {
  /** To be called at each state of an object. */
  look(object: KubeObject): void;
  /** Settles when all that is being looked up has been. */
  idle(): Promise<void>;
}

/** References are gone along so far: from a claim to what it is composed of, and on to those. */
const deepest = 3;
const mostNamed = 200;

export function makeBelow(world: World, following: Following, signal: AbortSignal): Below {
  const search = makeOwnedSearch(world, following, signal);
  const depths = new Map<string, number>();
  const running = new Set<Promise<void>>();

  const track = (work: Promise<void>) => {
    // Without the right to read something we say less, but what we say stays true.
    const quiet: Promise<void> = work.catch(() => undefined).finally(() => running.delete(quiet));
    running.add(quiet);
  };
  const followNamed = async (address: Address, depth: number) => {
    const served = await world.discovery.findNearest(address, signal);
    if (!served?.verbs.includes('watch')) return;
    const { namespace, ...bare } = address;
    const here: Address = served.namespaced && namespace !== undefined ? { ...bare, namespace } : bare;
    const place = placeOf(here);
    if (following.isWatched(place)) return;
    depths.set(place, depth);
    await following.follow({ served, namespace: here.namespace, name: here.name });
    const there = following.get(place);
    if (there) look(there);
  };
  const look = (object: KubeObject) => {
    const place = placeOf(addressOfObject(object));
    const depth = following.isWatched(place) ? 0 : (depths.get(place) ?? deepest);
    if (depth === 0 && object.metadata.namespace !== undefined && !isBuiltIn(groupOf(object))) track(search.start(object, place));
    if (depth >= deepest) return;
    for (const named of referredBy(object)) {
      const key = placeOf(named);
      if (depths.has(key) || depths.size >= mostNamed) continue;
      depths.set(key, depth + 1);
      track(followNamed(named, depth + 1));
    }
  };
  return {
    look,
    idle: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
