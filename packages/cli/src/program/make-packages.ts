// Makes the package cache of programs' processes, and a snapshot of one that has loaded it.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { writeWhole } from '../write-whole';
import { type KeptPackages, makingTakes } from './kept-packages';
import { stampsOfModules } from './module-stamps';
import { requestOf, wrapped } from './node-loader';
import { type PackageWish, placeOf } from './place-of-packages';
import type { LoadedPackages } from './sandbox/make-package-cache';
import { makeSnapshot } from './sandbox/make-snapshot';
import type { KeptFile, PackageCache } from './sandbox/package-cache';
import { release, startSandbox, usualConditions } from './sandbox/sandbox';
import { changedSince, shortName, stampOf } from './stamp';

/** Makes it, in a process that may do what a program's may: packages are never run beside credentials. */
export async function makePackages(wish: PackageWish): Promise<number> {
  const { project, memory, companions } = wish;
  const place = placeOf(wish);
  if (!place) return 1;
  const began = Date.now();
  const sandbox = startSandbox({ project, root: project, conditions: usualConditions, memory, print: () => {}, makes: companions });
  // Whoever starts after this takes the mark for that of a maker who is gone.
  const limit = setTimeout(() => {
    release(sandbox);
    process.exit(1);
  }, makingTakes);
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of sandbox.child.stdio[3] as AsyncIterable<Buffer>) chunks.push(chunk);
    const loaded = JSON.parse(Buffer.concat(chunks).toString('utf8')) as LoadedPackages;
    await keep(place, loaded, { ...wish, began });
    return 0;
  } finally {
    clearTimeout(limit);
    release(sandbox);
    rmSync(`${place}.making`, { force: true });
  }
}

interface Making extends PackageWish {
  /** Milliseconds since the epoch. */
  readonly began: number;
}

/** The texts are read here; V8 takes the code that the process told only together with a text of that length. */
async function keep(place: string, { code, resolved }: LoadedPackages, { began, project, memory, companions }: Making): Promise<void> {
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
  const bytes = Buffer.concat(parts);
  const script = join(__dirname, 'synth-child.js');
  const stamps = stampsOfModules([process.execPath, script, ...Object.keys(files)], resolved);
  const name = `${basename(place)}-${shortName(JSON.stringify(stamps))}`;
  const packages = join(dirname(place), name);
  writeWhole(`${packages}.bin`, bytes);
  writeWhole(`${packages}.json`, JSON.stringify({ size: bytes.length, files, resolved } satisfies PackageCache));
  const mains = ['@konfig/sdk', ...companions].flatMap((name) => resolved[requestOf(join(project, 'konfig.ts'), name)] ?? []);
  const hasSnapshot = await makeSnapshot({ project, memory, packages, mains, script });
  if (changedSince(stamps, began)) return;
  const own = ['.bin', '.json', ...(hasSnapshot ? ['.snapshot'] : [])].map((end) => `${packages}${end}`);
  const all = { ...stamps, ...Object.fromEntries(own.map((file) => [file, stampOf(file)])) };
  writeWhole(`${place}.json`, JSON.stringify({ name, hasSnapshot, madeAt: began, stamps: all } satisfies KeptPackages));
  removeOld(place, name);
}

/** Milliseconds. Until then a command may still be about to start from it. */
const oldAfter = 60_000;

function removeOld(place: string, name: string): void {
  const others = readdirSync(dirname(place)).filter((file) => file.startsWith(`${basename(place)}-`) && !file.startsWith(name));
  for (const file of others.map((other) => join(dirname(place), other)))
    if (Date.now() - Number.parseFloat(stampOf(file)) > oldAfter) rmSync(file, { recursive: true, force: true });
}
