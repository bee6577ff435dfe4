// What a script can rely on: 0 done or nothing to do, 1 error, 2 changes pending, 3 failed validation or policy, 130 cancelled.
import type { Problem, ProblemCode } from '@konfig/core';

export const exitCodes = { done: 0, error: 1, pending: 2, invalid: 3, cancelled: 130 } as const;

/** Problems that say «your configuration is wrong», as against «the world is». */
const validation = new Set<ProblemCode>([
  'PROGRAM_INVALID',
  'PROGRAM_THREW',
  'PROGRAM_TIMEOUT',
  'PROGRAM_OUTPUT',
  'PROGRAM_IMPURE',
  'PROGRAM_VARIES',
  'PROGRAM_PACKAGES',
  'PROPS_INVALID',
  'SETTING_INVALID',
  'SETTING_UNUSED',
  'SPEC_VERSION',
  'SPEC_DUPLICATE',
  'SPEC_CYCLE',
  'SPEC_REFERENCE',
  'SPEC_SECRET_EXPOSED',
  'SPEC_TARGET',
  'SPEC_INVALID',
  'INPUT_MISSING',
  'INPUT_INVALID',
  'MANIFEST_INVALID',
  'KIND_UNKNOWN',
  'RESOURCE_REJECTED',
  'RESOURCE_IMMUTABLE',
  'RESOURCE_PROTECTED',
  'RESOURCE_HOLDS_OTHERS',
]);

/** For a command that could not go on because of these. */
export function exitCodeOf(problems: readonly Problem[]): number {
  const errors = problems.filter((problem) => problem.severity !== 'warning');
  if (errors.length === 0) return exitCodes.done;
  if (errors.some((problem) => problem.code === 'CANCELLED')) return exitCodes.cancelled;
  return errors.every((problem) => validation.has(problem.code)) ? exitCodes.invalid : exitCodes.error;
}
