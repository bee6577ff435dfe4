// What the compiler said is kept with all that it read. While nothing of that has changed, it is not asked again.
import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { ownVersion } from '../version';
import { writeWhole } from '../write-whole';
import { foldersAbove, stampsOf } from './source-stamps';
import { areAsStamped, changedSince, stampOf } from './stamp';

interface KeptTypes {
  /** Konfig's, and the compiler's. */
  readonly version: string;
  /** As it was printed. */
  readonly text: string;
  readonly stamps: { readonly [path: string]: string };
}

export interface CheckOf {
  readonly root: string;
  /** The compiler's script. */
  readonly compiler: string;
  /** tsconfig.json */
  readonly config: string;
  /** What the compiler remembers: it names all that was read. */
  readonly buildInfo: string;
}

/** What was said when all was as it is now. */
export function keptTypes(check: CheckOf): string | undefined {
  try {
    const kept = JSON.parse(readFileSync(fileOf(check), 'utf8')) as KeptTypes;
    const isWhole = typeof kept.text === 'string' && typeof kept.stamps === 'object';
    return isWhole && kept.version === versionOf(check) && areAsStamped(kept.stamps) ? kept.text : undefined;
  } catch {
    // Not there, or cut off: the compiler is asked.
    return undefined;
  }
}

/** @param began Milliseconds since the epoch: what was changed since then may have been read before or after. */
export function keepTypes(check: CheckOf, text: string, began: number): void {
  try {
    const stamps = stampsOfCheck(check);
    const kept: KeptTypes = { version: versionOf(check), text, stamps };
    if (!changedSince(stamps, began)) writeWhole(fileOf(check), JSON.stringify(kept), 0o600);
  } catch {
    // It remembers nothing, or the folder may not be written to: the next command asks again.
  }
}

interface BuildInfo {
  readonly fileNames: readonly string[];
  readonly packageJsons?: readonly string[];
  readonly missingPackageJsons?: readonly string[];
}

/** Of each file that was read, and of each folder of the monorepo where one could come that is read then too. */
function stampsOfCheck({ root, config, buildInfo }: CheckOf): KeptTypes['stamps'] {
  const { fileNames, packageJsons = [], missingPackageJsons = [] } = JSON.parse(readFileSync(buildInfo, 'utf8')) as BuildInfo;
  const at = (name: string) => resolve(dirname(buildInfo), name);
  // The compiler's own libraries have no folder; its version stands for them.
  const files = fileNames.filter((name) => name.includes('/')).map(at);
  const own = files.filter((file) => !relative(root, file).startsWith('..') && !file.includes('/node_modules/'));
  const folders = new Set(own.flatMap((file) => foldersAbove(dirname(file)).filter((folder) => folder.startsWith(root))));
  const packages = [...packageJsons, ...missingPackageJsons].map(at);
  const installed = join(root, 'node_modules', '.package-lock.json');
  const more = [...folders, ...packages, config, installed].map((path) => [path, stampOf(path)]);
  return { ...stampsOf([...files, config]), ...Object.fromEntries(more) };
}

function versionOf({ compiler }: CheckOf): string {
  return [ownVersion(), process.version, compiler, stampOf(compiler), stampOf(resolve(dirname(compiler), '..', 'package.json'))].join(' ');
}

function fileOf({ buildInfo }: CheckOf): string {
  return join(dirname(buildInfo), 'types.json');
}
