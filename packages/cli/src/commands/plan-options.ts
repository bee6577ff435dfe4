// The options of a plan, as the command line says them.
import type { PlanOptions } from '@konfig/core';
import { severalOf } from '../arguments/several';
import type { PlanArguments } from '../arguments/stack-options';

/** Only what was said: a plan tells them. */
export function planOptionsOf({ adopt, replace, target, acceptState: accept }: Partial<PlanArguments>): PlanOptions {
  const [replaced, only, acceptState] = [severalOf(replace), severalOf(target), severalOf(accept)];
  return {
    ...(adopt ? { adopt } : {}),
    ...(replaced ? { replace: replaced } : {}),
    ...(only ? { only } : {}),
    ...(acceptState ? { acceptState } : {}),
  };
}
