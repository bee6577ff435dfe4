// From a stack's name to its Spec: bundles the user's program and runs it in a process of its own that has no credentials.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { didYouMean, isObject, type Json, KonfigError, type Problem, type SynthOutput, specVersion } from '@konfig/core';
import { bundleProject, sourcePath } from './bundle';
import { findProject, type Monorepo } from './monorepo';
import type { SynthJob, SynthResult } from './synth-child';
import { filesOf } from './type-check';

export interface SynthOptions {
  /** Seconds that the user's program may run. Default 60. */
  readonly timeout?: number;
  /** The environment that declared inputs are read from. */
  readonly env: NodeJS.ProcessEnv;
  /** What the program prints. */
  readonly print: (text: string) => void;
}

export interface Synthesis {
  /** What the program is made of, relative to the monorepo's root. */
  readonly files: ReadonlySet<string>;
  /** Fails with every problem found. */
  readonly output: Promise<SynthesisOutput>;
}

export interface SynthesisOutput extends SynthOutput {
  /** What is worth a word and stops nothing. */
  readonly warnings: readonly Problem[];
}

/** Synthesises one stack, `shop/prod`. Fails where the program cannot even be bundled. */
export async function synthStack(monorepo: Monorepo, stack: string, options: SynthOptions): Promise<Synthesis> {
  const { project, name } = parseStack(monorepo, stack);
  // The child loads Node while the bundle is made.
  const started = startChild(monorepo, project, options.print);
  const end = () => started.child.kill('SIGKILL');
  process.once('exit', end);
  const finish = () => {
    process.off('exit', end);
    end();
  };
  try {
    const { code, map, libraries } = await bundleProject(project, monorepo.root);
    const job = { code, map, libraries, project, root: monorepo.root, stack: name };
    const konfigFile = `${sourcePath(monorepo.root, project)}/konfig.ts`;
    const output = runChild(started, job, options)
      .then((result) => checkResult(result, stack, name, konfigFile))
      .finally(finish);
    return { files: filesOf(map, monorepo.root), output };
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

/** Environment of the child: nothing of ours, and the same everywhere. */
const childEnvironment = { TZ: 'UTC', LANG: 'C.UTF-8', NODE_DISABLE_COMPILE_CACHE: '1' };

interface Started {
  readonly child: ChildProcess;
  /** Resolves when it has ended, with what that was. It may do so before anybody asks it for anything. */
  readonly ended: Promise<Problem>;
}

function startChild(monorepo: Monorepo, project: string, print: SynthOptions['print']): Started {
  // Tests run on the sources, and Node cannot run those.
  const script = join(__dirname, '..', '..', 'dist', 'program', 'synth-child.js');
  const permission = Number(process.versions.node.split('.')[0]) >= 24 ? '--permission' : '--experimental-permission';
  const readable = readableFolders(monorepo, project).map((folder) => `--allow-fs-read=${join(folder, '*')}`);
  const child = spawn(
    process.execPath,
    [permission, ...readable, '--disable-warning=ExperimentalWarning', '--disable-warning=SecurityWarning', script, project],
    {
      cwd: monorepo.root,
      env: childEnvironment,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    },
  );
  const printed: string[] = [];
  child.stdout?.on('data', (chunk: Buffer) => print(chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => {
    printed.push(chunk.toString());
    print(chunk.toString());
  });
  // It may end before it has read everything: what happened is told by its exit.
  child.stdin?.on('error', () => {});
  const ended = new Promise<Problem>((resolve) => {
    child.on('error', (error) => resolve({ code: 'PROGRAM_OUTPUT', message: `The program's process did not start: ${error.message}` }));
    child.on('close', (code, signal) => {
      const last = printed.join('').trim().split('\n').slice(-3).join('\n');
      resolve({
        code: 'PROGRAM_THREW',
        message: `The program of ${basename(project)} ended (${signal ?? `exit code ${code}`}) before it gave a Spec.${last ? `\n${last}` : ''}`,
        hint: 'Programs must not call process.exit or use up the memory.',
      });
    });
  });
  return { child, ended };
}

/** The monorepo, what its packages really are, and Konfig itself; a kubeconfig in the home folder is none of these. */
function readableFolders(monorepo: Monorepo, project: string): readonly string[] {
  const folders = new Set([monorepo.root, ...ownFolders()]);
  for (let folder = project; dirname(folder) !== folder; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    if (!existsSync(modules)) continue;
    folders.add(modules);
    for (const name of ['@konfig/sdk', '@konfig/core', 'cdk8s', 'constructs']) {
      if (existsSync(join(modules, name))) folders.add(packageRoot(realpathSync(join(modules, name))));
    }
  }
  return [...folders];
}

/** This package and the core that it uses, which need not be those of the monorepo: the command may be installed elsewhere. */
function ownFolders(): readonly string[] {
  return [dirname(dirname(__dirname)), packageRoot(dirname(require.resolve('@konfig/core/package.json')))];
}

/** A linked workspace package finds its own dependencies in the node_modules of the workspace's root. */
function packageRoot(folder: string): string {
  const inModules = folder.lastIndexOf('/node_modules/');
  if (inModules >= 0) return folder.slice(0, inModules + '/node_modules'.length);
  for (let up = folder; dirname(up) !== up; up = dirname(up)) if (existsSync(join(up, 'node_modules'))) return up;
  return folder;
}

async function runChild({ child, ended }: Started, job: SynthJob, options: SynthOptions): Promise<SynthResult> {
  const stdin = child.stdin as NonNullable<ChildProcess['stdin']>;
  stdin.write(`${JSON.stringify(job)}\n`);
  const seconds = options.timeout ?? 60;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(
        new KonfigError({
          code: 'PROGRAM_TIMEOUT',
          message: `${basename(job.project)}/${job.stack} was still running after ${seconds} s.`,
          hint: 'Look for a loop that never ends, or allow more time with --synth-timeout.',
          source: { file: `${sourcePath(job.root, job.project)}/konfig.ts`, line: 1, guess: true },
        }),
      );
    }, seconds * 1000);
    const messages = createInterface({ input: child.stdio[3] as NodeJS.ReadableStream });
    messages.on('line', (line) => {
      const message = parseMessage(line);
      if (message?.env !== undefined) stdin.write(`${JSON.stringify(environmentValue(message.env, options.env))}\n`);
      if (message?.result) {
        clearTimeout(timer);
        resolve(message.result);
      }
    });
    void ended.then((problem) => {
      clearTimeout(timer);
      reject(new KonfigError(problem));
    });
  });
}

function parseMessage(line: string): { readonly env?: string; readonly result?: SynthResult } | undefined {
  try {
    const value = JSON.parse(line) as unknown;
    return isObject(value) ? (value as { env?: string; result?: SynthResult }) : undefined;
  } catch {
    return undefined;
  }
}

/** A declared input may be any variable but those that look like credentials: secrets go by reference. */
function environmentValue(name: unknown, env: NodeJS.ProcessEnv): { readonly value?: string } {
  if (typeof name !== 'string' || /TOKEN|SECRET|PASSW|CREDENTIAL|_KEY$|KUBECONFIG/i.test(name)) return {};
  const value = env[name];
  return value === undefined ? {} : { value };
}

/** What came back is untrusted: its shape is checked before anything reads it. */
function checkResult(result: SynthResult, stack: string, name: string, konfigFile: string): SynthesisOutput {
  const stacks = Array.isArray(result.stacks) ? result.stacks.filter((one): one is string => typeof one === 'string') : [];
  if ('problems' in result && Array.isArray(result.problems))
    throw new KonfigError(
      result.problems.map((problem) => suggestStack(problem, name, stacks)),
      { cause: { stacks } satisfies ProgramsStacks },
    );
  const output = 'output' in result ? (result.output as Json) : undefined;
  const spec = isObject(output) ? output.spec : undefined;
  if (!isObject(output) || !isObject(spec) || !isObject(output.sources) || !Array.isArray(spec.resources) || !isObject(spec.targets)) {
    throw new KonfigError({
      code: 'PROGRAM_OUTPUT',
      message: `${stack} gave something that is not a Spec of ${specVersion}.`,
      hint: 'Use the same version of @konfig/sdk and @konfig/cli.',
    });
  }
  if (spec.project !== stack.split('/')[0]) {
    // A stack's records and ownership go by the project's name: two folders must never share one.
    throw new KonfigError({
      code: 'PROGRAM_INVALID',
      message: `The project in the folder ${stack.split('/')[0]} calls itself ${JSON.stringify(spec.project)}.`,
      hint: 'A project is named as its folder: rename one of the two.',
      source: { file: konfigFile, line: 1, guess: true },
    });
  }
  const warnings = 'warnings' in result && Array.isArray(result.warnings) ? result.warnings : [];
  return { ...(output as unknown as SynthOutput), warnings: warnings.map((problem) => ({ ...problem, severity: 'warning' })) };
}

/** What a program that does not have the stack says it has. */
interface ProgramsStacks {
  readonly stacks: readonly string[];
}

/** The other stacks of a program that turned out not to have this one. */
export function stacksBeside(error: unknown, stack: string): readonly string[] {
  const project = stack.split('/')[0];
  for (let here = error; isObject(here); here = (here as { readonly cause?: unknown }).cause) {
    if (Array.isArray(here.stacks)) return (here as unknown as ProgramsStacks).stacks.map((name) => `${project}/${name}`);
  }
  return [];
}

function suggestStack(problem: Problem, name: string, stacks: readonly string[]): Problem {
  const suggestion = problem.code === 'STACK_UNKNOWN' ? didYouMean(name, stacks) : '';
  return suggestion && !problem.hint?.startsWith('Did you mean') ? { ...problem, hint: `${suggestion}${problem.hint ?? ''}` } : problem;
}
