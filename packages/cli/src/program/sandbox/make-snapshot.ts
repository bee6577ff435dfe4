// Has a snapshot made of a program's process that has loaded the package cache, and tries it out.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { boxed } from './box';
import type { Job } from './message';
import { readableFolders } from './readable';
import { heapOptions, release, startSandbox, usualConditions } from './sandbox';
import type { SnapshotOrder } from './snapshot';
import { snapshotScript } from './snapshot-script';

export interface SnapshotWish {
  readonly project: string;
  readonly memory: number;
  /** The package cache, and the main files in it that programs begin with. */
  readonly packages: string;
  readonly mains: readonly string[];
  /** synth-child.js */
  readonly script: string;
}

/** Makes `<packages>.snapshot`. False where this machine or this Node cannot: then processes start without one, and take longer. */
export async function makeSnapshot(wish: SnapshotWish): Promise<boolean> {
  // Elsewhere there is nothing to hold packages that run without Node's permission model, which cannot be in a snapshot.
  if (process.platform !== 'linux') return false;
  const part = mkdtempSync(`${wish.packages}.part-`);
  const out = join(part, 'out');
  try {
    mkdirSync(out);
    // Node gives the script of a snapshot no exports.
    writeFileSync(join(out, 'snapshot.js'), `const exports = {};\n${readFileSync(join(__dirname, 'snapshot.js'), 'utf8')}`);
    if (!(await build(wish, out))) return false;
    const made = join(out, 'snapshot');
    if (!(await works(wish, made))) return false;
    renameSync(made, `${wish.packages}.snapshot`);
    return true;
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

async function build({ project, memory, packages, mains, script }: SnapshotWish, out: string): Promise<boolean> {
  const order: SnapshotOrder = { packages, mains, script, beginning: usualConditions.beginning };
  const make = ['--no-warnings', ...heapOptions(memory), '--build-snapshot', '--snapshot-blob', '/out/snapshot', snapshotScript];
  const [command, ...args] = boxed([process.execPath, ...make, JSON.stringify(order)], {
    readable: readableFolders(project, project),
    out,
  });
  const child = spawn(command as string, args, { env: { PATH: process.env.PATH, ...usualConditions.env }, stdio: 'ignore' });
  const [code] = await once(child, 'close');
  return code === 0;
}

/** Does a process that starts from it answer? To an empty program it says that there is no project. */
async function works({ project, memory }: SnapshotWish, snapshot: string): Promise<boolean> {
  const sandbox = startSandbox({ project, root: project, conditions: usualConditions, memory, print: () => {}, snapshot });
  try {
    const job: Job = {
      nonce: 'trial',
      code: '',
      lines: { sources: [], stretches: [] },
      libraries: [],
      root: project,
      project,
      stack: 'trial',
    };
    sandbox.child.stdin?.write(`${JSON.stringify(job)}\n`);
    for await (const line of createInterface({ input: sandbox.child.stdio[3] as NodeJS.ReadableStream }))
      return line.includes('"nonce":"trial"') && line.includes('PROGRAM_INVALID');
    return false;
  } finally {
    release(sandbox);
  }
}
