// Requests as a check makes them: each once, and kept together with what came back.
import { isObject, type Json, type JsonObject } from '@konfig/core';
import { Agent, request as send } from 'undici';
import { clean } from '../../clean';
import { reasonOf } from '../../reason-of';
import { eventsIn, type ServerEvent } from '../client';
import { type Unseen, unseen } from './unseen';

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
  /** As it may be shown, cut. */
  readonly said: string;
  /** Of a redirect. */
  readonly location?: string;
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
  readonly unseen: Unseen;

  constructor(
    readonly url: string,
    readonly token: string | undefined,
    /** Milliseconds. */
    readonly limit: number,
    /** Ends what is being asked. What is asked after that is asked all the same, since it cleans up. */
    readonly stop: AbortSignal = new AbortController().signal,
  ) {
    this.unseen = unseen(token === undefined ? [] : [token]);
  }

  begin(): void {
    this.#exchanges = [];
  }

  /** The last things that were sent and got. */
  get exchanges(): readonly Exchange[] {
    return this.#exchanges.slice(-2);
  }

  async call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, { body, text, headers, as }: Call = {}): Promise<Reply> {
    const sent = { sent: `${method} ${path}`, ...(body === undefined ? {} : { body: this.unseen.mask.json(body) }) };
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
        signal: this.#untilStopped(),
      });
      const text = await textOf(answer.body);
      const shown = this.unseen.shown(text);
      this.#exchanges.push({ ...sent, got: `${answer.statusCode} ${clean(shown, 600)}`.trim() });
      const { location } = answer.headers;
      return {
        status: answer.statusCode,
        contentType: String(answer.headers['content-type'] ?? ''),
        said: clean(shown, 100),
        ...(location === undefined ? {} : { location: clean(String(location), 200) }),
        body: parsed(text),
      };
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
        signal: AbortSignal.any([stop.signal, this.#untilStopped()]),
      });
      if (answer.statusCode !== 200 || !String(answer.headers['content-type']).startsWith('text/event-stream'))
        throw new Failed(
          `GET /v1/watch is answered with ${answer.statusCode} ${String(answer.headers['content-type'])}, not with text/event-stream`,
        );
      for await (const event of eventsIn(answer.body, 2 ** 20)) {
        got.push(`${event.event} ${clean(this.unseen.shown(event.data), 200)}`);
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

  #untilStopped(): AbortSignal {
    const late = AbortSignal.timeout(this.limit);
    return this.stop.aborted ? late : AbortSignal.any([late, this.stop]);
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
