// Nothing that is asked for a plan holds it up for ever: it is given up when a whole run would be.
import { KonfigError, type Spec, stackName } from '@konfig/core';
import type { World } from './world';

/** Plans with a signal that aborts when `totalTimeout` is over too; its reason is then a KonfigError with RESOURCE_TIMEOUT. */
export async function withinPlanLimit<T>(
  spec: Spec,
  { clock }: Pick<World, 'clock'>,
  signal: AbortSignal,
  plan: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const unset = clock.after(spec.settings.totalTimeout * 1000, () => limit.abort(tookTooLong(spec)));
  try {
    return await plan(AbortSignal.any([signal, limit.signal]));
  } finally {
    unset();
  }
}

function tookTooLong(spec: Spec): KonfigError {
  return new KonfigError({
    code: 'RESOURCE_TIMEOUT',
    message: `To plan ${stackName(spec)} took longer than ${spec.settings.totalTimeout} s and was given up; nothing was changed.`,
    hint: "Does something hang that is asked for it? If it needs longer, raise totalTimeout in the workspace's settings.",
  });
}
