// From a stack's name to its Spec: bundles the user's program and runs it in a process of its own that has no credentials.
import { basename } from 'node:path';
import {
  didYouMean,
  type Input,
  isError,
  isKonfigError,
  isObject,
  type KeyParts,
  KonfigError,
  type Problem,
  type StackSettings,
  type SynthOutput,
  stackKey,
} from '@konfig/core';
import { ownVersion } from '../version';
import { type Bundle, sourcePath } from './bundle';
import { sandboxFor } from './head-start';
import { bundleOf } from './kept-bundle';
import type { Loaded } from './loaded-files';
import { findProject, type Monorepo } from './monorepo';
import { lockedPackages, lockFileOf } from './packages';
import { checkResult, type Expected, readProblem } from './sandbox/check-result';
import { converse, type Said } from './sandbox/converse';
import type { Early } from './sandbox/early';
import { Inputs } from './sandbox/inputs';
import type { Job } from './sandbox/message';
import { readableFolders } from './sandbox/readable';
import { type Conditions, release, type Sandbox, startSandbox, usualConditions, usualMemory } from './sandbox/sandbox';
import { sendJob } from './sandbox/send-job';
import { filesOf } from './type-check';

export interface SynthOptions {
  /** Seconds that the user's program may run. Default 60. */
  readonly timeout?: number;
  /** The environment that declared inputs are read from. */
  readonly env: NodeJS.ProcessEnv;
  /** What the program prints. */
  readonly print: (text: string) => void;
  /** Note the lines of fields? Default true. */
  readonly provenance?: boolean;
  /** Default: the usual ones. */
  readonly conditions?: Conditions;
}

export interface Synthesis {
  /** What the program is made of, relative to the monorepo's root. */
  readonly files: ReadonlySet<string>;
  /** Fails with every problem found. */
  readonly output: Promise<SynthesisOutput>;
}

export interface SynthesisOutput extends SynthOutput {
  /** What was read from outside; not known of a stack without a program. */
  readonly inputs?: readonly Input[];
  /** Equal keys, equal outputs: a digest of the program, what it loads, Konfig's and Node's version, and the inputs. Made when it is asked for: it reads all that was loaded. */
  readonly key?: () => string;
  /** What settings went into it; not known of a stack without a program. */
  readonly settings?: StackSettings;
  /** What is worth a word and stops nothing. */
  readonly warnings: readonly Problem[];
}

/** Synthesises one stack, `shop/prod`. Fails where the program cannot even be bundled. */
export async function synthStack(monorepo: Monorepo, stack: string, options: SynthOptions): Promise<Synthesis> {
  const { project, name } = parseStack(monorepo, stack);
  const { conditions = usualConditions, print } = options;
  const isInstrumented = options.provenance ?? true;
  const where = { project, root: monorepo.root, conditions, memory: monorepo.synthMemory ?? usualMemory, print };
  // The child loads Node while the bundle is made.
  const { sandbox, begun } = sandboxFor(where, { stack: name, isInstrumented });
  const running = { sandbox };
  const end = () => release(running.sandbox);
  process.once('exit', end);
  const finish = () => {
    process.off('exit', end);
    end();
  };
  try {
    const bundle = begun?.bundle ?? (await bundleOf(project, monorepo.root, { isInstrumented }));
    const job = begun?.job ?? sendJob(sandbox, { bundle, root: monorepo.root, project, stack: name });
    const files = filesOf(bundle.lines.sources, monorepo.root);
    const given = { job, early: begun?.early, bundle, project, monorepo, stack, files };
    const startOver = () => {
      running.sandbox = startSandbox(where);
      return {
        ...given,
        sandbox: running.sandbox,
        early: undefined,
        job: sendJob(running.sandbox, { bundle, root: monorepo.root, project, stack: name }),
      };
    };
    const output = runProgram({ ...given, sandbox }, options)
      .catch((error) => {
        if (!sandbox.refusedSnapshot()) throw error;
        return runProgram(startOver(), options);
      })
      .finally(finish);
    return { files, output };
  } catch (error) {
    finish();
    throw error;
  }
}

function parseStack(monorepo: Monorepo, stack: string): { project: string; name: string } {
  const [projectName, name, ...more] = stack.split('/');
  if (!projectName || !name || more.length > 0) {
    const names = monorepo.projects.map((folder) => basename(folder)).sort();
    throw new KonfigError({
      code: 'USAGE',
      message: `${JSON.stringify(stack)} is not the name of a stack.`,
      hint: `Write PROJECT/STACK, e.g. ${names[0] ?? 'shop'}/dev.`,
    });
  }
  return { project: findProject(monorepo, projectName), name };
}

interface Running {
  readonly sandbox: Sandbox;
  readonly job: Job;
  readonly early: Early | undefined;
  readonly bundle: Bundle;
  readonly project: string;
  readonly monorepo: Monorepo;
  readonly stack: string;
  readonly files: ReadonlySet<string>;
}

async function runProgram(
  { sandbox, job, early, bundle, project, monorepo, stack, files }: Running,
  options: SynthOptions,
): Promise<SynthesisOutput> {
  const { root } = monorepo;
  const inputs = new Inputs({ root, env: options.env, reversed: options.conditions?.reversed ?? false });
  const expected: Expected = {
    stack,
    isKnown: (file) => files.has(file) || inputs.files.has(file),
    konfigFile: `${sourcePath(root, project)}/konfig.ts`,
  };
  const said = converse(sandbox, { job, early, project, timeout: options.timeout ?? 60, answer: (ask) => inputs.answer(ask) });
  // While the program runs this process has nothing else to do.
  const locked = lockedPackages(root);
  const unfit = [...locked.problems, ...(bundle.warnings ?? [])];
  const result = await said.catch((error) => failed(error, expected, unfit));
  sandbox.printHeld();
  const { loaded, ...checked } = read(result, expected, (files) => [...unfit, ...locked.wrongAmong(files)]);
  const key = () => {
    const { digestOfLoaded } = require('./loaded-files') as typeof import('./loaded-files');
    const packages = digestOfLoaded(loaded, { root, readable: readableFolders(project, root) });
    return stackKey({ ...partsOfKey(bundle, root), packages, stack, inputs: inputs.told });
  };
  return { ...checked, inputs: inputs.told, key };
}

/** What of a stack's key is known without its program. */
function partsOfKey(bundle: Bundle, root: string): Pick<KeyParts, 'code' | 'lockFile' | 'konfig' | 'node'> {
  const { createHash } = require('node:crypto') as typeof import('node:crypto');
  const digest = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');
  const lockFile = lockFileOf(root);
  return {
    code: digest(JSON.stringify(bundle)),
    lockFile: lockFile ? digest(lockFile) : '',
    konfig: ownVersion(),
    node: process.versions.node.split('.')[0] as string,
  };
}

/** The output, where nothing is wrong. */
function read(
  { result, problems: told }: Said,
  expected: Expected,
  unfit: (loaded: readonly string[]) => readonly Problem[],
): SynthesisOutput & { readonly loaded: Loaded } {
  const { output, draft, settings, problems, stacks, loaded } = checkResult(result, expected);
  const all = distinct([...unfit(loaded.files), ...readAll(told, expected), ...problems]);
  const name = expected.stack.split('/')[1] as string;
  if (output && !all.some(isError)) return { ...output, warnings: all, loaded };
  throw new KonfigError(
    all.map((problem) => suggestStack(problem, name, stacks)),
    { cause: { stacks, ...(draft && { draft }), ...(settings && { settings }) } satisfies Stopped },
  );
}

/** What was told before the process ended comes first: it is most often why. */
function failed(error: unknown, expected: Expected, unfit: readonly Problem[]): never {
  if (!isKonfigError(error)) throw error;
  const told = isObject(error.cause) && Array.isArray(error.cause.told) ? (error.cause.told as readonly unknown[]) : [];
  const top = { source: { file: expected.konfigFile, line: 1, guess: true } };
  const end = error.problems.map((problem) => ({ ...top, ...problem }));
  throw new KonfigError([...unfit, ...readAll(told, expected), ...end], { cause: error });
}

function readAll(told: readonly unknown[], { isKnown, konfigFile }: Expected): readonly Problem[] {
  return told.map((one) => readProblem(one, isKnown, { file: konfigFile, line: 1, guess: true }));
}

/** What stopped the program was told when it happened, and is told again as what it threw. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify([problem.code, problem.message, problem.source]), problem])).values()];
}

/** What is known of a program all the same that gave no output. */
interface Stopped {
  /** Those that it has, as it says. */
  readonly stacks: readonly string[];
  readonly draft?: SynthOutput;
  readonly settings?: StackSettings;
}

/** The Spec of a program that something is wrong with, as far as it came: to look for more of that. */
export function draftBehind(error: unknown): SynthOutput | undefined {
  return stoppedBehind(error)?.draft;
}

/** The settings of a stack that something is wrong with, where its program could tell them. */
export function settingsBehind(error: unknown): StackSettings | undefined {
  return stoppedBehind(error)?.settings;
}

/** The other stacks of a program that turned out not to have this one. */
export function stacksBeside(error: unknown, stack: string): readonly string[] {
  const project = stack.split('/')[0];
  return (stoppedBehind(error)?.stacks ?? []).map((name) => `${project}/${name}`);
}

/** Errors are wrapped on their way. */
function stoppedBehind(error: unknown): Stopped | undefined {
  for (let here = error; isObject(here); here = (here as { readonly cause?: unknown }).cause) {
    if (Array.isArray(here.stacks)) return here as unknown as Stopped;
  }
  return undefined;
}

function suggestStack(problem: Problem, name: string, stacks: readonly string[]): Problem {
  const suggestion = problem.code === 'STACK_UNKNOWN' ? didYouMean(name, stacks) : '';
  return suggestion && !problem.hint?.startsWith('Did you mean') ? { ...problem, hint: `${suggestion}${problem.hint ?? ''}` } : problem;
}
