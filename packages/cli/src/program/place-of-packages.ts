// Where the package cache of a project's process is kept.
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { modulesAbove } from './sandbox/readable';
import { shortName, stampOf } from './stamp';

/** What is kept for programs: the SDK, and their companions by name. */
export interface PackageWish {
  readonly project: string;
  /** MiB */
  readonly memory: number;
  readonly companions: readonly string[];
}

/** Beside the packages that are in it. V8 takes code only from its own version, under the same options. */
export function placeOf({ project, memory, companions }: PackageWish): string | undefined {
  const modules = modulesAbove(project).find((folder) => stampOf(join(folder, '@konfig', 'sdk')) !== 'none');
  if (!modules) return undefined;
  const what = [process.version, process.arch, __dirname, realpathSync(join(modules, '@konfig', 'sdk')), memory, ...companions].join('\n');
  return join(modules, '.cache', 'konfig', shortName(what));
}
