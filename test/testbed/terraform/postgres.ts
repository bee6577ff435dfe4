// A real PostgreSQL on 127.0.0.1, from the binaries of the system, in a folder of its own.
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Postgres {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** The superuser's. */
  readonly user: string;
  readonly password: string;
  /** What psql prints without its headings, as the superuser if nobody else is named; an error of the server is thrown with its words. */
  query(sql: string, as?: { readonly database?: string; readonly user?: string; readonly password?: string }): Promise<string>;
  /** What the server has logged, which holds each statement that failed. */
  log(): string;
  stop(): Promise<void>;
}

/** A server without data, ready for connections over TCP with a password. */
export async function startPostgres(): Promise<Postgres> {
  const bin = findPostgres();
  const folder = mkdtempSync(join(tmpdir(), 'konfig-postgres-'));
  const password = 'superuser-of-the-test-bed';
  const as = owner();
  try {
    writeFileSync(join(folder, 'password'), password);
    if (as) for (const each of [folder, join(folder, 'password')]) chownSync(each, as.uid, as.gid);
    const initdb = ['-D', 'data', '-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', 'password', '-E', 'UTF8', '--locale=C', '--no-sync'];
    await run(join(bin, 'initdb'), initdb, { cwd: folder, ...as });
    const { port, child, log } = await listen(bin, folder, as);
    return {
      host: '127.0.0.1',
      port,
      user: 'postgres',
      password,
      query: async (sql, as) => {
        const words = ['-h', '127.0.0.1', '-p', `${port}`, '-U', as?.user ?? 'postgres', '-d', as?.database ?? 'postgres', '-XAtqc', sql];
        return (await run(join(bin, 'psql'), words, { env: { ...process.env, PGPASSWORD: as?.password ?? password } })).stdout.trimEnd();
      },
      log,
      stop: async () => {
        await end(child);
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Debian keeps `initdb` and `postgres` off the PATH, in a folder for each version. */
function findPostgres(): string {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const places = [...told(), ...versions.map((version) => join(debian, version, 'bin')), ...(process.env.PATH ?? '').split(delimiter)];
  const found = places.find((place) => ['initdb', 'postgres', 'psql'].every((program) => existsSync(join(place, program))));
  if (found) return found;
  throw new Error('The test bed needs PostgreSQL and finds no initdb. On Debian: apt-get update && apt-get install -y postgresql');
}

function told(): string[] {
  try {
    return [execFileSync('pg_config', ['--bindir'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()];
  } catch {
    return [];
  }
}

/** PostgreSQL does not run as root: then as the user that its package makes, or as nobody. */
function owner(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] })));
      if (uid && gid) return { uid, gid };
    } catch {
      // There is no such user.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user postgres nor nobody to run it as.');
}

interface Listening {
  readonly port: number;
  readonly child: ChildProcess;
  log(): string;
}

/** PostgreSQL takes no port 0: we ask the system for one that is free, and again when somebody was faster. */
async function listen(bin: string, folder: string, as: ReturnType<typeof owner>): Promise<Listening> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const settings = { listen_addresses: '127.0.0.1', port, fsync: 'off', max_connections: 200, unix_socket_directories: '' };
    const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawn(join(bin, 'postgres'), ['-D', 'data', ...words], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], ...as });
    let said = '';
    const isReady = await new Promise<boolean>((resolve, reject) => {
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk;
        if (said.includes('ready to accept connections')) resolve(true);
      });
      child.once('error', reject);
      child.once('exit', () => resolve(false));
    });
    if (isReady) return { port, child, log: () => said };
    if (attempt === 3 || !said.includes('Address already in use')) throw new Error(`PostgreSQL ended:\n${said}`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** SIGINT is its fast shutdown: it ends the sessions that are open, where SIGTERM would wait for them. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  await ended;
}
