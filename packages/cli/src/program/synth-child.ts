// Runs in a process of its own: loads the user's bundle, synthesises one stack, hands back JSON. Knows no credentials.
import Module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Notes, type Problem, type SourceLine, thrownProblem } from '@konfig/core';
import type { InputFiles } from '@konfig/sdk';
import { lineIn } from './line-table';
import { columnBefore, noteName, takeNotes, writtenText } from './notes';
import type { Place } from './sandbox/caller';
import { type Channel, openChannel } from './sandbox/channel';
import { twoCopies } from './sandbox/copies';
import { declaredEnvironment, declaredFiles } from './sandbox/declared';
import type { Beginning } from './sandbox/fixed-answers';
import { type Guard, guard } from './sandbox/guard';
import { keepIntrinsics } from './sandbox/intrinsics';
import type { ChildResult, Job, Start } from './sandbox/message';

interface ProjectLike {
  readonly name: string;
  readonly stackNames: readonly string[];
  synth(
    stack: string,
    options: {
      readonly locate: Locate;
      readonly code: string;
      readonly env: Record<string, string>;
      readonly files: InputFiles;
      readonly notes: Notes | undefined;
    },
  ): { output: unknown } | { problems: readonly Problem[] };
}

type Locate = (file: string, line: number, column: number) => SourceLine | undefined;

/** Lines of the bundle, as the table tells them. */
interface Lines {
  /** A line of the program; whether it is its own or that of a library in it. */
  readonly find: (place: Place) => { readonly line: SourceLine; readonly isOwn: boolean } | undefined;
  /** Own lines only. */
  readonly locate: Locate;
  /** A place in the bundle before it was instrumented. */
  readonly lineAt: (line: number, column: number) => SourceLine | undefined;
}

/** The file that a program's code runs as, in the project's folder. */
export const bundleName = 'konfig.bundle.js';

/** How the program's process is guarded, before any code of others is loaded; then it can wait as long as it will. */
export function guardFirst(beginning: Beginning): Guard {
  return guard(beginning);
}

/** Waits for the program, runs it and hands back what it gave. `start` is missing where the process began with all packages loaded. */
export function runProgram(guarding: Guard, start?: Start): void {
  const channel = openChannel();
  const early = start ? undefined : channel.job();
  const project = start?.project ?? (early as Job).project;
  const { setImmediate, process: thisProcess } = guarding.kept;
  const attend = guarding.rest();
  const { stdout, stderr } = thisProcess;
  attend();
  const bundleFile = join(project, bundleName);
  const esModules: string[] = [];
  let lines: Lines | undefined;
  let root = dirname(project);
  guarding.attend({
    bundleFile,
    locate: (place) => lines?.find(place),
    nameOf: (file) => relativeTo(root, file),
    note: channel.tellProblem,
    esModule: (file) => esModules.push(file),
  });
  if (start) preload(project);
  let written = (text: string) => text;
  tellSources((text) => written(text));
  const replacedIntrinsics = keepIntrinsics();
  const job = early ?? channel.job();
  root = job.root;
  const { code, notes } = job;
  if (notes) written = (text) => writtenText(text, { code, shifts: notes.shifts });
  lines = linesOf(job, bundleFile);
  const known = { ...lines, notes: startNotes(job, lines), project, bundleFile, esModules, channel, replacedIntrinsics };
  // In a turn of its own: what stands below it on the stack must not tell how the process was started.
  setImmediate(() => {
    const result = run(job, known);
    tellLater(known, thisProcess);
    // One turn later, so that what a program does behind its end is told; and what it printed goes first, since the parent ends this process when it has the result.
    setImmediate(() => stdout.write('', () => stderr.write('', () => channel.tellResult(result))));
  });
}

/** A function of the program tells its own text as `written` gives it. */
function tellSources(written: (text: string) => string): void {
  const prototype = Function.prototype as { toString(): string };
  const apply = (target: () => string, self: unknown) => {
    const text: string = Reflect.apply(target, self, []);
    return text.includes(noteName) ? written(text) : text;
  };
  Object.defineProperty(prototype, 'toString', { value: new Proxy(prototype.toString, { apply }), writable: true, configurable: true });
}

/** The sdk takes longest to load, and the program needs it in any case: it is there when the bundle comes. */
function preload(project: string): void {
  try {
    createRequire(join(project, 'konfig.ts'))('@konfig/sdk');
  } catch {
    // The program says it better when it imports it itself.
  }
}

function linesOf({ lines, libraries, notes }: Job, bundleFile: string): Lines {
  const lineAt: Lines['lineAt'] = (line, column) => lineIn(lines, line - 1, column);
  const find: Lines['find'] = ({ file, line, column }) => {
    const found = file === bundleFile ? lineAt(line, columnBefore(notes?.shifts ?? {}, line, column) - 1) : undefined;
    if (!found) return undefined;
    // The line of interest is the one in the app that called the platform's library.
    const isOwn = !found.file.includes('node_modules/') && !libraries.some((folder) => found.file.startsWith(`${folder}/`));
    return { line: found, isOwn };
  };
  const locate: Locate = (file, line, column) => {
    const found = file === bundleFile ? find({ file, line, column }) : undefined;
    return found?.isOwn ? found.line : undefined;
  };
  return { find, locate, lineAt };
}

/** The instrumented code finds it as a global, which it cannot put another in the place of. */
function startNotes({ notes }: Job, { lineAt }: Lines): Notes | undefined {
  if (!notes) return undefined;
  const taken = takeNotes(notes.sites, ([line, column]) => lineAt(line, column));
  Object.defineProperty(globalThis, noteName, { value: taken.taker });
  return taken.notes;
}

interface Known extends Lines {
  readonly notes: Notes | undefined;
  readonly project: string;
  readonly bundleFile: string;
  readonly esModules: readonly string[];
  readonly channel: Channel;
  readonly replacedIntrinsics: () => readonly Problem[];
}

function run({ code, stack, root }: Job, known: Known): ChildResult {
  const { locate, notes, project, bundleFile, esModules, channel, replacedIntrinsics } = known;
  const { ask } = channel;
  try {
    const loaded = load(code, bundleFile);
    const copies = twoCopies((file) => relativeTo(root, file));
    if (copies.length > 0) return { problems: copies, stacks: [] };
    const found = (loaded as { default?: unknown }).default;
    if (!isProject(found)) return { problems: [noProject(`${relativeTo(root, project)}/konfig.ts`)], stacks: [] };
    const declared = { env: declaredEnvironment(ask), files: declaredFiles(root, ask) };
    const synthesised = found.synth(stack, { locate, code: bundleFile, ...declared, notes });
    tellAll(replacedIntrinsics(), channel);
    return { ...synthesised, stacks: found.stackNames, loaded: loadedFiles(bundleFile), esModules };
  } catch (error) {
    tellAll(replacedIntrinsics(), channel);
    return { problems: [thrown(error, known)], stacks: [] };
  }
}

/** How lists are gone through may be what was replaced. */
function tellAll(problems: readonly Problem[], channel: Channel): void {
  for (let i = 0; i < problems.length; i++) channel.tellProblem(problems[i]);
}

/** Beside the bundle and the files of this process itself, which Konfig's version stands for. */
function loadedFiles(bundleFile: string): readonly string[] {
  const files = Object.keys((Module as unknown as { _cache: object })._cache);
  return files.filter((file) => file !== bundleFile && !file.startsWith(__dirname));
}

/** Loads the bundle as if it lay in the project's folder, so that packages are found from there. */
function load(code: string, bundleFile: string): unknown {
  const paths = (Module as unknown as { _nodeModulePaths(folder: string): string[] })._nodeModulePaths(dirname(bundleFile));
  const loaded = Object.assign(new Module(bundleFile), { filename: bundleFile, paths });
  (loaded as unknown as { _compile(code: string, file: string): void })._compile(code, bundleFile);
  return loaded.exports;
}

function isProject(value: unknown): value is ProjectLike {
  return typeof value === 'object' && value !== null && Symbol.for('konfig/Project') in value;
}

function noProject(file: string): Problem {
  return {
    code: 'PROGRAM_INVALID',
    message: `konfig.ts does not export a project as its default.`,
    hint: "Write: export default project('name', { owner }).stack('dev', workspace, (stack) => …);",
    source: { file, line: 1 },
  };
}

/** What a promise of the program does, or fails at, when the stack's function has ended. */
function tellLater(known: Known, thisProcess: NodeJS.Process): void {
  const tell = (error: unknown) => {
    const { message, ...problem } = thrown(error, known);
    known.channel.tellProblem({
      ...problem,
      message: `After the program had ended: ${message}`,
      hint: 'A program may not wait: make everything before it ends.',
    });
  };
  thisProcess.on('unhandledRejection', tell);
  thisProcess.on('uncaughtException', tell);
}

/** An exception at the top level of the user's modules; inside a stack's function the sdk has caught it. */
function thrown(error: unknown, { locate, bundleFile }: Pick<Known, 'locate' | 'bundleFile'>): Problem {
  const problems = (error as { problems?: readonly Problem[] } | undefined)?.problems;
  if (Array.isArray(problems) && problems[0]) return problems[0];
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const frames = stack.split('\n').flatMap((line) => {
    const at = /\(?([^()\s]+):(\d+):(\d+)\)?$/.exec(line);
    const found = at?.[1] === bundleFile ? locate(bundleFile, Number(at[2]), Number(at[3])) : undefined;
    return found ? [found] : [];
  });
  return thrownProblem(error, frames[0]);
}

function relativeTo(folder: string, file: string): string {
  return file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : file;
}
