// Terraform's `http` backend, served on loopback for one operation: https://developer.hashicorp.com/terraform/language/backend/http
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A state that is served. */
export interface ServedState {
  read(): Promise<string | undefined>;
  /** Throws where it could not be kept. */
  write(text: string): Promise<void>;
}

export interface Backend {
  /** From now on it is served; gives the environment that leads Terraform to it. */
  serve(state: ServedState): Promise<{ readonly env: NodeJS.ProcessEnv; end(): void }>;
  close(): Promise<void>;
}

interface Door {
  readonly state: ServedState;
  /** As Terraform told it. */
  lock?: { readonly id: string; readonly text: string };
}

/** The server starts with the first state. Whoever does not know this run's password gets nothing. */
export function openBackend(): Backend {
  const doors = new Map<string, Door>();
  const password = randomBytes(24).toString('base64url');
  let server: Promise<Server> | undefined;
  return {
    async serve(state) {
      server ??= listen((request, response) => answer(request, response, doors, password));
      const { port } = (await server).address() as AddressInfo;
      const name = randomBytes(9).toString('base64url');
      doors.set(name, { state });
      const address = `http://127.0.0.1:${port}/${name}`;
      return {
        env: {
          TF_HTTP_ADDRESS: address,
          TF_HTTP_LOCK_ADDRESS: address,
          TF_HTTP_UNLOCK_ADDRESS: address,
          TF_HTTP_USERNAME: user,
          TF_HTTP_PASSWORD: password,
          // We are there, or we have died: to wait helps neither.
          TF_HTTP_RETRY_MAX: '0',
        },
        end: () => doors.delete(name),
      };
    },
    async close() {
      const running = await server;
      running?.close();
      running?.closeAllConnections();
    },
  };
}

const user = 'konfig';

async function listen(onRequest: (request: IncomingMessage, response: ServerResponse) => Promise<void>): Promise<Server> {
  const server = createServer((request, response) => {
    onRequest(request, response).catch((error) => end(response, 500, error instanceof Error ? error.message : String(error)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  doors: ReadonlyMap<string, Door>,
  password: string,
): Promise<void> {
  if (!isAllowed(request, password)) return end(response, 401, 'Whose are you?');
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const door = doors.get(pathname.slice(1));
  if (!door) return end(response, 404, 'No state is served here.');
  const body = await bodyOf(request);
  switch (request.method) {
    case 'GET': {
      const text = await door.state.read();
      return end(response, text === undefined ? 204 : 200, text ?? '');
    }
    case 'LOCK':
      if (door.lock) return end(response, 423, door.lock.text);
      door.lock = { id: lockId(body), text: body };
      return end(response, 200, '');
    case 'UNLOCK':
      if (door.lock?.id !== lockId(body)) return end(response, 409, door.lock?.text ?? 'It is not locked.');
      delete door.lock;
      return end(response, 200, '');
    case 'POST': {
      const sum = request.headers['content-md5'];
      if (sum !== undefined && sum !== createHash('md5').update(body).digest('base64'))
        return end(response, 400, 'The sum of the state is another one.');
      if (door.lock?.id !== searchParams.get('ID')) return end(response, 423, door.lock?.text ?? 'It is not locked.');
      await door.state.write(body);
      return end(response, 200, '');
    }
    default:
      return end(response, 405, 'It takes GET, POST, LOCK and UNLOCK.');
  }
}

function isAllowed({ headers }: IncomingMessage, password: string): boolean {
  const sum = (text: string) => createHash('sha256').update(text).digest();
  const wanted = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return timingSafeEqual(sum(headers.authorization ?? ''), sum(wanted));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function lockId(body: string): string {
  try {
    return String((JSON.parse(body) as { ID?: unknown }).ID ?? '');
  } catch {
    return '';
  }
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(text);
}
