/// <reference types="node" preserve="true" />
// Where a command runs: folder, environment, what it prints to, who it can ask. Tests bring their own.
import { isatty } from 'node:tty';
import { exitCodes } from './exit-code';

/** Where a command runs: its folder, environment, streams, and whoever answers its questions. */
export interface Shell {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: NodeJS.WritableStream & { readonly columns?: number; readonly rows?: number; readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** Undefined where nobody sits at a terminal; answers undefined for ^C. */
  readonly ask?: (question: string, how?: AskOptions) => Promise<string | undefined>;
  /** Calls back at every ^C, SIGTERM and SIGHUP, until the answer is called. While nobody listens, they end the process with 130. */
  onInterrupt(heard: () => void): () => void;
}

/** How a question is put. */
export interface AskOptions {
  /** As a line that the terminal itself edits: nothing moves the cursor. Default false. */
  readonly isPlain?: boolean;
}

/** The same shell, in which one flag stands for a variable: a screen reader reads what is printed, or does not. */
export function heard(shell: Shell, argv: readonly string[]): Shell {
  const said = argv.findLast((word) => /^--(no-)?screen-reader$/.test(word));
  return said === undefined ? shell : { ...shell, env: { ...shell.env, ACCESSIBLE: said === '--screen-reader' ? '1' : '0' } };
}

/** The shell of this process. Call it once: it listens to signals, and to streams that nobody reads any more. */
export function processShell(): Shell {
  // To look at process.stdin is to open it, which takes milliseconds.
  const canAsk = isatty(0) && isatty(1);
  const listeners = new Set<() => void>();
  const interrupted = () => {
    if (listeners.size === 0) process.exit(exitCodes.cancelled);
    for (const heard of [...listeners]) heard();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupted);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', outlive);
  return {
    cwd: process.cwd(),
    env: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    ...(canAsk ? { ask: askTerminal } : {}),
    onInterrupt(heard) {
      listeners.add(heard);
      return () => listeners.delete(heard);
    },
  };
}

/** A reader that has gone (`| head`) must not end an apply half-way: it goes on unseen. What could not be written for another reason is an error in the end. */
function outlive(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return;
  process.once('exit', () => {
    process.exitCode ||= exitCodes.error;
  });
}

async function askTerminal(question: string, { isPlain = false }: AskOptions = {}): Promise<string | undefined> {
  const { createInterface } = await import('node:readline/promises');
  const reader = createInterface({ input: process.stdin, output: process.stdout, terminal: !isPlain });
  let interrupted = () => {};
  const answer = new Promise<string | undefined>((resolve) => {
    interrupted = () => resolve(undefined);
    reader.question(question).then(resolve, () => resolve(''));
    reader.on('SIGINT', interrupted);
    // A reader that leaves the terminal alone does not see ^C.
    process.on('SIGINT', interrupted);
    reader.on('close', () => resolve(''));
  });
  try {
    return await answer;
  } finally {
    process.off('SIGINT', interrupted);
    reader.close();
  }
}
