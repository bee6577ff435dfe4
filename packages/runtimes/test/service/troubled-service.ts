// A service made with the kit, behind a door at which things go wrong.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Connection, JsonObject, Resource } from '@konfig/core';
import { resourceType, type Service, service } from '@konfig/service-kit';
import { type ServiceOptions, serviceRuntime } from '../../src/service/runtime';

/** What happens to one request. */
export type Trouble =
  /** The connection is cut before the service hears of it. */
  | { readonly kind: 'cut' }
  /** The service does what it was asked, and the connection is cut within the answer. */
  | { readonly kind: 'half an answer' }
  /** Something else answers. */
  | { readonly kind: 'answer'; readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  /** The service's answer, changed. */
  | { readonly kind: 'lie'; readonly lie: (body: never) => unknown }
  /** No answer, for as long as somebody waits. */
  | { readonly kind: 'silence' };

export interface TroubledService {
  readonly url: string;
  readonly service: Service;
  /** What the service was told to do: `create web`. */
  readonly done: readonly string[];
  /** Requests that came: `PUT /v1/resources/Thing/web`. */
  readonly came: readonly string[];
  /** The next requests of this form get into this trouble, `times` of them. Default: one. */
  gets(request: RegExp, trouble: Trouble, times?: number): void;
  /** Nobody listens, and whoever was connected is cut off. */
  dies(): Promise<void>;
  /** At the same address. */
  comesBack(): Promise<void>;
  stop(): Promise<void>;
}

export const noSignal = new AbortController().signal;
export const token = 'token-that-nobody-may-see';

/** Healths that things of a name begin with; else they are ready. */
export const starting = { status: 'progressing', message: 'is starting' } as const;

export async function troubledService({ slow = [] as readonly string[] } = {}): Promise<TroubledService> {
  const done: string[] = [];
  const came: string[] = [];
  const troubles: { readonly request: RegExp; readonly trouble: Trouble; times: number }[] = [];
  const thing = resourceType<{ size: number; secret?: string }, { size: number }, { key: string }>({
    config: {
      type: 'object',
      properties: { size: { type: 'integer' }, secret: { type: 'string', writeOnly: true }, place: { type: 'string' } },
      required: ['size'],
      additionalProperties: false,
    },
    outputs: { type: 'object', properties: { size: { type: 'integer' } } },
    secrets: { type: 'object', properties: { key: { type: 'string' } } },
    immutable: ['/place'],
    async create({ name, config }) {
      done.push(`create ${name}`);
      return { outputs: { size: config.size }, secrets: { key: 'the-key' }, ...(slow.includes(name) ? { health: starting } : {}) };
    },
    async update({ name, config }) {
      done.push(`update ${name}`);
      return { outputs: { size: config.size } };
    },
    async delete({ name }) {
      done.push(`delete ${name}`);
      return slow.includes(name) ? 'deleting' : undefined;
    },
  });
  const inner = service({ name: 'things', identity: 'things of the test', authentication: { tokens: [token] }, types: { Thing: thing } });
  const { url: behind, close } = await inner.listen();
  let server = createServer(receive);
  let port = 0;

  function receive(request: IncomingMessage, response: ServerResponse): void {
    const text = `${request.method} ${request.url}`;
    came.push(text);
    const found = troubles.find((one) => one.times > 0 && one.request.test(text));
    if (!found) {
      pass(request, response).catch(() => response.destroy());
      return;
    }
    found.times--;
    fall(found.trouble, request, response).catch(() => response.destroy());
  }

  async function ask(request: IncomingMessage, signal?: AbortSignal): Promise<Response> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const names = ['authorization', 'content-type', 'idempotency-key', 'last-event-id'];
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => names.includes(name))) as Record<string, string>;
    const body = Buffer.concat(chunks);
    return fetch(`${behind}${request.url}`, {
      method: request.method ?? 'GET',
      headers,
      ...(body.length > 0 ? { body } : {}),
      ...(signal ? { signal } : {}),
    });
  }

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const answer = await ask(request, gone.signal);
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.flushHeaders();
    for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) response.write(chunk);
    response.end();
  }

  async function fall(trouble: Trouble, request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (trouble.kind) {
      case 'cut':
        request.socket.destroy();
        return;
      case 'half an answer': {
        const text = await (await ask(request)).text();
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(text.length) });
        response.write(text.slice(0, text.length / 2), () => request.socket.destroy());
        return;
      }
      case 'answer':
        response.writeHead(trouble.status, trouble.headers ?? {});
        response.end(trouble.body);
        return;
      case 'lie': {
        const answer = await ask(request);
        response.writeHead(answer.status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(trouble.lie((await answer.json()) as never)));
        return;
      }
      case 'silence':
        return;
    }
  }

  const listen = () => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const dies = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  await listen();
  port = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${port}`,
    service: inner,
    done,
    came,
    gets: (request, trouble, times = 1) => void troubles.push({ request, trouble, times }),
    dies,
    async comesBack() {
      server = createServer(receive);
      await listen();
    },
    async stop() {
      await dies();
      await close();
    },
  };
}

/** An open connection, which asks again at once and does not wait long. */
export function open(url: string, options: ServiceOptions['limits'] = {}, config: JsonObject = { token }): Promise<Connection> {
  const limits = { firstPause: 5, answer: 2000, ...options };
  return serviceRuntime({ limits }).connect('things', { runtime: 'service', config: { url, ...config } }, noSignal);
}

export function thing(name: string, config: JsonObject): Resource {
  return {
    id: `things:Thing/${name}`,
    target: 'things',
    runtime: 'service',
    type: 'Thing',
    attributes: { config },
    path: `shop/prod/${name}`,
  };
}
