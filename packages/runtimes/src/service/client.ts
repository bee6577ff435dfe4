// HTTP to one service: with limits of time and size, and asked again where that is safe. Everything in the protocol is: an apply by its key.
import { setMaxListeners } from 'node:events';
import { type GrowingMask, isObject, type JsonObject, KonfigError, type Problem } from '@konfig/core';
import type { Dispatcher } from 'undici';
import { pause } from '../pause';
import { dispatcherTo } from '../proxy';
import { connectionMask, type Quote, quoteBy } from '../quote';
import { reasonOf } from '../reason-of';
import { type AnswerName, answers, type ToldProblem } from './protocol';
import { faultsIn } from './schema';
import type { ServiceTarget } from './target';

export interface ServiceRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly body?: object;
  readonly headers?: { readonly [name: string]: string };
  /** How often it is asked. Default 6. */
  readonly attempts?: number;
}

/** What came back: an answer as the protocol wants it, nothing (204), or a refusal. */
export type ServiceAnswer<T> =
  | { readonly status: number; readonly body: T; readonly refusal?: undefined }
  | { readonly status: number; readonly refusal: ToldProblem };

export interface ServiceClient {
  readonly url: string;
  /** Aborts at `close`. */
  readonly closed: AbortSignal;
  /** From now on this says what is secret; until then that is only what the client itself shows to be let in. */
  maskWith(mask: GrowingMask): void;
  /** For whatever the service has said. */
  readonly quote: Quote;
  /** Throws TARGET_CREDENTIALS at 401, CONNECTION_LOST where no answer could be had, and SERVICE_PROTOCOL where it is not one of the protocol. */
  request<T>(request: ServiceRequest, answer: AnswerName | 'nothing', signal: AbortSignal): Promise<ServiceAnswer<T>>;
  /** Server-sent events as they come, once the service has answered 200. */
  events(lastEventId: string | undefined, signal: AbortSignal): Promise<AsyncIterable<ServerEvent>>;
  close(): Promise<void>;
}

/** One server-sent event. */
export interface ServerEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: string;
}

/** Limits, in milliseconds and bytes. */
export interface Limits {
  /** One request, from the first byte sent to the last one read. */
  readonly answer: number;
  /** A stream that says nothing is taken for dead. */
  readonly silence: number;
  readonly size: number;
  /** The first pause before a request is sent again; each one is twice as long. */
  readonly firstPause: number;
}

export const defaultLimits: Limits = { answer: 30_000, silence: 60_000, size: 16 * 2 ** 20, firstPause: 250 };

const pool = { connections: 12, pipelining: 1, keepAliveTimeout: 10_000 };

const longestPause = 10_000;
const again: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export function makeClient(target: ServiceTarget, limits: Limits = defaultLimits): ServiceClient {
  const dispatcher = dispatcherTo(target.url, target.tls ?? {}, pool);
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const mask = connectionMask([target.token, target.tls?.key]);
  const quote = quoteBy(mask);
  const wire: Wire = { target, limits, dispatcher, quote };
  return {
    url: target.url,
    closed: closing.signal,
    maskWith: (given) => mask.give(given),
    quote,
    request: (request, answer, signal) => ask(wire, request, answer, AbortSignal.any([signal, closing.signal])),
    events: (lastEventId, signal) => openEvents(wire, lastEventId, AbortSignal.any([signal, closing.signal])),
    async close() {
      closing.abort();
      await dispatcher.destroy();
    },
  };
}

interface Wire {
  readonly target: ServiceTarget;
  readonly limits: Limits;
  readonly dispatcher: Dispatcher;
  readonly quote: Quote;
}

async function ask<T>(wire: Wire, request: ServiceRequest, answer: AnswerName | 'nothing', signal: AbortSignal): Promise<ServiceAnswer<T>> {
  const attempts = request.attempts ?? 6;
  for (let n = 1; ; n++) {
    signal.throwIfAborted();
    const got = await once(wire, request, signal);
    if ('status' in got && !again.has(got.status)) return read<T>(wire, request, answer, got);
    if (n >= attempts) throw lost(wire, got, n);
    const wait = Math.min(wire.limits.firstPause * 2 ** (n - 1), longestPause) * (0.5 + Math.random() / 2);
    await pause(('status' in got && retryAfter(got.headers)) || wait, signal);
  }
}

interface Got {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData['headers'];
  readonly text: string;
}

interface Failed {
  readonly error: unknown;
}

async function once(wire: Wire, request: ServiceRequest, signal: AbortSignal): Promise<Got | Failed> {
  const { limits } = wire;
  const limit = AbortSignal.timeout(limits.answer);
  try {
    const { statusCode: status, headers, body } = await send(wire, request, AbortSignal.any([signal, limit]));
    return { status, headers, text: await textOf(body, wire, request) };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof KonfigError) throw error;
    return { error: limit.aborted ? new Error(`no whole answer within ${limits.answer / 1000} s`) : error };
  }
}

function send(
  { target, dispatcher, limits }: Wire,
  request: ServiceRequest,
  signal: AbortSignal,
  bodyTimeout = limits.answer,
): Promise<Dispatcher.ResponseData> {
  const { method, path, body, headers = {} } = request;
  const { origin, pathname } = new URL(target.url);
  return dispatcher.request({
    origin,
    path: pathname.replace(/\/$/, '') + path,
    method,
    headers: {
      accept: 'application/json, application/problem+json',
      'user-agent': 'konfig',
      ...(target.token === undefined ? {} : { authorization: `Bearer ${target.token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal,
    headersTimeout: limits.answer,
    bodyTimeout,
  });
}

async function textOf(body: AsyncIterable<Buffer>, { target, limits }: Wire, { method, path }: ServiceRequest): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limits.size) {
      throw new KonfigError({
        code: 'SERVICE_PROTOCOL',
        message: `${target.url} answered ${method} ${path} with more than ${limits.size} bytes, and was not read further.`,
        hint: 'A service must keep its answers below that: large things do not belong into outputs.',
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function read<T>(
  { target, quote }: Wire,
  request: ServiceRequest,
  answer: AnswerName | 'nothing',
  { status, headers, text }: Got,
): ServiceAnswer<T> {
  const about = `${target.url} answered ${request.method} ${request.path}`;
  if (status === 401) throw new KonfigError(unauthorized(target));
  if (status >= 300 && status < 400) {
    const to = quote(String(headers.location ?? 'nowhere'), 200);
    throw broken(
      `${about} with a redirect (${status}) to ${to}, which is not followed.`,
      'Name that address in the workspace, if it is the right one.',
    );
  }
  if (answer === 'nothing' && status < 300) return { status, body: undefined as T };
  const body = parsed(text);
  if (status >= 500) throw failed(about, status, refusalIn(body, text, quote));
  if (status >= 400) return { status, refusal: refusalIn(body, text, quote) };
  if (body === undefined)
    throw broken(
      `${about} with ${status} and something that is no JSON object: ${quote(text, 100) || 'nothing'}.`,
      'Is this the address of the service itself?',
    );
  const [fault] = answer === 'nothing' ? [] : faultsIn(body, answers[answer], quote);
  if (fault)
    throw broken(
      `${about} with something that konfig.dev/service/v1 does not allow: ${fault.field || 'it'} ${fault.detail}.`,
      'Tell those who keep the service; konfig service verify shows them what is wrong.',
    );
  return { status, body: body as T };
}

/** Whatever it says of itself: that is no fault of what it was asked. */
function failed(about: string, status: number, { detail }: ToldProblem): KonfigError {
  return new KonfigError({
    code: 'SERVICE_FAILED',
    message: `${about} with ${status}${detail ? `: ${detail.replace(/[.]$/, '')}` : ''}.`,
    hint: 'The service itself has failed: tell those who keep it. The same command goes on where it stopped.',
  });
}

function unauthorized({ url, token }: ServiceTarget): Problem {
  return {
    code: 'TARGET_CREDENTIALS',
    message: `${url} refuses ${token === undefined ? 'requests without a token' : 'the token'} (401).`,
    hint:
      token === undefined
        ? "Give one in the workspace: httpService({ url, token: secret.env('NAME') })."
        : 'Has it expired, or is it for another service?',
  };
}

export function broken(message: string, hint: string): KonfigError {
  return new KonfigError({ code: 'SERVICE_PROTOCOL', message, hint });
}

function parsed(text: string): JsonObject | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** Not every 404 comes from the service: a proxy in front of it answers with a page. */
function refusalIn(body: JsonObject | undefined, text: string, quote: Quote): ToldProblem {
  const faults = Array.isArray(body?.errors) ? body.errors : [];
  return {
    ...(typeof body?.code === 'string' ? { code: body.code } : {}),
    detail: quote(typeof body?.detail === 'string' ? body.detail : typeof body?.title === 'string' ? body.title : text, 300),
    errors: faults.flatMap((fault) =>
      isObject(fault) && typeof fault.field === 'string' && typeof fault.detail === 'string'
        ? [{ field: fault.field, detail: quote(fault.detail, 300) }]
        : [],
    ),
  };
}

function retryAfter(headers: Got['headers']): number | undefined {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, longestPause) : undefined;
}

function lost({ target, quote }: Wire, got: Got | Failed, attempts: number): KonfigError {
  const times = attempts === 1 ? '' : ` ${attempts} times`;
  const hint = 'Run the same command again when the service answers; it goes on where it stopped.';
  if ('status' in got) {
    const { detail } = refusalIn(parsed(got.text), got.text, quote);
    return new KonfigError({
      code: 'CONNECTION_LOST',
      message: `${target.url} could not answer${times} (${got.status}${detail ? `: ${detail}` : ''}).`,
      hint,
    });
  }
  return new KonfigError(
    { code: 'CONNECTION_LOST', message: `${target.url} gave no answer${times}: ${quote(reasonOf(got.error))}.`, hint },
    { cause: got.error },
  );
}

async function openEvents(wire: Wire, lastEventId: string | undefined, signal: AbortSignal): Promise<AsyncIterable<ServerEvent>> {
  const { target, limits } = wire;
  const headers = { accept: 'text/event-stream', ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) };
  const { statusCode, headers: said, body } = await send(wire, { method: 'GET', path: '/v1/watch', headers }, signal, limits.silence);
  if (statusCode === 200 && String(said['content-type']).startsWith('text/event-stream')) return eventsIn(body, limits.size);
  await body.dump().catch(() => undefined);
  if (statusCode === 401) throw new KonfigError(unauthorized(target));
  if (again.has(statusCode)) throw new Error(`it answered ${statusCode}`);
  throw broken(
    `${target.url} answered GET /v1/watch with ${statusCode} and ${String(said['content-type'])}, not with a stream of events.`,
    'It says that it can: tell those who keep the service.',
  );
}

/** https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation */
export async function* eventsIn(body: AsyncIterable<Buffer>, largest: number): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  let fields: { event?: string; id?: string; data: string[] } = { data: [] };
  let id: string | undefined;
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    if (rest.length > largest) throw new Error(`an event of more than ${largest} bytes`);
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (fields.data.length > 0) yield { event: fields.event ?? 'message', id, data: fields.data.join('\n') };
        fields = { data: [] };
        continue;
      }
      const [, name = '', value = ''] = /^([^:]*)(?:: ?([\s\S]*))?$/.exec(line) ?? [];
      if (name === 'data') fields.data.push(value);
      else if (name === 'event') fields.event = value;
      else if (name === 'id') id = value;
    }
  }
}
