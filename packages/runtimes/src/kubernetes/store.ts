// Releases and records in Secrets of the cluster that the stack goes to: an index that is swapped whole, and blobs it points at.
//
// The index Secret names every blob by its digest and is written last, under its resourceVersion and the lock's fence. A run that
// dies halfway leaves blobs that no index names; they are swept away later.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import {
  type Connection,
  KonfigError,
  type Lock,
  type ProcessIdentity,
  type Release,
  type ReleaseStore,
  type ReleaseSummary,
  recordVersion,
  type StackRecord,
  summaryOf,
} from '@konfig/core';
import { clean } from './clean';
import { type Answer, type Client, inParallel, objectOf, statusOf } from './client';
import { isGivenBack, leaseHolder, lockLost, takeLease } from './lock';
import type { KubeObject } from './objects';
import type { KubernetesConnection } from './runtime';

/** Where and how long a cluster keeps records and locks. */
export interface KubernetesStoreOptions {
  /** Made when it is not there. */
  readonly namespace: string;
  /** How long a run that died keeps its lock. Default 15. */
  readonly leaseSeconds?: number;
  /** Older releases are removed. Default 20. */
  readonly keptReleases?: number;
  /** Has this process surely ended? Its lock is taken over at once. Default: nothing is known, so its lease must run out. */
  readonly hasEnded?: (process: ProcessIdentity) => boolean;
}

/** A store in the cluster of this connection. Throws a TypeError when that is not of `kubernetesRuntime`. */
export function kubernetesStore(connection: Connection, options: KubernetesStoreOptions): ReleaseStore {
  const { client } = connection as KubernetesConnection;
  if (!client) throw new TypeError('kubernetesStore needs a connection of kubernetesRuntime.');
  const { namespace, leaseSeconds = 15, keptReleases = 20, hasEnded = () => false } = options;
  const place = { client, namespace };
  const leaseOf = (stack: string) => ({ client, namespace, name: nameOf(stack), stack, seconds: leaseSeconds, hasEnded });
  return {
    description: `Secrets in namespace ${namespace} of ${connection.description}`,
    readRecord: async (stack) => {
      const index = await readIndex(place, stack);
      return index?.content.record ? readBlob<StackRecord>(place, index, index.content.record) : undefined;
    },
    readRelease: async (stack, number) => {
      const index = await readIndex(place, stack);
      const entry = index?.content.releases.find((release) => release.summary.number === number);
      return index && entry ? readRelease(place, index, entry) : undefined;
    },
    listReleases: async (stack) => {
      const index = await readIndex(place, stack);
      if (index) await refuseGaps(place, index);
      return (index?.content.releases ?? []).map((entry) => entry.summary).sort((a, b) => b.number - a.number);
    },
    listStacks: () => listStacks(place),
    holder: (stack) => leaseHolder(leaseOf(stack)),
    lock: async (stack, holder) => {
      await makeNamespace(place);
      return takeLease(leaseOf(stack), holder, (fence) => raiseFence(place, stack, fence));
    },
    save: (lock, record, release) => save(place, { lock, record, release, keptReleases }),
  };
}

interface StorePlace {
  readonly client: Client;
  readonly namespace: string;
}

/** Content found by its digest: in the index itself while it is small and current, else in Secrets of its own. */
interface Blob {
  readonly digest: string;
  /** 0: in the index. */
  readonly chunks: number;
}

interface IndexEntry {
  readonly summary: ReleaseSummary;
  /** The Spec stays the same while steps go on, and often over many releases: written once. */
  readonly spec: Blob;
  /** The release without its Spec. */
  readonly journal: Blob;
}

interface IndexContent {
  readonly version: typeof recordVersion;
  readonly stack: string;
  readonly record?: Blob;
  readonly releases: readonly IndexEntry[];
}

interface Index {
  readonly name: string;
  readonly resourceVersion: string;
  readonly fence: number;
  readonly content: IndexContent;
  /** Of the blobs inside, by digest, compressed and in base64. */
  readonly data: { readonly [key: string]: string };
}

const fenceAnnotation = 'konfig.dev/fence';
const ofAnnotation = 'konfig.dev/record-of';
const hashLabel = 'konfig.dev/stack-hash';
const partLabel = 'konfig.dev/part';
const indexKey = 'index';
/** A Secret may hold 1 MiB; base64 makes a third more of it. */
const chunkSize = 700_000;
const inlineLimit = 150_000;

const zip = promisify(gzip);
const unzip = promisify(gunzip);

function hashOf(stack: string): string {
  return createHash('sha256').update(stack).digest('hex').slice(0, 12);
}

/** `konfig-shop-prod-3f2a…`: to be recognised by people, to be unique by the hash. */
function nameOf(stack: string): string {
  const slug = stack
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return ['konfig', slug, hashOf(stack)].filter(Boolean).join('-');
}

function secretsPath({ namespace }: StorePlace): string {
  return `/api/v1/namespaces/${namespace}/secrets`;
}

type Secret = KubeObject & { readonly data?: { readonly [key: string]: string } };

async function readSecret(place: StorePlace, name: string): Promise<Secret | undefined> {
  const answer = await place.client.request({ method: 'GET', path: `${secretsPath(place)}/${name}` });
  if (answer.status === 404) return undefined;
  const secret = objectOf(answer);
  if (secret) return secret as Secret;
  throw new KonfigError({
    code: answer.status === 403 ? 'PERMISSION_MISSING' : 'RECORD_CORRUPT',
    message: `read Secret ${place.namespace}/${name}: ${saidIn(answer)}`,
    hint: `Konfig needs get, list, create, update and delete on secrets in namespace ${place.namespace}.`,
  });
}

function saidIn(answer: Answer): string {
  return clean(statusOf(answer).message ?? `status ${answer.status}`);
}

async function readIndex(place: StorePlace, stack: string): Promise<Index | undefined> {
  const name = nameOf(stack);
  const secret = await readSecret(place, name);
  return secret ? indexOf(place, secret) : undefined;
}

async function indexOf(place: StorePlace, secret: Secret): Promise<Index> {
  const { name, resourceVersion = '', annotations = {} } = secret.metadata;
  const content = await decoded<IndexContent>(secret.data?.[indexKey] ?? '').catch((error: unknown) => {
    throw corrupt(place, name, error instanceof Error ? error.message : String(error));
  });
  if (content.version !== recordVersion)
    throw corrupt(place, name, `it has version ${content.version}, this Konfig reads ${recordVersion}`);
  return { name, resourceVersion, fence: Number(annotations[fenceAnnotation] ?? 0), content, data: secret.data ?? {} };
}

async function encoded(value: unknown): Promise<string> {
  return (await zip(JSON.stringify(value))).toString('base64');
}

async function decoded<T>(text: string): Promise<T> {
  return JSON.parse((await unzip(Buffer.from(text, 'base64'))).toString('utf8')) as T;
}

function corrupt(place: StorePlace, secret: string, why: string): KonfigError {
  return new KonfigError({
    code: 'RECORD_CORRUPT',
    message: `Secret ${place.namespace}/${secret} is not a record of Konfig: ${clean(why)}.`,
    hint: 'Bring it back from a backup of the cluster. Without it Konfig does not know what it owns; objects stay as they are.',
  });
}

/** Chunks cannot be changed, but they can be deleted; better said in the list than on the day of a rollback. */
async function refuseGaps(place: StorePlace, { name, content }: Index): Promise<void> {
  const there = new Set((await chunksOf(place, content.stack)).map((chunk) => chunk.metadata.name));
  const missing = blobsOf(content)
    .flatMap((blob) => chunkNames(name, blob))
    .find((chunk) => !there.has(chunk));
  if (missing !== undefined) throw corrupt(place, missing, 'it is missing');
}

async function readRelease(place: StorePlace, index: Index, entry: IndexEntry): Promise<Release> {
  const [spec, journal] = await Promise.all([
    readBlob<Release['spec']>(place, index, entry.spec),
    readBlob<Omit<Release, 'spec'>>(place, index, entry.journal),
  ]);
  return { ...journal, spec };
}

async function readBlob<T>(place: StorePlace, index: Index, blob: Blob): Promise<T> {
  const names = blob.chunks === 0 ? [index.name] : chunkNames(index.name, blob);
  const parts =
    blob.chunks === 0
      ? [index.data[blob.digest]]
      : await inParallel(names, 8, async (name) => (await readSecret(place, name))?.data?.chunk);
  const missing = parts.indexOf(undefined);
  if (missing >= 0) throw corrupt(place, names[missing] as string, 'it is missing');
  try {
    const text = (await unzip(Buffer.concat(parts.map((part) => Buffer.from(part as string, 'base64'))))).toString('utf8');
    if (digestOf(text) !== blob.digest) throw new Error('its digest is another one');
    return JSON.parse(text) as T;
  } catch (error) {
    throw corrupt(place, names[0] as string, error instanceof Error ? error.message : String(error));
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

function chunkNames(indexName: string, { digest, chunks }: Blob): string[] {
  return Array.from({ length: chunks }, (_, i) => `${indexName}-${digest}-${i}`);
}

async function listStacks(place: StorePlace): Promise<readonly string[]> {
  const secrets = await listSecrets(place, `${partLabel}=index`);
  return secrets.flatMap((secret) => secret.metadata.annotations?.[ofAnnotation] ?? []).sort();
}

function chunksOf(place: StorePlace, stack: string): Promise<readonly KubeObject[]> {
  return listSecrets(place, `${hashLabel}=${hashOf(stack)},${partLabel}=chunk`);
}

async function listSecrets(place: StorePlace, selector: string): Promise<readonly KubeObject[]> {
  const secrets: KubeObject[] = [];
  for (let next = ''; ; ) {
    const query = new URLSearchParams({ labelSelector: selector, limit: '500', ...(next ? { continue: next } : {}) });
    const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';
    const answer = await place.client.request({ method: 'GET', path: `${secretsPath(place)}?${query}`, accept });
    if (answer.status === 404) return [];
    if (answer.status >= 300)
      throw new KonfigError({
        code: answer.status === 403 ? 'PERMISSION_MISSING' : 'RECORD_CORRUPT',
        message: `list Secrets in namespace ${place.namespace}: ${saidIn(answer)}`,
      });
    const list = answer.body as unknown as { readonly items?: readonly KubeObject[]; readonly metadata?: { readonly continue?: string } };
    secrets.push(...(list.items ?? []));
    next = list.metadata?.continue ?? '';
    if (!next) return secrets;
  }
}

async function makeNamespace({ client, namespace }: StorePlace): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}`;
  const there = await client.request({ method: 'GET', path });
  if (there.status !== 404) return; // a 403 says nothing about whether it is there: writing will
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  const answer = await client.request({ method: 'POST', path: '/api/v1/namespaces', body });
  if (answer.status < 300 || answer.status === 409) return;
  throw new KonfigError({
    code: 'RECORD_WRITE',
    message: `make namespace ${namespace} for the records: ${saidIn(answer)}`,
    hint: 'Let somebody who may make namespaces make it, or name another one for the records.',
  });
}

/** From now on a holder with an older fence can no longer write, even if it never heard that it lost the lock. */
async function raiseFence(place: StorePlace, stack: string, fence: number): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const index = await readIndex(place, stack);
    if (index && index.fence >= fence) throw lockLost(stack);
    const content: IndexContent = index?.content ?? { version: recordVersion, stack, releases: [] };
    const answer = await writeIndex(place, { index, stack, fence, content, data: index?.data ?? {} });
    if (answer.status < 300) return;
    if (answer.status !== 409 || attempt >= 5) throw cannotWrite(place, nameOf(stack), answer);
  }
}

interface IndexWrite {
  readonly index: Index | undefined;
  readonly stack: string;
  readonly fence: number;
  readonly content: IndexContent;
  readonly data: { readonly [key: string]: string };
}

async function writeIndex(place: StorePlace, { index, stack, fence, content, data }: IndexWrite): Promise<Answer> {
  const name = nameOf(stack);
  const body = {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'konfig.dev/record',
    metadata: {
      name,
      namespace: place.namespace,
      ...(index ? { resourceVersion: index.resourceVersion } : {}),
      labels: { [hashLabel]: hashOf(stack), [partLabel]: 'index' },
      annotations: { [fenceAnnotation]: String(fence), ...(content.record ? { [ofAnnotation]: stack } : {}) },
    },
    data: { ...data, [indexKey]: await encoded(content) },
  };
  return index
    ? place.client.request({ method: 'PUT', path: `${secretsPath(place)}/${name}`, body })
    : place.client.request({ method: 'POST', path: secretsPath(place), body });
}

function cannotWrite(place: StorePlace, secret: string, answer: Answer): KonfigError {
  return new KonfigError({
    code: 'RECORD_WRITE',
    message: `write Secret ${place.namespace}/${secret}: ${saidIn(answer)}`,
    hint: 'Nothing was lost: the older record is still there. Mend this, then apply again.',
  });
}

interface Save {
  readonly lock: Lock;
  readonly record: StackRecord;
  readonly release: Release;
  readonly keptReleases: number;
}

async function save(place: StorePlace, { lock, record, release, keptReleases }: Save): Promise<void> {
  const { stack } = record;
  const index = await indexForSave(place, lock, record);
  const { spec, ...journal } = release;
  const writer = { place, stack, fence: lock.fence, index };
  const recordBlob = await putBlob(writer, record, 'inline');
  const journalBlob = await putBlob(writer, journal, 'inline');
  const specBlob = await putBlob(writer, spec, 'apart');
  const entry: IndexEntry = { summary: summaryOf(release), spec: specBlob.blob, journal: journalBlob.blob };
  const older = index.content.releases.filter((one) => one.summary.number !== release.number);
  const kept = [entry, ...(await moveOut(writer, older))].sort((a, b) => b.summary.number - a.summary.number).slice(0, keptReleases);
  const content: IndexContent = { version: recordVersion, stack, record: recordBlob.blob, releases: kept };
  const data = { ...recordBlob.inline, ...journalBlob.inline };
  if (lock.lost.aborted) throw lockLost(stack);
  const answer = await writeIndex(place, { index, stack, fence: lock.fence, content, data });
  if (answer.status === 409) await explainConflict(place, lock, content);
  else if (answer.status >= 300) throw cannotWrite(place, index.name, answer);
  if (release.phase !== 'applying') await sweep(place, { stack, fence: lock.fence, content });
}

async function indexForSave(place: StorePlace, lock: Lock, record: StackRecord): Promise<Index> {
  const index = await readIndex(place, record.stack);
  if (lock.lost.aborted || isGivenBack(lock) || !index || index.fence !== lock.fence) throw lockLost(record.stack);
  // A record that cannot be read is not written over: somebody may still mend it.
  if (index.content.record) await readBlob(place, index, index.content.record);
  const known = Math.max(0, ...index.content.releases.map((entry) => entry.summary.number));
  if (known > record.lastRelease) throw recordConflict(record.stack, `it is at release ${known} already`);
  return index;
}

/** The answer to a write may be lost and the write be sent again: then what is there is what we wrote. */
async function explainConflict(place: StorePlace, lock: Lock, content: IndexContent): Promise<void> {
  const now = await readIndex(place, content.stack);
  if (!now || now.fence !== lock.fence) throw lockLost(content.stack);
  if (JSON.stringify(now.content) !== JSON.stringify(content)) throw recordConflict(content.stack, 'it was written while we wrote');
}

function recordConflict(stack: string, why: string): KonfigError {
  return new KonfigError({
    code: 'RECORD_CONFLICT',
    message: `The record of ${stack} was changed by somebody else: ${why}.`,
    hint: 'Preview and apply again.',
  });
}

interface Writer {
  readonly place: StorePlace;
  readonly stack: string;
  readonly fence: number;
  readonly index: Index;
}

interface PutBlob {
  readonly blob: Blob;
  readonly inline: { readonly [key: string]: string };
}

async function putBlob(writer: Writer, value: unknown, where: 'inline' | 'apart'): Promise<PutBlob> {
  const text = JSON.stringify(value);
  const digest = digestOf(text);
  const there = blobsOf(writer.index.content).find((blob) => blob.digest === digest && blob.chunks > 0);
  if (there) return { blob: there, inline: {} };
  const bytes = await zip(text);
  if (where === 'inline' && bytes.length <= inlineLimit)
    return { blob: { digest, chunks: 0 }, inline: { [digest]: bytes.toString('base64') } };
  return { blob: await putChunks(writer, digest, bytes), inline: {} };
}

function blobsOf(content: IndexContent): readonly Blob[] {
  return [...(content.record ? [content.record] : []), ...content.releases.flatMap((entry) => [entry.spec, entry.journal])];
}

async function putChunks(writer: Writer, digest: string, bytes: Buffer): Promise<Blob> {
  const blob = { digest, chunks: Math.max(1, Math.ceil(bytes.length / chunkSize)) };
  await inParallel(
    chunkNames(writer.index.name, blob).map((name, i) => ({ name, i })),
    4,
    ({ name, i }) => putChunk(writer, name, bytes.subarray(i * chunkSize, (i + 1) * chunkSize)),
  );
  return blob;
}

async function putChunk({ place, stack, fence }: Writer, name: string, bytes: Buffer): Promise<void> {
  const annotations = { [fenceAnnotation]: String(fence) };
  const body = {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'konfig.dev/release',
    metadata: { name, namespace: place.namespace, labels: { [hashLabel]: hashOf(stack), [partLabel]: 'chunk' }, annotations },
    immutable: true,
    data: { chunk: bytes.toString('base64') },
  };
  const answer = await place.client.request({ method: 'POST', path: secretsPath(place), body });
  if (answer.status < 300) return;
  if (answer.status !== 409) throw cannotWrite(place, name, answer);
  // Named by its digest, so it is the same; a dead run left it, and our fence keeps others from sweeping it.
  const path = `${secretsPath(place)}/${name}`;
  const mine = { metadata: { annotations } };
  const marked = await place.client.request({ method: 'PATCH', path, body: mine, contentType: 'application/merge-patch+json' });
  if (marked.status >= 300) throw cannotWrite(place, name, marked);
}

/** Journals of older releases leave the index, which must stay small. */
async function moveOut(writer: Writer, entries: readonly IndexEntry[]): Promise<readonly IndexEntry[]> {
  return inParallel(entries, 4, async (entry) => {
    const inside = entry.journal.chunks === 0 ? writer.index.data[entry.journal.digest] : undefined;
    if (inside === undefined) return entry;
    return { ...entry, journal: await putChunks(writer, entry.journal.digest, Buffer.from(inside, 'base64')) };
  });
}

interface Sweep {
  readonly stack: string;
  readonly fence: number;
  readonly content: IndexContent;
}

/** Removes chunks that the index no longer names. Those of a newer fence are another run's, on their way into its index. */
async function sweep(place: StorePlace, { stack, fence, content }: Sweep): Promise<void> {
  const name = nameOf(stack);
  const named = new Set(blobsOf(content).flatMap((blob) => chunkNames(name, blob)));
  const chunks = await chunksOf(place, stack);
  const loose = chunks.filter(
    (chunk) => !named.has(chunk.metadata.name) && Number(chunk.metadata.annotations?.[fenceAnnotation] ?? 0) <= fence,
  );
  await inParallel(loose, 4, (chunk) => place.client.request({ method: 'DELETE', path: `${secretsPath(place)}/${chunk.metadata.name}` }));
}
