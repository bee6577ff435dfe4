// Where the package cache of programs' processes is kept, whether it still is as the packages are, and how it is made: behind the scenes, by a
// process that outlives the command.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { writeWhole } from '../write-whole';
import { type LoadedPackages, wrapped } from './sandbox/make-package-cache';
import type { KeptFile, PackageCache } from './sandbox/package-cache';
import { modulesAbove } from './sandbox/readable';
import { release, startSandbox, usualConditions } from './sandbox/sandbox';
import { areAsStamped, changedSince, shortName, stampOf } from './stamp';

/** What is known of a cache without reading it. */
interface Kept {
  /** The name of its files. */
  readonly name: string;
  readonly stamps: Stamps;
}

interface Stamps {
  readonly [file: string]: string;
}

/** The cache for a project, where it is there and nothing of it has changed; else undefined, and it is made for the next command. */
export function keptPackages(project: string, memory: number): string | undefined {
  const place = placeOf(project, memory);
  const kept = place && readKept(place);
  if (kept && areAsStamped(kept.stamps)) return join(dirname(place), kept.name);
  if (place) makeLater(place, project, memory);
  return undefined;
}

/** Beside the packages that are in it. V8 takes code only from its own version, under the same options. */
function placeOf(project: string, memory: number): string | undefined {
  const modules = modulesAbove(project).find((folder) => stampOf(join(folder, '@konfig', 'sdk')) !== 'none');
  if (!modules) return undefined;
  const what = [process.version, process.arch, __dirname, realpathSync(join(modules, '@konfig', 'sdk')), memory].join('\n');
  return join(modules, '.cache', 'konfig', shortName(what));
}

function readKept(place: string): Kept | undefined {
  try {
    return JSON.parse(readFileSync(`${place}.json`, 'utf8')) as Kept;
  } catch {
    // Not there yet.
    return undefined;
  }
}

/** Milliseconds. A maker that takes longer was killed. */
const makingTakes = 30_000;

function makeLater(place: string, project: string, memory: number): void {
  const mark = `${place}.making`;
  try {
    mkdirSync(dirname(place), { recursive: true });
    if (Date.now() - Number.parseFloat(stampOf(mark)) > makingTakes) rmSync(mark, { force: true });
    // One at a time, however many commands run.
    writeFileSync(mark, '', { flag: 'wx' });
    const program = realpathSync(join(__dirname, '..', '..', 'bin', 'konfig.js'));
    spawn(process.execPath, [program, '__packages', project, String(memory)], {
      cwd: dirname(place),
      detached: true,
      stdio: 'ignore',
    }).unref();
  } catch {
    // Somebody makes it already, or nobody may write there: each command loads the packages by itself.
  }
}

/** Makes it, in a process that may do what a program's may: packages are never run beside credentials. */
export async function makePackages(project: string, memory: number): Promise<number> {
  const place = placeOf(project, memory);
  if (!place) return 1;
  const began = Date.now();
  const sandbox = startSandbox({ project, root: project, conditions: usualConditions, memory, print: () => {}, makes: true });
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of sandbox.child.stdio[3] as AsyncIterable<Buffer>) chunks.push(chunk);
    keep(place, JSON.parse(Buffer.concat(chunks).toString('utf8')) as LoadedPackages, began);
    return 0;
  } finally {
    release(sandbox);
    rmSync(`${place}.making`, { force: true });
  }
}

/** The texts are read here; V8 takes the code that the process told only together with a text of that length. */
function keep(place: string, { code, resolved }: LoadedPackages, began: number): void {
  const files: Record<string, KeptFile> = {};
  const parts: Buffer[] = [];
  let at = 0;
  for (const [file, base64] of Object.entries(code)) {
    const text = Buffer.from(wrapped(readFileSync(file, 'utf8')));
    const compiled = Buffer.from(base64, 'base64');
    files[file] = [at, at + text.length, at + text.length + compiled.length];
    at += text.length + compiled.length;
    parts.push(text, compiled);
  }
  const stamps = stampsOf(Object.keys(files), resolved);
  if (changedSince(stamps, began)) return;
  const bytes = Buffer.concat(parts);
  const name = `${basename(place)}-${shortName(JSON.stringify(stamps))}`;
  const old = readdirSync(dirname(place)).filter((file) => file.startsWith(`${basename(place)}-`) && !file.startsWith(name));
  const own = ['.bin', '.json'].map((end) => join(dirname(place), `${name}${end}`));
  writeWhole(own[0] as string, bytes);
  writeWhole(own[1] as string, JSON.stringify({ size: bytes.length, files, resolved } satisfies PackageCache));
  const all = { ...stamps, ...Object.fromEntries(own.map((file) => [file, stampOf(file)])) };
  writeWhole(`${place}.json`, JSON.stringify({ name, stamps: all } satisfies Kept));
  for (const file of old) rmSync(join(dirname(place), file), { force: true });
}

/** Of the files, of the packages that names led to, and of the places where Node looks for those before. */
function stampsOf(files: readonly string[], resolved: PackageCache['resolved']): Stamps {
  const places = Object.keys(resolved).flatMap((request) => {
    const [folder = '', name = ''] = request.split('\n');
    return /^(\.|\/|node:)/.test(name) ? [] : placesOfPackage(folder, packageIn(name), resolved[request] as string);
  });
  return Object.fromEntries([...new Set([...files, ...places])].map((path) => [path, stampOf(path)]));
}

function packageIn(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

/** `node_modules/<name>` of the folder and of those above it, up to the one that is meant. */
function placesOfPackage(folder: string, name: string, found: string): readonly string[] {
  const place = join(folder, 'node_modules', name);
  const isIt = stampOf(place) !== 'none' && found.startsWith(`${realpathSync(place)}/`);
  return isIt || dirname(folder) === folder ? [place] : [place, ...placesOfPackage(dirname(folder), name, found)];
}
