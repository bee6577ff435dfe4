// A stack from files of manifests, folders of them, or standard input: the shell around the sdk's manifestStack.
import { relative, resolve, sep } from 'node:path';
import { isError, KonfigError, type Problem, type Records, type SynthOutput, type Target } from '@konfig/core';
import { decodeManifest, type ManifestFiles, manifestFiles, manifestStack, type SynthResult } from '@konfig/sdk';

export interface ManifestStackRequest {
  readonly project: string;
  readonly stack: string;
  /** Paths of files and folders as they were typed; `-` is standard input. */
  readonly files: readonly string[];
  readonly targets: { readonly [name: string]: Target };
  readonly records: Records;
  /** Of namespaced objects that name none. */
  readonly namespace?: string;
  readonly shell: { readonly cwd: string };
  /** What `-` reads. Default: that of this process. */
  readonly stdin?: AsyncIterable<Uint8Array>;
}

export interface ManifestSynth extends SynthOutput {
  readonly warnings: readonly Problem[];
}

/** Reads everything that was named. Fails with all that is wrong, in all of the files. */
export async function readManifestStack({ files: paths, shell, stdin, ...stack }: ManifestStackRequest): Promise<ManifestSynth> {
  const read = [];
  for (const path of new Set(paths.map((one) => nameOf(one, shell.cwd)))) {
    read.push(path === '-' ? await fromStandardInput(stdin ?? process.stdin) : fromDisk(path, shell.cwd));
  }
  // A file that is named twice, by itself and by its folder, is one file.
  const files = new Map(read.flatMap((one) => one.files).map((file) => [file.file, file]));
  const found = read.flatMap((one) => one.problems);
  const isUsable = files.size > 0 || !found.some(isError);
  const result: SynthResult = isUsable ? manifestStack({ ...stack, files: [...files.values()] }) : { problems: [] };
  const told = [...found, ...(result.problems ?? result.warnings ?? [])];
  const { output } = result;
  if (!output || told.some(isError)) throw new KonfigError(told);
  return { ...output, warnings: told };
}

/** As problems name it: from the working directory, where it is below that. */
function nameOf(path: string, cwd: string): string {
  if (path === '-' || isAddress(path)) return path;
  const below = relative(cwd, resolve(cwd, path)).split(sep).join('/');
  return below.startsWith('..') ? resolve(cwd, path) : below || '.';
}

function isAddress(path: string): boolean {
  return /^https?:\/\//.test(path);
}

function fromDisk(path: string, cwd: string): ManifestFiles {
  if (!isAddress(path)) return manifestFiles(resolve(cwd, path), path);
  const message = `${path} is no file.`;
  const hint = `Fetch it first, and look at it: curl -fsSL ${path} | konfig preview -f - --stack NAME.`;
  return { files: [], problems: [{ code: 'MANIFEST_INVALID', message, hint }] };
}

async function fromStandardInput(stdin: AsyncIterable<Uint8Array>): Promise<ManifestFiles> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stdin) chunks.push(chunk);
  return decodeManifest(Buffer.concat(chunks), 'standard input');
}
