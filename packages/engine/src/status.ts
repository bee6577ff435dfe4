// How a stack is now: its last release, and everything it owns as the world has it.
import {
  type Connection,
  type GrowingMask,
  type InventoryEntry,
  isDamage,
  KonfigError,
  type Observation,
  type Problem,
  type ReleaseList,
  type ReleaseStore,
  type ReleaseSummary,
  releaseName,
  type Spec,
  type StackRecord,
  stackName,
  summaryOf,
  type Watched,
} from '@konfig/core';
import { missingRelease, readLast } from './last-release';
import { withSession, withStore } from './looking';
import { maskObservation, maskProblems } from './masking';
import { learnHeld, readSecrets } from './secrets';
import type { Session } from './session';
import type { World } from './world';

/** A stack as it is now: its last release, and what it owns. */
export interface Status {
  readonly stack: string;
  /** Undefined: never applied. */
  readonly lastRelease?: ReleaseSummary;
  /** One for each resource of the inventory; no secrets in them. */
  readonly observations: readonly Observation[];
  /** Targets that cannot be reached, and records that cannot be read. */
  readonly problems: readonly Problem[];
}

/** Looks at everything that a stack owns; changes nothing. The Spec says which targets and store; what is looked at comes from the inventory. */
export async function status(spec: Spec, world: World, signal: AbortSignal): Promise<Status> {
  return withSession(spec, world, signal, async (session, mask) => {
    const { record, connections } = session;
    if (!record) return { stack: stackName(spec), observations: [], problems: [] };
    const owned = await readOwned(record, { spec, session, mask, world }, signal);
    const seen = await Promise.all(
      [...connections].map(([target, connection]: [string, Connection]) => connection.observe(owned.watchedIn(target), signal)),
    );
    return owned.status(seen.flat());
  });
}

/** What is needed to say how a stack is. */
export interface Looking {
  readonly spec: Spec;
  readonly session: Session;
  readonly mask: GrowingMask;
  readonly world: World;
}

/** What a stack owns, as its record has it at one time. */
export interface Owned {
  readonly record: StackRecord;
  watchedIn(target: string): readonly Watched[];
  /** How it is by these observations, in the order of the inventory; without secrets. */
  status(seen: readonly Observation[]): Status;
}

/** Reads the last release of a record, and what must not be shown of its resources. */
export async function readOwned(record: StackRecord, { spec, session, mask, world }: Looking, signal: AbortSignal): Promise<Owned> {
  const { store, connections } = session;
  const last = await readLast(record, store);
  const summary = last.summary && (await truthful(last.summary, record.stack, store));
  // A log line may hold a secret, also one whose source is out of reach: then the system that holds it is asked.
  const told = last.release?.spec ?? spec;
  await readSecrets({ spec: told, sources: {}, mask }, world, signal);
  await learnHeld(told.resources, { mask, connections, world }, signal);
  const wished = new Map((last.release?.spec.resources ?? []).map(({ id, attributes }) => [id, attributes]));
  const entries = new Map(record.inventory.map((entry) => [entry.id, entry]));
  return {
    record,
    watchedIn: (target) =>
      record.inventory
        .filter((entry) => entry.target === target)
        .map(({ id, type }) => {
          const attributes = wished.get(id);
          return { id, type, isLookedAt: true, ...(attributes ? { attributes } : {}) };
        }),
    status(seen) {
      const observations = [...seen.map((one) => asTask(one, entries.get(one.id))), ...outOfReach(record, session)];
      return {
        stack: record.stack,
        ...(summary ? { lastRelease: summary } : {}),
        observations: observations.map((one) => maskObservation(one, mask)),
        problems: maskProblems([...last.problems, ...[...session.unreachable.values()].flat()], { mask }),
      };
    },
  };
}

/** A task that has succeeded may be gone: what it did is done. */
function asTask(seen: Observation, entry: InventoryEntry | undefined): Observation {
  return !seen.exists && entry?.ran !== undefined ? { ...seen, health: 'ready', message: 'has run; its object is gone' } : seen;
}

function outOfReach({ inventory }: StackRecord, { unreachable }: Session): readonly Observation[] {
  return inventory
    .filter((entry) => unreachable.has(entry.target))
    .map(({ id }) => ({ id, exists: true, health: 'unknown', message: 'its target cannot be reached', findings: [], related: [] }));
}

/** The releases that the store has of a stack, newest first, and what of its records is damaged or missing. */
export async function history(spec: Spec, world: World, signal: AbortSignal): Promise<ReleaseList> {
  const stack = stackName(spec);
  return withStore(spec, world, signal, async ({ store }) => {
    const [{ releases, problems }, record] = await Promise.all([store.listReleases(stack), readOrTell(store, stack)]);
    return {
      releases: await Promise.all(releases.map((release, i) => (i === 0 ? truthful(release, stack, store) : overtaken(release)))),
      problems: [...problems, ...lostBetween(record, { releases, problems }, store)],
    };
  });
}

/** What the list does not say: that the record itself is damaged, or knows of a last release that is not there. */
function lostBetween(record: StackRecord | undefined | KonfigError, list: ReleaseList, store: ReleaseStore): readonly Problem[] {
  if (record instanceof KonfigError) return record.problems.filter((one) => !list.problems.some((known) => known.message === one.message));
  if (!record || list.releases.some(({ number }) => number === record.lastRelease)) return [];
  const name = releaseName(record.stack, record.lastRelease);
  return list.problems.some(({ at }) => at === name) ? [] : missingRelease(record, store).problems;
}

async function readOrTell(store: ReleaseStore, stack: string): Promise<StackRecord | undefined | KonfigError> {
  try {
    return await store.readRecord(stack);
  } catch (error) {
    if (isDamage(error)) return error;
    throw error;
  }
}

/**
 * A run that died could not say so: its release says «applying», and nobody holds the lock. A run frees its lock when its last phase is saved: whoever looks at the
 * lock first and at the release then never takes an end for a death.
 */
async function truthful(release: ReleaseSummary, stack: string, store: ReleaseStore): Promise<ReleaseSummary> {
  if (release.phase !== 'applying') return release;
  const holder = await store.holder(stack);
  const now = await withJournal(release, stack, store);
  return holder || now.phase !== 'applying' ? now : { ...now, phase: 'interrupted' };
}

/** Its list entry is of its beginning: what was done since stands in its journal. */
async function withJournal(release: ReleaseSummary, stack: string, store: ReleaseStore): Promise<ReleaseSummary> {
  try {
    const whole = await store.readRelease(stack, release.number);
    return whole ? summaryOf(whole) : release;
  } catch (error) {
    if (isDamage(error)) return release;
    throw error;
  }
}

/** Others came after it: whoever it was, it works no more. */
function overtaken(release: ReleaseSummary): ReleaseSummary {
  return release.phase === 'applying' ? { ...release, phase: 'interrupted' } : release;
}
