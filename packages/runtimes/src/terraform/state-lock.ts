// The lock of a backend that the program writes, which lies there and not with Konfig.
import { type Problem, shortId } from '@konfig/core';
import { clean } from '../clean';
import type { Binary } from './binary';
import type { Diagnostic } from './messages';
import { hasOwnBackend, type StackWish } from './wish';

interface About {
  readonly wish: StackWish;
  /** `shop/prod` */
  readonly stack: string;
  readonly binary: Binary;
}

/** Undefined: it is about something else. */
export function lockProblem({ summary, detail }: Diagnostic, about: About): Problem | undefined {
  if (!hasOwnBackend(about.wish)) return undefined;
  if (summary === 'Error releasing the state lock') return unreleased(detail, about);
  const held = summary === 'Error acquiring the state lock' ? heldLock(detail) : undefined;
  return held && heldProblem(held, about);
}

interface HeldLock {
  readonly id: string;
  readonly who?: string;
  readonly since?: string;
}

/**
 * For a backend of the type `http` Terraform tells the holder's id in the error, and then itself as the holder; OpenTofu, and both for other backends, tell the
 * holder. Undefined: nobody holds it, and it could not be taken for another reason.
 */
function heldLock(detail: string): HeldLock | undefined {
  const first = /already locked:\s+ID=(\S+)/.exec(detail)?.[1];
  const field = (name: string) => new RegExp(`^ +${name}: +(\\S.*)$`, 'm').exec(detail)?.[1];
  const id = first ?? field('ID');
  if (id === undefined) return undefined;
  const [who, since] = field('ID') === id ? [field('Who'), field('Created')] : [];
  return { id, ...(who === undefined ? {} : { who }), ...(since === undefined ? {} : { since }) };
}

function heldProblem({ id, who, since }: HeldLock, about: About): Problem {
  const { wish } = about;
  return {
    code: 'LOCK_HELD',
    message: clean(
      `The backend that the program writes for ${shortId(wish.id)} is locked${who === undefined ? '' : ` by ${who}`}${since === undefined ? '' : ` since ${since}`}. The id of the lock is ${id}.`,
      500,
    ),
    hint: `Wait until that run has ended, and run this again. If it has died: ${unlockHint(about, clean(id, 100))}.`,
    at: wish.id,
  };
}

/** Terraform does not tell the id of the lock that stays. */
function unreleased(detail: string, about: About): Problem {
  const { id } = about.wish;
  const [why = ''] = detail.replace(/^Error message: /, '').split('\n\n');
  return {
    code: 'LOCK_HELD',
    message: `The backend that the program writes for ${shortId(id)} has not given back the lock of this run: ${clean(why, 500)}`,
    hint: 'Look what is wrong with that backend. If the lock stays, the next preview names its id, and says how to take it away.',
    at: id,
  };
}

function unlockHint({ wish, stack, binary: { kind } }: About, lock: string): string {
  const synth = `konfig synth ${stack} --format terraform --to FOLDER`;
  return `${synth}, and in the folder of ${shortId(wish.id)} it is ${kind} init, then ${kind} force-unlock ${lock}`;
}
