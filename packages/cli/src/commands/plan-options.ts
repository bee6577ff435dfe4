// The options of a plan, as the command line says them.
import type { PlanOptions } from '@konfig/core';
import type { PlanArguments } from '../arguments/stack-options';

/** Only what was said: a plan tells them. */
export function planOptionsOf({ adopt, replace, target }: Partial<PlanArguments>): PlanOptions {
  return {
    ...(adopt ? { adopt } : {}),
    ...(replace && replace.length > 0 ? { replace } : {}),
    ...(target && target.length > 0 ? { only: target } : {}),
  };
}
