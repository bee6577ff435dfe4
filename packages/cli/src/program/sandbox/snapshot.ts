// Run by `node --build-snapshot`: loads what every program's process loads, guarded as there, and leaves it as a heap from which such a process starts.
// In there Node's loader does not work, so that this file must be one that needs no other, and has a small loader of its own.
// https://nodejs.org/api/cli.html#--build-snapshot
import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { basename, dirname } from 'node:path';
import { startupSnapshot } from 'node:v8';
import { Script } from 'node:vm';
import type { PackageCache } from './package-cache';

/** What it is started with, as JSON: the one argument. */
export interface SnapshotOrder {
  /** The package cache that everything is taken from. */
  readonly packages: string;
  /** The main files of what programs begin with; the first is the SDK's. */
  readonly mains: readonly string[];
  /** synth-child.js */
  readonly script: string;
  readonly beginning: import('./fixed-answers').Beginning;
}

interface Loaded {
  readonly id: string;
  readonly filename: string;
  exports: unknown;
  loaded: boolean;
  readonly children: readonly unknown[];
  paths: readonly string[];
}

const order = JSON.parse(process.argv.at(-1) as string) as SnapshotOrder;
let cache = JSON.parse(readFileSync(`${order.packages}.json`, 'utf8')) as PackageCache;
let bytes = readFileSync(`${order.packages}.bin`);
// Kept from before they are guarded.
const builtin = require;
const Compiled = Script;
const read = readFileSync;
const modules = new Map<string, Loaded>();
let isStarted = false;

function load(file: string): Loaded {
  const known = modules.get(file);
  if (known) return known;
  const module: Loaded = { id: file, filename: file, exports: {}, loaded: false, children: [], paths: [] };
  modules.set(file, module);
  if (file.endsWith('.json')) module.exports = JSON.parse(read(file, 'utf8'));
  else run(module, scriptOf(file));
  module.loaded = true;
  return module;
}

function scriptOf(filename: string): Script {
  const kept = cache.files[filename];
  if (!kept) return new Compiled(Module.wrap(read(filename, 'utf8')), { filename });
  const [from, text, end] = kept;
  return new Compiled(bytes.toString('utf8', from, text), { filename, cachedData: bytes.subarray(text, end) });
}

function run(module: Loaded, script: Script): void {
  const { filename } = module;
  const require = Object.assign((name: string) => requireFrom(module, name), {
    resolve: (name: string) => resolved(filename, name) ?? name,
    cache: (Module as unknown as { readonly _cache: object })._cache,
    main: undefined,
  });
  const body = script.runInThisContext() as (...args: unknown[]) => void;
  body.call(module.exports, module.exports, require, module, filename, dirname(filename));
}

/** Later, Node's own loader knows these modules too, and answers. */
function requireFrom(module: Loaded, name: string): unknown {
  if (isStarted) return (module as unknown as NodeJS.Module).require(name);
  const file = resolved(module.filename, name);
  return file === undefined ? builtin(name) : load(file).exports;
}

function resolved(file: string, name: string): string | undefined {
  return cache.resolved[`${dirname(file)}\n${name}`];
}

/** Node's own loader will know these modules too. */
function handOver(): void {
  const node = Module as unknown as Loader;
  for (const [file, module] of modules) {
    Object.setPrototypeOf(module, Module.prototype);
    module.paths = node._nodeModulePaths(dirname(file));
    node._cache[file] = module;
  }
  // Every program asks for the SDK, and where it lies was looked up before the process was started. A package may have another one of its own.
  const { _resolveFilename: resolve } = node;
  const [sdk] = order.mains;
  const isOfProgram = (name: string, by: Asking) =>
    name === '@konfig/sdk' && by?.filename !== undefined && basename(by.filename) === bundleName;
  node._resolveFilename = (name, by, ...more) => (sdk && isOfProgram(name, by) ? sdk : resolve.call(Module, name, by, ...more));
}

type Asking = { readonly filename?: string } | undefined;

interface Loader {
  readonly _cache: { [file: string]: unknown };
  _nodeModulePaths(folder: string): readonly string[];
  _resolveFilename(name: string, by: Asking, ...more: readonly unknown[]): string;
}

const { bundleName, guardFirst, runProgram } = load(order.script).exports as typeof import('../synth-child');
const guard = guardFirst(order.beginning);
guard.whileLoading(() => order.mains.forEach(load));
// What is not needed any more would be read at every start.
cache = { size: 0, files: {}, resolved: {} };
bytes = Buffer.alloc(0);
handOver();
const goOn = guard.rest();
startupSnapshot.setDeserializeMainFunction(() => {
  isStarted = true;
  // V8's default, which Node takes out of a snapshot.
  Error.stackTraceLimit = 10;
  guard.renew();
  goOn();
  runProgram(guard);
});
