// Working folders: one for each run of Terraform, private, gone afterwards. What a run that died has left in one is found by the next.
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessIdentity, ResourceId } from '@konfig/core';
import { type Charge, startGuardian } from './guardian';

/** Whose work is done in a folder. */
export interface FolderOwner {
  readonly process: ProcessIdentity;
  /** The monorepo. */
  readonly root: string;
  readonly stack: string;
  readonly id: ResourceId;
  /** What is left in it is for a backend of the program's own. */
  readonly hasOwnBackend?: boolean;
}

const prefix = 'konfig-terraform-';
const aboutFile = 'konfig.json';
const pidFile = 'konfig.pid';

/** What Terraform leaves when it could not hand over a state. */
export const erroredState = 'errored.tfstate';

/** A saved plan, which holds values in clear, and those of variables that are too large for the environment. */
export const planFile = 'tfplan';
export const variablesFile = 'konfig.auto.tfvars.json';

/** Folders that are to go when this process does, each with what ends its guardian. */
const open = new Map<string, () => void>();
let willTidy = false;

/** One in which Terraform works, and secrets lie. @param charge what a state needs that is left there; without one, none is to be left. */
export function openGuardedFolder(owner: FolderOwner, charge?: Charge): string {
  const folder = openFolder(owner);
  open.set(folder, startGuardian(folder, charge));
  return folder;
}

/** One in which nothing secret lies: where this process is killed, the next run removes it. */
export function openFolder(owner: FolderOwner): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  open.set(folder, () => {});
  if (!willTidy) process.once('exit', tidyFolders);
  willTidy = true;
  try {
    writeFileSync(join(folder, aboutFile), JSON.stringify(owner));
  } catch (error) {
    closeFolder(folder);
    throw error;
  }
  return folder;
}

export function closeFolder(folder: string): void {
  removeFolder(folder);
  open.get(folder)?.();
  open.delete(folder);
}

const mostAttempts = 50;
/** Milliseconds. */
const soon = 20;

/** Whoever outlived us may put something in while it is emptied: a plan, the socket of a provider. */
function removeFolder(folder: string): void {
  for (let attempt = 1; ; attempt++) {
    try {
      rmSync(folder, { recursive: true, force: true });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY' || attempt === mostAttempts) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, soon);
    }
  }
}

/** It stays, for its guardian or the next run: Terraform is still at work in it, or it holds a state that is nowhere else. */
export function leaveFolder(folder: string): void {
  open.delete(folder);
}

/** This process ends in the midst of its work. Where Terraform goes on, or has left a state, the folder is for its guardian or the next run. */
export function tidyFolders(): void {
  for (const folder of open.keys()) {
    const { pid, state } = leftIn(folder);
    if (pid === undefined && state === undefined) closeFolder(folder);
  }
}

/** So that who finds the folder can tell whether the work goes on. */
export function notePid(folder: string, pid: number): void {
  writeFileSync(join(folder, pidFile), String(pid));
}

/** What a run that died has left. */
export interface Leftover {
  readonly folder: string;
  readonly owner: FolderOwner;
  /** Terraform outlived who started it, and is still at work. */
  readonly pid?: number;
  /** A state that could not be handed over. */
  readonly state?: string;
}

/** Folders of processes that have ended; those that hold nothing any more are removed. */
export function findLeftovers(hasEnded: (process: ProcessIdentity) => boolean): readonly Leftover[] {
  return namesIn(tmpdir())
    .filter((name) => name.startsWith(prefix))
    .flatMap((name): readonly Leftover[] => {
      const folder = join(tmpdir(), name);
      const owner = ownerOf(folder);
      if (!owner || open.has(folder) || !hasEnded(owner.process)) return [];
      const left = leftIn(folder);
      if (left.pid !== undefined || left.state !== undefined) return [{ folder, owner, ...left }];
      closeFolder(folder);
      return [];
    });
}

/** What a run that lives changes now. */
export interface AtWork {
  readonly owner: FolderOwner;
  /** Of its Terraform. */
  readonly pid: number;
}

/** Folders of other runs in which Terraform changes something, though the run may have lost its lock. */
export function findAtWork(hasEnded: (process: ProcessIdentity) => boolean): readonly AtWork[] {
  return namesIn(tmpdir())
    .filter((name) => name.startsWith(prefix))
    .flatMap((name): readonly AtWork[] => {
      const folder = join(tmpdir(), name);
      const owner = ownerOf(folder);
      const pid = owner && !open.has(folder) && !hasEnded(owner.process) ? workingPid(folder) : undefined;
      return owner && pid !== undefined ? [{ owner, pid }] : [];
    });
}

/** None where the folder cannot be read: whoever works in it is told. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** What is to be known of a folder before it can go. */
export function leftIn(folder: string): Pick<Leftover, 'pid' | 'state'> {
  const pid = workingPid(folder);
  if (pid !== undefined) return { pid };
  const state = textOf(join(folder, erroredState));
  return state ? { state } : {};
}

/** What others on this machine have put there is not believed: it would become our state. */
export function ownerOf(folder: string): FolderOwner | undefined {
  try {
    const { uid } = lstatSync(folder);
    if (process.getuid !== undefined && uid !== process.getuid()) return undefined;
    return JSON.parse(readFileSync(join(folder, aboutFile), 'utf8')) as FolderOwner;
  } catch {
    // Of another user, or being made at this moment.
    return undefined;
  }
}

/** A pid may be used again: where the system tells, it must be at work in this very folder. */
function workingPid(folder: string): number | undefined {
  const pid = Number(textOf(join(folder, pidFile)));
  if (!pid) return undefined;
  try {
    process.kill(pid, 0);
  } catch {
    return undefined;
  }
  if (process.platform !== 'linux') return pid;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder ? pid : undefined;
  } catch {
    return undefined;
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
