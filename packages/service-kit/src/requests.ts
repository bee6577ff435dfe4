// From an HTTP request to an answer: who asks, for what, and is it readable at all?
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, list, type PlanWish, plan, type Removal, readOne } from './answers';
import { applyWish, disown, type Expected, remove } from './changes';
import type { Authentication } from './definition';
import { isObject, type Json, type JsonObject } from './json';
import { type Kept, told } from './kept';
import { problemJson, Refusal, statusOf } from './problem';
import { changesSince, streamChanges } from './watch';

const largestBody = 4 * 2 ** 20;

/** Answers one request. Never rejects. */
export async function answer(kept: Kept, request: IncomingMessage, response: ServerResponse, stopping: AbortSignal): Promise<void> {
  try {
    await admit(kept.options.authentication, request);
    await route(kept, { request, response, stopping });
  } catch (error) {
    if (response.headersSent) response.destroy();
    else refuse(response, error instanceof Refusal ? error : failed(kept, error, request));
  }
}

function failed({ onError }: Kept, error: unknown, { method, url }: IncomingMessage): Refusal {
  onError(error, `${method} ${url}`);
  return new Refusal('failed', 'The service failed; its log says why.');
}

function refuse(response: ServerResponse, refusal: Refusal): void {
  const { retryAfter, code } = refusal;
  response.writeHead(statusOf[code], {
    'content-type': 'application/problem+json',
    ...(code === 'unauthorized' ? { 'www-authenticate': 'Bearer' } : {}),
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
  });
  response.end(JSON.stringify(problemJson(refusal)));
}

async function admit(authentication: Authentication, { headers }: IncomingMessage): Promise<void> {
  if (authentication === 'none') return;
  const token = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined) throw new Refusal('unauthorized', 'There is no bearer token in the request.');
  const isKnown = 'tokens' in authentication ? authentication.tokens.some((one) => isSame(one, token)) : await authentication.check(token);
  if (!isKnown) throw new Refusal('unauthorized', 'The bearer token is not one that this service knows.');
}

/** In the same time for every wrong token. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly stopping: AbortSignal;
}

async function route(kept: Kept, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://service');
  const [version, what, ...rest] = pathname.split('/').slice(1).map(decoded);
  if (version !== 'v1')
    throw new Refusal(
      'not-found',
      `There is no ${pathname} here: this is a service of konfig.dev/service/v1, whose paths begin with /v1/.`,
    );
  const asked = `${request.method} ${what}${rest.length > 0 ? `/${rest.length}` : ''}`;
  switch (asked) {
    case 'GET describe':
      return send(response, 200, describe(kept));
    case 'POST plan':
      return send(response, 200, await planned(kept, await bodyOf(request)));
    case 'GET resources':
      return send(response, 200, await list(kept, searchParams));
    case 'GET changes':
      return send(response, 200, await changesSince(kept, searchParams.get('after')));
    case 'GET watch':
      return streamChanges(kept, response, { lastEventId: headerOf(request, 'last-event-id'), signal: exchange.stopping });
    case 'GET resources/2':
      return send(response, 200, await readOne(kept, ...placeOf(rest)));
    case 'PUT resources/2':
      return send(response, 200, await applied(kept, request, placeOf(rest)));
    case 'DELETE resources/2':
      return deleted(kept, response, { place: placeOf(rest), uid: searchParams.get('uid') ?? undefined });
    case 'POST resources/3':
      return disowned(kept, exchange, rest);
    default:
      throw new Refusal('not-found', `There is no ${request.method} ${pathname} here.`);
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Refusal('malformed', `${part} is not encoded as paths are.`);
  }
}

function send(response: ServerResponse, status: number, body: JsonObject): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

type Place = [type: string, name: string];

function placeOf([type = '', name = '']: readonly string[]): Place {
  if (!/^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/.test(name))
    throw new Refusal(
      'malformed',
      `${JSON.stringify(name)} is no name: up to 253 letters, digits, . _ and -, a letter or digit at both ends.`,
    );
  return [type, name];
}

async function bodyOf(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read to its end, or the caller would see a connection that is cut in place of the reason.
    if (size <= largestBody) chunks.push(chunk);
    else if (size > 10 * largestBody) break;
  }
  if (size > largestBody) throw new Refusal('too-large', `The request has more than ${largestBody} bytes.`);
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (isObject(body)) return body;
  } catch {
    // said below
  }
  throw new Refusal('malformed', 'The body is no JSON object.');
}

async function planned(kept: Kept, { wished, removed }: JsonObject): Promise<JsonObject> {
  const wishes = objectsIn('wished', wished).map(
    (one): PlanWish => ({ ...resourceOf(one), config: objectIn('config', one.config), unknown: textsIn('unknown', one.unknown ?? []) }),
  );
  return plan(kept, wishes, objectsIn('removed', removed ?? []).map(resourceOf));
}

async function applied(kept: Kept, request: IncomingMessage, [type, name]: Place): Promise<JsonObject> {
  const key = headerOf(request, 'idempotency-key');
  if (!key) throw new Refusal('malformed', 'The header Idempotency-Key is missing.');
  const { owner, config, expects, takeOver = false } = await bodyOf(request);
  if (expects === undefined) throw new Refusal('malformed', 'expects is missing: null where nothing is there, else its uid and version.');
  const resource = await applyWish(kept, {
    type,
    name,
    key,
    owner: textIn('owner', owner),
    config: objectIn('config', config),
    expects: expects === null ? null : expectedOf(objectIn('expects', expects)),
    takeOver: takeOver === true,
  });
  return told(resource, 'whole');
}

function expectedOf({ uid, version }: JsonObject): Expected {
  return { uid: textIn('expects.uid', uid), version: textIn('expects.version', version) };
}

async function deleted(
  kept: Kept,
  response: ServerResponse,
  { place: [type, name], uid }: { readonly place: Place; readonly uid: string | undefined },
): Promise<void> {
  const outcome = await remove(kept, { type, name, ...(uid === undefined ? {} : { uid }) });
  response.writeHead(outcome === 'gone' ? 204 : 202);
  response.end();
}

async function disowned(kept: Kept, { request, response }: Exchange, [type = '', name = '', verb]: readonly string[]): Promise<void> {
  if (verb !== 'disown') throw new Refusal('not-found', `There is no POST …/${verb} here.`);
  const { uid, owner } = await bodyOf(request);
  placeOf([type, name]);
  await disown(kept, { type, name, owner: textIn('owner', owner), ...(uid === undefined ? {} : { uid: textIn('uid', uid) }) });
  response.writeHead(204);
  response.end();
}

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function resourceOf({ type, name }: JsonObject): Removal {
  return { type: textIn('type', type), name: textIn('name', name) };
}

function textIn(field: string, value: Json | undefined): string {
  if (typeof value !== 'string') throw new Refusal('malformed', `${field} must be a text.`);
  return value;
}

function textsIn(field: string, value: Json): readonly string[] {
  if (!Array.isArray(value)) throw new Refusal('malformed', `${field} must be a list.`);
  return value.map((one) => textIn(field, one));
}

function objectIn(field: string, value: Json | undefined): JsonObject {
  if (!isObject(value)) throw new Refusal('malformed', `${field} must be an object.`);
  return value;
}

function objectsIn(field: string, value: Json | undefined): readonly JsonObject[] {
  if (!Array.isArray(value)) throw new Refusal('malformed', `${field} must be a list.`);
  return value.map((one) => objectIn(field, one));
}
