// A service that does one thing wrong: a good one, and in front of it somebody who changes what is asked or answered.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request, and what the good service has answered. */
export interface Passing {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests change what they like in it.
  readonly asked: any;
}

export interface Answered extends Passing {
  status: number;
  contentType: string;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  body: any;
}

/** What goes wrong. */
export interface Fault {
  /** Changes the request before the good service sees it. */
  readonly asks?: (request: { method: string; path: string; headers: Record<string, string>; body: string }) => void;
  /** Changes what it answered. */
  readonly answers?: (answer: Answered) => void;
  /** Changes its stream of events. */
  readonly events?: (text: string) => string;
}

/** Stands in front of the service at `url` and does one thing wrong. */
export async function breaking(url: string, { asks, answers, events }: Fault): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) =>
        ['authorization', 'content-type', 'idempotency-key', 'last-event-id'].includes(name),
      ),
    ) as Record<string, string>;
    const sent = { method: request.method ?? '', path: request.url ?? '', headers, body: Buffer.concat(chunks).toString() };
    const original = parsed(sent.body);
    asks?.(sent);
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const got = await fetch(url + sent.path, {
      method: sent.method,
      headers: sent.headers,
      ...(sent.body === '' ? {} : { body: sent.body }),
      signal: gone.signal,
    });
    if (got.headers.get('content-type')?.startsWith('text/event-stream')) {
      response.writeHead(got.status, { 'content-type': 'text/event-stream' });
      const reader = new TextDecoder();
      for await (const chunk of got.body as unknown as AsyncIterable<Uint8Array>) {
        const text = reader.decode(chunk, { stream: true });
        response.write(events ? events(text) : text);
      }
      return;
    }
    const answer: Answered = {
      method: request.method ?? '',
      path: request.url ?? '',
      asked: original,
      status: got.status,
      contentType: got.headers.get('content-type') ?? '',
      body: parsed(await got.text()),
    };
    answers?.(answer);
    response.writeHead(answer.status, answer.contentType ? { 'content-type': answer.contentType } : {});
    response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
