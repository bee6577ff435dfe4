// What a runtime keeps beside the releases of a stack: bytes that mean something to it alone, such as the state of a Terraform stack.
import { KonfigError } from './problem';
import type { ResourceId } from './spec';

/** What is kept of one resource. */
export interface Kept {
  readonly bytes: Uint8Array;
  /** Another one after each write. */
  readonly version: string;
}

/** Which of the things that were ever kept under a name it is, and how new: the releases know what is to be there. */
export interface KeptStamp {
  /** Another one for what is made anew. */
  readonly lineage: string;
  /** Grows with each write. */
  readonly serial: number;
}

/**
 * Keeps bytes for the resources of one stack where its releases are kept. Writes need the stack's lock: LOCK_LOST without it, RECORD_CONFLICT where somebody
 * else has written since, RECORD_WRITE where the store is out of reach.
 */
export interface Keeper {
  /** `shop/prod`, whose they are. */
  readonly stack: string;
  /** RECORD_CORRUPT where it is gone, and RECORD_OUTDATED where it is older than the releases say. */
  read(id: ResourceId): Promise<Kept | undefined>;
  /** What was read makes no sense, `why` says it: has somebody given it up? Then nothing is there, and a run puts it aside before it changes anything. */
  isGivenUp(id: ResourceId, why: KonfigError): boolean;
  /** In the place of what has the version `before`; undefined: nothing is there yet. Gives the new version. */
  write(id: ResourceId, bytes: Uint8Array, before: string | undefined): Promise<string>;
  /** What has this version goes. */
  remove(id: ResourceId, before: string): Promise<void>;
  /** May it be written now? Undefined: not, since this operation holds no lock. Else who holds it: `anna@laptop, pid 4711`. */
  readonly writer: string | undefined;
}

/** The name of what was put aside under a lock: no lock has the fence of another. */
export function asideName(name: string, { fence }: { readonly fence: number }): string {
  return `${name} aside ${fence}`;
}

/** Somebody else has written what a store keeps under this name. */
export function keptConflict(stack: string, name: string): KonfigError {
  return new KonfigError({
    code: 'RECORD_CONFLICT',
    message: `What is kept of ${name} in ${stack} was changed by somebody else meanwhile.`,
    hint: 'Preview and apply again.',
  });
}
