// HTTP to one API server: pooled, with time limits, bounded retries and one refresh of the credentials.

import { setMaxListeners } from 'node:events';
import { KonfigError } from '@konfig/core';
import type { Dispatcher } from 'undici';
import { clean } from '../clean';
import { pause } from '../pause';
import { type ConnectionMask, quoteBy } from '../quote';
import { reasonOf } from '../reason-of';
import { type Answer, isStreaming, type Read, readChunks, readJson, readLines, type Stream, statusOf, type TextStream } from './answer';

/** How to reach a server with valid credentials. Streams have connections of their own, so that watches never starve requests. */
export interface Access {
  readonly server: string;
  readonly headers: { readonly [name: string]: string };
  readonly requests: Dispatcher;
  readonly streams: Dispatcher;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  /** May be sent again when the connection is lost before its answer came. Default: all but POST. */
  readonly idempotent?: boolean;
  /** Default 6. */
  readonly attempts?: number;
  /** Milliseconds until the answer must begin. Default 65,000. */
  readonly timeout?: number;
}

export interface Client {
  readonly server: string;
  /** Aborts at `close`: whatever follows the server ends then. */
  readonly closed: AbortSignal;
  request(request: ApiRequest, signal?: AbortSignal): Promise<Answer>;
  /** A text answer, such as a log; undefined unless it is 200. */
  text(path: string, signal?: AbortSignal): Promise<string | undefined>;
  /** The lines of a watch as JSON, until it ends. */
  stream(path: string, signal: AbortSignal, accept?: string): Promise<Stream>;
  /** The body of a text that may never end, as it comes, such as a log that is followed. */
  textStream(path: string, signal: AbortSignal): Promise<TextStream>;
  close(): Promise<void>;
}

export const applyPatch = 'application/apply-patch+yaml';

const requestTimeout = 65_000; // an admission webhook may take 30 s, and there may be two
const streamSilence = 150_000; // real servers send a bookmark each minute; longer silence means a dead connection
const longestWait = 10_000;

/** A client that opens its access anew when the server no longer takes the credentials. What the server says in words goes through `mask`. */
export function makeClient(first: Access, reopen: () => Promise<Access>, mask: ConnectionMask): Client {
  let access = Promise.resolve(first);
  const opened = [first];
  const closing = new AbortController();
  const refreshed = async (old: Access): Promise<Access> => {
    const current = await access;
    if (current !== old) return current;
    access = reopen();
    access.catch(() => {
      access = Promise.resolve(old);
    });
    // The old one stays open: others may still be on their way with it, and its idle connections close by themselves.
    const next = await access;
    opened.push(next);
    return next;
  };
  const send = async <T>(request: ApiRequest, signal: AbortSignal | undefined, read: Read<T>): Promise<T> => {
    if (signal) setMaxListeners(0, signal); // one signal stops a whole operation with dozens of requests
    const here = await access;
    const answer = await attempt({ access: here, mask }, request, signal, read);
    if (answer !== 'unauthorized') return answer;
    const again = await attempt({ access: await refreshed(here), mask }, request, signal, read);
    if (again !== 'unauthorized') return again;
    throw refused(here.server);
  };
  return {
    server: first.server,
    closed: closing.signal,
    request: (request, signal) => send(request, signal, readJson),
    text: (path, signal) =>
      send({ method: 'GET', path, attempts: 1, accept: '*/*' }, signal, async (response) => {
        const text = await response.body.text();
        return response.statusCode === 200 ? text : undefined;
      }),
    stream: (path, signal, accept) => send({ method: 'GET', path, attempts: 1, ...(accept ? { accept } : {}) }, signal, readLines),
    textStream: (path, signal) => send({ method: 'GET', path, attempts: 1, accept: '*/*' }, signal, readChunks),
    close: async () => {
      closing.abort();
      await Promise.all(opened.flatMap((each) => [each.requests.destroy(), each.streams.destroy()]));
    },
  };
}

/** One way to the server. */
interface Wire {
  readonly access: Access;
  readonly mask: ConnectionMask;
}

async function attempt<T>(wire: Wire, request: ApiRequest, signal: AbortSignal | undefined, read: Read<T>): Promise<T | 'unauthorized'> {
  const attempts = request.attempts ?? 6;
  for (let n = 1; ; n++) {
    signal?.throwIfAborted();
    const outcome = await once(wire, request, signal, read as Read<unknown>);
    if ('answer' in outcome) return outcome.answer as T;
    if (outcome.failed === 'unauthorized') return 'unauthorized';
    if (n >= attempts || !outcome.again) throw outcome.error(n);
    await pause(outcome.wait ?? Math.min(100 * 2 ** n, longestWait) * (0.5 + Math.random() / 2), signal);
  }
}

type Outcome =
  | { readonly answer: unknown }
  | { readonly failed: 'unauthorized' }
  | { readonly failed: 'lost'; readonly again: boolean; readonly wait?: number; readonly error: (attempts: number) => Error };

async function once(wire: Wire, request: ApiRequest, signal: AbortSignal | undefined, read: Read<unknown>): Promise<Outcome> {
  const { access, mask } = wire;
  const isStream = isStreaming(read);
  try {
    const response = await (isStream ? access.streams : access.requests).request({
      origin: new URL(access.server).origin,
      path: basePath(access.server) + request.path,
      method: request.method,
      headers: {
        ...access.headers,
        accept: request.accept ?? 'application/json',
        'user-agent': 'konfig',
        ...(request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      ...(signal ? { signal } : {}),
      headersTimeout: request.timeout ?? requestTimeout,
      bodyTimeout: isStream ? streamSilence : requestTimeout,
    });
    if (response.statusCode === 401) {
      await response.body.dump();
      return { failed: 'unauthorized' };
    }
    if (response.statusCode !== 429 && response.statusCode !== 503) return { answer: await read(response, mask) };
    const wait = retryAfter(response.headers['retry-after']);
    const answer = await readJson(response, mask);
    return {
      failed: 'lost',
      again: true,
      ...(wait === undefined ? {} : { wait }),
      error: (attempts) => busy(access.server, answer, attempts),
    };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    return {
      failed: 'lost',
      again: (request.idempotent ?? request.method !== 'POST') || neverSent(error),
      error: (attempts) => lost(wire, error, attempts),
    };
  }
}

function retryAfter(header: string | string[] | undefined): number | undefined {
  const seconds = Number(Array.isArray(header) ? header[0] : header);
  return Number.isFinite(seconds) && header !== undefined ? Math.min(seconds * 1000, longestWait) : undefined;
}

function basePath(server: string): string {
  return new URL(server).pathname.replace(/\/$/, '');
}

function neverSent(error: unknown): boolean {
  return /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT/.test(reasonOf(error));
}

function lost({ access: { server }, mask }: Wire, error: unknown, attempts: number): KonfigError {
  const times = attempts === 1 ? '' : ` ${attempts} times`;
  return new KonfigError(
    {
      code: 'CONNECTION_LOST',
      message: `${server} gave no answer${times}: ${quoteBy(mask)(reasonOf(error))}.`,
      hint: 'Run the same command again when the server can be reached; it goes on where it stopped.',
    },
    { cause: error },
  );
}

function busy(server: string, answer: Answer, attempts: number): KonfigError {
  const said = statusOf(answer).message;
  return new KonfigError({
    code: 'CONNECTION_LOST',
    message: `${server} was too busy ${attempts} times (${answer.status}${said ? `: ${clean(said)}` : ''}).`,
    hint: 'Run the same command again later; it goes on where it stopped.',
  });
}

function refused(server: string): KonfigError {
  return new KonfigError({
    code: 'TARGET_CREDENTIALS',
    message: `${server} refuses the credentials (401), also after they were read again.`,
    hint: 'They have most likely expired: log in again as your cluster wants it, then run the same command.',
  });
}
