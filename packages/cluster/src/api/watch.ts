import type { ServerResponse } from 'node:http';
import { definitions } from '../custom/definition';
import type { Kind } from '../kinds/kind';
import type { KubeObject } from '../objects';
import type { Change, Store } from '../store/store';
import type { World } from '../world';
import { failure } from './failure';
import { type Form, shapeObject } from './form';
import { readSelectors } from './listing';
import { present } from './stored';

export interface WatchRequest {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name?: string;
  readonly query: URLSearchParams;
  readonly form: Form;
}

const bookmarkEveryMillis = 60_000;

/** Streams changes of a collection to one client until it goes, or its time is up. Gives back how to end it. */
export function startWatch(world: World, request: WatchRequest, response: ServerResponse): () => void {
  const { kind, namespace, name, query } = request;
  const selected = readSelectors(kind, query);
  const fits = (object: KubeObject): boolean =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    (name === undefined || object.metadata.name === name) &&
    selected(present(kind, object));
  response.writeHead(200, { 'content-type': 'application/json;stream=watch', 'cache-control': 'no-cache, private' });
  // The client has its watch when it has the headers, which may be long before the first change.
  response.flushHeaders();
  const send = (type: string, text: string): void => void response.write(`{"type":"${type}","object":${text}}\n`);
  const from = query.get('resourceVersion') ?? '';
  const revision = from === '' ? 0 : Number(from);
  const wantsList = query.get('sendInitialEvents') === 'true';
  const listsFirst = wantsList || (query.get('sendInitialEvents') === null && revision === 0);
  const oldest = listsFirst ? undefined : newerStart(world.store, kind, revision);
  if (oldest !== undefined) {
    const status = failure(410, 'Expired', `too old resource version: ${from} (${oldest})`).status;
    send('ERROR', JSON.stringify(status));
    response.end();
    return () => {};
  }
  const shape = (object: KubeObject): string => shapeObject(kind, present(kind, object), request.form, query, world.now());
  const forward = (change: Change): void => {
    if (change.resource !== kind.resource) return;
    const seen = seenAs(change, fits);
    if (seen) send(seen.type, shape(seen.object));
  };
  const bookmark = (annotations?: object): void => {
    const metadata = { resourceVersion: String(world.store.revision), ...(annotations && { annotations }) };
    send('BOOKMARK', JSON.stringify({ kind: kind.kind, apiVersion: kind.apiVersion, metadata }));
  };
  if (listsFirst) for (const object of world.store.list(kind.resource, namespace)) if (fits(object)) send('ADDED', shape(object));
  if (!listsFirst && revision > 0) for (const change of world.store.changesAfter(revision)) forward(change);
  if (wantsList) bookmark({ 'k8s.io/initial-events-end': 'true' });

  let ended = false;
  const end = (withBookmark: boolean): void => {
    if (ended) return;
    ended = true;
    stopListening();
    clearInterval(bookmarks);
    clearTimeout(timeout);
    if (withBookmark && bookmarks) bookmark();
    response.end();
  };
  const stopListening = world.store.listen((change) => {
    if (isNewDefinition(kind, change)) end(false);
    else forward(change);
  });
  const bookmarks = query.get('allowWatchBookmarks') === 'true' ? setInterval(() => bookmark(), bookmarkEveryMillis) : undefined;
  const seconds = Number(query.get('timeoutSeconds') ?? 0);
  const timeout = seconds > 0 ? setTimeout(() => end(true), seconds * 1000) : undefined;
  response.on('close', () => end(false));
  return () => end(false);
}

/** The revision from which on a watch of this kind misses nothing, when that is after the one that it asks for. */
function newerStart(store: Store, kind: Kind, revision: number): number | undefined {
  if (revision === 0) return undefined;
  if (Number.isNaN(revision) || store.isTooOld(revision)) return store.oldestRevision + 1;
  return store.changesAfter(revision).findLast((change) => isNewDefinition(kind, change))?.revision;
}

// What a definition says of its kind may have changed: the client begins anew.
function isNewDefinition({ custom }: Kind, { resource, type, object, previous }: Change): boolean {
  if (resource !== definitions || object.metadata.name !== custom?.definition.metadata.name) return false;
  return type === 'DELETED' || object.metadata.generation !== previous?.metadata.generation;
}

// An object that starts to fit a selector appears to the watcher, one that no longer does goes.
function seenAs(
  change: Change,
  fits: (object: KubeObject) => boolean,
): { readonly type: Change['type']; readonly object: KubeObject } | undefined {
  const fitsNow = change.type !== 'DELETED' && fits(change.object);
  const fitted = change.previous !== undefined && fits(change.previous);
  if (fitsNow) return { type: fitted ? 'MODIFIED' : 'ADDED', object: change.object };
  return fitted ? { type: 'DELETED', object: change.object } : undefined;
}
