// What konfig doctor found out: one line each, and what to do where something is not well.
import { isKonfigError, type Problem } from '@konfig/core';

/** `absent`: it is not there, and need not be. */
export type FindingState = 'well' | 'warning' | 'broken' | 'absent';

export interface DoctorFinding {
  readonly area: 'this machine' | 'this monorepo' | 'targets';
  /** What was looked at: `Node`, `context prod-eu1`. */
  readonly what: string;
  readonly state: FindingState;
  /** What was found, with the value. */
  readonly message: string;
  /** What to do. */
  readonly hint?: string;
}

/** Findings of one area, each said in one call. */
export function findingsIn(area: DoctorFinding['area']) {
  const make =
    (state: FindingState) =>
    (what: string, message: string, hint?: string): DoctorFinding => ({
      area,
      what,
      state,
      message,
      ...(hint === undefined ? {} : { hint }),
    });
  return { well: make('well'), warning: make('warning'), broken: make('broken'), absent: make('absent') };
}

/** What something failed with, as problems; whatever is no problem of ours is thrown on. */
export function problemsOf(error: unknown): readonly Problem[] {
  if (isKonfigError(error)) return error.problems;
  throw error;
}
