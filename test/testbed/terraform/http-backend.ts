// A backend of type `http` as a company may have one, with a lock, and with faults on demand.
// What Terraform asks of it: https://developer.hashicorp.com/terraform/language/backend/http
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpBackend {
  readonly address: string;
  /** How often it still refuses to take a state. */
  refusals: number;
  /** Whether it refuses to give a lock back. */
  keepsLocks: boolean;
  /** The state that it has; empty where it has none. */
  state(): string;
  /** The id of the lock that it keeps. */
  lockId(): string;
  /** Whether somebody has sent it a password. */
  sawPassword(): boolean;
  stop(): Promise<void>;
}

export async function startHttpBackend(): Promise<HttpBackend> {
  let state = '';
  let lock = '';
  let sawPassword = false;
  const answers: { readonly [method: string]: (body: string) => readonly [status: number, text?: string] } = {
    GET: () => (state === '' ? [404] : [200, state]),
    POST: (body) => {
      if (backend.refusals > 0) {
        backend.refusals--;
        return [403];
      }
      state = body;
      return [200];
    },
    LOCK: (body) => {
      if (lock !== '') return [423, lock];
      lock = body;
      return [200];
    },
    UNLOCK: () => {
      if (backend.keepsLocks) return [500];
      lock = '';
      return [200];
    },
  };
  const server = createServer(async (request, response) => {
    sawPassword ||= request.headers.authorization !== undefined;
    const body = Buffer.concat(await request.toArray()).toString();
    const [status, text] = answers[request.method ?? '']?.(body) ?? [405];
    response.writeHead(status).end(text);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const backend: HttpBackend = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/state`,
    refusals: 0,
    keepsLocks: false,
    state: () => state,
    lockId: () => (JSON.parse(lock) as { ID: string }).ID,
    sawPassword: () => sawPassword,
    async stop() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
  return backend;
}
