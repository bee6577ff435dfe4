// A plan that was saved and reviewed, made anew against the world as it is: applied only where it would do what it showed.
import { isError, otherEffects, type PlanFile } from '@konfig/core';
import { type Preview, preview } from './preview';
import type { World } from './world';

/**
 * Looks at the world once more for a saved plan; changes nothing. Its problems say where another release, another target or somebody else stands between the plan
 * and what an apply would do now.
 */
export async function previewSaved({ plan, spec, sources }: PlanFile, world: World, signal: AbortSignal): Promise<Preview> {
  const made = await preview({ kind: plan.kind, spec, sources, options: plan.options }, world, signal);
  if (!made.plan) return made;
  const others = otherEffects({ reviewed: plan, now: made.plan, spec });
  // The record may name the same thing as a cause of its own: that a plan is stale comes first.
  return { ...made, problems: others.some(isError) ? [...others, ...made.problems.filter((problem) => !isError(problem))] : made.problems };
}
