// The same monorepo at another path: its files copied, its packages linked.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import { findMonorepo, type Monorepo } from './monorepo';
import { modulesAbove } from './sandbox/readable';

export interface Copy {
  readonly monorepo: Monorepo;
  remove(): void;
}

interface Move {
  readonly from: string;
  readonly to: string;
}

const left = new Set(['node_modules', '.git', '.konfig']);

/** Copies a monorepo into a temporary folder. What npm linked from inside of it is linked to the copy, everything else to where it is. */
export function copyMonorepo({ root }: Monorepo): Copy {
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'konfig-verify-')));
  // Packages that lie above the monorepo lie above the copy, in the same order.
  const above = modulesAbove(dirname(root)).map((modules, i) => ({ modules, depth: i }));
  const levels = above.map(() => 'above');
  const move = { from: realpathSync(root), to: join(temporary, ...levels, 'elsewhere') };
  for (const { modules, depth } of above) {
    const level = join(temporary, ...levels.slice(depth));
    linkModules(modules, join(level, 'node_modules'), move);
  }
  cpSync(root, move.to, { recursive: true, verbatimSymlinks: true, filter: (from) => !left.has(basename(from)) || from === root });
  for (const modules of modulesBelow(root)) linkModules(modules, join(move.to, relative(root, modules)), move);
  return { monorepo: findMonorepo(move.to), remove: () => rmSync(temporary, { recursive: true, force: true }) };
}

function modulesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name === 'node_modules') return [path];
    return entry.isDirectory() && !left.has(entry.name) ? modulesBelow(path) : [];
  });
}

function linkModules(from: string, to: string, move: Move): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const path = join(from, entry.name);
    if (entry.name.startsWith('@') && entry.isDirectory()) linkModules(path, join(to, entry.name), move);
    else symlinkSync(movedPath(realpathSync(path), move), join(to, entry.name), 'junction');
  }
}

/** What lies in the monorepo, but for packages from outside, lies in the copy. */
function movedPath(path: string, { from, to }: Move): string {
  const inside = relative(from, path);
  const isMoved = inside !== '..' && !inside.startsWith(`..${sep}`) && !inside.split(sep).includes('node_modules');
  return isMoved ? join(to, inside) : path;
}
