// How a stack is now: its last release, and everything it owns as the world has it.
import {
  type Connection,
  type Json,
  KonfigError,
  type Observation,
  type ReleaseStore,
  type ReleaseSummary,
  type Spec,
  type StackRecord,
  stackName,
  summaryOf,
} from '@konfig/core';
import { readSecrets } from './resolve';
import { openSession } from './session';
import type { World } from './world';

/** A stack as it is now: its last release, and what it owns. */
export interface Status {
  readonly stack: string;
  /** Undefined: never applied. */
  readonly lastRelease?: ReleaseSummary;
  /** One for each resource of the inventory; no secrets in them. */
  readonly observations: readonly Observation[];
}

/** Looks at everything that a stack owns; changes nothing. The Spec says which targets and store; what is looked at comes from the inventory. */
export async function status(spec: Spec, world: World, signal: AbortSignal): Promise<Status> {
  const session = await openSession(spec, world, signal);
  try {
    const { record, store } = session;
    if (!record) return { stack: stackName(spec), observations: [] };
    const release = await store.readRelease(record.stack, record.lastRelease);
    if (!release) throw missingRelease(record, store);
    const wished = new Map(release.spec.resources.map((resource) => [resource.id, resource.attributes]));
    const seen = await Promise.all(
      [...session.connections].map(([target, connection]: [string, Connection]) => {
        const watched = record.inventory
          .filter((entry) => entry.target === target)
          .map(({ id, type }) => ({
            id,
            type,
            ...(wished.has(id) ? { attributes: wished.get(id) as NonNullable<ReturnType<typeof wished.get>> } : {}),
          }));
        return connection.observe(watched, signal);
      }),
    );
    // A log line may hold a secret; those that have no value now cannot be known.
    const { mask } = readSecrets(release.spec, {}, world);
    const observations = seen.flat().map((one) => mask.json(one as unknown as Json) as unknown as Observation);
    return { stack: record.stack, lastRelease: await truthful(summaryOf(release), record.stack, store), observations };
  } finally {
    await session.close();
  }
}

/** The releases that the store has of a stack, newest first. */
export async function history(spec: Spec, world: World, signal: AbortSignal): Promise<readonly ReleaseSummary[]> {
  const session = await openSession(spec, world, signal);
  try {
    const { record, store } = session;
    const releases = await store.listReleases(stackName(spec));
    if (record && releases[0]?.number !== record.lastRelease) throw missingRelease(record, store);
    return await Promise.all(releases.map((release, i) => (i === 0 ? truthful(release, stackName(spec), store) : release)));
  } finally {
    await session.close();
  }
}

/** A run that died could not say so: its release says «applying», and nobody holds the lock. */
async function truthful(release: ReleaseSummary, stack: string, store: ReleaseStore): Promise<ReleaseSummary> {
  if (release.phase !== 'applying' || (await store.holder(stack))) return release;
  return { ...release, phase: 'interrupted' };
}

/** «Never applied» would be a lie: the record knows better than the list. */
function missingRelease({ stack, lastRelease }: StackRecord, store: ReleaseStore): KonfigError {
  return new KonfigError({
    code: 'RECORD_CORRUPT',
    message: `Release ${lastRelease} of ${stack} is not among the records in ${store.description}, but it was the last one.`,
    hint: 'Bring it back from a backup. What the stack owns is still known: the next apply goes on from there.',
  });
}
