// Where the package cache of a project's process is kept.
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { modulesAbove } from './sandbox/readable';
import { shortName, stampOf } from './stamp';

/** Beside the packages that are in it. V8 takes code only from its own version, under the same options. */
export function placeOf(project: string, memory: number): string | undefined {
  const modules = modulesAbove(project).find((folder) => stampOf(join(folder, '@konfig', 'sdk')) !== 'none');
  if (!modules) return undefined;
  const what = [process.version, process.arch, __dirname, realpathSync(join(modules, '@konfig', 'sdk')), memory].join('\n');
  return join(modules, '.cache', 'konfig', shortName(what));
}
