// Starts the process of a project's program as it was started the last time, and looks meanwhile whether that is still right: to look takes about as long
// as Node takes to come up. A process that was started wrongly has been given nothing to run, and is ended.
import { readFileSync } from 'node:fs';
import { placeOf } from './place-of-packages';
import { readableFolders } from './sandbox/readable';
import { release, type Sandbox, type SandboxOptions, startSandbox } from './sandbox/sandbox';
import { shortName } from './stamp';

/** What of a start takes long to find out. */
interface Start extends Pick<SandboxOptions, 'packages' | 'snapshot' | 'readable'> {
  /** Of the program, as far as it was known. */
  readonly companions: readonly string[];
}

/** @param companions gives the program's, where there is a bundle of it already; asked when the process is on its way. */
export function startProgram(options: SandboxOptions, companions: () => readonly string[] | undefined): Sandbox {
  const { project, root, memory } = options;
  const place = placeOf({ project, memory, companions: [] });
  const last = place === undefined ? undefined : lastStart(place, project);
  let isRight = true;
  const print = (text: string) => isRight && options.print(text);
  const early = last && startSandbox({ ...options, ...last, print });
  const { keptPackages } = require('./kept-packages') as typeof import('./kept-packages');
  const beside = companions() ?? last?.companions ?? [];
  const kept = keptPackages({ project, memory, companions: beside });
  const start: Start = { ...kept, readable: readableFolders(project, root), companions: beside };
  if (early && JSON.stringify(start) === JSON.stringify(last)) return early;
  isRight = false;
  if (early) release(early);
  if (place) keepStart(place, project, start);
  return startSandbox({ ...options, ...start });
}

function lastStart(place: string, project: string): Start | undefined {
  try {
    const { packages, snapshot, readable, companions } = JSON.parse(readFileSync(fileOf(place, project), 'utf8')) as Start;
    const lists = { readable: [...(readable as readonly string[])], companions: [...companions] };
    return { ...(packages && { packages }), ...(snapshot && { snapshot }), ...lists };
  } catch {
    // The first time, or cut off.
    return undefined;
  }
}

function keepStart(place: string, project: string, start: Start): void {
  const { writeWhole } = require('../write-whole') as typeof import('../write-whole');
  try {
    writeWhole(fileOf(place, project), JSON.stringify(start));
  } catch {
    // A folder that may not be written to: each command looks first.
  }
}

/** Beside the packages, believed as they are, and gone with them: what stands in the monorepo may come from anybody. */
function fileOf(place: string, project: string): string {
  return `${place}-start-${shortName(project)}.json`;
}
