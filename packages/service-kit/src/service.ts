// A service, running: HTTP in front, the definition's own code behind.
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Made, ServiceOptions } from './definition';
import { drop, keep, save } from './kept';
import { answer } from './requests';

/** A service that can be put behind any HTTP server of Node, or listen by itself. */
export interface Service {
  /** For a server of your own: TLS, another framework. It expects its paths to begin with `/v1/`. */
  readonly handler: RequestListener;
  /** Listens on plain HTTP. Default: on loopback, on any free port. */
  listen(place?: { readonly port?: number; readonly host?: string }): Promise<Listening>;
  /** How a resource is by now, for what goes on after `create` or `update` came back. Does nothing where it is gone. */
  report(type: string, name: string, news: Made): Promise<void>;
  /** A delete that took a while has come to its end. */
  gone(type: string, name: string): Promise<void>;
}

/** A service that listens. */
export interface Listening {
  readonly url: string;
  /** Takes no more requests, ends the watches, and waits for what is under way. */
  close(): Promise<void>;
}

/**
 * Makes a service of `konfig.dev/service/v1`.
 *
 * ```ts
 * const dns = service({
 *   name: 'dns',
 *   identity: 'dns of prod',
 *   authentication: { tokens: [process.env.DNS_TOKEN] },
 *   types: { Record: { config: schema, create: …, update: …, delete: … } },
 * });
 * const { url } = await dns.listen({ port: 8080 });
 * ```
 * @throws Error where a schema, or the name of a type, is wrong.
 */
export function service(options: ServiceOptions): Service {
  const kept = keep(options);
  const stopping = new AbortController();
  const handler: RequestListener = (request, response) => void answer(kept, request, response, stopping.signal);
  return {
    handler,
    async listen({ port = 0, host = '127.0.0.1' } = {}) {
      const server = createServer(handler);
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
      const close = () => {
        stopping.abort();
        // Callers keep their connections open behind the answer that they were waiting for.
        const sweep = setInterval(() => server.closeIdleConnections(), 50);
        return new Promise<void>((resolve) => {
          server.close(() => {
            clearInterval(sweep);
            resolve();
          });
        });
      };
      return { url: `http://${host}:${(server.address() as AddressInfo).port}`, close };
    },
    report: (type, name, news) =>
      kept.store.exclusive(`${type}/${name}`, async () => {
        const there = await kept.store.get(type, name);
        if (there) await save(kept, { ...there, ...news, version: there.version + 1 });
      }),
    gone: (type, name) =>
      kept.store.exclusive(`${type}/${name}`, async () => {
        const there = await kept.store.get(type, name);
        if (there) await drop(kept, there);
      }),
  };
}
