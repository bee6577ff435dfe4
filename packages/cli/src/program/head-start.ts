// The program's process takes longest to start, and which one it will be can mostly be seen before the command line is parsed: it is started first.
import { basename } from 'node:path';
import { keptPackages } from './kept-packages';
import { monorepoAround } from './monorepo';
import { holdOn, release, type Sandbox, type SandboxOptions, startSandbox, usualConditions, usualMemory } from './sandbox/sandbox';

/** Commands that read the program of the stack that they name. */
const reading = new Set(['synth', 'validate', 'preview', 'apply', 'destroy', 'explain', 'graph', 'settings']);

interface HeadStart extends Pick<SandboxOptions, 'project' | 'root' | 'conditions' | 'memory'> {
  readonly sandbox: Sandbox;
  /** What it has printed so far, then where that goes. */
  print: SandboxOptions['print'];
  early: string;
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
  const sandbox = startWithPackages({ ...options, print: (text) => head.print(text) });
  const head: HeadStart = {
    ...options,
    sandbox,
    early: '',
    print: (text) => {
      head.early += text;
    },
  };
  // A command line that is refused ends without it.
  holdOn(sandbox, false);
  started = head;
  process.once('exit', end);
}

/** The process that was started for exactly this, or a new one. */
export function sandboxFor(options: Omit<SandboxOptions, 'packages'>): Sandbox {
  const head = started;
  started = undefined;
  process.off('exit', end);
  const isIt =
    head?.project === options.project &&
    head.root === options.root &&
    head.conditions === options.conditions &&
    head.memory === options.memory;
  if (!head || !isIt) {
    if (head) release(head.sandbox);
    return startWithPackages(options);
  }
  holdOn(head.sandbox, true);
  head.print = options.print;
  if (head.early !== '') options.print(head.early);
  return head.sandbox;
}

function startWithPackages(options: SandboxOptions): Sandbox {
  return startSandbox({ ...options, packages: keptPackages(options.project, options.memory) });
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
