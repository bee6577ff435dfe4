// The program's process: what it is started with, and how it ended.
import { type ChildProcess, spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Problem } from '@konfig/core';
import { type Beginning, usualBeginning } from './fixed-answers';
import { isolated } from './isolation';
import type { Start } from './message';
import { readableFolders } from './readable';

/** What must make no difference to a program, and is told apart only by `konfig verify`. */
export interface Conditions {
  readonly env: { readonly [name: string]: string };
  readonly nodeOptions: readonly string[];
  readonly beginning: Beginning;
  /** Folders are listed backwards. */
  readonly reversed: boolean;
}

/** The same everywhere. */
export const usualConditions: Conditions = {
  env: { TZ: 'UTC', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', NODE_DISABLE_COMPILE_CACHE: '1' },
  nodeOptions: [],
  beginning: usualBeginning,
  reversed: false,
};

/** MiB of memory for a program, where the monorepo says nothing else. */
export const usualMemory = 1024;

export interface SandboxOptions {
  readonly project: string;
  readonly root: string;
  readonly conditions: Conditions;
  /** Of Node's heap, in MiB. */
  readonly memory: number;
  /** What the program prints. */
  readonly print: (text: string) => void;
  /** The package cache to load from. */
  readonly packages?: string | undefined;
  /** The snapshot to start from, under the usual conditions. */
  readonly snapshot?: string | undefined;
  /** Folders that it may read; default: those of `readableFolders`. */
  readonly readable?: readonly string[];
  /** Make that cache, of the SDK and of these packages beside it, and run no program. */
  readonly makes?: readonly string[];
}

export interface Sandbox {
  readonly child: ChildProcess;
  /** Resolves when it has ended, with what that was. It may do so before anybody asks it for anything. */
  readonly ended: Promise<Problem>;
  /** Did it end because Node did not take the snapshot, which may have been replaced by a newer one meanwhile, or the system gives no namespaces any more? */
  readonly refusedSnapshot: () => boolean;
  /** What looked like such a refusal was none: the program printed it. */
  readonly printHeld: () => void;
}

/** Bytes of what a program may print. */
const mostPrinted = 16 * 2 ** 20;

export function startSandbox(options: SandboxOptions): Sandbox {
  const { project, root, conditions, memory, print, readable = readableFolders(project, root) } = options;
  const node = [process.execPath, ...nodeOptions(readable, memory), ...conditions.nodeOptions, ...beginning(options)];
  // A snapshot was made in namespaces.
  const [command, ...args] = isolated(node, { memory, wasHere: hasSnapshot(options) });
  const child = spawn(command as string, args, { cwd: root, env: conditions.env, stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
  const printed = listen(child, print, hasSnapshot(options));
  // It may end before it has read everything: what happened is told by its exit.
  child.stdin?.on('error', () => {});
  const ended = new Promise<Problem>((resolve) => {
    child.on('error', (error) => resolve({ code: 'PROGRAM_OUTPUT', message: `The program's process did not start: ${error.message}` }));
    child.on('close', (code, signal) => resolve(endOf(basename(project), signal ?? `exit code ${code}`, printed, memory)));
  });
  const printHeld = () => {
    if (printed.held !== undefined) print(printed.held);
    delete printed.held;
  };
  return { child, ended, refusedSnapshot: () => printed.held !== undefined, printHeld };
}

/** Ends it. Nobody waits for that. */
export function release(sandbox: Sandbox): void {
  sandbox.child.kill('SIGKILL');
  holdOn(sandbox, false);
}

/** Shall the command go on as long as this process runs? */
export function holdOn({ child }: Sandbox, isHeld: boolean): void {
  const handles = [child, ...child.stdio] as readonly ({ ref?(): void; unref?(): void } | null)[];
  for (const handle of handles) {
    if (isHeld) handle?.ref?.();
    else handle?.unref?.();
  }
}

/** Tests run on the sources, and Node cannot run those. */
function script(): string {
  return realpathSync(join(__dirname, '..', '..', '..', 'dist', 'program', 'sandbox', 'entry.js'));
}

function hasSnapshot(options: SandboxOptions): options is SandboxOptions & { readonly snapshot: string } {
  return options.snapshot !== undefined && options.conditions === usualConditions;
}

/** What it runs. The permission model does not hold a snapshot, which Node reads before there is any JavaScript. */
function beginning(options: SandboxOptions): readonly string[] {
  return hasSnapshot(options) ? ['--snapshot-blob', options.snapshot] : [script(), start(options)];
}

function start({ project, conditions, packages, makes }: SandboxOptions): string {
  return JSON.stringify({ project, ...conditions.beginning, ...(packages && { packages }), ...(makes && { makes }) } satisfies Start);
}

/** Node's permission model denies all other files, every write, processes, workers and native add-ons; from Node 25 on the network too. */
function nodeOptions(readable: readonly string[], memory: number): readonly string[] {
  const permission = Number(process.versions.node.split('.')[0]) >= 24 ? '--permission' : '--experimental-permission';
  const reads = readable.map((folder) => `--allow-fs-read=${join(folder, '*')}`);
  const quiet = ['--disable-warning=ExperimentalWarning', '--disable-warning=SecurityWarning'];
  return [permission, ...reads, ...quiet, ...heapOptions(memory)];
}

/** V8 takes code and snapshots only under the options that they were made with. */
export function heapOptions(memory: number): readonly string[] {
  // Memory that nobody wrote to holds what the last one left there.
  return ['--zero-fill-buffers', ...patience, `--max-old-space-size=${memory}`];
}

/**
 * A function is optimised after twenty times as much work as else: most programs end before that pays, and it takes their second core. A program of thousands of
 * objects is as quick. Later versions of Node do not have the option.
 */
const patience = process.versions.v8.startsWith('11.') ? [`--interrupt-budget=${20 * 66 * 1024}`] : [];

interface Printed {
  bytes: number;
  /** The last of what went to standard error. */
  last: string;
  /** Node's own words, on a snapshot that it does not take, or the system's on namespaces. */
  held?: string;
}

function listen(child: ChildProcess, print: SandboxOptions['print'], hasSnapshot: boolean): Printed {
  const printed: Printed = { bytes: 0, last: '' };
  const hear = (chunk: Buffer) => {
    printed.bytes += chunk.length;
    if (printed.bytes > mostPrinted) child.kill('SIGKILL');
    else print(chunk.toString());
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', (chunk: Buffer) => {
    // A program that begins so is run once more without the snapshot, which changes nothing.
    if (hasSnapshot && printed.last === '' && /snapshot|ReadFileSync|^unshare:/i.test(chunk.toString())) printed.held = '';
    printed.last = `${printed.last}${chunk}`.slice(-4096);
    if (printed.held === undefined) hear(chunk);
    else printed.held = `${printed.held}${chunk}`.slice(-mostPrinted);
  });
  return printed;
}

function endOf(project: string, how: string, { bytes, last }: Printed, memory: number): Problem {
  if (bytes > mostPrinted) {
    const message = `The program of ${project} printed more than ${mostPrinted / 2 ** 20} MiB and was stopped.`;
    return { code: 'PROGRAM_OUTPUT', message, hint: 'Look for a loop that prints.' };
  }
  if (/heap out of memory|allocation failed|bad_alloc|Out of memory/i.test(last)) {
    const message = `The program of ${project} used up its memory of ${memory} MiB and was stopped.`;
    const hint = `Look for a list that grows for ever, or allow more in the package.json of the monorepo: "konfig": {"synthMemory": ${2 * memory}}.`;
    return { code: 'PROGRAM_THREW', message, hint };
  }
  const tail = last.trim().split('\n').slice(-3).join('\n');
  return {
    code: 'PROGRAM_THREW',
    message: `The program of ${project} ended (${how}) before it gave a Spec.${tail ? `\n${tail}` : ''}`,
    hint: 'Programs must not call process.exit or use up the memory.',
  };
}
