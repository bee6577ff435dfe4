// Requests as a check makes them: each once, and kept together with what came back.
import { isObject, type Json, type JsonObject } from '@konfig/core';
import { Agent, request as send } from 'undici';
import { clean } from '../../clean';
import { reasonOf } from '../../reason-of';
import { eventsIn, type ServerEvent } from '../client';

/** One request, and what came back. The token is in neither. */
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

/** Asks one service, and remembers what was said since `begin`. */
export class Caller {
  readonly #agent = new Agent({ connections: 4 });
  #exchanges: Exchange[] = [];

  constructor(
    readonly url: string,
    readonly token: string | undefined,
    /** Milliseconds. */
    readonly limit: number,
  ) {}

  begin(): void {
    this.#exchanges = [];
  }

  /** The last things that were sent and got. */
  get exchanges(): readonly Exchange[] {
    return this.#exchanges.slice(-2);
  }

  async call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, { body, text, headers, as }: Call = {}): Promise<Reply> {
    const sent = { sent: `${method} ${path}`, ...(body === undefined ? {} : { body }) };
    const content = text ?? (body === undefined ? undefined : JSON.stringify(body));
    try {
      const answer = await send(this.url + path, {
        method,
        dispatcher: this.#agent,
        headers: {
          ...(this.token === undefined || as === 'nobody' ? {} : { authorization: `Bearer ${this.token}` }),
          ...(content === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(content === undefined ? {} : { body: content }),
        signal: AbortSignal.timeout(this.limit),
      });
      const said = await answer.body.text();
      this.#exchanges.push({ ...sent, got: `${answer.statusCode} ${clean(said, 600)}`.trim() });
      return { status: answer.statusCode, contentType: String(answer.headers['content-type'] ?? ''), body: parsed(said) };
    } catch (error) {
      this.#exchanges.push({ ...sent, got: clean(reasonOf(error)) });
      throw new Failed(`no answer: ${clean(reasonOf(error))}`);
    }
  }

  /** The events of a stream until `isEnough` says so of one of them; then it is closed. */
  async events(lastEventId: string | undefined, each: (event: ServerEvent) => Promise<'more' | 'enough'>): Promise<void> {
    const stop = new AbortController();
    const got: string[] = [];
    try {
      const answer = await send(`${this.url}/v1/watch`, {
        dispatcher: this.#agent,
        headers: {
          accept: 'text/event-stream',
          ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
          ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
        },
        signal: AbortSignal.any([stop.signal, AbortSignal.timeout(this.limit)]),
      });
      if (answer.statusCode !== 200 || !String(answer.headers['content-type']).startsWith('text/event-stream'))
        throw new Failed(
          `GET /v1/watch is answered with ${answer.statusCode} ${String(answer.headers['content-type'])}, not with text/event-stream`,
        );
      for await (const event of eventsIn(answer.body, 2 ** 20)) {
        got.push(`${event.event} ${clean(event.data, 200)}`);
        if ((await each(event)) === 'enough') return;
      }
      throw new Failed('the stream ended before what was waited for had come');
    } catch (error) {
      if (error instanceof Failed) throw error;
      throw new Failed(`what was waited for did not come within ${this.limit / 1000} s: ${clean(reasonOf(error))}`);
    } finally {
      this.#exchanges.push({ sent: 'GET /v1/watch', got: got.join('; ') || 'nothing' });
      stop.abort();
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** The body as an object. */
export function objectIn({ body }: Reply): JsonObject {
  if (isObject(body)) return body;
  throw new Failed('the answer is no JSON object');
}
