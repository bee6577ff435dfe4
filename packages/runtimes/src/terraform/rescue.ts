// States that could not be written where they belong: kept beside, and taken up by the next run.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { digest, isKonfigError, KonfigError, type Problem, type ProcessIdentity, type ResourceId, shortId } from '@konfig/core';
import { closeFolder, erroredState, type FolderOwner, findLeftovers } from './folder';
import { type KeptStack, keptText, parseKept, withState } from './kept';
import { settled } from './mark';
import { isSealed, type Keys, seal, unseal } from './seal';
import { unreadLeft, whyUnread } from './unread-left';

/** A rescued state. */
export interface Rescued {
  readonly kept: KeptStack;
  readonly file: string;
  /** Of the file as it was read. */
  readonly digest: string;
}

export interface Rescue {
  /** Puts it where the next run finds it. */
  save(stack: string, id: ResourceId, kept: KeptStack): Saved;
  /** What was rescued of a stack and is newer than what is kept. Throws LOCK_HELD while a Terraform of a run that died is still at work on it. */
  find(stack: string, id: ResourceId, kept: KeptStack): Rescued | undefined;
  /** Removes what was taken up, and not what was put in its place since. */
  drop(saved: Saved): void;
}

export type Saved = Pick<Rescued, 'file' | 'digest'>;

export interface RescuePlace {
  readonly root: string;
  readonly keys: Keys;
  readonly process: ProcessIdentity;
  readonly hasEnded: (process: ProcessIdentity) => boolean;
}

export function rescueIn({ root, keys, process, hasEnded }: RescuePlace): Rescue {
  const save: Rescue['save'] = (stack, id, kept) => write({ root, stack, id, process }, kept, keys);
  return {
    save,
    find(stack, id, kept) {
      let unpushed: Rescued | undefined;
      for (const { owner, pid, state, folder } of findLeftovers(hasEnded)) {
        if (owner.root !== root || owner.stack !== stack || owner.id !== id) continue;
        if (pid !== undefined) throw new KonfigError(stillAtWork(id, pid));
        const unread = state === undefined ? undefined : whyUnread(state);
        if (unread) throw new KonfigError(unreadLeft(id, folder, unread));
        if (state !== undefined && owner.hasOwnBackend) {
          const left = { kept: atItsEnd(kept, state), file: join(folder, erroredState), digest: digestOf(Buffer.from(state)) };
          // From there it can be pushed, and nobody else has it.
          if (!isNewer(kept, left.kept)) {
            unpushed = left;
            continue;
          }
        } else if (state !== undefined) write(owner, atItsEnd(kept, state), keys);
        closeFolder(folder);
      }
      if (unpushed) return unpushed;
      return newestOf({ root, stack, id }, kept, keys);
    },
    drop({ file, digest }) {
      const bytes = readIfThere(file);
      if (bytes && digestOf(bytes) === digest) rmSync(file, { force: true });
    },
  };
}

/** Of what runs have put there, if it is newer than what is kept. */
function newestOf(whose: Whose, kept: KeptStack, keys: Keys): Rescued | undefined {
  let newest: Rescued | undefined;
  for (const file of filesOf(whose)) {
    const bytes = readIfThere(file);
    if (!bytes) continue;
    const found = { kept: readRescued(whose, bytes, { file, keys }), file, digest: digestOf(bytes) };
    if (isNewer(found.kept, newest?.kept ?? kept)) newest = found;
  }
  return newest;
}

type Whose = Pick<FolderOwner, 'root' | 'stack' | 'id'>;
type Run = Whose & Pick<FolderOwner, 'process'>;

/** Puts a state that a Terraform has left where the next run finds it. */
export function putAway(
  whose: Run,
  { state, kept, keys }: { readonly state: string; readonly kept: KeptStack; readonly keys: Keys },
): void {
  write(whose, atItsEnd(kept, state), keys);
}

function write(whose: Run, kept: KeptStack, keys: Keys): Saved {
  const file = fileOf(whose);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // Whole: the next run may look at it at this moment.
  const part = `${file}.${process.pid}`;
  const bytes = seal(whose, keptText(whose, kept), keys);
  try {
    writeFileSync(part, bytes, { mode: 0o600 });
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  return { file, digest: digestOf(bytes) };
}

/** Each run has its own: none writes over what another one has put there. */
function fileOf(run: Run): string {
  const { machine, pid, born } = run.process;
  return join(homeOf(run), `${nameOf(run)}.${digest({ machine, pid, born: born ?? null }).slice(-12)}.state`);
}

function filesOf(whose: Whose): readonly string[] {
  try {
    const ours = readdirSync(homeOf(whose)).filter((file) => file.startsWith(`${nameOf(whose)}.`) && file.endsWith('.state'));
    return ours.map((file) => join(homeOf(whose), file));
  } catch {
    return [];
  }
}

function homeOf({ root }: Whose): string {
  return join(root, '.konfig', 'terraform', 'rescued');
}

function nameOf({ stack, id }: Whose): string {
  return digestOf(Buffer.from(`${stack}\0${id}`)).slice(0, 24);
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** With the state that a Terraform has left at its end, though the run that started it had died by then. */
function atItsEnd(kept: KeptStack, state: string): KeptStack {
  return { ...kept, ...withState(state), ...(kept.mark ? { mark: settled(kept.mark) } : {}) };
}

/** Of another lineage: it was made anew since, and what was rescued tells of something else. */
function isNewer({ state: found }: KeptStack, { state }: KeptStack): boolean {
  return found !== undefined && (state === undefined || (found.lineage === state.lineage && found.serial > state.serial));
}

interface From {
  readonly file: string;
  readonly keys: Keys;
}

/** Throws what cannot be read with the file in which it lies: without that, the state of the store counts. */
function readRescued(whose: Parameters<typeof unseal>[0], bytes: Uint8Array, { file, keys }: From): KeptStack {
  try {
    return parseKept(whose, unseal(whose, bytes, keys));
  } catch (error) {
    if (!isKonfigError(error)) throw error;
    const isIn = (problem: Problem): Problem => ({
      ...problem,
      message: `${problem.message} It was rescued as ${file}.`,
      hint: 'Name its key among those of the target. If nobody can read it any more, move that file away: the state in the store of releases counts then.',
    });
    throw new KonfigError(error.problems.map(isIn), { cause: error });
  }
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function stillAtWork(id: ResourceId, pid: number): Problem {
  return {
    code: 'LOCK_HELD',
    message: `Terraform is still at work on ${shortId(id)} (pid ${pid}): the run that started it has died, or has given it up.`,
    hint: `Let it come to its end, then run this again: what it has done is taken up. Does its provider hang? End the provider's process (pgrep -l -P ${pid} names it), never Terraform's own, which would lose the state: it then writes its state, and ends.`,
    at: id,
  };
}

/** What to tell of a state that is kept beside. */
export function rescuedProblem(id: ResourceId, file: string, why: string): Problem {
  return {
    code: 'RECORD_WRITE',
    message: `${shortId(id)} was changed, but its state could not be kept: ${why} It was saved as ${file}${isSealed(readFileSync(file)) ? ' (sealed with the key of its target)' : ''}.`,
    hint: 'Keep that file. When the store of releases is back, run konfig apply from this folder once more: it takes the state up from there.',
    at: id,
  };
}

/** Neither the store nor the folder beside it takes the state: it lies where Terraform has left it, in clear. */
export function leftProblem(id: ResourceId, file: string): Problem {
  return {
    code: 'RECORD_WRITE',
    message: `${shortId(id)} was changed, and its state could be kept nowhere. Terraform has left it as ${file}.`,
    hint: 'Do not remove that file. When the store of releases is back, run konfig apply on this machine once more: it takes the state up from there.',
    at: id,
  };
}

/** No place takes the state, and Terraform has left none that is whole. */
export function lostProblem(id: ResourceId, why: string): Problem {
  return {
    code: 'RECORD_WRITE',
    message: `${shortId(id)} was changed, and its state could be kept nowhere: ${why}`,
    hint: 'Make room, and preview again: the state before this run counts then. What this run has made is in the world, and Terraform does not know of it: konfig import takes it over.',
    at: id,
  };
}
