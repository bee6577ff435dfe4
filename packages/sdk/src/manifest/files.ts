// Which files of a folder are manifests, and their texts. What is meant for another tool is told, and never applied half.
import { basename, dirname, join } from 'node:path';
import type { Problem } from '@konfig/core';
import { disk, type FolderEntry, type InputFiles } from '../input-files';

/** A file of manifests. */
export interface ManifestFile {
  /** As problems and source lines name it. */
  readonly file: string;
  readonly text: string;
}

/** Files of manifests, and what is wrong with them; warnings among that. */
export interface ManifestFiles {
  readonly files: readonly ManifestFile[];
  readonly problems: readonly Problem[];
}

/**
 * Reads a file of manifests, or all of a folder and its folders: `*.yaml`, `*.yml` and `*.json`, in the order of their names. Never throws for what is
 * on the disk.
 * @param path the file or folder, as the system finds it.
 * @param name as problems and source lines shall name it. Default: the path.
 * @param from where files are read. Default: the disk.
 */
export function manifestFiles(path: string, name: string = path, from: InputFiles = disk): ManifestFiles {
  const asText = (below: string) => (below === '' ? name : name === '' || name === '.' ? below : `${name.replace(/\/+$/, '')}/${below}`);
  try {
    const found = from.kindOf(path) === 'folder' ? namesBelow(path, from) : undefined;
    const { chosen, problems } = found ? chooseManifests(found) : chooseManifests([''], basename(path));
    const named: Problem[] = problems.map(({ at, ...problem }) => ({ ...problem, source: { file: asText(at), line: 1 } }));
    if (found && chosen.length === 0 && !problems.some(({ severity }) => severity !== 'warning')) named.push(nothingIn(asText('')));
    const read = chosen.map((below) => readManifestFile(below === '' ? path : join(path, below), asText(below), from));
    return { files: read.flatMap(({ files }) => files), problems: [...named, ...read.flatMap((one) => one.problems)] };
  } catch (error) {
    return { files: [], problems: [unreadable(error, asText(''))] };
  }
}

function readManifestFile(path: string, file: string, from: InputFiles): ManifestFiles {
  try {
    return decodeManifest(from.read(path), file);
  } catch (error) {
    return { files: [], problems: [unreadable(error, file)] };
  }
}

/** The text of a file's bytes, which must be UTF-8; a byte order mark is left out. */
export function decodeManifest(bytes: Uint8Array, file: string): ManifestFiles {
  try {
    return { files: [{ file, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }], problems: [] };
  } catch {
    const message = `${file} is no UTF-8 text.`;
    return { files: [], problems: [{ code: 'MANIFEST_INVALID', message, hint: 'Save it as UTF-8.', source: { file, line: 1 } }] };
  }
}

function unreadable(error: unknown, file: string): Problem {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: { readonly [code: string]: readonly [string, string] } = {
    ENOENT: [`There is no ${file}.`, 'Correct the path.'],
    EACCES: [`${file} may not be read.`, 'Give yourself the right to read it.'],
    ERR_ACCESS_DENIED: [`${file} may not be read by a program: ${message}.`, 'A program reads what lies in its monorepo and is no secret.'],
  };
  const [what, hint] = reasons[code ?? ''] ?? [`${file} cannot be read: ${message}.`, 'Look at the file.'];
  return { code: 'MANIFEST_INVALID', message: what, hint, source: { file, line: 1 } };
}

function nothingIn(folder: string): Problem {
  const hint = 'Name a folder with *.yaml, *.yml or *.json files.';
  return { code: 'MANIFEST_INVALID', message: `There are no manifests in ${folder}.`, hint, source: { file: folder, line: 1 } };
}

/** The paths of all files below a folder. Hidden folders and node_modules belong to other tools; links to folders may lead in circles. */
function namesBelow(folder: string, from: InputFiles, above = ''): readonly string[] {
  const entries = [...from.list(folder)].sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const name = above + entry.name;
    if (entry.is === 'folder') return isPassedOver(entry) ? [] : namesBelow(join(folder, entry.name), from, `${name}/`);
    return entry.is === 'file' ? [name] : [];
  });
}

function isPassedOver({ name }: FolderEntry): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

/** What is wrong with a file of a folder; `at` is its path there. */
type Told = Omit<Problem, 'source' | 'at'> & { readonly at: string };

interface Chosen {
  readonly chosen: readonly string[];
  readonly problems: readonly Told[];
}

/** Which of these paths are manifests. One file that was named by itself may end as it likes; `name` is what it is called. */
export function chooseManifests(paths: readonly string[], name?: string): Chosen {
  const calledAs = (path: string) => name ?? basename(path);
  const charts = new Set(paths.filter((path) => calledAs(path) === 'Chart.yaml').map(folderOf));
  const overlays = new Set(paths.filter((path) => /^(kustomization\.ya?ml|Kustomization)$/.test(calledAs(path))).map(folderOf));
  const isForeign = (path: string) => [...charts, ...overlays].some((folder) => folder === '' || path.startsWith(`${folder}/`));
  const manifests = paths.filter((path) => name !== undefined || (/\.(ya?ml|json)$/.test(path) && !isForeign(path)));
  const hidden = manifests.filter((path) => calledAs(path).startsWith('.') && name === undefined);
  return {
    chosen: charts.size + overlays.size > 0 && name !== undefined ? [] : manifests.filter((path) => !hidden.includes(path)),
    problems: [
      ...[...charts].map((at) => foreign(at, 'a Helm chart', 'helm template NAME')),
      ...[...overlays].map((at) => foreign(at, 'for kustomize', 'kustomize build')),
      ...hidden.map((at) => ({ ...notRead(at), at })),
    ],
  };
}

function folderOf(path: string): string {
  const folder = dirname(path);
  return folder === '.' ? '' : folder;
}

function foreign(at: string, what: string, command: string): Told {
  const folder = at === '' ? 'This folder' : `The folder ${at}`;
  const hint = `Run that tool first and give Konfig what it prints: ${command} ${at === '' ? 'FOLDER' : at} | konfig preview -f - --stack NAME.`;
  return { code: 'MANIFEST_INVALID', message: `${folder} is ${what}; its files are no manifests by themselves.`, hint, at };
}

function notRead(path: string): Omit<Told, 'at'> {
  const hint = 'Rename it if it is to be read, or name it by itself.';
  return { code: 'MANIFEST_INVALID', message: `${path} is hidden and was not read.`, hint, severity: 'warning' };
}
