// A root of its own for a process that Node cannot hold: it sees some folders, read-only, and can write in one. Linux with user namespaces.
// https://man7.org/linux/man-pages/man2/pivot_root.2.html
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { unshare } from './isolation';

export interface Box {
  /** What it may read beside the system's libraries and Node. */
  readonly readable: readonly string[];
  /** An empty folder, which it may write in. In there it is `/out`. */
  readonly out: string;
}

/** Shows each folder up to `--` in a root of its own, moves there, and forgets the old one. */
const moveIn = `set -e
root="$1" out="$2"; shift 2
mount -t tmpfs -o mode=755 none "$root"
while [ "$1" != -- ]; do
  mkdir -p "$root$1"
  mount --bind "$1" "$root$1"
  mount -o remount,bind,ro "$root$1"
  shift
done
shift
mkdir "$root/out" "$root/old" "$root/proc"
mount --bind "$out" "$root/out"
mount -t proc proc "$root/proc"
cd "$root"
pivot_root . old
umount -l /old
exec "$@"`;

/** The command line as it runs in there; it fails where the system does not allow that. */
export function boxed(command: readonly string[], { readable, out }: Box): readonly string[] {
  const root = `${out}.root`;
  mkdirSync(root, { recursive: true });
  const system = ['/usr', '/lib', '/lib64', '/bin', '/nix/store', dirname(process.execPath)];
  const all = [...new Set([...system.filter((folder) => existsSync(folder)), ...readable])];
  // What lies in another one is seen there.
  const shown = all.filter((folder) => !all.some((other) => folder.startsWith(`${other}${sep}`)));
  return [
    '/bin/sh',
    '-c',
    `exec ${unshare} --map-root-user --mount -- "$0" "$@"`,
    '/bin/sh',
    '-c',
    moveIn,
    'box',
    root,
    out,
    ...shown,
    '--',
    ...command,
  ];
}
