// What a program's process may read: packages, and Konfig itself. Not the monorepo, whose code comes bundled, and whose files come through inputs.
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** Folders that Node must be able to read so that the packages of a project load. */
export function readableFolders(project: string, root: string): readonly string[] {
  const folders = new Set(ownFolders());
  for (const modules of modulesAbove(project)) {
    folders.add(modules);
    for (const linked of linkedPackages(modules)) {
      // The monorepo may be linked as a package of its own; and libraries come in the bundle.
      const isIn = (folder: string) => linked.startsWith(`${folder}${sep}`);
      if ([...folders].some(isIn) || `${root}${sep}`.startsWith(`${linked}${sep}`) || isLibrary(linked)) continue;
      folders.add(linked);
      for (const below of modulesAbove(linked)) folders.add(below);
    }
  }
  return [...folders];
}

/** This package and the core that it uses, which need not be those of the monorepo: the command may be installed elsewhere. */
function ownFolders(): readonly string[] {
  const own = join(__dirname, '..', '..', '..');
  const core = dirname(realpathSync(require.resolve('@konfig/core/package.json')));
  return [own, core, ...modulesAbove(core)];
}

/** The folders in which Node looks for packages, the nearest first. */
export function modulesAbove(from: string): readonly string[] {
  const found: string[] = [];
  for (let folder = from; dirname(folder) !== folder; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    if (existsSync(modules)) found.push(modules);
  }
  return found;
}

/** What the links in a folder of packages really are: workspaces, or packages in a store of their own. */
function linkedPackages(modules: string): readonly string[] {
  const entries = (folder: string) => readdirSync(folder, { withFileTypes: true });
  const scoped = entries(modules).filter((entry) => entry.name.startsWith('@') && entry.isDirectory());
  const all = [modules, ...scoped.map(({ name }) => join(modules, name))].flatMap((folder) =>
    entries(folder).flatMap((entry) => (entry.isSymbolicLink() ? [join(folder, entry.name)] : [])),
  );
  return all.flatMap((link) => realPathOf(link) ?? []);
}

/** Undefined for a link that leads nowhere. */
function realPathOf(link: string): string | undefined {
  try {
    return realpathSync.native(link);
  } catch {
    return undefined;
  }
}

/** Does a package say that it is a library for Konfig programs? */
export function isLibrary(folder: string): boolean {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { konfig?: { library?: boolean } };
    return manifest.konfig?.library === true;
  } catch {
    return false;
  }
}
