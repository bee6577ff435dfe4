// Which files may be code of a program. The bundler reads with the rights of the command: what it reads would reach the program without being declared.
import { lstatSync, realpathSync } from 'node:fs';
import { extname, relative, sep } from 'node:path';
import type { OnLoadArgs, PartialMessage } from 'esbuild';

const code = new Set(['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json']);

export interface ProgramFolders {
  /** The monorepo's. */
  readonly root: string;
  /** Of Konfig libraries, which may lie elsewhere. */
  readonly libraries: readonly string[];
}

/** Why a file may not be bundled; undefined where it may. */
export function refusedFile({ path, with: how }: Pick<OnLoadArgs, 'path' | 'with'>, folders: ProgramFolders): PartialMessage | undefined {
  if (!code.has(extname(path)) || (how.type !== undefined && how.type !== 'json'))
    return refusal(
      'is no code: only TypeScript, JavaScript and JSON can be imported.',
      "Read it as an input: input.file('dashboard.json').",
    );
  const real = realOf(path);
  if (real === undefined) return refusal('is no file that can be read.', 'Import a file.');
  const inside = [folders.root, ...folders.libraries].flatMap((folder) => partsBelow(realOf(folder) ?? folder, real) ?? []);
  if (inside.length === 0)
    return refusal(
      'lies outside of the monorepo.',
      'Put it into the monorepo, or publish it as a package with "konfig": {"library": true}.',
    );
  const secret = secretPart(inside);
  if (secret)
    return refusal(
      `is not for programs: ${secret} is hidden, or called as credentials are.`,
      'A secret comes in by secret.env or secret.file.',
    );
  return undefined;
}

/** The first part of a path that is hidden, or called as credentials are. */
export function secretPart(parts: readonly string[]): string | undefined {
  return parts.find((part) => /^\.[^.]|kubeconfig|^id_(rsa|ed25519|ecdsa)|\.(pem|key|p12|pfx|jks)$/i.test(part));
}

function refusal(what: string, hint: string): PartialMessage {
  return { text: `What is imported here ${what}`, notes: [{ text: hint }] };
}

/** Undefined for what is not there, and for what is no plain file or folder: to read a pipe may take for ever. */
function realOf(path: string): string | undefined {
  try {
    const real = realpathSync(path);
    const found = lstatSync(real);
    return found.isFile() || found.isDirectory() ? real : undefined;
  } catch {
    return undefined;
  }
}

/** The parts of a path below a folder, those of packages from their own folder on; undefined where it is not below. */
function partsBelow(folder: string, path: string): readonly string[] | undefined {
  const inside = relative(folder, path);
  if (inside === '..' || inside.startsWith(`..${sep}`)) return undefined;
  const parts = inside.split(sep);
  return parts.slice(parts.lastIndexOf('node_modules') + 1);
}
