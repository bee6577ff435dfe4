// Node's loader of CommonJS modules, as far as it is public by usage: https://nodejs.org/api/modules.html, `require.extensions`.
import Module from 'node:module';
import { dirname } from 'node:path';
import type { Script } from 'node:vm';

type Resolve = (name: string, parent: { readonly filename?: string } | undefined, isMain?: boolean, options?: unknown) => string;

export const loader = Module as unknown as {
  _resolveFilename: Resolve;
  readonly _extensions: { '.js': (module: NodeJS.Module, file: string) => void };
  readonly _cache: NodeJS.Require['cache'];
  wrap(text: string): string;
};

/** What a folder's code asks for. */
export function requestOf(file: string, name: string): string {
  return `${dirname(file)}\n${name}`;
}

/** The text as Node runs it, but for a source map in it, which nobody reads and which can be most of it; what keeps it must find the same. */
export function wrapped(text: string): string {
  return loader.wrap(text.replace(/^#!.*/, '').replace(/^\/\/# sourceMappingURL=data:.*$/gm, ''));
}

/** Runs the wrapped text of a module, as Node's own loader does. @param require what it asks for others; default: one that is made here. */
export function run(script: Script, module: NodeJS.Module, file: string, require: unknown = requireOf(module)): void {
  const body = script.runInThisContext() as (...args: unknown[]) => void;
  body.call(module.exports, module.exports, require, module, file, dirname(file));
}

function requireOf(module: NodeJS.Module): unknown {
  return Object.assign((name: string) => module.require(name), {
    resolve: (name: string) => loader._resolveFilename(name, module as unknown as { readonly filename: string }),
    cache: loader._cache,
    main: process.mainModule,
    extensions: loader._extensions,
  });
}
