// The user's program as one CommonJS text: their code and Konfig libraries in it, other packages outside.
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { KonfigError, type Problem } from '@konfig/core';
import type { Message, Plugin } from 'esbuild';
import type { Instrumented } from './instrument';
import { type LineTable, lineTableOf } from './line-table';
import { refusedFile } from './program-files';
import { wholeProvider } from './provider-imports';
import { isLibrary } from './sandbox/readable';

export interface Bundle {
  readonly code: string;
  /** What the code notes by, and what was put into its lines; undefined where it is not instrumented. */
  readonly notes?: Pick<Instrumented, 'sites' | 'shifts'>;
  /** Its sources are relative to the monorepo's root. */
  readonly lines: LineTable;
  /** Folders of the Konfig libraries in it, as the table of lines names them: a line there is not the user's own. */
  readonly libraries: readonly string[];
  readonly warnings?: readonly Problem[];
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
  /** Where these were looked for, and are not: a package there would come before. */
  readonly absent: readonly string[];
}

/** Bundles `konfig.ts` of a project. Fails with PROGRAM_INVALID, a problem for each message of the compiler. */
export async function bundleProject(project: string, root: string, { isInstrumented }: BundleOptions): Promise<MadeBundle> {
  const { build } = require('esbuild') as typeof import('esbuild');
  const packages = new Map<string, boolean>();
  const absent = new Set<string>();
  try {
    const building = build({
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
      plugins: [externalPackages(packages, absent), onlyProgramFiles(root, packages)],
    });
    // While esbuild, a process of its own, is at work.
    const { instrument, warmUp } = require('./instrument') as typeof import('./instrument');
    if (isInstrumented) warmUp();
    const result = await building;
    const text = (end: string) => result.outputFiles.find((file) => file.path.endsWith(end))?.text ?? '';
    const libraries = [...packages].flatMap(([folder, isIn]) => (isIn ? [libraryAt(folder, root)] : []));
    const inputs = Object.keys(result.metafile.inputs);
    const lines = withNames(lineTableOf(text('.js.map')), new Set(inputs), libraries);
    const warnings = result.warnings.filter(({ pluginName }) => pluginName === ownPlugin).map(importWarning);
    const plain = { code: text('.js'), lines, libraries: libraries.map(({ name }) => name), ...(warnings.length > 0 && { warnings }) };
    const made = { inputs, packages: [...packages.keys()], absent: [...absent] };
    return { bundle: isInstrumented ? instrumented(plain, instrument) : plain, ...made };
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

/**
 * Lines whose sources have the names of their libraries. A library may come with a map of its own, which may name files of that library, and nothing
 * else: the rest has no name.
 */
function withNames(lines: LineTable, inputs: ReadonlySet<string>, libraries: readonly Library[]): LineTable {
  const nameOf = (source: string) => {
    const library = libraries.find(({ path }) => source.startsWith(`${path}/`));
    if (library) return library.name + source.slice(library.path.length);
    return inputs.has(source) ? source : '';
  };
  return { ...lines, sources: lines.sources.map(nameOf) };
}

/** Lines of fields are worth much, but a program whose code is too much for them runs all the same. */
function instrumented(bundle: Bundle, instrument: (code: string) => Instrumented): Bundle {
  try {
    const { code, ...notes } = instrument(bundle.code);
    return { ...bundle, code, notes };
  } catch (error) {
    const message = `The lines of fields are not known, since the program could not be read for them: ${(error as Error).message}.`;
    const hint = 'Part the expression that is so large, or pass --no-provenance.';
    return { ...bundle, warnings: [...(bundle.warnings ?? []), { code: 'PROGRAM_INVALID', message, hint, severity: 'warning' }] };
  }
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

/** A package that is imported in a way that costs much. */
function importWarning(message: Message): Problem {
  const { source, hint } = messageProblem(message);
  return { code: 'PROGRAM_PACKAGES', message: message.text, severity: 'warning', ...(hint && { hint }), ...(source && { source }) };
}

const ownPlugin = 'external packages';

/** Packages stay outside and load as Node loads them, but for those whose package.json says `"konfig": {"library": true}`. */
const externalPackages = (packages: Map<string, boolean>, absent: Set<string>): Plugin => ({
  name: ownPlugin,
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, (args) => {
      if (args.kind === 'entry-point') return undefined;
      if (args.path.startsWith('node:')) return { path: args.path, external: true };
      const name = args.path
        .split('/')
        .slice(0, args.path.startsWith('@') ? 2 : 1)
        .join('/');
      const folder = findPackage(args.resolveDir, name, absent);
      if (folder === undefined) return undefined;
      const isIn = packages.get(folder) ?? isLibrary(folder);
      packages.set(folder, isIn);
      if (isIn) return undefined;
      const dear = wholeProvider(args.path, folder, args.importer);
      return { path: args.path, external: true, ...(dear && { warnings: [dear] }) };
    });
  },
});

const onlyProgramFiles = (root: string, packages: ReadonlyMap<string, boolean>): Plugin => ({
  name: 'only files of programs',
  setup(build) {
    build.onLoad({ filter: /.*/, namespace: 'file' }, (args) => {
      const libraries = [...packages].flatMap(([folder, isIn]) => (isIn ? [folder] : []));
      const refused = refusedFile(args, { root, libraries });
      return refused && { errors: [refused] };
    });
  },
});

/** Where Node would find a package from a folder. */
function findPackage(from: string, name: string, absent: Set<string>): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    absent.add(candidate);
    if (dirname(folder) === folder) return undefined;
  }
}

/** A path as it stands in problems: relative to the monorepo's root, with forward slashes. */
export function sourcePath(root: string, file: string): string {
  return relative(root, file).replaceAll('\\', '/');
}
