// What is kept of a resource and is lost or cannot be read: one wording for all that can be wrong with it, and the one way out.
import { KonfigError, type Problem } from './problem';
import { type ResourceId, shortId } from './spec';

/** Why it cannot be read, as the end of a sentence: `it was changed, or cut off`. */
export interface Unread {
  readonly why: string;
  /** What else there is to say to whoever wants to give it up. */
  readonly beware?: string;
  readonly cause?: unknown;
}

/** RECORD_CORRUPT: something is there, and it is not what was kept of this resource. */
export function unreadKept(id: ResourceId, { why, beware, cause }: Unread): KonfigError {
  return new KonfigError(
    {
      code: 'RECORD_CORRUPT',
      message: `What is kept of ${shortId(id)} (its state) cannot be read: ${why}.`,
      hint: `${beware === undefined ? '' : `${beware} `}Bring the store of releases back from a backup. ${giveUpHint(id)}`,
      at: id,
    },
    { cause },
  );
}

/** RECORD_CORRUPT: nothing is there. `told`: what is missed, and where. */
export function goneKept(id: ResourceId, told: string): Problem {
  const hint = `Bring the store of releases back from a backup. If it is lost for good: --accept-state ${shortId(id)} goes on from nothing. ${nobodys}`;
  return { code: 'RECORD_CORRUPT', message: `What was kept of ${shortId(id)} (its state) is gone: ${told}.`, hint, at: id };
}

/** For whoever finds out that what is there can be read by nobody any more. */
export function giveUpHint(id: ResourceId): string {
  return `If it is lost for good: --accept-state ${shortId(id)} puts what is there aside, as it is, and goes on from nothing. ${nobodys}`;
}

/** Where it lies from now on. */
export function asideWarning(id: ResourceId, place: string): Problem {
  return {
    code: 'RECORD_CORRUPT',
    severity: 'warning',
    message: `What was kept of ${shortId(id)} and cannot be read lies aside: ${place}.`,
    hint: 'Konfig looks at it no more, and never removes it.',
    at: id,
  };
}

const nobodys =
  "All that it had made stays in the world and is nobody's: an apply makes it once more, unless konfig import takes it over in the same go; a destroy forgets it.";
