// Outlives us where we are killed: when Terraform has come to its end, it seals the state that it left, and removes what lies in clear.
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';

/** What a state is put away with that Terraform may leave. Goes to the guardian through a pipe, and to no file: of a long one it may hear a part only. */
export interface Charge {
  /** In base64; without one the state is put away as it is. */
  readonly key: string | undefined;
  /** What was kept of the stack when the run began: `keptText`. */
  readonly kept: string;
}

// It waits for our end in the shell, which takes two milliseconds to start and two megabytes; Node starts only then.
const waiting = 'charge=$(cat); printf %s "$charge" | exec "$0" "$1" "$2"';

/** Gives what ends it. On Windows there is none: there the next run finds the folder. */
export function startGuardian(folder: string, charge?: Charge): () => void {
  if (process.platform === 'win32') return () => {};
  // A session of its own: what is sent to our group is not for it.
  const child = spawn('/bin/sh', ['-c', waiting, process.execPath, script(), folder], {
    cwd: '/',
    detached: true,
    env: { PATH: process.env.PATH },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without one there is still the next run.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  if (charge) child.stdin.write(JSON.stringify(charge));
  child.unref();
  (child.stdin as unknown as Socket).unref();
  return () => {
    if (child.pid !== undefined && child.exitCode === null) killGroup(child.pid);
  };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Tests run on the sources, and Node cannot run those. */
function script(): string {
  return realpathSync(join(__dirname, '..', '..', 'dist', 'terraform', 'guardian-main.js'));
}
