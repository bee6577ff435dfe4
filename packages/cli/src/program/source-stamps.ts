// Whether sources are as they were, and whatever says how they are read.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { stampOf } from './stamp';

/** Of the files, of their folders (another file may come in the place of one), and of what says above them how code is read. */
export function stampsOf(files: readonly string[]): { readonly [path: string]: string } {
  const folders = new Set(files.map((file) => dirname(file)));
  const above = new Set([...folders].flatMap(foldersAbove));
  const settings = [...above].flatMap((folder) => [...withExtended(join(folder, 'tsconfig.json')), join(folder, 'package.json')]);
  return Object.fromEntries([...files, ...folders, ...settings].map((path) => [path, stampOf(path)]));
}

/** A tsconfig.json and those that it extends. */
function withExtended(file: string, seen: ReadonlySet<string> = new Set()): readonly string[] {
  if (seen.has(file)) return [];
  if (!existsSync(file)) return [file];
  const [, one, several] = /"extends"\s*:\s*(?:"([^"]+)"|\[([^\]]*)\])/.exec(readFileSync(file, 'utf8')) ?? [];
  const names = [...(one ? [one] : []), ...[...(several ?? '').matchAll(/"([^"]+)"/g)].map(([, name]) => name as string)];
  return [file, ...names.flatMap((name) => extended(name, file)).flatMap((other) => withExtended(other, new Set([...seen, file])))];
}

function extended(name: string, by: string): readonly string[] {
  if (/^[./]/.test(name)) return [name, `${name}.json`].map((path) => resolve(dirname(by), path)).filter((path) => existsSync(path));
  try {
    return [createRequire(by).resolve(name)];
  } catch {
    return [];
  }
}

/** The folder and all above it. */
export function foldersAbove(folder: string): readonly string[] {
  return dirname(folder) === folder ? [folder] : [folder, ...foldersAbove(dirname(folder))];
}
