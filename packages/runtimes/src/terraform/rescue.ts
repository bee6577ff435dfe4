// States that could not be written where they belong: kept beside, and taken up by the next run.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isKonfigError, KonfigError, type Problem, type ProcessIdentity, type ResourceId, shortId } from '@konfig/core';
import { closeFolder, erroredState, type FolderOwner, findLeftovers } from './folder';
import { type KeptStack, keptText, parseKept, withState } from './kept';
import { settled } from './mark';
import { isSealed, type Keys, seal, unseal } from './seal';
import { unreadLeft, whyUnread } from './unread-left';

/** A rescued state. */
export interface Rescued {
  readonly kept: KeptStack;
  readonly file: string;
}

export interface Rescue {
  /** Puts it where the next run finds it; gives the file. */
  save(stack: string, id: ResourceId, kept: KeptStack): string;
  /** What was rescued of a stack and is newer than what is kept. Throws LOCK_HELD while a Terraform of a run that died is still at work on it. */
  find(stack: string, id: ResourceId, kept: KeptStack): Rescued | undefined;
  drop(rescued: Pick<Rescued, 'file'>): void;
}

export interface RescuePlace {
  readonly root: string;
  readonly keys: Keys;
  readonly hasEnded: (process: ProcessIdentity) => boolean;
}

export function rescueIn({ root, keys, hasEnded }: RescuePlace): Rescue {
  const save: Rescue['save'] = (stack, id, kept) => write({ root, stack, id }, kept, keys);
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
          const left = { kept: atItsEnd(kept, state), file: join(folder, erroredState) };
          // From there it can be pushed, and nobody else has it.
          if (!isNewer(kept, left.kept)) {
            unpushed = left;
            continue;
          }
        } else if (state !== undefined) save(stack, id, atItsEnd(kept, state));
        closeFolder(folder);
      }
      if (unpushed) return unpushed;
      const file = fileOf({ root, stack, id });
      const bytes = readIfThere(file);
      if (!bytes) return undefined;
      const found = { kept: readRescued({ stack, id }, bytes, { file, keys }), file };
      return isNewer(found.kept, kept) ? found : undefined;
    },
    drop: ({ file }) => rmSync(file, { force: true }),
  };
}

type Whose = Pick<FolderOwner, 'root' | 'stack' | 'id'>;

/** Puts a state that a Terraform has left where the next run finds it. */
export function putAway(
  whose: Whose,
  { state, kept, keys }: { readonly state: string; readonly kept: KeptStack; readonly keys: Keys },
): void {
  write(whose, atItsEnd(kept, state), keys);
}

function write(whose: Whose, kept: KeptStack, keys: Keys): string {
  const file = fileOf(whose);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // Whole: the next run may look at it at this moment.
  const part = `${file}.${process.pid}`;
  writeFileSync(part, seal(whose, keptText(whose, kept), keys), { mode: 0o600 });
  renameSync(part, file);
  return file;
}

function fileOf({ root, stack, id }: Whose): string {
  const name = createHash('sha256').update(`${stack}\0${id}`).digest('hex').slice(0, 24);
  return join(root, '.konfig', 'terraform', 'rescued', `${name}.state`);
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
