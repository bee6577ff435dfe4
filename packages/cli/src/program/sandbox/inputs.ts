// Answers what a program declares to read, outside of its process, and remembers what it was told: that is the stack's key.
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { digest, type Input, isCredentialName, type Json } from '@konfig/core';
import { secretPart } from '../program-files';
import type { Ask } from './message';

export interface InputsOptions {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** Folders are listed backwards. */
  readonly reversed: boolean;
}

/** Bytes of a file that a program may read. */
const largestFile = 16 * 2 ** 20;

/** Answers, and what was answered. */
export class Inputs {
  readonly #told = new Map<string, Input>();
  readonly #files = new Set<string>();

  constructor(readonly options: InputsOptions) {}

  /** What was read, sorted by kind and name; digests instead of values. */
  get told(): readonly Input[] {
    return [...this.#told.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, input]) => input);
  }

  /** Files that were read, as source lines name them. */
  get files(): ReadonlySet<string> {
    return this.#files;
  }

  answer(ask: Ask): Json {
    const name = String(ask.name);
    const answer = this.#find({ kind: ask.kind, name });
    const { kind } = ask;
    if (kind === 'file' && 'base64' in (answer as object)) this.#files.add(name);
    if (Object.hasOwn(finders, kind))
      this.#told.set(`${kind} ${name}`, { kind, name, digest: digest(kind === 'folder' ? listed(answer) : answer) });
    return answer;
  }

  #find({ kind, name }: Ask): Json {
    if (kind === 'env') return environmentValue(name, this.options.env);
    if (!Object.hasOwn(finders, kind)) return { error: 'EINVAL', message: `There is no input of the kind ${kind}.` };
    try {
      const path = insideOf(this.options.root, name);
      return finders[kind](path, this.options);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return { error: code ?? 'EIO', message };
    }
  }
}

type Finder = (path: string, options: InputsOptions) => Json;

const finders: { readonly [K in Ask['kind']]: Finder } = {
  env: () => ({}),
  path: (path) => ({ is: statSync(path).isDirectory() ? 'folder' : 'file' }),
  file: (path) => {
    const { size } = statSync(path);
    if (size > largestFile) throw refused('EFBIG', `it has ${size} bytes, more than the ${largestFile} that a program may read`);
    const bytes = readFileSync(path);
    if (isKubeconfig(bytes)) throw refused('ERR_ACCESS_DENIED', 'it is a kubeconfig');
    return { base64: bytes.toString('base64') };
  },
  folder: (path, { reversed }) => {
    const entries = readdirSync(path, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      is: kindOfEntry(path, entry.name),
    }));
    return { entries: reversed ? entries.reverse() : entries };
  },
};

/** Whatever order the disk has, it is the same folder. */
function listed(answer: Json): Json {
  const { entries } = answer as { readonly entries?: readonly { readonly name: string }[] };
  return entries ? ([...entries].sort((a, b) => (a.name < b.name ? -1 : 1)) as unknown as Json) : answer;
}

function kindOfEntry(folder: string, name: string): 'file' | 'folder' | 'other' {
  const path = join(folder, name);
  try {
    const found = statSync(path);
    if (found.isFile()) return 'file';
    // A link to a folder may lead in circles.
    return found.isDirectory() && realpathSync(path) === join(realpathSync(folder), name) ? 'folder' : 'other';
  } catch {
    return 'other';
  }
}

/** The real path, which must lie in the monorepo and be nothing that is hidden or looks like credentials. */
function insideOf(root: string, name: string): string {
  const path = realpathSync(join(root, name));
  const inside = relative(realpathSync(root), path);
  if (inside === '..' || inside.startsWith(`..${sep}`)) throw refused('ERR_ACCESS_DENIED', 'it lies outside of the monorepo');
  const secret = secretPart(inside.split(sep));
  if (secret) throw refused('ERR_ACCESS_DENIED', `${secret} is hidden, or called as credentials are`);
  return path;
}

/** By whatever name. */
function isKubeconfig(bytes: Buffer): boolean {
  return bytes.includes('current-context') && /^\s*"?kind"?:\s*"?Config\b/m.test(bytes.toString('latin1')) && bytes.includes('clusters');
}

function refused(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code });
}

/** A declared input may be any variable but those that look like credentials: secrets go by reference. */
function environmentValue(name: string, env: NodeJS.ProcessEnv): Json {
  if (isCredentialName(name)) return {};
  const value = env[name];
  return value === undefined ? {} : { value };
}
