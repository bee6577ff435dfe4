// What the operating system holds for a program's process: no network, no other processes in sight, limits on memory, no core dumps.
import { spawnSync } from 'node:child_process';

/** A user namespace of Linux, and below it one without network and one in which no other process can be seen or signalled. */
export const unshare = 'unshare --user --net --pid --ipc --fork --kill-child';

/**
 * The command line as it runs in there. The shell tries the namespaces out, which takes some milliseconds, and goes on without where they are forbidden; where
 * they were there before it just uses them, and fails if they are not.
 */
export function isolated(command: readonly string[], { memory, wasHere }: Isolation): readonly string[] {
  if (process.platform === 'win32') return command;
  // Data counts what was written to, not what Node merely reserves. Twice the heap: buffers live outside of it.
  const limits = `ulimit -c 0; ulimit -d ${(2 * memory + 256) * 1024} 2>/dev/null`;
  const inside = `exec ${unshare} -- "$0" "$@"`;
  const tried = process.platform === 'linux' ? `if ${unshare} -- true 2>/dev/null; then ${inside}; fi; ` : '';
  return ['/bin/sh', '-c', `${limits}; ${wasHere ? inside : `${tried}exec "$0" "$@"`}`, ...command];
}

export interface Isolation {
  /** Of Node's heap, in MiB. */
  readonly memory: number;
  /** Did this machine give us namespaces before? */
  readonly wasHere: boolean;
}

/** Does this machine close the network for programs, and hide other processes from them? */
export function hasNamespaces(): boolean {
  return process.platform === 'linux' && spawnSync('/bin/sh', ['-c', `${unshare} -- true`], { stdio: 'ignore' }).status === 0;
}
