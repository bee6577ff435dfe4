// Releases and records in Secrets of the cluster that the stack goes to: an index that is swapped whole, and what it points at.
//
// The index Secret names every blob by its digest, and the Secrets of the running release's journal. It is written last, under its resourceVersion and the
// lock's fence. A run that dies halfway leaves Secrets that no index names; they are swept away later.
import { randomUUID } from 'node:crypto';
import {
  asideName,
  type Connection,
  type Holder,
  type JournalBatch,
  type Kept,
  type KeptWrite,
  KonfigError,
  keptConflict,
  type Lock,
  lockLost,
  notBegun,
  type ProcessIdentity,
  type Release,
  type ReleaseStore,
  recordVersion,
  type StackRecord,
  summaryOf,
} from '@konfig/core';
import { inParallel } from '../in-parallel';
import type { Answer } from './answer';
import type { KubernetesConnection } from './connection';
import { addToPart, fencePart, hasRoom, type JournalPart, makePart, packBatch } from './journal';
import { isGivenBack, type LeasePlace, lastReleaseOf, leaseHolder, noteRelease, takeAway, takeLease } from './lock';
import {
  cannotWrite,
  fenceAnnotation,
  hashLabel,
  hashOf,
  nameOf,
  packed,
  partLabel,
  type StorePlace,
  saidIn,
  secretsPath,
} from './secrets';
import {
  type Blob,
  blobsOf,
  chunkNames,
  digestOf,
  type Index,
  type IndexContent,
  type IndexEntry,
  indexKey,
  lastNumber,
  ofAnnotation,
  readBlob,
  readIndex,
  reading,
  readWithVersion,
  secretNames,
} from './store-index';
import { listReleases, listStacks, partsOf, readRecord, readRelease, refuseBackup } from './store-read';

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
  const { client, keepsRecordsIn } = connection as KubernetesConnection;
  if (!client) throw new TypeError('kubernetesStore needs a connection of kubernetesRuntime.');
  // What records need is asked about with what the resources need.
  keepsRecordsIn(options.namespace);
  const { namespace, leaseSeconds = 15, keptReleases = 20, hasEnded = () => false } = options;
  const place = { client, namespace };
  const leaseOf = (stack: string): LeasePlace => ({ client, namespace, name: nameOf(stack), stack, seconds: leaseSeconds, hasEnded });
  const journals = new Map<string, Journal>();
  const inTurn = oneAtATime();
  return {
    description: `Secrets in namespace ${namespace} of ${connection.description}`,
    readRecord: async (stack) => {
      // Before the index: a run that begins tells the lease after it.
      const last = await lastReleaseOf(leaseOf(stack));
      return readRecord(place, leaseOf(stack), last);
    },
    readRelease: (stack, number) => readRelease(place, stack, number),
    listReleases: (stack) => listReleases(place, stack),
    listStacks: () => listStacks(place),
    holder: (stack) => leaseHolder(leaseOf(stack)),
    lock: async (stack, holder) => {
      await makeNamespace(place);
      const lease = leaseOf(stack);
      const floor = (await readIndex(place, stack))?.fence ?? 0;
      return takeLease(lease, holder, { floor, fenceOff: ({ fence, lastRelease }) => raiseFence(place, lease, { fence, lastRelease }) });
    },
    unlock: async (stack, run): Promise<Holder> => {
      const lease = leaseOf(stack);
      const floor = (await readIndex(place, stack))?.fence ?? 0;
      const { holder, fence } = await takeAway(lease, run, floor);
      await raiseFence(place, lease, { fence });
      return holder;
    },
    save: async (lock, record, release) => {
      const journal = await inTurn(record.stack, () => save(place, { lock, record, release, keptReleases }));
      if (journal) {
        journals.set(record.stack, journal);
        await noteRelease(leaseOf(record.stack), lock, release.number);
      } else journals.delete(record.stack);
    },
    append: async (lock, batch) => {
      const journal = journals.get(batch.stack);
      if (lock.lost.aborted || isGivenBack(lock)) throw lockLost(batch.stack);
      if (journal?.fence !== lock.fence || journal.number !== batch.number) throw notBegun(batch);
      journals.set(batch.stack, await inTurn(batch.stack, () => append(place, journal, batch)));
    },
    readKept: (stack, name) => readKept(place, stack, name),
    writeKept: (lock, stack, write) => inTurn(stack, () => writeKept(place, lock, stack, write)),
    putKeptAside: (lock, stack, name) => inTurn(stack, () => putKeptAside(place, lock, stack, name)),
  };
}

/** The index is read and swapped whole: what one run writes of a stack it writes one after the other. */
function oneAtATime(): <T>(stack: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (stack, work) => {
    const mine = (last.get(stack) ?? Promise.resolve()).then(work);
    last.set(
      stack,
      mine.catch(() => {}),
    );
    return mine;
  };
}

/** A Secret may hold 1 MiB, and base64 makes a third more of what is in it. */
const chunkSize = 700_000;
const inlineLimit = 150_000;

// -- Writing

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

interface Fence {
  readonly fence: number;
  /** The last release that the lease knows of. */
  readonly lastRelease?: number;
}

/** From now on a holder with an older fence can no longer write, even if it never heard that it lost the lock. */
async function raiseFence(place: StorePlace, lease: LeasePlace, { fence, lastRelease = 0 }: Fence): Promise<void> {
  const { stack } = lease;
  for (let attempt = 1; ; attempt++) {
    const index = await readIndex(place, stack);
    if (index && index.fence >= fence) throw lockLost(stack);
    refuseBackup(lease, index?.content, lastRelease);
    const content: IndexContent = index?.content ?? { version: recordVersion, stack, releases: [] };
    const answer = await writeIndex(place, { index, stack, fence, content, data: index?.data ?? {} });
    if (answer.status < 300) {
      // It can name no further Secret of its journal; to the last one it could still add.
      const open = content.releases.flatMap(({ journal }) => journal?.at(-1) ?? []);
      await inParallel(open, 4, (name) => fencePart(place, name, { stack, fence }));
      return;
    }
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
    data: { ...data, [indexKey]: await packed(JSON.stringify(content)) },
  };
  return index
    ? place.client.request({ method: 'PUT', path: `${secretsPath(place)}/${name}`, body })
    : place.client.request({ method: 'POST', path: secretsPath(place), body });
}

interface Save {
  readonly lock: Lock;
  readonly record: StackRecord;
  readonly release: Release;
  readonly keptReleases: number;
}

/** The journal to go on with, unless the release has ended. */
async function save(place: StorePlace, { lock, record, release, keptReleases }: Save): Promise<Journal | undefined> {
  const { stack } = record;
  const index = await indexForSave(place, lock, record);
  const { spec, plan, sources, ...body } = release;
  const there = new Set((await partsOf(place, stack)).map(({ metadata }) => metadata.name));
  const writer = { place, stack, fence: lock.fence, index, there };
  const recordBlob = await putBlob(writer, record, 'inline');
  const bodyBlob = await putBlob(writer, body, 'inline');
  const specBlob = await putBlob(writer, spec, 'apart');
  const planBlob = plan && (await putBlob(writer, plan, 'apart'));
  const sourcesBlob = sources && (await putBlob(writer, sources, 'apart'));
  const owner = { stack, fence: lock.fence };
  const part = release.phase === 'applying' ? await makePart(place, partName(index.name, release.number), owner) : undefined;
  const entry: IndexEntry = {
    summary: summaryOf(release),
    spec: specBlob.blob,
    ...(planBlob ? { plan: planBlob.blob } : {}),
    ...(sourcesBlob ? { sources: sourcesBlob.blob } : {}),
    release: bodyBlob.blob,
    ...(part ? { journal: [part.name] } : {}),
  };
  const older = index.content.releases.filter((one) => one.summary.number !== release.number);
  const kept = [entry, ...(await moveOut(writer, older))].sort((a, b) => b.summary.number - a.summary.number).slice(0, keptReleases);
  const content: IndexContent = { ...index.content, record: recordBlob.blob, releases: kept };
  if (lock.lost.aborted) throw lockLost(stack);
  await swapIndex(writer, content, { ...recordBlob.inline, ...bodyBlob.inline });
  if (!part) await sweep(place, { stack, fence: lock.fence, content });
  return part && { ...owner, number: release.number, part };
}

async function indexForSave(place: StorePlace, lock: Lock, record: StackRecord): Promise<Index> {
  const index = await readIndex(place, record.stack);
  if (lock.lost.aborted || isGivenBack(lock) || !index || index.fence !== lock.fence) throw lockLost(record.stack);
  // A record that cannot be read is not written over: somebody may still mend it.
  if (index.content.record) await readWithVersion<StackRecord>(place, index, index.content.record, recordVersion);
  const known = lastNumber(index.content);
  if (known > record.lastRelease) throw recordConflict(record.stack, `it is at release ${known} already`);
  return index;
}

interface Writer {
  readonly place: StorePlace;
  readonly stack: string;
  readonly fence: number;
  readonly index: Index;
  /** Names of the chunks that are really there: somebody may have deleted what the index names. */
  readonly there: ReadonlySet<string>;
}

async function swapIndex({ place, stack, fence, index }: Omit<Writer, 'there'>, content: IndexContent, data: Index['data']): Promise<void> {
  const answer = await writeIndex(place, { index, stack, fence, content, data });
  if (answer.status < 300) return;
  if (answer.status !== 409) throw cannotWrite(place, index.name, answer);
  // The answer to a write may be lost and the write be sent again: then what is there is what we wrote.
  const now = await readIndex(place, stack);
  if (now?.fence !== fence) throw lockLost(stack);
  if (JSON.stringify(now.content) !== JSON.stringify(content)) throw recordConflict(stack, 'it was written while we wrote');
}

function recordConflict(stack: string, why: string): KonfigError {
  return new KonfigError({
    code: 'RECORD_CONFLICT',
    message: `The record of ${stack} was changed by somebody else: ${why}.`,
    hint: 'Preview and apply again.',
  });
}

interface PutBlob {
  readonly blob: Blob;
  readonly inline: { readonly [key: string]: string };
}

async function putBlob(writer: Writer, value: unknown, where: 'inline' | 'apart'): Promise<PutBlob> {
  const text = JSON.stringify(value);
  const digest = digestOf(text);
  const known = blobsOf(writer.index.content).find((blob) => blob.digest === digest && blob.chunks > 0);
  if (known && chunkNames(writer.index.name, known).every((name) => writer.there.has(name))) return { blob: known, inline: {} };
  const base64 = await packed(text);
  const bytes = Buffer.from(base64, 'base64');
  if (where === 'inline' && bytes.length <= inlineLimit) return { blob: { digest, chunks: 0 }, inline: { [digest]: base64 } };
  return { blob: await putChunks(writer, digest, bytes), inline: {} };
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
  const answer = await place.client.request({ method: 'POST', path: secretsPath(place), body, idempotent: true });
  if (answer.status < 300) return;
  if (answer.status !== 409) throw cannotWrite(place, name, answer);
  // Named by its digest, so it is the same; a dead run left it, and our fence keeps others from sweeping it.
  const path = `${secretsPath(place)}/${name}`;
  const mine = { metadata: { annotations } };
  const marked = await place.client.request({ method: 'PATCH', path, body: mine, contentType: 'application/merge-patch+json' });
  if (marked.status >= 300) throw cannotWrite(place, name, marked);
}

/** What older releases have inside leaves the index, which must stay small. */
async function moveOut(writer: Writer, entries: readonly IndexEntry[]): Promise<readonly IndexEntry[]> {
  return inParallel(entries, 4, async (entry) => {
    const inside = entry.release.chunks === 0 ? writer.index.data[entry.release.digest] : undefined;
    if (inside === undefined) return entry;
    return { ...entry, release: await putChunks(writer, entry.release.digest, Buffer.from(inside, 'base64')) };
  });
}

interface Sweep {
  readonly stack: string;
  readonly fence: number;
  readonly content: IndexContent;
}

/** Removes Secrets that the index no longer names. Those of a newer fence are another run's, on their way into its index. */
async function sweep(place: StorePlace, { stack, fence, content }: Sweep): Promise<void> {
  const name = nameOf(stack);
  const chunks = blobsOf(content).flatMap((blob) => chunkNames(name, blob));
  const named = new Set([...chunks, ...content.releases.flatMap(({ journal }) => journal ?? [])]);
  const loose = (await partsOf(place, stack)).filter(
    ({ metadata }) => !named.has(metadata.name) && Number(metadata.annotations?.[fenceAnnotation] ?? 0) <= fence,
  );
  await inParallel(loose, 4, ({ metadata }) => place.client.request({ method: 'DELETE', path: `${secretsPath(place)}/${metadata.name}` }));
}

// -- What runtimes keep

function readKept(place: StorePlace, stack: string, name: string): Promise<Kept | undefined> {
  return reading(place, stack, async (index) => {
    const blob = keptIn(index.content, name);
    return blob && { bytes: Buffer.from(JSON.parse(await readBlob(place, index, blob)) as string, 'base64'), version: blob.digest };
  });
}

function keptIn({ kept = {} }: IndexContent, name: string): Blob | undefined {
  return Object.hasOwn(kept, name) ? kept[name] : undefined;
}

async function writeKept(place: StorePlace, lock: Lock, stack: string, { name, bytes, before }: KeptWrite): Promise<string> {
  const index = await indexUnder(place, lock, stack);
  if (keptIn(index.content, name)?.digest !== before) throw keptConflict(stack, name);
  const writer = { place, stack, fence: lock.fence, index, there: new Set<string>() };
  const blob = bytes && (await putBlob(writer, Buffer.from(bytes).toString('base64'), 'apart')).blob;
  const { [name]: _, ...others } = index.content.kept ?? {};
  await swapIndex(writer, { ...index.content, kept: { ...others, ...(blob ? { [name]: blob } : {}) } }, inlineData(index));
  return blob?.digest ?? '';
}

/** Its Secrets stay where they are: only the index calls them otherwise. */
async function putKeptAside(place: StorePlace, lock: Lock, stack: string, name: string): Promise<string | undefined> {
  const index = await indexUnder(place, lock, stack);
  const blob = keptIn(index.content, name);
  if (!blob) return undefined;
  const aside = asideName(name, lock);
  const { [name]: _, ...others } = index.content.kept ?? {};
  await swapIndex({ place, stack, fence: lock.fence, index }, { ...index.content, kept: { ...others, [aside]: blob } }, inlineData(index));
  const secrets = secretNames(index.name, blob).map((secret) => `${place.namespace}/${secret}`);
  return `Secret ${secrets.join(', ')} (${JSON.stringify(aside)} in the index ${index.name})`;
}

/** The index, for whoever holds the lock. */
async function indexUnder(place: StorePlace, lock: Lock, stack: string): Promise<Index> {
  const index = await readIndex(place, stack);
  if (lock.lost.aborted || isGivenBack(lock) || index?.fence !== lock.fence) throw lockLost(stack);
  return index;
}

// -- The journal

/** The journal of a release that we have begun. */
interface Journal {
  readonly stack: string;
  readonly fence: number;
  readonly number: number;
  readonly part: JournalPart;
}

/** Never the same twice: who made it may have died before the index named it. */
function partName(indexName: string, number: number): string {
  return `${indexName}-journal-${number}-${randomUUID().slice(0, 8)}`;
}

async function append(place: StorePlace, journal: Journal, { entries }: JournalBatch): Promise<Journal> {
  const batch = await packBatch(entries);
  const part = hasRoom(journal.part, batch) ? journal.part : await nextPart(place, journal);
  return { ...journal, part: await addToPart(place, part, batch, journal) };
}

/** Named in the index before it is written to: whoever has taken the lock over has written the index before us. */
async function nextPart(place: StorePlace, { stack, fence, number }: Journal): Promise<JournalPart> {
  const index = await readIndex(place, stack);
  if (index?.fence !== fence) throw lockLost(stack);
  const part = await makePart(place, partName(index.name, number), { stack, fence });
  const releases = index.content.releases.map((entry) =>
    entry.summary.number === number ? { ...entry, journal: [...(entry.journal ?? []), part.name] } : entry,
  );
  await swapIndex({ place, stack, fence, index }, { ...index.content, releases }, inlineData(index));
  return part;
}

/** What the index has inside, without itself. */
function inlineData({ data }: Index): Index['data'] {
  const { [indexKey]: _, ...blobs } = data;
  return blobs;
}
