// A digest of the code that a program loaded beside its bundle: a lock file knows nothing of a workspace, a linked or a patched package.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';

/** What a program's process says that it loaded. Not to be trusted: only what it was able to read is read for it. */
export interface Loaded {
  /** Full paths. */
  readonly files: readonly string[];
  /** Those among them that are ES modules: Node does not tell what these import. */
  readonly esModules: readonly string[];
}

export interface Place {
  readonly root: string;
  /** The folders that the process was able to read. */
  readonly readable: readonly string[];
}

/** SHA-256 in lower-case hex, the same wherever the monorepo lies. */
export function digestOfLoaded({ files, esModules }: Loaded, { root, readable }: Place): string {
  const folders = readable.map((folder) => realpathSync.native(folder) + sep);
  // As full paths without steps up: a process may say anything.
  const isReadable = (file: string) => folders.some((folder) => file.startsWith(folder)) && normalize(file) === file;
  const packages = new Set(esModules.filter(isReadable).map(packageOf));
  const all = new Set([...files.filter(isReadable), ...[...packages].flatMap(codeIn)]);
  const named = [...all].map((file) => [nameOf(file, root), file] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash('sha256');
  for (const [name, file] of named) {
    const code = codeOf(file);
    hash.update(`${name}\n${code.length}\n`).update(code);
  }
  return hash.digest('hex');
}

function packageOf(file: string): string {
  for (let folder = dirname(file); ; folder = dirname(folder))
    if (existsSync(join(folder, 'package.json')) || dirname(folder) === folder) return folder;
}

/** All code of a package, but not of those that lie in it. */
function codeIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : codeIn(path);
    return entry.isFile() && /\.([cm]?js|json)$/.test(entry.name) ? [path] : [];
  });
}

/** Empty for what is not there any more, or never was. */
function codeOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Konfig itself may be installed anywhere. */
function nameOf(file: string, root: string): string {
  const [inPackages] = file.split(`${sep}node_modules${sep}`).slice(1).slice(-1);
  return (inPackages ?? relative(root, file)).replaceAll('\\', '/');
}
