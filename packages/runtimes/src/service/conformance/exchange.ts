// Requests as a check makes them: each once, and kept together with what came back.
import { isObject, type Json, type JsonObject } from '@konfig/core';
import { Agent, request as send } from 'undici';
import { clean } from '../../clean';
import type { Quote } from '../../quote';
import { reasonOf } from '../../reason-of';
import { eventsIn, type ServerEvent } from '../client';
import { parsed } from './parsed';
import type { Unseen } from './unseen';

/** One request, and what came back, without the token and what is secret. */
export interface Exchange {
  /** `PUT /v1/resources/Entry/verify-1` */
  readonly sent: string;
  readonly body?: Json;
  /** `412 {"code":"stale"}` */
  readonly got: string;
}

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: Json | undefined;
}

export interface Call {
  readonly body?: Json;
  /** As it is, in place of JSON. */
  readonly text?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly as?: 'nobody';
}

/** Something that a service does not do as the protocol wants it. */
export class Failed extends Error {}

export interface CallerOptions {
  readonly url: string;
  readonly token: string | undefined;
  /** Milliseconds. */
  readonly limit: number;
  readonly unseen: Unseen;
  /** Then nothing more is asked. */
  readonly stop?: AbortSignal | undefined;
}

/** Asks one service, and remembers what was said since `begin`. */
export class Caller {
  readonly #agent = new Agent({ connections: 4 });
  readonly #options: CallerOptions;
  #exchanges: Exchange[] = [];

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  get token(): string | undefined {
    return this.#options.token;
  }

  /** For what is said of an answer. */
  get quote(): Quote {
    return this.#options.unseen.quote;
  }

  begin(): void {
    this.#exchanges = [];
  }

  /** The last things that were sent and got. */
  get exchanges(): readonly Exchange[] {
    return this.#exchanges.slice(-2);
  }

  async call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, { body, text, headers, as }: Call = {}): Promise<Reply> {
    const { url, unseen } = this.#options;
    const sent = { sent: `${method} ${path}`, ...(body === undefined ? {} : { body: unseen.json(body) }) };
    const content = text ?? (body === undefined ? undefined : JSON.stringify(body));
    return this.#within(method === 'GET' ? 'stopped' : 'answered', async (signal) => {
      try {
        const answer = await send(url + path, {
          method,
          dispatcher: this.#agent,
          headers: {
            ...(this.token === undefined || as === 'nobody' ? {} : { authorization: `Bearer ${this.token}` }),
            ...(content === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(content === undefined ? {} : { body: content }),
          signal,
        });
        const said = await textOf(answer.body);
        this.#exchanges.push({ ...sent, got: `${answer.statusCode} ${clean(unseen.text(said), 600)}`.trim() });
        return { status: answer.statusCode, contentType: String(answer.headers['content-type'] ?? ''), body: parsed(said) };
      } catch (error) {
        const why = this.quote(reasonOf(error));
        this.#exchanges.push({ ...sent, got: why });
        throw new Failed(`no answer: ${why}`);
      }
    });
  }

  /** The events of a stream until `isEnough` says so of one of them; then it is closed. */
  events(lastEventId: string | undefined, each: (event: ServerEvent) => Promise<'more' | 'enough'>): Promise<void> {
    const { url, unseen } = this.#options;
    const got: string[] = [];
    return this.#within('stopped', async (signal) => {
      try {
        const answer = await send(`${url}/v1/watch`, {
          dispatcher: this.#agent,
          headers: {
            accept: 'text/event-stream',
            ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
            ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
          },
          signal,
        });
        if (answer.statusCode !== 200 || !String(answer.headers['content-type']).startsWith('text/event-stream'))
          throw new Failed(
            `GET /v1/watch is answered with ${answer.statusCode} ${String(answer.headers['content-type'])}, not with text/event-stream`,
          );
        for await (const event of eventsIn(answer.body, 2 ** 20)) {
          got.push(`${event.event} ${clean(unseen.text(event.data), 200)}`);
          if ((await each(event)) === 'enough') return;
        }
        throw new Failed('the stream ended before what was waited for had come');
      } catch (error) {
        if (error instanceof Failed) throw error;
        throw new Failed(`what was waited for did not come: ${this.quote(reasonOf(error))}`);
      } finally {
        this.#exchanges.push({ sent: 'GET /v1/watch', got: got.join('; ') || 'nothing' });
      }
    });
  }

  /** What changes something is waited for when all is stopped: it would be there without anybody knowing. */
  async #within<T>(end: 'stopped' | 'answered', work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { limit, stop } = this.#options;
    if (stop?.aborted) throw new Failed('it was stopped');
    const ending = new AbortController();
    const finish = () => ending.abort();
    const timer = setTimeout(() => ending.abort(new Error(`it took more than ${limit / 1000} s`)), limit);
    if (end === 'stopped') stop?.addEventListener('abort', finish);
    try {
      return await work(ending.signal);
    } finally {
      clearTimeout(timer);
      stop?.removeEventListener('abort', finish);
      finish();
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

const largest = 16 * 2 ** 20;

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > largest) throw new Error(`it is longer than ${largest} bytes, and was not read further`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The body as an object. */
export function objectIn({ body }: Reply): JsonObject {
  if (isObject(body)) return body;
  throw new Failed('the answer is no JSON object');
}
