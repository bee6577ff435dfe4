// The index of what is recorded of a stack, and the blobs that it names. See store.ts.
import { createHash } from 'node:crypto';
import { isKonfigError, KonfigError, type Release, type ReleaseSummary, readStored, recordVersion } from '@konfig/core';
import { inParallel } from '../in-parallel';
import { corrupt, fenceAnnotation, nameOf, readSecret, type Secret, type StorePlace, unpacked } from './secrets';

/** Content found by its digest: in the index itself while it is small and current, else in Secrets of its own. */
export interface Blob {
  readonly digest: string;
  /** 0: in the index. */
  readonly chunks: number;
}

export interface IndexEntry {
  readonly summary: ReleaseSummary;
  /** The Spec stays the same while steps go on, and often over many releases: written once. */
  readonly spec: Blob;
  /** Written once too. */
  readonly plan?: Blob;
  readonly sources?: Blob;
  /** The release without all of these. */
  readonly release: Blob;
  /** Names of the Secrets of its journal, until it has ended. */
  readonly journal?: readonly string[];
}

export type ReleaseBody = Omit<Release, 'spec' | 'plan' | 'sources'>;

export interface IndexContent {
  readonly version: typeof recordVersion;
  readonly stack: string;
  readonly record?: Blob;
  readonly releases: readonly IndexEntry[];
  /** What runtimes keep, by name; each a text in base64. */
  readonly kept?: { readonly [name: string]: Blob };
}

export interface Index {
  readonly name: string;
  readonly resourceVersion: string;
  readonly fence: number;
  readonly content: IndexContent;
  /** Of the blobs inside, by digest, compressed and in base64. */
  readonly data: { readonly [key: string]: string };
}

export const ofAnnotation = 'konfig.dev/record-of';
export const indexKey = 'index';

export async function readIndex(place: StorePlace, stack: string): Promise<Index | undefined> {
  const name = nameOf(stack);
  const secret = await readSecret(place, name);
  return secret ? indexOf(place, secret) : undefined;
}

async function indexOf(place: StorePlace, secret: Secret): Promise<Index> {
  const { name, resourceVersion = '', annotations = {} } = secret.metadata;
  const hint = hintOfRecord(place, name);
  const text = await unpacked(secret.data?.[indexKey] ?? '').catch((error: unknown) => {
    throw corrupt(place, name, error instanceof Error ? error.message : String(error), hint);
  });
  const content = readStored<IndexContent>(text, recordVersion, { name: `Secret ${place.namespace}/${name}`, hint });
  if (!Array.isArray(content.releases)) throw corrupt(place, name, 'it lists no releases', hint);
  return { name, resourceVersion, fence: Number(annotations[fenceAnnotation] ?? 0), content, data: secret.data ?? {} };
}

function hintOfRecord({ namespace }: StorePlace, name: string): string {
  return `Bring it back from a backup of the cluster: it says what the stack owns. Without one, delete it (kubectl delete secret,lease -n ${namespace} ${name}) and apply with --adopt: what the program wishes and bears the mark of this stack is its own again; what it no longer wishes stays.`;
}

export const hintOfRelease = 'Bring it back from a backup of the cluster. The other releases stay usable, and the stack too.';

/** A run that saves meanwhile takes away what the index has named before: then its new index is read. */
export async function reading<T>(place: StorePlace, stack: string, work: (index: Index) => Promise<T>): Promise<T | undefined> {
  for (;;) {
    const index = await readIndex(place, stack);
    if (!index) return undefined;
    try {
      return await work(index);
    } catch (error) {
      if (!isKonfigError(error) || (await readIndex(place, stack))?.resourceVersion === index.resourceVersion) throw error;
    }
  }
}

/** Never seen outside: the index is read again. */
export function swept(stack: string): KonfigError {
  return new KonfigError({ code: 'RECORD_CONFLICT', message: `The records of ${stack} were saved while they were read.` });
}

export function lastNumber(content: IndexContent | undefined): number {
  return Math.max(0, ...(content?.releases ?? []).map(({ summary }) => summary.number));
}

export async function readWithVersion<T extends { readonly version: string }>(
  place: StorePlace,
  index: Index,
  blob: Blob,
  version: T['version'],
): Promise<T> {
  const isRecord = blob === index.content.record;
  const name = `Secret ${place.namespace}/${secretNames(index.name, blob)[0]}`;
  return readStored<T>(await readBlob(place, index, blob), version, {
    name,
    hint: isRecord ? hintOfRecord(place, index.name) : hintOfRelease,
  });
}

export async function readBlob(place: StorePlace, index: Index, blob: Blob): Promise<string> {
  const hint = blob === index.content.record ? hintOfRecord(place, index.name) : hintOfRelease;
  const names = secretNames(index.name, blob);
  const parts =
    blob.chunks === 0
      ? [index.data[blob.digest]]
      : await inParallel(names, 8, async (name) => (await readSecret(place, name))?.data?.chunk);
  const missing = parts.indexOf(undefined);
  if (missing >= 0)
    throw corrupt(place, names[missing] as string, blob.chunks === 0 ? `key ${blob.digest} is missing` : 'it is missing', hint);
  try {
    const text = await unpacked(...(parts as string[]));
    if (digestOf(text) !== blob.digest) throw new Error('its digest is another one');
    return text;
  } catch (error) {
    throw corrupt(place, names[0] as string, error instanceof Error ? error.message : String(error), hint);
  }
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

/** The Secrets that a blob lies in: the index itself, or chunks of their own. */
export function secretNames(indexName: string, blob: Blob): readonly string[] {
  return blob.chunks === 0 ? [indexName] : chunkNames(indexName, blob);
}

export function chunkNames(indexName: string, { digest, chunks }: Blob): readonly string[] {
  return Array.from({ length: chunks }, (_, i) => `${indexName}-${digest}-${i}`);
}

function blobsOfEntry({ spec, plan, sources, release }: IndexEntry): readonly Blob[] {
  return [spec, release, ...(plan ? [plan] : []), ...(sources ? [sources] : [])];
}

export function blobsOf({ record, releases, kept = {} }: IndexContent): readonly Blob[] {
  return [...(record ? [record] : []), ...releases.flatMap(blobsOfEntry), ...Object.values(kept)];
}

/** The Secrets of a release beside the index. */
export function secretsOf(indexName: string, entry: IndexEntry): readonly string[] {
  return [...blobsOfEntry(entry).flatMap((blob) => chunkNames(indexName, blob)), ...(entry.journal ?? [])];
}
