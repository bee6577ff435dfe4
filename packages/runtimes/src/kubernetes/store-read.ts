// Reads what is recorded of a stack. See store.ts.
import {
  damageOfRelease,
  foldRecord,
  foldRelease,
  KonfigError,
  type Plan,
  type Problem,
  planVersion,
  type Release,
  type ReleaseList,
  recordVersion,
  type SourceTable,
  type Spec,
  type StackRecord,
  specVersion,
} from '@konfig/core';
import { readParts } from './journal';
import type { LeasePlace } from './lock';
import type { KubeObject } from './objects';
import { corrupt, hashLabel, hashOf, listSecrets, partLabel, type StorePlace } from './secrets';
import {
  hintOfRelease,
  type IndexContent,
  lastNumber,
  ofAnnotation,
  type ReleaseBody,
  readBlob,
  readIndex,
  reading,
  readWithVersion,
  secretsOf,
  swept,
} from './store-index';

export async function readRecord(place: StorePlace, lease: LeasePlace, lastRelease: number): Promise<StackRecord | undefined> {
  const found = await reading(place, lease.stack, async (index) => {
    refuseBackup(lease, index.content, lastRelease);
    const { record: blob, releases } = index.content;
    if (!blob) return undefined;
    const record = await readWithVersion<StackRecord>(place, index, blob, recordVersion);
    const entry = releases.find(({ summary }) => summary.number === record.lastRelease);
    if (!entry?.journal || !entry.plan) return record;
    const { entries, missing } = await readParts(place, entry.journal);
    if (missing.length > 0 && (await readIndex(place, lease.stack))?.resourceVersion !== index.resourceVersion) throw swept(lease.stack);
    // Without an entry more is ours, never less.
    return foldRecord(record, await readWithVersion<Plan>(place, index, entry.plan, planVersion), entries);
  });
  if (!found) refuseBackup(lease, undefined, lastRelease);
  return found;
}

/** What is applied is newer than what is recorded: going on from here would forget what the releases between have made. */
export function refuseBackup({ stack, namespace, name }: LeasePlace, content: IndexContent | undefined, lastRelease: number): void {
  const known = lastNumber(content);
  if (known >= lastRelease) return;
  throw new KonfigError({
    code: 'RECORD_OUTDATED',
    message: `The records of ${stack} end at release ${known}, but release ${lastRelease} was applied, as Lease ${namespace}/${name} says.`,
    hint: `They may come from an old backup: bring back newer ones. To go on from these all the same: kubectl annotate lease -n ${namespace} ${name} konfig.dev/last-release-`,
  });
}

export function readRelease(place: StorePlace, stack: string, number: number): Promise<Release | undefined> {
  return reading(place, stack, async (index) => {
    const entry = index.content.releases.find(({ summary }) => summary.number === number);
    if (!entry) return undefined;
    const [release, spec, plan, sources] = await Promise.all([
      readWithVersion<ReleaseBody>(place, index, entry.release, recordVersion),
      readWithVersion<Spec>(place, index, entry.spec, specVersion),
      entry.plan && readWithVersion<Plan>(place, index, entry.plan, planVersion),
      entry.sources && (readBlob(place, index, entry.sources).then(JSON.parse) as Promise<SourceTable>),
    ]);
    const whole: Release = { ...release, spec, ...(plan ? { plan } : {}), ...(sources ? { sources } : {}) };
    if (!entry.journal) return whole;
    const { entries, missing } = await readParts(place, entry.journal);
    if (missing[0] !== undefined) throw corrupt(place, missing[0], 'it is missing', hintOfRelease);
    return foldRelease(whole, entries);
  });
}

/** Blobs cannot be changed, but they can be deleted; better said in the list than on the day of a rollback. */
export async function listReleases(place: StorePlace, stack: string): Promise<ReleaseList> {
  const list = await reading(place, stack, async (index) => {
    const there = new Set((await partsOf(place, stack)).map(({ metadata }) => metadata.name));
    const problems = index.content.releases.flatMap((entry): readonly Problem[] => {
      const lost = secretsOf(index.name, entry).filter((name) => !there.has(name));
      return lost.flatMap((name) => damageOfRelease(stack, entry.summary.number, corrupt(place, name, 'it is missing', hintOfRelease)));
    });
    if (problems.length > 0 && (await readIndex(place, stack))?.resourceVersion !== index.resourceVersion) throw swept(stack);
    const releases = index.content.releases.map(({ summary }) => summary).sort((a, b) => b.number - a.number);
    return { releases, problems };
  });
  return list ?? { releases: [], problems: [] };
}

export async function listStacks(place: StorePlace): Promise<readonly string[]> {
  const secrets = await listSecrets(place, `${partLabel}=index`);
  return secrets.flatMap((secret) => secret.metadata.annotations?.[ofAnnotation] ?? []).sort();
}

export function partsOf(place: StorePlace, stack: string): Promise<readonly KubeObject[]> {
  return listSecrets(place, `${hashLabel}=${hashOf(stack)},${partLabel} in (chunk,journal)`);
}
