// A monorepo of its own for one test, and the konfig command in it, as a user has them.
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const root = join(__dirname, '..', '..');
const command = join(root, 'packages', 'cli', 'bin', 'konfig.js');

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way: for signals, and for waiting until it says something. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
  /** Resolves when what was printed so far matches; rejects when it ends without. */
  says(pattern: RegExp): Promise<void>;
}

export interface Monorepo {
  readonly folder: string;
  write(file: string, text: string): void;
  read(file: string): string;
  /** Runs konfig to its end. */
  konfig(...args: string[]): Promise<Ran>;
  /** Starts konfig, in a folder of the monorepo. */
  start(args: readonly string[], env?: NodeJS.ProcessEnv, within?: string): Running;
  remove(): void;
}

/** Below the repository, so that its packages are found; each call gets its own folder. */
export function makeMonorepo(files: Readonly<Record<string, string>>): Monorepo {
  const parent = join(root, '.konfig', 'test');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'monorepo-'));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  write('package.json', JSON.stringify({ name: 'test', private: true, konfig: { projects: ['projects/*'] } }));
  for (const [file, text] of Object.entries(files)) write(file, text);
  return monorepoIn(folder, write);
}

/** The company's monorepo, `konfig/`, as a copy that a test may edit. */
export function copyMonorepo(): Monorepo {
  const monorepo = makeMonorepo({});
  const skip = new Set(['node_modules', '.konfig', 'dist', 'demo']);
  cpSync(join(root, 'konfig'), monorepo.folder, {
    recursive: true,
    filter: (from) => from.endsWith('konfig') || !skip.has(basename(from)),
  });
  return monorepo;
}

function monorepoIn(folder: string, write: Monorepo['write']): Monorepo {
  const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}, within = '.') => startCommand(join(folder, within), args, env);
  return {
    folder,
    write,
    read: (file) => readFileSync(join(folder, file), 'utf8'),
    konfig: (...args) => start(args).ended,
    start,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Starts konfig in any folder. */
export function startCommand(folder: string, args: readonly string[], env: NodeJS.ProcessEnv): Running {
  const child = spawn(process.execPath, [command, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let look = () => {};
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
    look();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
    look();
  });
  const ended = new Promise<Ran>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: code ?? (signal ? 128 : 1), stdout, stderr }));
  });
  const says = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      look = () => {
        if (pattern.test(stdout) || pattern.test(stderr)) resolve();
      };
      look();
      ended.then(() => reject(new Error(`konfig ${args.join(' ')} ended without saying ${pattern}:\n${stdout}\n${stderr}`)), reject);
    });
  return { child, ended, says };
}
