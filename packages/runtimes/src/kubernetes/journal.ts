// The journal of a running release: Secrets that take one small key for each batch of entries, patched under their resourceVersion. Whoever takes the lock
// over touches the last of them, so that the old holder's next patch fails, and only what the index names is read.
import { isKonfigError, type JournalEntry, lockLost, readBatch } from '@konfig/core';
import { inParallel } from '../in-parallel';
import { objectOf } from './answer';
import type { KubeObject } from './objects';
import {
  cannotWrite,
  corrupt,
  fenceAnnotation,
  hashLabel,
  hashOf,
  packed,
  partLabel,
  readSecret,
  type StorePlace,
  secretsPath,
  unpacked,
} from './secrets';

/** The Secret of a journal that its writer adds to. */
export interface JournalPart {
  readonly name: string;
  readonly resourceVersion: string;
  /** Keys in it so far. */
  readonly batches: number;
  /** Bytes of their values. */
  readonly bytes: number;
}

/** Whose journal it is. */
export interface JournalOwner {
  readonly stack: string;
  readonly fence: number;
}

/**
 * A Secret may hold 1 MiB, but each patch makes etcd write the Secret whole and keep it until it compacts: small ones cost less, and so does one write of the
 * index for each.
 */
const partSize = 32_000;

/** Is there room for this batch? One that is larger than any part has a part to itself. */
export function hasRoom(part: JournalPart, batch: string): boolean {
  return part.bytes === 0 || part.bytes + batch.length <= partSize;
}

/** An empty Secret; nobody reads it until the index names it. */
export async function makePart(place: StorePlace, name: string, { stack, fence }: JournalOwner): Promise<JournalPart> {
  const body = {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'konfig.dev/journal',
    metadata: {
      name,
      namespace: place.namespace,
      labels: { [hashLabel]: hashOf(stack), [partLabel]: 'journal' },
      annotations: { [fenceAnnotation]: String(fence) },
    },
  };
  const answer = await place.client.request({ method: 'POST', path: secretsPath(place), body, idempotent: true });
  const made = objectOf(answer) ?? (answer.status === 409 ? await readSecret(place, name) : undefined);
  // Named by our fence: the answer to our own POST was lost.
  if (!made || fenceOf(made) !== fence) throw answer.status === 409 ? lockLost(stack) : cannotWrite(place, name, answer);
  return { name, resourceVersion: made.metadata.resourceVersion ?? '', batches: 0, bytes: 0 };
}

export function packBatch(entries: readonly JournalEntry[]): Promise<string> {
  return packed(JSON.stringify(entries));
}

/** Adds a batch, unless somebody has taken the lock over. */
export async function addToPart(place: StorePlace, part: JournalPart, batch: string, owner: JournalOwner): Promise<JournalPart> {
  const path = `${secretsPath(place)}/${part.name}`;
  const key = String(part.batches).padStart(6, '0');
  const grown = { name: part.name, batches: part.batches + 1, bytes: part.bytes + batch.length };
  for (let { resourceVersion } = part; ; ) {
    const answer = await place.client.request({
      method: 'PATCH',
      path,
      body: { metadata: { resourceVersion }, data: { [key]: batch } },
      contentType: 'application/merge-patch+json',
      accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json',
    });
    const patched = objectOf(answer);
    if (patched) return { ...grown, resourceVersion: patched.metadata.resourceVersion ?? '' };
    if (answer.status !== 409) throw cannotWrite(place, part.name, answer);
    const now = await readSecret(place, part.name);
    if (!now || fenceOf(now) !== owner.fence) throw lockLost(owner.stack);
    resourceVersion = now.metadata.resourceVersion ?? '';
    // The answer to our patch was lost, and it was sent again.
    if (now.data?.[key] === batch) return { ...grown, resourceVersion };
  }
}

/** From now on the old holder's patches of this Secret fail. */
export async function fencePart(place: StorePlace, name: string, { fence }: JournalOwner): Promise<void> {
  const answer = await place.client.request({
    method: 'PATCH',
    path: `${secretsPath(place)}/${name}`,
    body: { metadata: { annotations: { [fenceAnnotation]: String(fence) } } },
    contentType: 'application/merge-patch+json',
  });
  if (answer.status >= 300 && answer.status !== 404) throw cannotWrite(place, name, answer);
}

function fenceOf(secret: KubeObject): number {
  return Number(secret.metadata.annotations?.[fenceAnnotation] ?? 0);
}

/** What was written to these Secrets, in order, and which of them are not there. */
export interface ReadParts {
  readonly entries: readonly JournalEntry[];
  readonly missing: readonly string[];
}

export async function readParts(place: StorePlace, names: readonly string[]): Promise<ReadParts> {
  const parts = await inParallel(names, 8, async (name) => {
    const secret = await readSecret(place, name);
    const keys = Object.keys(secret?.data ?? {}).sort();
    const batches = await inParallel(keys, 1, (key) => readKey(place, name, key, secret?.data?.[key] as string));
    return { name, isThere: secret !== undefined, entries: batches.flat() };
  });
  return { entries: parts.flatMap(({ entries }) => entries), missing: parts.flatMap(({ name, isThere }) => (isThere ? [] : [name])) };
}

async function readKey(place: StorePlace, name: string, key: string, text: string): Promise<readonly JournalEntry[]> {
  const { namespace } = place;
  const hint = `Bring it back from a backup of the cluster, or go on without it: kubectl delete secret -n ${namespace} ${name}. What was saved before the first change of that release still stands, so nothing that Konfig may own is forgotten.`;
  try {
    return readBatch(await unpacked(text), { name: `Key ${key} of Secret ${namespace}/${name}`, hint });
  } catch (error) {
    throw isKonfigError(error)
      ? error
      : corrupt(place, name, `key ${key}: ${error instanceof Error ? error.message : String(error)}`, hint);
  }
}
