// Finds the monorepo around a folder, and the projects in it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { KonfigError, Problem } from '@konfig/core';

/** A folder whose package.json says `"konfig": {"projects": ["projects/*"]}`. */
export interface Monorepo {
  readonly root: string;
  /** Absolute folders that hold a konfig.ts; a project is named as its folder. */
  readonly projects: readonly string[];
  /** MiB of memory that a program may use: `"konfig": {"synthMemory": 2048}`. */
  readonly synthMemory?: number;
}

/** The nearest monorepo at or above the folder, else `konfig/` right below it. Fails with PROGRAM_NOT_FOUND. */
export function findMonorepo(from: string): Monorepo {
  const found = monorepoAround(from);
  if (found) return found;
  throw failure({
    code: 'PROGRAM_NOT_FOUND',
    message: `Neither ${resolve(from)} nor a folder above it is a Konfig monorepo: no package.json there has "konfig": {"projects": […]}.`,
    hint: 'Go to one, or make one here: konfig init.',
  });
}

/** The nearest one; undefined where there is none. */
export function monorepoAround(from: string): Monorepo | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const found = readMonorepo(folder) ?? readMonorepo(join(folder, 'konfig'));
    if (found || dirname(folder) === folder) return found;
  }
}

/** Where state is kept and files are named from: the monorepo, or the folder itself where there is none. */
export function rootOf(folder: string): string {
  return monorepoAround(folder)?.root ?? resolve(folder);
}

export function isInMonorepo(folder: string): boolean {
  return monorepoAround(folder) !== undefined;
}

/** The folder of a project, by its name. */
export function findProject(monorepo: Monorepo, name: string): string {
  const found = monorepo.projects.filter((folder) => basename(folder) === name);
  if (found.length === 1) return found[0] as string;
  const names = monorepo.projects.map((folder) => basename(folder)).sort();
  if (found.length > 1) {
    throw failure({
      code: 'STACK_UNKNOWN',
      message: `Several projects are called ${JSON.stringify(name)}: ${found.map((folder) => relative(monorepo.root, folder)).join(', ')}.`,
      hint: 'Rename one of the folders.',
    });
  }
  const { didYouMean } = core();
  throw failure({
    code: 'STACK_UNKNOWN',
    message: `There is no project ${JSON.stringify(name)} in ${monorepo.root}.`,
    hint:
      names.length > 0
        ? `${didYouMean(name, names)}Its projects are: ${names.join(', ')}.`
        : 'It has none. Make one: konfig init project NAME.',
  });
}

function readMonorepo(folder: string): Monorepo | undefined {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return undefined;
  let manifest: { konfig?: { projects?: readonly string[]; synthMemory?: number } };
  try {
    manifest = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw failure({ code: 'PROGRAM_INVALID', message: `${file} is not JSON: ${(error as Error).message}`, hint: 'Mend it.' }, error);
  }
  const { projects: patterns, synthMemory } = manifest.konfig ?? {};
  if (!Array.isArray(patterns)) return undefined;
  return {
    root: folder,
    ...(typeof synthMemory === 'number' && synthMemory >= 64 ? { synthMemory: Math.floor(synthMemory) } : {}),
    projects: patterns
      .flatMap((pattern: string) => expand(folder, pattern.split('/')))
      .filter((found) => existsSync(join(found, 'konfig.ts'))),
  };
}

function failure(problem: Problem, cause?: unknown): KonfigError {
  return new (core().KonfigError)(problem, { cause });
}

/** Loaded when something is wrong: before a program's process is started every millisecond counts. */
function core(): typeof import('@konfig/core') {
  return require('@konfig/core') as typeof import('@konfig/core');
}

/** Folders that match a pattern whose parts are names or `*`. */
function expand(folder: string, parts: readonly string[]): readonly string[] {
  const [part, ...rest] = parts;
  if (part === undefined) return [folder];
  if (part !== '*') return existsSync(join(folder, part)) ? expand(join(folder, part), rest) : [];
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
    .flatMap((entry) => expand(join(folder, entry.name), rest));
}
