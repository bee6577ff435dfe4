// Where the package cache of programs' processes is kept, and whether it still is as the packages are. It is made behind the scenes, by a process that
// outlives the command: make-packages.ts.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type PackageWish, placeOf } from './place-of-packages';
import type { SandboxOptions } from './sandbox/sandbox';
import { areAsStamped, type Stamps, stampOf } from './stamp';

/** What is known of a cache without reading it. */
export interface KeptPackages {
  /** The name of its files. */
  readonly name: string;
  /** There is a snapshot of a process that has loaded it. */
  readonly hasSnapshot: boolean;
  /** When it was made, in milliseconds since the epoch. */
  readonly madeAt: number;
  readonly stamps: Stamps;
}

/** The cache for a wish, where it is there and nothing of it has changed; else nothing, and it is made for the next command. */
export function keptPackages(wish: PackageWish): Pick<SandboxOptions, 'packages' | 'snapshot'> {
  const place = placeOf(wish);
  const kept = place && readKept(place);
  if (place && kept && areAsStamped(kept.stamps)) {
    const packages = join(dirname(place), kept.name);
    if (!kept.hasSnapshot && Date.now() - kept.madeAt > againAfter) makeLater(place, wish);
    return { packages, ...(kept.hasSnapshot && { snapshot: `${packages}.snapshot` }) };
  }
  if (place) makeLater(place, wish);
  return {};
}

/** Milliseconds. What kept a snapshot from being made may have passed: a project that was removed meanwhile, a full disk. */
const againAfter = 3_600_000;

function readKept(place: string): KeptPackages | undefined {
  try {
    return JSON.parse(readFileSync(`${place}.json`, 'utf8')) as KeptPackages;
  } catch {
    // Not there yet.
    return undefined;
  }
}

/** Milliseconds. A maker that takes longer has ended itself. */
export const makingTakes = 30_000;

function makeLater(place: string, { project, memory, companions }: PackageWish): void {
  const mark = `${place}.making`;
  try {
    mkdirSync(dirname(place), { recursive: true });
    if (Date.now() - Number.parseFloat(stampOf(mark)) > makingTakes) rmSync(mark, { force: true });
    // One at a time, however many commands run.
    writeFileSync(mark, '', { flag: 'wx' });
    const program = realpathSync(join(__dirname, '..', '..', 'bin', 'konfig.js'));
    spawn(process.execPath, [program, '__packages', project, String(memory), ...companions], {
      cwd: dirname(place),
      detached: true,
      stdio: 'ignore',
    }).unref();
  } catch {
    // Somebody makes it already, or nobody may write there: each command loads the packages by itself.
  }
}
