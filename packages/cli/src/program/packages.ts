// Are the packages that are installed the ones that the lock file names? If not, two machines may synthesise differently.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Problem } from '@konfig/core';

/** One entry of a lock file of npm, and of the copy of it that npm leaves beside the packages. */
interface Locked {
  readonly version?: string;
  readonly link?: boolean;
  /** Need not be installed. */
  readonly optional?: boolean;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly peer?: boolean;
}

type Packages = { readonly [path: string]: Locked };

/** Named one by one; more are counted. */
const mostNamed = 5;

/** What a lock file says of packages, held against what is there. */
export interface LockedPackages {
  /** A problem for each package that is not as locked, by what npm has noted of what it installed. */
  readonly problems: readonly Problem[];
  /** The same for packages that these files are in, by what they say themselves: somebody else may have put them there. */
  wrongAmong(files: readonly string[]): readonly Problem[];
}

/** Nothing is wrong where there is no lock file of npm, or nothing was installed by npm. */
export function lockedPackages(root: string): LockedPackages {
  const folder = folderOfLock(root);
  const locked = folder === undefined ? undefined : readPackages(join(folder, 'package-lock.json'));
  if (folder === undefined || !locked) return { problems: [], wrongAmong: () => [] };
  return { problems: wrongInstalled(folder, locked), wrongAmong: (files) => wrongLoaded(folder, locked, files) };
}

function wrongInstalled(folder: string, locked: Packages): readonly Problem[] {
  const installed = readPackages(join(folder, 'node_modules', '.package-lock.json'));
  if (!installed) return [];
  // Where npm links packages out of a store, they lie at other paths.
  const there = new Set(Object.keys(installed).map((path) => `${nameAt(path)}@${installed[path]?.version}`));
  const isElsewhere = (path: string) => installed[path] === undefined && there.has(`${nameAt(path)}@${locked[path]?.version}`);
  const expected = Object.keys(locked).filter((path) => !isElsewhere(path));
  return told(expected.flatMap((path) => whatIsWrong(path, locked[path] as Locked, installed[path]) ?? []));
}

function wrongLoaded(folder: string, locked: Packages, files: readonly string[]): readonly Problem[] {
  const paths = new Set(files.flatMap((file) => (file.startsWith(`${folder}${sep}`) ? (packageAt(relative(folder, file)) ?? []) : [])));
  const known = [...paths].filter((path) => locked[path]?.version !== undefined);
  return told(known.flatMap((path) => whatIsWrong(path, locked[path] as Locked, readManifest(join(folder, path))) ?? []));
}

function told(wrong: readonly string[]): readonly Problem[] {
  const shown = wrong
    .slice(0, mostNamed)
    .map((message) => ({ code: 'PROGRAM_PACKAGES' as const, message, hint: 'Install what is locked: npm ci.' }));
  if (wrong.length <= mostNamed) return shown;
  return [
    ...shown,
    { code: 'PROGRAM_PACKAGES', message: `${wrong.length - mostNamed} more packages are not as package-lock.json has them.` },
  ];
}

/** `node_modules/a/node_modules/@b/c` of a file in there. */
function packageAt(file: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file.split(sep).join('/'))?.[0];
}

/** Undefined: what cannot be read was not loaded. */
function readManifest(folder: string): Locked | undefined {
  try {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version?: unknown };
    return typeof version === 'string' ? { version } : undefined;
  } catch {
    return undefined;
  }
}

/** The nearest folder, from the monorepo's root up, that has a lock file. */
function folderOfLock(root: string): string | undefined {
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package-lock.json'))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

const lockFiles = ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb'];

/** The bytes of the lock file that a monorepo goes by, of whatever package manager; undefined where there is none. */
export function lockFileOf(root: string): Buffer | undefined {
  for (let folder = root; ; folder = dirname(folder)) {
    const found = lockFiles.map((name) => join(folder, name)).filter((file) => existsSync(file));
    if (found.length > 0) return Buffer.concat(found.map((file) => readFileSync(file)));
    if (dirname(folder) === folder) return undefined;
  }
}

function readPackages(file: string): Packages | undefined {
  try {
    const { packages } = JSON.parse(readFileSync(file, 'utf8')) as { packages?: Packages };
    return typeof packages === 'object' && packages !== null ? packages : undefined;
  } catch {
    // Without a file that can be read there is nothing to compare.
    return undefined;
  }
}

function nameAt(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function whatIsWrong(path: string, locked: Locked, installed: Locked | undefined): string | undefined {
  const name = nameAt(path);
  if (!path.includes('node_modules/') || locked.link || locked.version === undefined) return undefined;
  if (installed?.version === locked.version || installed?.link) return undefined;
  if (installed) return `${name} is installed as ${installed.version}, but package-lock.json has ${locked.version}.`;
  const mayBeMissing = locked.optional || locked.dev || locked.devOptional || locked.peer;
  return mayBeMissing ? undefined : `${name} ${locked.version} is in package-lock.json, but not installed.`;
}
