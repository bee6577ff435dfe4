// What is wished of a stack from a release on: the whole program, or, where only some resources were minded, those and the others as they were.
import type { Plan } from './plan';
import type { Spec } from './spec';

/** The Spec that a release of this plan stands for. `before`: that of the release before. */
export function releasedSpec(spec: Spec, plan: Plan, before: Spec | undefined): Spec {
  if (!plan.options.only) return spec;
  const minded = new Set(plan.steps.map((step) => step.id));
  const others = (before?.resources ?? []).filter((resource) => !minded.has(resource.id));
  return { ...spec, resources: [...spec.resources.filter((resource) => minded.has(resource.id)), ...others] };
}
