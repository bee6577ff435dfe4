// Runs in a process of its own: loads the user's bundle, synthesises one stack, hands back JSON. Knows no credentials.
// Protocol: one JSON line comes in on stdin (the job); on fd 3 go JSON lines: `{"env": NAME}` asks for a declared environment
// value, answered with one JSON line on stdin; `{"result": …}` is the last one.
import { readSync, writeSync } from 'node:fs';
import Module, { createRequire, SourceMap } from 'node:module';
import { dirname, join } from 'node:path';
import { type Problem, type SourceLine, thrownProblem } from '@konfig/core';

export interface SynthJob {
  readonly code: string;
  readonly map: string;
  /** Folders of Konfig libraries, as the source map names them. */
  readonly libraries: readonly string[];
  /** The project's folder. */
  readonly project: string;
  readonly root: string;
  readonly stack: string;
}

export type SynthResult =
  | { readonly output: unknown; readonly warnings?: readonly Problem[]; readonly stacks: readonly string[] }
  | { readonly problems: readonly Problem[]; readonly stacks: readonly string[] };

interface ProjectLike {
  readonly name: string;
  readonly stackNames: readonly string[];
  synth(
    stack: string,
    options: { locate: (file: string, line: number, column: number) => SourceLine | undefined; env: Record<string, string> },
  ): { output: unknown } | { problems: readonly Problem[] };
}

preload(process.argv[2]);
const lines = lineReader(0);
const job = JSON.parse(lines()) as SynthJob;
const result = run(job);
// What the program printed goes first: the parent ends this process when it has the result.
process.stdout.write('', () => process.stderr.write('', () => writeLine({ result })));

/** The sdk takes longest to load, and the program needs it in any case: it is there when the bundle comes. */
function preload(project: string | undefined): void {
  try {
    if (project) createRequire(join(project, 'konfig.ts'))('@konfig/sdk');
  } catch {
    // The program says it better when it imports it itself.
  }
}

function run({ code, map, libraries, project, root, stack }: SynthJob): SynthResult {
  const bundleFile = join(project, 'konfig.bundle.js');
  const sourceMap = new SourceMap(JSON.parse(map));
  const locate = (file: string, line: number, column: number): SourceLine | undefined => {
    if (file !== bundleFile) return undefined;
    const entry = sourceMap.findEntry(line - 1, column - 1) as { originalSource?: string; originalLine?: number };
    if (!entry.originalSource || entry.originalLine === undefined) return undefined;
    const source = entry.originalSource.replace(/^(\.\/)+/, '');
    // The line of interest is the one in the app that called the platform's library.
    const isOwn = !source.includes('node_modules/') && !libraries.some((folder) => source.startsWith(`${folder}/`));
    return isOwn ? { file: source, line: entry.originalLine + 1 } : undefined;
  };
  try {
    const loaded = load(code, bundleFile);
    const found = (loaded as { default?: unknown }).default;
    if (!isProject(found)) {
      const problem: Problem = {
        code: 'PROGRAM_INVALID',
        message: `konfig.ts does not export a project as its default.`,
        hint: "Write: export default project('name', { owner }).stack('dev', workspace, (stack) => …);",
        source: { file: `${relativeTo(root, project)}/konfig.ts`, line: 1 },
      };
      return { problems: [problem], stacks: [] };
    }
    return { ...found.synth(stack, { locate, env: declaredEnvironment() }), stacks: found.stackNames };
  } catch (error) {
    return { problems: [thrown(error, bundleFile, locate)], stacks: [] };
  }
}

/** Loads the bundle as if it lay in the project's folder, so that packages are found from there. */
function load(code: string, file: string): unknown {
  const paths = (Module as unknown as { _nodeModulePaths(folder: string): string[] })._nodeModulePaths(dirname(file));
  const loaded = Object.assign(new Module(file), { filename: file, paths });
  (loaded as unknown as { _compile(code: string, file: string): void })._compile(code, file);
  return loaded.exports;
}

function isProject(value: unknown): value is ProjectLike {
  return typeof value === 'object' && value !== null && Symbol.for('konfig/Project') in value;
}

/** An exception at the top level of the user's modules; inside a stack's function the sdk has caught it. */
function thrown(
  error: unknown,
  bundleFile: string,
  locate: (file: string, line: number, column: number) => SourceLine | undefined,
): Problem {
  const problems = (error as { problems?: readonly Problem[] } | undefined)?.problems;
  if (Array.isArray(problems) && problems[0]) return problems[0];
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const frames = stack.split('\n').flatMap((line) => {
    const at = /\(?([^()\s]+):(\d+):(\d+)\)?$/.exec(line);
    const found = at && at[1] === bundleFile ? locate(bundleFile, Number(at[2]), Number(at[3])) : undefined;
    return found ? [found] : [];
  });
  return thrownProblem(error, frames[0]);
}

/** Only what is asked for by name is known here: the parent process decides. */
function declaredEnvironment(): Record<string, string> {
  const known = new Map<string, string | undefined>();
  const ask = (name: string) => {
    if (!known.has(name)) {
      writeLine({ env: name });
      known.set(name, (JSON.parse(lines()) as { value?: string }).value);
    }
    return known.get(name);
  };
  return new Proxy(
    {},
    {
      get: (_target, name) => (typeof name === 'string' ? ask(name) : undefined),
      has: (_target, name) => typeof name === 'string' && ask(name) !== undefined,
      getOwnPropertyDescriptor: (_target, name) => {
        const value = typeof name === 'string' ? ask(name) : undefined;
        return value === undefined ? undefined : { value, enumerable: true, configurable: true };
      },
    },
  );
}

function writeLine(value: unknown): void {
  const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
  for (let at = 0; at < bytes.length; ) at += writeSync(3, bytes, at);
}

/** Reads lines synchronously: user code must not go on while it waits for an answer. */
function lineReader(fd: number): () => string {
  let rest = Buffer.alloc(0);
  const chunk = Buffer.alloc(1 << 16);
  return () => {
    for (;;) {
      const end = rest.indexOf(10);
      if (end >= 0) {
        const line = rest.subarray(0, end).toString('utf8');
        rest = rest.subarray(end + 1);
        return line;
      }
      const count = readSync(fd, chunk);
      if (count === 0) throw new Error('the parent process has gone');
      rest = Buffer.concat([rest, chunk.subarray(0, count)]);
    }
  };
}

function relativeTo(root: string, folder: string): string {
  return folder.startsWith(`${root}/`) ? folder.slice(root.length + 1) : folder;
}
