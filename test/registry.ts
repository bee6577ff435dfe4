// An npm registry of what this checkout has: our packages as `npm pack` makes them, all others as they lie in node_modules.
// With it `npm install` outside of the repository is real, needs no network, and gives the versions of the lock file.
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const root = join(__dirname, '..');

export interface Registry {
  /** The tarballs of our packages, by package: `@konfig/core`. */
  readonly tarballs: ReadonlyMap<string, string>;
  /** The stranger's home. */
  readonly home: string;
  /** Starts a command of the stranger's in a folder: with a home of its own, our registry, and nothing of the user's. */
  start(folder: string, command: string, ...args: string[]): ChildProcess;
  /** Runs one to its end. It is given two minutes. */
  run(folder: string, command: string, ...args: string[]): Promise<Ran>;
  stop(): Promise<void>;
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** package.json, as far as it matters here. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly bundleDependencies?: unknown;
  readonly bundledDependencies?: unknown;
  readonly [field: string]: unknown;
}

interface Package {
  readonly manifest: Manifest;
  readonly send: (response: ServerResponse) => void;
}

/** Packs our packages as they are built, and serves. */
export async function startRegistry(): Promise<Registry> {
  const folder = mkdtempSync(join(tmpdir(), 'konfig-registry-'));
  const tarballs = packOurs(folder);
  const packages = [...ours(tarballs), ...others()];
  const server = createServer(({ url = '/' }, response) => answer(decodeURIComponent(url), packages, server, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    NO_COLOR: '1',
    npm_config_registry: addressOf(server),
    npm_config_cache: join(folder, 'cache'),
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
    npm_config_fetch_retries: '0',
  };
  return {
    tarballs,
    home: folder,
    start: (within, command, ...args) => spawn(command, args, { cwd: within, env, stdio: 'pipe' }),
    run: (within, command, ...args) => run(within, command, args, env),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      removeInstalled(folder);
    },
  };
}

// Never a synchronous one: npm asks this very process.
function run(cwd: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd, env, maxBuffer: 1 << 26, timeout: 120_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ code, stdout, stderr: code === null ? `${stderr}${error}` : stderr });
    });
  });
}

function packOurs(folder: string): ReadonlyMap<string, string> {
  const workspaces = readdirSync(join(root, 'packages')).flatMap((name) => ['--workspace', `packages/${name}`]);
  const packed = spawnSync('npm', ['pack', '--json', '--pack-destination', folder, ...workspaces], { cwd: root, encoding: 'utf8' });
  if (packed.status !== 0) throw new Error(`npm pack ended with ${packed.status}:\n${packed.stderr}`);
  const made = Object.values(JSON.parse(packed.stdout) as Record<string, { readonly name: string; readonly filename: string }>);
  return new Map(made.map(({ name, filename }) => [name, join(folder, filename)]));
}

function ours(tarballs: ReadonlyMap<string, string>): readonly Package[] {
  return [...tarballs].map(([name, tarball]) => ({
    manifest: manifestIn(join(root, 'packages', name.slice('@konfig/'.length))),
    send: (response) => response.end(readFileSync(tarball)),
  }));
}

/** Every package that npm has installed here, but for links to our own. */
function others(): readonly Package[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly link?: boolean }>>;
  };
  const installed = Object.entries(packages).flatMap(([place, { link }]) =>
    place.includes('node_modules/') && !link && existsSync(join(root, place, 'package.json')) ? [join(root, place)] : [],
  );
  return installed.map((folder) => {
    const manifest = manifestIn(folder);
    return { manifest, send: (response) => sendFolder(folder, manifest, response) };
  });
}

function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** As a tarball. What npm has put below a package is a package of its own, unless it came bundled. */
function sendFolder(folder: string, { bundleDependencies, bundledDependencies }: Manifest, response: ServerResponse): void {
  const name = basename(folder);
  const without = bundleDependencies || bundledDependencies ? [] : [`--exclude=${name}/node_modules`];
  spawn('tar', [...without, '-C', dirname(folder), '-cf', '-', name], { stdio: ['ignore', 'pipe', 'inherit'] }).stdout.pipe(response);
}

/** `/esbuild` is what there is of it, `/esbuild/-/0.28.2.tgz` a version of it. */
function answer(url: string, packages: readonly Package[], server: Server, response: ServerResponse): void {
  const [name = '', tarball] = url.slice(1).split('/-/');
  const found = packages.filter(({ manifest }) => manifest.name === name);
  if (tarball !== undefined) sendTarball(found, tarball, response);
  else if (found.length > 0) sendVersions(name, found, addressOf(server), response);
  else notFound(response);
}

function sendTarball(found: readonly Package[], tarball: string, response: ServerResponse): void {
  const wanted = found.find(({ manifest }) => `${manifest.version}.tgz` === tarball);
  if (wanted) wanted.send(response);
  else notFound(response);
}

function sendVersions(name: string, found: readonly Package[], address: string, response: ServerResponse): void {
  const versions = found.map(({ manifest }) => {
    return [manifest.version, { ...manifest, dist: { tarball: `${address}${name}/-/${manifest.version}.tgz` } }] as const;
  });
  const latest = versions
    .map(([version]) => version)
    .sort(byNumber)
    .at(-1);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ name, 'dist-tags': { latest }, versions: Object.fromEntries(versions) }));
}

function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

function notFound(response: ServerResponse): void {
  response.statusCode = 404;
  response.end('{}');
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Removes a folder in which konfig was installed: behind a command that has ended, the package cache may still be written there. */
export function removeInstalled(folder: string): void {
  // Node lists a folder once: what comes into it while it is emptied is found by the next try. Whoever writes there has soon come to its end.
  for (;;) {
    try {
      rmSync(folder, { recursive: true, force: true });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
    }
  }
}
