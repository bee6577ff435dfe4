// One HTTP request on a connection of its own, so that no pool hides from a test what happens to the server.
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string;
  readonly accept?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** A server, and the client certificate that it wants. */
export interface HttpServer {
  /** `http://127.0.0.1:40123` */
  readonly url: string;
  readonly tls?: { readonly ca: Buffer; readonly cert: Buffer; readonly key: Buffer };
}

export function sendHttp({ url, tls }: HttpServer, { method, path, body, contentType, accept }: HttpRequest): Promise<HttpAnswer> {
  const sentBody = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const headers = {
    accept: accept ?? 'application/json',
    'user-agent': 'konfig-test',
    ...(body === undefined
      ? {}
      : { 'content-type': contentType ?? 'application/json', 'content-length': Buffer.byteLength(sentBody ?? '') }),
  };
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? requestHttps : requestHttp;
    const sent = send(`${url}${path}`, { method, headers, agent: false, ...tls }, (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), reject);
    });
    sent.on('error', reject);
    sent.end(sentBody);
  });
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: {
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly resourceVersion: string; readonly generation?: number };
    readonly status?: Readonly<Record<string, unknown>>;
  };
}

/** The events of a watch, `…/pods?watch=true`, from its beginning on, until one of them is the last that was wanted. */
export function watchHttp({ url, tls }: HttpServer, path: string, isLast: (event: WatchEvent) => boolean): Promise<readonly WatchEvent[]> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? requestHttps : requestHttp;
    const events: WatchEvent[] = [];
    const sent = send(`${url}${path}`, { agent: false, ...tls }, (response) => {
      let rest = '';
      response.setEncoding('utf8');
      response.on('error', reject);
      response.on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const event = JSON.parse(line) as WatchEvent;
          events.push(event);
          if (!isLast(event)) continue;
          resolve(events);
          sent.destroy();
          return;
        }
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}
