// What Node gives, with that put right in which one run differs from another.
import { basename } from 'node:path';

/** `run` does what was called; its arguments may be others. */
export type Correct = (run: (...args: unknown[]) => unknown, args: readonly unknown[]) => unknown;

export type Correction =
  /** A date that is not given would be now. */
  | 'the date'
  /** The third argument, the options of a File, may say when it was changed. */
  | 'lastModified'
  /** When a file came to be here, and where on the disk. */
  | 'the times of a file'
  /** Folders are listed as the disk has them; and among packages lie things that are none. */
  | 'the order of a folder';

export interface FixedTimes {
  /** Milliseconds since 1970, each time a later one. */
  readonly now: () => number;
  /** When all files were changed. Milliseconds since 1970. */
  readonly time: number;
}

export function correctionsBy({ now, time }: FixedTimes): { readonly [C in Correction]: Correct } {
  return {
    'the date': (run, [date, ...more]) => run(date === undefined ? now() : date, ...more),
    lastModified: (run, [parts, name, options]) => run(parts, name, { lastModified: now(), ...(options as object | undefined) }),
    'the times of a file': (run, args) => finished(run, args, (found) => withTimes(found, time)),
    'the order of a folder': (run, args) => finished(run, args, (found) => inOrder(found, String(args[0]))),
  };
}

/** What a call gives, by whatever way it gives it: at once, by a promise, to a callback. */
function finished(run: (...args: unknown[]) => unknown, args: readonly unknown[], finish: (found: unknown) => unknown): unknown {
  const callback = args.at(-1);
  if (typeof callback === 'function') return run(...args.slice(0, -1), (error: unknown, found: unknown) => callback(error, finish(found)));
  const found = run(...args);
  return found instanceof Promise ? found.then(finish) : finish(found);
}

function withTimes(stats: unknown, time: number): unknown {
  if (typeof stats !== 'object' || stats === null) return stats;
  const set = (name: string, value: unknown) =>
    Object.defineProperty(stats, name, { value, writable: true, enumerable: true, configurable: true });
  const isBig = typeof (stats as { size?: unknown }).size === 'bigint';
  const number = (value: number) => (isBig ? BigInt(value) : value);
  for (const name of ['atime', 'mtime', 'ctime', 'birthtime']) {
    set(`${name}Ms`, number(time));
    if (isBig) set(`${name}Ns`, BigInt(time) * 1_000_000n);
    set(name, new Date(time));
  }
  for (const name of ['dev', 'ino', 'uid', 'gid', 'blocks', 'blksize']) set(name, number(0));
  return stats;
}

type Entry = string | Buffer | { readonly name: string };

function inOrder(entries: unknown, folder: string): unknown {
  if (!Array.isArray(entries)) return entries;
  const nameOf = (entry: Entry) => (typeof entry === 'object' && 'name' in entry ? entry.name : String(entry));
  const isPackages = basename(folder) === 'node_modules';
  return (entries as readonly Entry[])
    .filter((entry) => !(isPackages && nameOf(entry).startsWith('.')))
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}
