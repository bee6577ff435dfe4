// The names that TAB offers, from `.konfig/cache/completion`: kept by whatever reads a program, and refreshed behind the scenes when one has changed.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Monorepo } from '../program/monorepo';
import { writeWhole } from '../write-whole';

/** Names that only the monorepo knows. */
export interface Names {
  stacks(): readonly string[];
  projects(): readonly string[];
  /** Short ids of the resources of a stack. */
  resources(stack: string): readonly string[];
}

/** What is kept of a project. */
interface KeptProject {
  /** Of its files when it was read. */
  readonly stamp: string;
  readonly stacks: readonly string[];
}

type Kept = { readonly [project: string]: KeptProject };

/** Reads what is kept. What of it is old is told all the same, completed by what its konfig.ts shows at a glance; `whenOld` is called once. */
export function keptNames(monorepo: Monorepo, whenOld: () => void): Names {
  const kept = readJson<Kept>(stacksFile(monorepo.root)) ?? {};
  let isOld = false;
  const stacksIn = (folder: string) => {
    const project = basename(folder);
    const known = kept[project];
    if (known?.stamp === stampOf(folder)) return known.stacks;
    if (!isOld) whenOld();
    isOld = true;
    const seen = stacksAtAGlance(folder);
    return (seen.length > 0 ? seen : (known?.stacks ?? [])).map((stack) => (stack.includes('/') ? stack : `${project}/${stack}`));
  };
  return {
    stacks: () => monorepo.projects.flatMap(stacksIn).sort(),
    projects: () => monorepo.projects.map((folder) => basename(folder)).sort(),
    resources: (stack) => readJson<readonly string[]>(resourcesFile(monorepo.root, stack.split('@')[0] as string)) ?? [],
  };
}

/** `.stack('dev', …)` as nearly everybody writes it. A loop over names shows only when the program has run. */
function stacksAtAGlance(folder: string): readonly string[] {
  try {
    const text = readFileSync(join(folder, 'konfig.ts'), 'utf8');
    return [...text.matchAll(/\.stack\(\s*(['"`])([a-z0-9-]+)\1/g)].map(([, , name = '']) => name);
  } catch {
    return [];
  }
}

/** Changes with any file of the project: newest change and number of files. */
export function stampOf(folder: string): string {
  let newest = 0;
  let count = 0;
  const look = (within: string) => {
    for (const entry of readdirSync(within, { withFileTypes: true })) {
      if (entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
      const path = join(within, entry.name);
      if (entry.isDirectory()) look(path);
      else {
        count++;
        newest = Math.max(newest, statSync(path).mtimeMs);
      }
    }
  };
  look(folder);
  return `${newest} ${count}`;
}

/** Keeps the stacks of projects beside those of others. */
export function keepStacks(root: string, found: Kept): void {
  write(stacksFile(root), { ...readJson<Kept>(stacksFile(root)), ...found });
}

/** Keeps the short ids of a stack's resources. */
export function keepResources(root: string, stack: string, resources: readonly string[]): void {
  const file = resourcesFile(root, stack);
  // Most often they are the same.
  if (JSON.stringify(readJson(file)) !== JSON.stringify(resources)) write(file, resources);
}

/** Reads all changed programs in a process of its own, which outlives this one; not a second one while the first may still run. */
export function refreshBehind(root: string): void {
  const mark = join(folderOf(root), 'refreshing');
  try {
    if (Date.now() - statSync(mark).mtimeMs < refreshTakes) return;
  } catch {
    // None is under way.
  }
  if (!write(mark, process.pid)) return;
  const program = join(__dirname, '..', '..', 'bin', 'konfig.js');
  spawn(process.execPath, [program, '__refresh'], { cwd: root, detached: true, stdio: 'ignore' }).unref();
}

/** Milliseconds. */
const refreshTakes = 30_000;

export function refreshEnded(root: string): void {
  rmSync(join(folderOf(root), 'refreshing'), { force: true });
}

function folderOf(root: string): string {
  return join(root, '.konfig', 'cache', 'completion');
}

function stacksFile(root: string): string {
  return join(folderOf(root), 'stacks.json');
}

function resourcesFile(root: string, stack: string): string {
  return join(folderOf(root), `${stack.replace(/[^a-z0-9-]/g, '_')}.resources.json`);
}

function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    // Not there, or cut off: a TAB offers less, that is all.
    return undefined;
  }
}

/** Whole or not at all. What cannot be kept is not: nobody asked for it. */
function write(file: string, value: unknown): boolean {
  try {
    writeWhole(file, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
