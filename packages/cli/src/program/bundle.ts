// The user's program as one CommonJS text: their code and Konfig libraries in it, other packages outside.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { KonfigError, type Problem } from '@konfig/core';
import type { Message, Plugin } from 'esbuild';
import type { Instrumented } from './instrument';

export interface Bundle {
  readonly code: string;
  /** What the code notes by, and what was put into its lines; undefined where it is not instrumented. */
  readonly notes?: Pick<Instrumented, 'sites' | 'shifts'>;
  /** Source map, version 3. Its sources are relative to the monorepo's root. */
  readonly map: string;
  /** Folders of the Konfig libraries in it, as the source map names them: a line there is not the user's own. */
  readonly libraries: readonly string[];
}

/** How a program is bundled. */
export interface BundleOptions {
  /** Shall it note where the fields of its objects were written? */
  readonly isInstrumented: boolean;
}

/** A bundle, and what it was made of. */
export interface MadeBundle {
  readonly bundle: Bundle;
  /** Files, relative to the monorepo's root. */
  readonly inputs: readonly string[];
  /** Folders of the packages that it names. */
  readonly packages: readonly string[];
}

/** Bundles `konfig.ts` of a project. Fails with PROGRAM_INVALID, a problem for each message of the compiler. */
export async function bundleProject(project: string, root: string, { isInstrumented }: BundleOptions): Promise<MadeBundle> {
  const [{ build }, { instrument }] = await Promise.all([import('esbuild'), import('./instrument.js')]);
  const packages = new Map<string, boolean>();
  try {
    const result = await build({
      entryPoints: [join(project, 'konfig.ts')],
      bundle: true,
      write: false,
      outdir: root,
      absWorkingDir: root,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      metafile: true,
      sourcemap: 'external',
      sourcesContent: false,
      keepNames: true,
      logLevel: 'silent',
      plugins: [externalPackages(packages)],
    });
    const text = (end: string) => result.outputFiles.find((file) => file.path.endsWith(end))?.text ?? '';
    const libraries = [...packages].flatMap(([folder, isLibrary]) => (isLibrary ? [libraryAt(folder, root)] : []));
    const map = withNames(text('.js.map'), libraries);
    const plain = { code: text('.js'), map, libraries: libraries.map(({ name }) => name) };
    const made = { inputs: Object.keys(result.metafile.inputs), packages: [...packages.keys()] };
    if (!isInstrumented) return { bundle: plain, ...made };
    const { code, ...notes } = instrument(plain.code);
    return { bundle: { ...plain, code, notes }, ...made };
  } catch (error) {
    const messages = (error as { errors?: readonly Message[] }).errors;
    if (!messages) throw error;
    throw new KonfigError(
      messages.map((message) => messageProblem(message)),
      { cause: error },
    );
  }
}

interface Library {
  /** Where it really is, from the monorepo's root. */
  readonly path: string;
  /** As source lines name it. */
  readonly name: string;
}

/** One that is linked from outside of the monorepo has another path on each machine: it is named as it is installed. */
function libraryAt(folder: string, root: string): Library {
  const path = sourcePath(root, realpathSync(folder));
  const installed = folder.slice(folder.lastIndexOf(`node_modules${sep}`)).replaceAll('\\', '/');
  return { path, name: path.startsWith('../') ? installed : path };
}

/** A source map whose sources have the names of their libraries. */
function withNames(text: string, libraries: readonly Library[]): string {
  const outside = libraries.filter(({ path, name }) => path !== name);
  if (outside.length === 0) return text;
  const map = JSON.parse(text) as { readonly sources: readonly string[] };
  const nameOf = (source: string) => {
    const library = outside.find(({ path }) => source.startsWith(`${path}/`));
    return library ? library.name + source.slice(library.path.length) : source;
  };
  return JSON.stringify({ ...map, sources: map.sources.map(nameOf) });
}

function messageProblem(message: Message): Problem {
  const { location } = message;
  return {
    code: 'PROGRAM_INVALID',
    message: message.text + (location?.lineText ? `\n  ${location.lineText.trim()}` : ''),
    ...(message.notes[0]?.text ? { hint: message.notes[0].text } : {}),
    ...(location ? { source: { file: location.file, line: location.line } } : {}),
  };
}

/** Packages stay outside and load as Node loads them, but for those whose package.json says `"konfig": {"library": true}`. */
const externalPackages = (packages: Map<string, boolean>): Plugin => ({
  name: 'external packages',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, (args) => {
      if (args.kind === 'entry-point') return undefined;
      if (args.path.startsWith('node:')) return { path: args.path, external: true };
      const name = args.path
        .split('/')
        .slice(0, args.path.startsWith('@') ? 2 : 1)
        .join('/');
      const folder = findPackage(args.resolveDir, name);
      if (folder === undefined) return undefined;
      let isLibrary = packages.get(folder);
      if (isLibrary === undefined) {
        isLibrary = readsAsLibrary(folder);
        packages.set(folder, isLibrary);
      }
      return isLibrary ? undefined : { path: args.path, external: true };
    });
  },
});

function readsAsLibrary(folder: string): boolean {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { konfig?: { library?: boolean } };
  return manifest.konfig?.library === true;
}

/** Where Node would find a package from a folder. */
function findPackage(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

/** A path as it stands in problems: relative to the monorepo's root, with forward slashes. */
export function sourcePath(root: string, file: string): string {
  return relative(root, file).replaceAll('\\', '/');
}
