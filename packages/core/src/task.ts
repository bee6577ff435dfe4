// Resources that run and end: when one is to run again.
import type { Action, Reason } from './action';
import { digest, type Json } from './json';
import type { InventoryEntry } from './release';
import type { PlannedRow } from './runtime';
import type { Resource } from './spec';

/** What a task does, as a digest: of its `spec` where it has one, so that a new label is no reason to run again. */
export function taskDigest({ attributes }: Pick<Resource, 'attributes'>): string {
  return digest((attributes.spec ?? attributes) as Json);
}

interface TaskDecision {
  readonly action: Action;
  readonly reason: Reason;
}

/** What its being a task decides; undefined: it is treated like anything else. One that vanished after its success counts as done. */
export function decideTask(row: PlannedRow, resource: Resource, entry: InventoryEntry | undefined): TaskDecision | undefined {
  switch (resource.runWhen) {
    case undefined:
      return undefined;
    case 'once':
      return entry?.ran === undefined ? undefined : { action: 'keep', reason: 'ran already' };
    case 'changed':
      return !row.live && entry?.ran === taskDigest(resource) ? { action: 'keep', reason: 'ran already' } : undefined;
    case 'always':
      return row.live && !row.owner ? { action: 'replace', reason: 'runs always' } : undefined;
  }
}
