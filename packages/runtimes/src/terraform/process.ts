// Running the binary: in a process group of its own, told to stop once and never twice.
import { type ChildProcess, spawn } from 'node:child_process';
import { once, setMaxListeners } from 'node:events';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { notePid } from './folder';

/** One run of the binary. */
export interface Invocation {
  readonly path: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Asks it to stop. A second time would lose its state. */
  readonly stop: AbortSignal;
}

/** How it has ended. */
export interface Ended {
  /** Undefined: by a signal that somebody sent. */
  readonly code: number | undefined;
  readonly stderr: string;
}

/** Bytes. The path of a socket may have 103 (unix(7), on macOS), of which a plugin's name takes up to 17. */
const longestFolder = 80;

/** Its providers listen in the folder of the run, which is swept when all of it is killed. */
function withSockets({ env, folder }: Invocation): NodeJS.ProcessEnv {
  return Buffer.byteLength(folder) > longestFolder ? env : { ...env, PLUGIN_UNIX_SOCKET_DIR: folder };
}

/** How a run that only reads has ended, and what it printed. */
export interface Reading extends Ended {
  readonly stdout: string;
}

/** For what only reads: it dies with us, and is killed when it does not stop. `onPrinted` hears of what it prints at once, in pieces of any size. */
export async function runReading(run: Invocation, onPrinted: (piece: Buffer) => void = () => {}): Promise<Reading> {
  const { path, args, folder, stop } = run;
  const child = spawn(path, args, { cwd: folder, env: withSockets(run), detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    out.push(chunk);
    onPrinted(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const ended = await endOf(child, stop, 'close', patience);
  return { ...ended, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
}

/** Milliseconds that something which changes nothing has for its end. */
const patience = 3000;
const lookAgain = 50;
/** What changes something, and is given up, is told to stop as by a cancel, and has so long for its end before we go: the engine waits 30 s. */
const lastCall = 25_000;

/**
 * For what changes the world. It writes into files and not to us, so that it goes on to its end when we are killed: a pipe that nobody reads would kill it too, in
 * the middle of its work. `onLine` gets each line as it comes.
 */
export async function runChanging(run: Invocation, onLine: (line: string) => void, givenUp: AbortSignal): Promise<Ended> {
  const { path, args, folder, stop } = run;
  const [outFile, errFile] = [join(folder, 'stdout'), join(folder, 'stderr')];
  const [out, err] = [openSync(outFile, 'w', 0o600), openSync(errFile, 'w', 0o600)];
  const child = spawn(path, args, { cwd: folder, env: withSockets(run), detached: true, stdio: ['ignore', out, err] });
  closeSync(out);
  closeSync(err);
  // Before its first word it does not listen yet, and a signal would kill it.
  const listening = new AbortController();
  let speaks = false;
  let leaving: NodeJS.Timeout | undefined;
  const pass = () => {
    if (speaks && (stop.aborted || givenUp.aborted)) listening.abort();
  };
  const follow = followLines(outFile, (line) => {
    onLine(line);
    speaks = true;
    pass();
  });
  const timer = setInterval(follow.read, lookAgain);
  let abandon = () => {};
  const abandoned = new Promise<never>((_, reject) => {
    abandon = () => reject(givenUp.reason);
  });
  const leave = () => {
    pass();
    leaving = setTimeout(abandon, lastCall);
  };
  const unhear = [hear(stop, pass), hear(givenUp, leave)];
  try {
    if (child.pid !== undefined) notePid(folder, child.pid);
    const ended = await Promise.race([endOf(child, listening.signal, 'exit'), abandoned]);
    follow.read();
    return { ...ended, stderr: readFileSync(errFile, 'utf8') };
  } finally {
    clearInterval(timer);
    clearTimeout(leaving);
    for (const one of unhear) one();
    follow.close();
    child.unref();
  }
}

async function endOf(child: ChildProcess, stop: AbortSignal, event: 'exit' | 'close', patience?: number): Promise<Ended> {
  let timer: NodeJS.Timeout | undefined;
  // To Terraform alone, not to its group: it tells its providers itself.
  const interrupt = () => {
    child.kill('SIGINT');
    if (patience !== undefined) timer = setTimeout(() => killGroup(child), patience);
  };
  const ended = once(child, event) as Promise<[number | null]>;
  const unhear = hear(stop, interrupt);
  try {
    const [code] = await ended;
    return { code: code ?? undefined, stderr: '' };
  } finally {
    clearTimeout(timer);
    unhear();
  }
}

/** Calls at once where it has come by now; gives what ends it. One signal stops a whole operation, with dozens of runs. */
function hear(signal: AbortSignal, heard: () => void): () => void {
  if (signal.aborted) heard();
  setMaxListeners(0, signal);
  signal.addEventListener('abort', heard, { once: true });
  return () => signal.removeEventListener('abort', heard);
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by now.
  }
}

function followLines(file: string, onLine: (line: string) => void): { read(): void; close(): void } {
  const descriptor = openSync(file, 'r');
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.alloc(64 * 1024);
  let rest = '';
  return {
    read() {
      for (let length = readSync(descriptor, buffer); length > 0; length = readSync(descriptor, buffer)) {
        const lines = (rest + decoder.write(buffer.subarray(0, length))).split('\n');
        rest = lines.pop() as string;
        lines.forEach(onLine);
      }
    },
    close: () => closeSync(descriptor),
  };
}
