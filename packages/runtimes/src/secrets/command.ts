// Runs a command for what it prints: without a shell, without input, and never for longer than it is given.
import { type ChildProcess, spawn } from 'node:child_process';
import { mostBytes } from './source';

/** How a command ended. */
export type Ended =
  | { readonly how: 'printed'; readonly bytes: Buffer }
  | { readonly how: 'not found' }
  /** With what it printed, which must not be told, and what it said of it. */
  | { readonly how: 'failed'; readonly why: string; readonly printed: string };

interface Place {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** In a group of its own a command ends with all that it has started. Windows has none. */
const hasGroups = process.platform !== 'win32';

export function runCommand(command: string, args: readonly string[], { cwd, env }: Place, signal: AbortSignal): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: hasGroups });
    const kill = () => killAll(child);
    const chunks: Buffer[] = [];
    let length = 0;
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > mostBytes) kill();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (said.length < mostBytes) said += chunk.toString('utf8');
    });
    const end = (ended: Ended) => {
      signal.removeEventListener('abort', kill);
      resolve(ended);
    };
    signal.addEventListener('abort', kill, { once: true });
    child.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      end(code === 'ENOENT' ? { how: 'not found' } : { how: 'failed', why: `cannot be started: ${message}`, printed: '' }),
    );
    child.once('close', (code, ended) => {
      const bytes = Buffer.concat(chunks);
      if (code === 0 || length > mostBytes) end({ how: 'printed', bytes });
      else
        end({ how: 'failed', why: `failed with ${code ?? ended}: ${said.trim() || 'it said nothing'}`, printed: bytes.toString('utf8') });
    });
    if (signal.aborted) kill();
  });
}

function killAll(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (hasGroups) process.kill(-child.pid, 'SIGKILL');
    else child.kill();
  } catch {
    // It has ended by itself.
  }
}
