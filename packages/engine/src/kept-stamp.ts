// The head of what is kept: which it is, and how new. With it the releases tell whether what lies there is what they know of.
import { randomUUID } from 'node:crypto';
import { goneKept, type InventoryEntry, type KeptStamp, type Problem, type ResourceId, shortId, unreadKept } from '@konfig/core';

/** What lies there, with the stamp that it bears. */
export interface Stamped {
  readonly stamp: KeptStamp;
  readonly bytes: Uint8Array;
}

const format = 'konfig.dev/kept/v1';

export function stampedBytes({ stamp: { lineage, serial }, bytes }: Stamped): Uint8Array {
  return Buffer.concat([Buffer.from(`${format} ${lineage} ${serial}\n`), bytes]);
}

/** Throws RECORD_CORRUPT for what bears no stamp. */
export function readStamped(id: ResourceId, stored: Uint8Array): Stamped {
  const end = stored.indexOf(10);
  const [found, lineage, serial, ...more] = Buffer.from(stored.subarray(0, Math.max(end, 0)))
    .toString()
    .split(' ');
  if (found !== format || !lineage || !/^\d+$/.test(serial ?? '') || more.length > 0)
    throw unreadKept(id, { why: 'it does not begin as Konfig writes it, and was damaged, or written by another version of Konfig' });
  return { stamp: { lineage, serial: Number(serial) }, bytes: stored.subarray(end + 1) };
}

/** Of what is written now in the place of `before`: newer than that, and than what was lost. */
export function nextStamp(before: KeptStamp | undefined, lost: KeptStamp | undefined): KeptStamp {
  if (!before) return { lineage: randomUUID(), serial: 1 };
  return { ...before, serial: Math.max(before.serial, lost?.lineage === before.lineage ? lost.serial : 0) + 1 };
}

/** Of what is brought back: what the releases tell of goes on in it, and no older copy that turns up is taken for newer. */
export function restoredStamp(before: KeptStamp | undefined, told: KeptStamp | undefined): KeptStamp {
  return nextStamp(told && before?.lineage !== told.lineage ? told : before, told);
}

/** Where it lies, and what its stack's record says of it. */
export interface Expected {
  readonly entry: Pick<InventoryEntry, 'id' | 'kept'>;
  readonly stack: string;
  /** `files in /home/anna/konfig/.konfig/records` */
  readonly place: string;
}

/** What is newer is right: a run that died had no time to say so. */
export function stampProblem(found: KeptStamp | undefined, { entry: { id, kept }, stack, place }: Expected): Problem | undefined {
  if (!kept) return undefined;
  const name = shortId(id);
  if (!found) return goneKept(id, `the record of ${stack} tells of version ${kept.serial} of it, and there is none in ${place}`);
  if (found.lineage === kept.lineage && found.serial >= kept.serial) return undefined;
  const why =
    found.lineage === kept.lineage
      ? `is older than its release: it is version ${found.serial}, and the record of ${stack} tells of version ${kept.serial}`
      : `is not the one that the record of ${stack} tells of, but of an earlier life of it`;
  return {
    code: 'RECORD_OUTDATED',
    message: `What is kept of ${name} (its state) ${why}, in ${place}.`,
    hint: `Bring the store of releases back from a backup. If it is lost for good: --accept-state ${name} goes on from this one. What was made since stays in the world and is nobody's, and may be made once more; what was deleted since is looked for in vain.`,
    at: id,
  };
}
