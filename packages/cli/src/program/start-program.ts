// Starts the process of a project's program as it was started the last time, and looks meanwhile whether that is still right: to look takes about as long
// as Node takes to come up. A process that was started wrongly has been given nothing to run, and is ended.
import { readFileSync } from 'node:fs';
import { placeOf } from './place-of-packages';
import { readableFolders } from './sandbox/readable';
import { release, type Sandbox, type SandboxOptions, startSandbox } from './sandbox/sandbox';
import { shortName } from './stamp';

/** What of a start takes long to find out. */
type Start = Pick<SandboxOptions, 'packages' | 'snapshot' | 'readable'>;

export function startProgram(options: SandboxOptions): Sandbox {
  const { project, root, memory } = options;
  const place = placeOf(project, memory);
  const last = place && lastStart(place, project);
  let isRight = true;
  const print = (text: string) => isRight && options.print(text);
  const early = last && startSandbox({ ...options, ...last, print });
  const { keptPackages } = require('./kept-packages') as typeof import('./kept-packages');
  const start: Start = { ...keptPackages(place, { project, memory }), readable: readableFolders(project, root) };
  if (early && JSON.stringify(start) === JSON.stringify(last)) return early;
  isRight = false;
  if (early) release(early);
  if (place) keepStart(place, project, start);
  return startSandbox({ ...options, ...start });
}

function lastStart(place: string, project: string): Start | undefined {
  try {
    const { packages, snapshot, readable } = JSON.parse(readFileSync(fileOf(place, project), 'utf8')) as Start;
    return { ...(packages && { packages }), ...(snapshot && { snapshot }), readable: [...(readable as readonly string[])] };
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
