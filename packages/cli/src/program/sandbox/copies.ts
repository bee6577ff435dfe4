// Packages that a program must have once: two copies do not know each other's constructs, nor which synth is running.
import Module from 'node:module';
import { dirname } from 'node:path';
import type { Problem } from '@konfig/core';

/** What only the main module of such a package exports. */
const once: { readonly [name: string]: readonly string[] } = {
  '@konfig/sdk': ['project', 'stackOf', 'input'],
  constructs: ['Construct', 'Node', 'RootConstruct'],
  cdk8s: ['ApiObject', 'Chart', 'Lazy'],
};

interface Loaded {
  readonly filename: string;
  readonly exports: unknown;
}

/** A problem for each package that was loaded from several folders. */
export function twoCopies(nameOf: (file: string) => string): readonly Problem[] {
  const loaded = Object.values((Module as unknown as { _cache: { [file: string]: Loaded | undefined } })._cache);
  return Object.entries(once).flatMap(([name, exported]) => {
    const files = loaded.flatMap((module) => (module && hasAll(module, exported) ? [module.filename] : []));
    const folders = [...new Set(files.map((file) => nameOf(dirname(dirname(file)))))].sort();
    return folders.length > 1 ? [severalCopies(name, folders)] : [];
  });
}

// What re-exports another package's things has getters of its own: only plain files of that very package count.
function hasAll({ filename, exports }: Loaded, names: readonly string[]): boolean {
  return (
    /[\\/](lib|dist)[\\/]index\.js$/.test(filename) &&
    typeof exports === 'object' &&
    exports !== null &&
    names.every((name) => name in exports)
  );
}

function severalCopies(name: string, folders: readonly string[]): Problem {
  return {
    code: 'PROGRAM_PACKAGES',
    message: `The program loads ${folders.length} copies of ${name}: ${folders.join(' and ')}. They do not know each other's constructs.`,
    hint: `A library names ${name} in its peerDependencies, not in its dependencies; then npm dedupe. See who brings it: npm ls ${name}.`,
  };
}
