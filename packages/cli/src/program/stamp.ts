// Whether a file is still as it was, without reading it.
import { statSync } from 'node:fs';

/** By path. */
export interface Stamps {
  readonly [path: string]: string;
}

/**
 * When a file was changed, what it is and its size; `none` where nothing is there. Begins with milliseconds since the epoch. Times of content can be
 * set, by `cp -p` and by archives; the time of the entry on the disk cannot.
 */
export function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return 'none';
  const { mtimeMs, ctimeMs, dev, ino, size } = found;
  // A folder has another time with each file that comes and goes, and nothing else that counts.
  return found.isDirectory() ? [mtimeMs, dev, ino].join(' ') : [Math.max(mtimeMs, ctimeMs), mtimeMs, dev, ino, size].join(' ');
}

/**
 * A name for a text, of 16 letters and digits: FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), for names of files, where nobody means harm. Node's
 * crypto takes ten milliseconds to load.
 */
export function shortName(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}

/** Are all of these as they were? */
export function areAsStamped(stamps: Stamps): boolean {
  return Object.entries(stamps).every(([path, stamp]) => stampOf(path) === stamp);
}

/** Was one of them changed since then (milliseconds since the epoch)? Then whoever read it meanwhile may have read it before or after. */
export function changedSince(stamps: Stamps, time: number): boolean {
  return Object.values(stamps).some((stamp) => Number.parseFloat(stamp) >= time);
}
