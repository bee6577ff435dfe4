// Changes as they come: server-sent events, or a list for those who ask now and then.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { JsonObject } from './json';
import { type Kept, told } from './kept';
import { Refusal } from './problem';
import type { Change } from './store';

/** Comments keep proxies from taking a quiet stream for a dead one. */
const heartbeat = 15_000;
/** Another process may have written into the same store, and rings no bell here. */
const lookAgain = 1000;

/** Changes after a token; without one, only the token of now. */
export async function changesSince({ store }: Kept, after: string | null): Promise<JsonObject> {
  if (after === null) return { token: String(await store.lastChange()), changes: [] };
  const changes = await store.changesAfter(tokenOf(after));
  if (!changes)
    throw new Refusal('expired', `The changes since ${after} are no longer known: read the resources, and ask without a token.`);
  return { token: String(changes.at(-1)?.at ?? after), changes: changes.filter(isTold).map(changeJson) };
}

/** Writes events until the signal aborts or the reader goes. */
export async function streamChanges(
  kept: Kept,
  response: ServerResponse,
  { lastEventId, signal }: { readonly lastEventId: string | undefined; readonly signal: AbortSignal },
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const ended = AbortSignal.any([signal, gone.signal]);
  const beat = setInterval(() => response.write(': still here\n\n'), heartbeat);
  try {
    let at = await begin(kept, response, lastEventId);
    while (!ended.aborted) {
      const changes = await kept.store.changesAfter(at);
      if (!changes) at = await send(kept, response, 'reset');
      for (const change of changes ?? []) {
        if (isTold(change)) response.write(eventText(change.resource ? 'resource' : 'gone', change.at, changeData(change)));
        at = change.at;
      }
      if (changes?.length === 0) await nextChange(kept, ended);
    }
  } finally {
    clearInterval(beat);
    response.end();
  }
}

/** The number of the change from which the stream goes on. */
async function begin(kept: Kept, response: ServerResponse, lastEventId: string | undefined): Promise<number> {
  const at = lastEventId === undefined ? undefined : tokenOf(lastEventId);
  const isKnown = at !== undefined && (await kept.store.changesAfter(at)) !== undefined;
  if (at !== undefined && isKnown) {
    response.write(eventText('open', at, {}));
    return at;
  }
  return send(kept, response, at === undefined ? 'open' : 'reset');
}

async function send({ store }: Kept, response: ServerResponse, event: 'open' | 'reset'): Promise<number> {
  const at = await store.lastChange();
  response.write(eventText(event, at, {}));
  return at;
}

async function nextChange({ bell }: Kept, ended: AbortSignal): Promise<void> {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), lookAgain);
  await once(bell, 'change', { signal: AbortSignal.any([ended, waiting.signal]) }).catch(() => undefined);
  clearTimeout(timer);
}

function eventText(event: string, id: number, data: JsonObject): string {
  return `event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** What is being made is not there yet. */
function isTold({ resource }: Change): boolean {
  return resource?.state !== 'making';
}

function changeData({ type, name, uid, resource }: Change): JsonObject {
  return resource ? told(resource, 'without secrets') : { type, name, uid };
}

function changeJson(change: Change): JsonObject {
  const { type, name, uid, resource } = change;
  return { type, name, uid, resource: resource ? changeData(change) : null };
}

function tokenOf(text: string): number {
  const at = Number(text);
  if (!Number.isSafeInteger(at) || at < 0) throw new Refusal('malformed', `${JSON.stringify(text)} is no token of this service.`);
  return at;
}
