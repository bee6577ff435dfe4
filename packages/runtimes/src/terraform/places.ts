// Folders of this machine that runs of Terraform need. What the disk refuses there is told with the variable that names another one.
import { homedir, tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { KonfigError } from '@konfig/core';

/** Where providers are kept that were fetched. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  return join(cacheHome(env), 'konfig', 'terraform');
}

function cacheHome(env: NodeJS.ProcessEnv): string {
  return env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache');
}

/** TARGET_CONFIG where the disk refuses work in one of these folders; any other error as it is. */
export function toldOfPlace(error: unknown, target: string, env: NodeJS.ProcessEnv): unknown {
  const { code = '', path, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (!refusals.has(code)) return error;
  // A write to a disk that is full does not say where: what is written are files of a run.
  const at = path ?? (code === 'ENOSPC' || code === 'EDQUOT' ? tmpdir() : '');
  const within = placesOf(env).filter(({ folder }) => at === folder || at.startsWith(folder + sep));
  // One may lie in the other.
  const [found] = within.sort((a, b) => b.folder.length - a.folder.length);
  if (!found) return error;
  return new KonfigError(
    {
      code: 'TARGET_CONFIG',
      message: `Target ${target}: the folder ${found.folder} for ${found.what} cannot be used: ${message}.`,
      hint: `Make room there, or the folder itself; or name another one: ${found.variable}=… konfig …`,
    },
    { cause: error },
  );
}

const refusals: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT']);

interface Place {
  readonly what: string;
  readonly folder: string;
  readonly variable: string;
}

function placesOf(env: NodeJS.ProcessEnv): readonly Place[] {
  return [
    { what: 'providers that were fetched', folder: cacheHome(env), variable: 'XDG_CACHE_HOME' },
    { what: 'temporary files', folder: tmpdir(), variable: 'TMPDIR' },
  ];
}
