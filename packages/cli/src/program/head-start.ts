// The program's process takes longest to start, and which one it will be can mostly be seen before the command line is parsed: it is started first, and
// given its job where the bundle is there. A program does nothing to the world, so that nothing is lost where the command line says something else.
import { basename } from 'node:path';
import type { Bundle } from './bundle';
import { companionsOf } from './companions';
import { monorepoAround } from './monorepo';
import type { Early } from './sandbox/early';
import type { Job } from './sandbox/message';
import { holdOn, release, type Sandbox, type SandboxOptions, usualConditions, usualMemory } from './sandbox/sandbox';
import { startProgram } from './start-program';

/** Commands that read the program of the stack that they name. */
const reading = new Set(['synth', 'validate', 'preview', 'apply', 'destroy', 'explain', 'graph', 'settings']);

interface HeadStart extends Pick<SandboxOptions, 'project' | 'root' | 'conditions' | 'memory'> {
  readonly sandbox: Sandbox;
  /** What it has printed so far, then where that goes. */
  print: SandboxOptions['print'];
  early: string;
  begun: Begun | undefined;
}

/** What a process is at already. */
export interface Begun {
  readonly bundle: Bundle;
  readonly job: Job;
  readonly early: Early;
}

let started: HeadStart | undefined;

/** Starts the process of the program that a command line will read, as far as can be seen; where it is another one, it is never used. */
export function headStart(argv: readonly string[], cwd: string): void {
  const [command = '', ...more] = argv;
  const stacks = more.filter((word) => /^[a-z0-9-]+\/[a-z0-9-]+$/.test(word));
  const [stack] = stacks;
  if (!reading.has(command) || stacks.length !== 1 || stack === undefined || more.some((word) => /^(-f|--file|--help)/.test(word))) return;
  const monorepo = readable(cwd);
  const project = monorepo?.projects.find((folder) => basename(folder) === stack.split('/')[0]);
  if (!monorepo || !project) return;
  const options = { project, root: monorepo.root, conditions: usualConditions, memory: monorepo.synthMemory ?? usualMemory };
  let bundle: Bundle | undefined;
  const companions = () => {
    const { keptBundle } = require('./kept-bundle') as typeof import('./kept-bundle');
    const isUsual = !more.some((word) => /^--(no-)?provenance/.test(word));
    bundle = isUsual ? keptBundle(project, monorepo.root, { isInstrumented: true }) : undefined;
    return bundle && companionsOf(bundle);
  };
  const sandbox = startProgram({ ...options, print: (text) => head.print(text) }, companions);
  const head: HeadStart = {
    ...options,
    sandbox,
    begun: undefined,
    early: '',
    print: (text) => {
      head.early += text;
    },
  };
  // A command line that is refused ends without it.
  holdOn(sandbox, false);
  started = head;
  process.once('exit', end);
  if (bundle) head.begun = begin(head, bundle, stack.split('/')[1] as string);
}

function begin({ sandbox, project, root }: HeadStart, bundle: Bundle, stack: string): Begun {
  const { listenEarly } = require('./sandbox/early') as typeof import('./sandbox/early');
  const { sendJob } = require('./sandbox/send-job') as typeof import('./sandbox/send-job');
  return { bundle, early: listenEarly(sandbox), job: sendJob(sandbox, { bundle, root, project, stack }) };
}

/** The process that was started for exactly this, or a new one. */
export function sandboxFor(
  options: Omit<SandboxOptions, 'packages' | 'snapshot'>,
  { stack, isInstrumented }: { readonly stack: string; readonly isInstrumented: boolean },
): { readonly sandbox: Sandbox; readonly begun?: Begun | undefined } {
  const head = started;
  started = undefined;
  process.off('exit', end);
  const isIt =
    head?.project === options.project &&
    head.root === options.root &&
    head.conditions === options.conditions &&
    head.memory === options.memory &&
    (head.begun === undefined || (head.begun.job.stack === stack && isInstrumented));
  if (!head || !isIt) {
    if (head) release(head.sandbox);
    return { sandbox: startProgram(options, () => undefined) };
  }
  holdOn(head.sandbox, true);
  head.print = options.print;
  if (head.early !== '') options.print(head.early);
  return { sandbox: head.sandbox, begun: head.begun };
}

/** What is wrong with the monorepo is told by the command. */
function readable(cwd: string): ReturnType<typeof monorepoAround> {
  try {
    return monorepoAround(cwd);
  } catch {
    return undefined;
  }
}

function end(): void {
  if (started) release(started.sandbox);
}
