// How a stack is, told again whenever that changes: what it owns is watched, and its record looked at now and then, since others may apply meanwhile.
import { type Observation, type ResourceId, type Spec, stackName, type Watch } from '@konfig/core';
import { withSession } from './looking';
import { type Looking, type Owned, readOwned, type Status } from './status';
import type { World } from './world';

/** Seconds between two looks at the record. */
const recordEvery = 5;
/** So many of them may fail one after the other: watches survive a server that is away for a while, and so does this. */
const failuresBorne = 6;

/** Tells how a stack is: at once, and whenever it changes. Changes nothing. Settles at the abort; fails when a target or the store can no longer be asked. */
export async function watchStatus(
  spec: Spec,
  { world, onStatus }: { readonly world: World; readonly onStatus: (status: Status) => void },
  signal: AbortSignal,
): Promise<void> {
  const broken = new AbortController();
  const ending = AbortSignal.any([signal, broken.signal]);
  try {
    await withSession(spec, world, ending, async (session, mask) => {
      const follower = follow({ spec, session, mask, world }, { onStatus, onBroken: (why) => broken.abort(why) }, ending);
      await follower.look();
      for (let failures = 0; !ending.aborted; ) {
        await pauseFor(world, recordEvery, ending);
        if (ending.aborted) break;
        failures = await follower.look().then(
          () => 0,
          (error) => {
            if (failures + 1 >= failuresBorne) throw error;
            return failures + 1;
          },
        );
      }
      broken.signal.throwIfAborted();
    });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

interface Follower {
  /** Reads the record, where it is not the one that is known, and follows what is new in it. */
  look(): Promise<void>;
}

interface Listener {
  readonly onStatus: (status: Status) => void;
  /** A watch can no longer tell the truth. */
  readonly onBroken: (why: unknown) => void;
}

function follow(looking: Looking, { onStatus, onBroken }: Listener, signal: AbortSignal): Follower {
  const { spec, session } = looking;
  const seen = new Map<ResourceId, Observation>();
  const watches = new Map<string, Watch>();
  const watched = new Set<ResourceId>();
  let owned: Owned | undefined;
  let hasLooked = false;

  const tell = () => {
    if (!hasLooked || signal.aborted) return;
    const observations = owned?.record.inventory.flatMap(({ id }) => seen.get(id) ?? []) ?? [];
    onStatus(owned?.status(observations) ?? { stack: stackName(spec), observations: [], problems: [] });
  };
  const onChange = (observation: Observation) => {
    seen.set(observation.id, observation);
    tell();
  };
  const watch = async (now: Owned) => {
    for (const [target, connection] of session.connections) {
      const more = now.watchedIn(target).filter(({ id }) => !watched.has(id));
      if (more.length === 0) continue;
      for (const { id } of more) watched.add(id);
      const running = watches.get(target);
      if (running) {
        await running.add(more);
        continue;
      }
      const begun = await connection.watch(more, onChange, signal);
      watches.set(target, begun);
      begun.ended.catch(onBroken);
    }
  };
  return {
    async look() {
      const record = hasLooked ? await session.store.readRecord(stackName(spec)) : session.record;
      const isKnown = hasLooked && record?.lastRelease === owned?.record.lastRelease && !isUnderWay(owned);
      if (isKnown) return;
      owned = record && (await readOwned(record, looking, signal));
      if (owned) await watch(owned);
      hasLooked = true;
      tell();
    },
  };
}

/** Its phase will be another one. */
function isUnderWay(owned: Owned | undefined): boolean {
  return owned?.status([]).lastRelease?.phase === 'applying';
}

/** Settles when the time is over, and at the abort. */
function pauseFor({ clock }: World, seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(seconds * 1000, end);
    signal.addEventListener('abort', end);
  });
}
