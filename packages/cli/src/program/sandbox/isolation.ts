// What the operating system holds for a program's process: no network, no other processes in sight, limits on memory, no core dumps.
import { spawnSync } from 'node:child_process';

/** How a command line is wrapped so that the system holds it. */
export interface Isolation {
  /** The network is closed, and no other process can be seen or signalled: a user namespace of Linux with those below it. */
  readonly namespaces: boolean;
  /** Memory outside of Node's heap is limited too, and nothing is dumped when the process crashes. */
  readonly limits: boolean;
}

const unshare = ['unshare', '--user', '--net', '--pid', '--ipc', '--fork', '--kill-child', '--'] as const;

let known: Isolation | undefined;

/** What this machine allows. Tried out once in a process, which takes about three milliseconds. */
export function isolationHere(): Isolation {
  known ??= { namespaces: process.platform === 'linux' && canUnshare(), limits: process.platform === 'linux' };
  return known;
}

function canUnshare(): boolean {
  const [command, ...args] = unshare;
  return spawnSync(command, [...args, 'true'], { stdio: 'ignore' }).status === 0;
}

/** The command line, as it runs in there. `memory` in MiB. */
export function isolated(
  command: readonly string[],
  memory: number,
  { namespaces, limits }: Isolation = isolationHere(),
): readonly string[] {
  // Data counts what was written to, not what Node merely reserves. Twice the heap: buffers live outside of it.
  const script = `ulimit -c 0; ulimit -d ${(2 * memory + 256) * 1024}; exec "$0" "$@"`;
  return [...(namespaces ? unshare : []), ...(limits ? ['sh', '-c', script] : []), ...command];
}
