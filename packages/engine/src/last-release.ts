// The last release of a stack, where what can be told without it is to be told all the same.
import {
  isDamage,
  KonfigError,
  type Problem,
  type Release,
  type ReleaseStore,
  type ReleaseSummary,
  type StackRecord,
  summaryOf,
} from '@konfig/core';

/** The last release, as far as it can be read. */
export interface Last {
  readonly release?: Release;
  readonly summary?: ReleaseSummary;
  /** Why there is no release: what the stack owns can be looked at all the same. */
  readonly problems: readonly Problem[];
}

/** Fails only where the store cannot be asked. */
export async function readLast(record: StackRecord, store: ReleaseStore): Promise<Last> {
  try {
    const release = await store.readRelease(record.stack, record.lastRelease);
    return release ? { release, summary: summaryOf(release), problems: [] } : { problems: missingRelease(record, store).problems };
  } catch (error) {
    if (!isDamage(error)) throw error;
    const summary = (await store.listReleases(record.stack)).releases.find(({ number }) => number === record.lastRelease);
    return { ...(summary ? { summary } : {}), problems: error.problems };
  }
}

/** «Never applied» would be a lie: the record knows better than the list. */
export function missingRelease({ stack, lastRelease }: StackRecord, store: ReleaseStore): KonfigError {
  return new KonfigError({
    code: 'RECORD_CORRUPT',
    message: `Release ${lastRelease} of ${stack} is not among the records in ${store.description}, but it was the last one.`,
    hint: 'Bring it back from a backup. What the stack owns is still known: the next apply goes on from there.',
  });
}
