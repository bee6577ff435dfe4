// A record that would go back behind a newer release.
import { KonfigError, type StackRecord } from '@konfig/core';

/** RECORD_CONFLICT: release `number` was not saved. */
export function recordConflict(known: StackRecord, number: number): KonfigError {
  return new KonfigError({
    code: 'RECORD_CONFLICT',
    message: `${known.stack} is at release ${known.lastRelease} already; release ${number} was not saved.`,
    hint: 'Preview and apply again.',
  });
}
