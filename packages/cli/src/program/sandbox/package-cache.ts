// The SDK and what it needs are two hundred files. Found, read and compiled once, they are kept as one file with V8's code, from which a program's
// process takes them. They are the same modules under the same names: only the way in is shorter.
import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { Script } from 'node:vm';
import { loader, requestOf, run } from '../node-loader';

// Kept from before they are guarded: modules are loaded later, too.
const Compiled = Script;

/** What is kept of one file: where its text and its code lie in the file of all. Bytes. */
export type KeptFile = readonly [from: number, text: number, end: number];

export interface PackageCache {
  /** Of the file of all. Bytes. */
  readonly size: number;
  readonly files: { readonly [file: string]: KeptFile };
  /** The file that a folder's code means by a name: by `<folder>\n<name>`. */
  readonly resolved: { readonly [request: string]: string };
}

/** From now on, modules that are kept there come from there. One that has just been replaced by a newer is done without. */
export function usePackageCache(path: string): void {
  const cache = readCache(path);
  if (!cache) return;
  const { files, resolved, bytes } = cache;
  const { _resolveFilename: resolve } = loader;
  loader._resolveFilename = (name, parent, ...more) =>
    (parent?.filename && resolved[requestOf(parent.filename, name)]) || resolve.call(Module, name, parent, ...more);
  const load = loader._extensions['.js'];
  loader._extensions['.js'] = (module, file) => {
    const kept = files[file];
    if (!kept) return load(module, file);
    const [from, text, end] = kept;
    const script = new Compiled(bytes.toString('utf8', from, text), { filename: file, cachedData: bytes.subarray(text, end) });
    run(script, module, file);
  };
}

function readCache(path: string): (PackageCache & { readonly bytes: Buffer }) | undefined {
  try {
    const cache = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as PackageCache;
    const bytes = readFileSync(`${path}.bin`);
    return bytes.length === cache.size ? { ...cache, bytes } : undefined;
  } catch {
    return undefined;
  }
}
