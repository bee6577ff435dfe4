// One list and watch of one kind in one namespace: kept true over disconnects, restarts of the server and expired versions.
import { isKonfigError, isObject, KonfigError } from '@konfig/core';
import { clean } from '../clean';
import { pause } from '../pause';
import { apiVersionOf, typeOf } from './address';
import { statusOf } from './answer';
import type { Client } from './client';
import { collectionPath, type ServedKind } from './discovery';
import type { KubeObject } from './objects';

export interface FeedPlace {
  readonly served: ServedKind;
  /** Undefined: all, for kinds without namespaces. */
  readonly namespace: string | undefined;
  /** Only this one: of kinds without namespaces there may be many, and the right to see them all is rare. */
  readonly name?: string;
  /** Only names, labels and versions: enough for kinds that are ready when they are there. */
  readonly metadataOnly: boolean;
}

export interface FeedListener {
  /** Everything there is, at the start and whenever the server's history was lost. */
  all(objects: readonly KubeObject[]): void;
  put(object: KubeObject): void;
  gone(object: KubeObject): void;
  /** What of an object is needed, where that is not all of it. */
  keep?(object: KubeObject): KubeObject;
}

export interface Feed {
  /** Settles when the first list was told. */
  readonly listed: Promise<void>;
  /** Rejects when the feed can no longer tell the truth; settles at the abort. */
  readonly ended: Promise<void>;
}

export function startFeed(client: Client, place: FeedPlace, listener: FeedListener, signal: AbortSignal): Feed {
  let version = '';
  const list = async () => {
    const listed = await listAll(client, place, signal, listener.keep);
    listener.all(listed.objects);
    version = listed.version;
  };
  const first = list();
  const follow = async () => {
    await first;
    let failures = 0;
    while (!signal.aborted) {
      const before = version;
      try {
        if (version === '') await list();
        version = await watchFrom(client, place, { version, listener }, signal);
        failures = version === before ? failures + 1 : 0;
      } catch (error) {
        if (signal.aborted) return;
        failures++;
        if (isFinal(error) && failures >= 3) throw error;
      }
      if (failures > 0) await pause(backOff(failures), signal).catch(() => undefined);
    }
  };
  const ended = follow();
  ended.catch(() => undefined);
  return { listed: first, ended };
}

/** 0.1 s, then doubling to 10 s; half of it by chance, so that many watches do not come back at once. */
function backOff(failures: number): number {
  return Math.min(10_000, 50 * 2 ** failures) * (0.5 + Math.random() / 2);
}

function isFinal(error: unknown): boolean {
  return isKonfigError(error) && error.problems.some(({ code }) => code === 'TARGET_CREDENTIALS' || code === 'PERMISSION_MISSING');
}

interface Listed {
  readonly objects: readonly KubeObject[];
  readonly version: string;
}

/** `keep` says what of each object is kept, page by page: all of them together may be large. Default: all of it. */
export async function listAll(
  client: Client,
  place: FeedPlace,
  signal: AbortSignal,
  keep: (object: KubeObject) => KubeObject = (object) => object,
): Promise<Listed> {
  const objects: KubeObject[] = [];
  let next = '';
  for (;;) {
    const query = new URLSearchParams({ ...only(place), limit: '500', ...(next ? { continue: next } : {}) });
    const path = `${collectionPath(place.served, place.namespace)}?${query}`;
    const accept = place.metadataOnly ? partial('PartialObjectMetadataList') : 'application/json';
    const { status, body } = await client.request({ method: 'GET', path, accept }, signal);
    if (status === 410 && next) return listAll(client, place, signal, keep); // the list expired between two pages
    if (status === 404) return { objects: [], version: '' }; // the kind went away
    if (status >= 300) throw listRefused(client, place, status, body);
    const list = body as unknown as {
      readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
      readonly items?: readonly KubeObject[];
    };
    for (const item of list.items ?? []) objects.push(keep(named(item, place.served)));
    next = list.metadata?.continue ?? '';
    if (!next) return { objects, version: list.metadata?.resourceVersion ?? '' };
  }
}

function only({ name }: FeedPlace): { readonly [key: string]: string } {
  return name === undefined ? {} : { fieldSelector: `metadata.name=${name}` };
}

/** Items of a list lack kind and apiVersion, and metadata alone comes as another kind. */
function named(item: KubeObject, served: ServedKind): KubeObject {
  return { ...item, apiVersion: apiVersionOf(served), kind: served.kind };
}

function partial(kind: string): string {
  return `application/json;as=${kind};g=meta.k8s.io;v=v1,application/json`;
}

interface Following {
  readonly version: string;
  readonly listener: FeedListener;
}

/** Follows until the stream ends; the version to go on from, empty when the history is lost. */
async function watchFrom(client: Client, place: FeedPlace, { version, listener }: Following, signal: AbortSignal): Promise<string> {
  if (version === '') return '';
  const query = new URLSearchParams({
    ...only(place),
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion: version,
    timeoutSeconds: '290',
  });
  const path = `${collectionPath(place.served, place.namespace)}?${query}`;
  const { status, lines } = await client.stream(path, signal, place.metadataOnly ? partial('PartialObjectMetadata') : undefined);
  let here = version;
  try {
    for await (const line of lines) {
      if (status === 410 || status === 404) return '';
      if (status >= 300) throw listRefused(client, place, status, line);
      const object = line.object as unknown as KubeObject;
      if (line.type === 'ERROR') return ''; // 410, or what we do not know: list anew
      here = object.metadata.resourceVersion ?? here;
      if (line.type === 'DELETED') listener.gone(named(object, place.served));
      else if (line.type === 'ADDED' || line.type === 'MODIFIED') listener.put(named(object, place.served));
    }
  } catch (error) {
    if (isKonfigError(error)) throw error;
    // Broken off: what was told stays true, go on behind it.
    if (here === version) throw error;
  }
  return here;
}

function listRefused(client: Client, place: FeedPlace, status: number, body: unknown): KonfigError {
  const said = isObject(body) ? clean(statusOf({ status, body, warnings: [] }).message ?? '') : '';
  const where = place.namespace === undefined ? '' : ` in namespace ${place.namespace}`;
  const kind = typeOf(apiVersionOf(place.served), place.served.kind);
  if (status !== 403)
    return new KonfigError({
      code: 'CONNECTION_LOST',
      message: `${client.server} answered ${status} when asked for ${kind}${where}: ${said}`,
    });
  return new KonfigError({
    code: 'PERMISSION_MISSING',
    message: `${kind}${where} cannot be watched: ${said}`,
    hint: `Ask for the verbs list and watch on ${place.served.plural}${where}.`,
  });
}
