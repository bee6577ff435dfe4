// Where a command runs: folder, environment, what it prints to, who it can ask. Tests bring their own.
import { createInterface } from 'node:readline/promises';

/** Where a command runs: its folder, environment, streams, and whoever answers its questions. */
export interface Shell {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: NodeJS.WritableStream & { readonly columns?: number; readonly rows?: number; readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** Undefined where nobody sits at a terminal; answers undefined for ^C. */
  readonly ask?: (question: string) => Promise<string | undefined>;
  /** Calls back at every ^C or SIGTERM, until the answer is called. */
  onInterrupt(heard: () => void): () => void;
}

/** The shell of this process. */
export function processShell(): Shell {
  const canAsk = process.stdin.isTTY && process.stdout.isTTY;
  return {
    cwd: process.cwd(),
    env: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    ...(canAsk ? { ask: askTerminal } : {}),
    onInterrupt(heard) {
      process.on('SIGINT', heard);
      process.on('SIGTERM', heard);
      return () => {
        process.off('SIGINT', heard);
        process.off('SIGTERM', heard);
      };
    },
  };
}

async function askTerminal(question: string): Promise<string | undefined> {
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  const answer = new Promise<string | undefined>((resolve) => {
    reader.question(question).then(resolve, () => resolve(''));
    reader.on('SIGINT', () => resolve(undefined));
    reader.on('close', () => resolve(''));
  });
  try {
    return await answer;
  } finally {
    reader.close();
  }
}
