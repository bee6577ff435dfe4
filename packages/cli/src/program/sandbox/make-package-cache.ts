// Runs in a process like that of a program, but without one: loads what every program's process loads, and hands it back with V8's code.
import { readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import type { WrittenSite } from '@konfig/core';
import { loader, requestOf, run, wrapped } from '../node-loader';
import type { PackageCache } from './package-cache';

/** What it tells, as one line of JSON on file descriptor 3. Code in base64. */
export interface LoadedPackages extends Pick<PackageCache, 'resolved'> {
  readonly code: { readonly [file: string]: string };
}

/** What is to be loaded beside the SDK. */
export interface Wanted {
  /** The program's process, whose modules are wanted too. */
  readonly script: string;
  /** Packages of the project, by name. */
  readonly companions: readonly string[];
}

export function makePackageCache(project: string, { script, companions }: Wanted): void {
  const scripts = new Map<string, Script>();
  const resolved: Record<string, string> = {};
  const { _resolveFilename: resolve } = loader;
  loader._resolveFilename = (name, parent, ...more) => {
    const file = resolve(name, parent, ...more);
    if (parent?.filename && file.startsWith('/')) resolved[requestOf(parent.filename, name)] = file;
    return file;
  };
  loader._extensions['.js'] = (module, file) => {
    const compiled = new Script(wrapped(readFileSync(file, 'utf8')), { filename: file });
    scripts.set(file, compiled);
    run(compiled, module, file);
  };
  const own = createRequire(script);
  for (const [, name] of readFileSync(script, 'utf8').matchAll(/require\("([^"]+)"\)/g)) own(name as string);
  const fromProject = createRequire(join(project, 'konfig.ts'));
  const sdk = fromProject('@konfig/sdk') as typeof import('@konfig/sdk');
  for (const name of companions) {
    try {
      fromProject(name);
    } catch {
      // The program says it better when it imports it itself.
    }
  }
  try {
    useOnce(sdk, own('./notes') as typeof import('../notes'));
  } catch {
    // Another version of the SDK, which is used in another way: then its functions are compiled when they run.
  }
  const code = Object.fromEntries([...scripts].map(([file, compiled]) => [file, compiled.createCachedData().toString('base64')]));
  const line = Buffer.from(`${JSON.stringify({ code, resolved } satisfies LoadedPackages)}\n`);
  for (let at = 0; at < line.length; ) at += writeSync(3, line, at);
}

/** V8 keeps the code of functions that have run. */
function useOnce(
  { AppConfig, CronJob, embeddedCluster, project, Service, secret, workspace }: typeof import('@konfig/sdk'),
  { takeNotes }: typeof import('../notes'),
): void {
  const { taker, notes } = takeNotes(sites, () => ({ file: 'warm.ts', line: 1 }));
  const env = { A: 'a', B: secret.env('B') };
  const container = taker.literal({ image: 'a:1', env, files: { '/a': 'a' } } as const, 0, { env });
  const web = taker.literal(
    { ...container, ports: { http: 8080 }, readiness: { http: '/' }, resources: { cpu: '1', memory: '1Gi' } } as const,
    1,
    container,
  );
  project('warm')
    .stack(
      'up',
      workspace('warm', { kubernetes: embeddedCluster() }),
      (stack) => {
        const app = new AppConfig(stack, 'app');
        new Service(app, 'web', taker.literal({ containers: taker.literal({ web }, 2, web), replicas: 2 } as const, 3));
        new CronJob(app, 'job', { containers: { job: container }, schedule: '@daily' });
      },
      { namespace: 'warm' },
    )
    .synth('up', { notes });
}

const at = [1, 0] as const;

/** Where the fields of the objects above were written, by number: as text, as a field of another object, spread, and as an object of its own. */
const sites: readonly WrittenSite[] = [
  { at, fields: { image: { at, value: 'a:1' }, env: { at, from: [{ root: 0, path: ['env'] }] } } },
  { at, fields: { ports: { at }, readiness: { at } }, spreads: [{ at, from: [{ root: 0, path: [] }] }] },
  { at, fields: { web: { at, from: [{ root: 0, path: [] }] } } },
  { at, fields: { containers: { at }, replicas: { at, value: 2 } } },
];
