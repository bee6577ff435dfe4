import type { ServerResponse } from 'node:http';
import { definitions } from '../custom/definition';
import type { CustomKind, Kind } from '../kinds/kind';
import type { KubeObject } from '../objects';
import type { Change } from '../store/store';
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
  if (Number.isNaN(revision) || (revision > 0 && world.store.isTooOld(revision))) {
    const status = failure(410, 'Expired', `too old resource version: ${from} (${world.store.oldestRevision + 1})`).status;
    send('ERROR', JSON.stringify(status));
    response.end();
    return () => {};
  }
  const shape = (object: KubeObject): string => shapeObject(kind, present(kind, object), request.form, query, world.now());
  const forward = (change: Change): void => {
    if (kind.custom && isNewDefinition(kind.custom, change)) end(false);
    if (change.resource !== kind.resource) return;
    const seen = seenAs(change, fits);
    if (seen) send(seen.type, shape(seen.object));
  };
  const bookmark = (annotations?: object): void => {
    const metadata = { resourceVersion: String(world.store.revision), ...(annotations && { annotations }) };
    send('BOOKMARK', JSON.stringify({ kind: kind.kind, apiVersion: kind.apiVersion, metadata }));
  };
  begin();
  const stopListening = world.store.listen(forward);
  const bookmarks = query.get('allowWatchBookmarks') === 'true' ? setInterval(() => bookmark(), bookmarkEveryMillis) : undefined;
  const seconds = Number(query.get('timeoutSeconds') ?? 0);
  const timeout = seconds > 0 ? setTimeout(() => end(true), seconds * 1000) : undefined;
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
  response.on('close', () => end(false));
  return () => end(false);

  function begin(): void {
    const listsFirst = query.get('sendInitialEvents') === 'true' || (query.get('sendInitialEvents') === null && revision === 0);
    if (listsFirst) for (const object of world.store.list(kind.resource, namespace)) if (fits(object)) send('ADDED', shape(object));
    if (!listsFirst && revision > 0) for (const change of world.store.changesAfter(revision)) forward(change);
    if (query.get('sendInitialEvents') === 'true') bookmark({ 'k8s.io/initial-events-end': 'true' });
  }
}

// What a definition says of its kind may have changed: the client begins anew.
function isNewDefinition({ definition }: CustomKind, { resource, type, object }: Change): boolean {
  if (resource !== definitions || object.metadata.name !== definition.metadata.name) return false;
  return type === 'DELETED' || object.metadata.generation !== definition.metadata.generation;
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
