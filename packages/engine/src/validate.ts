// What is wrong with a Spec by what is known of its kinds, for those who ask before any target is there to be asked.
import { type Problem, type SynthOutput, withSource } from '@konfig/core';
import type { World } from './world';

/** All that the runtimes have against the Spec beside `checkOffline`, each with its line. */
export function validateOffline({ spec, sources }: SynthOutput, world: Pick<World, 'runtimes'>): readonly Problem[] {
  return Object.entries(world.runtimes)
    .flatMap(([name, runtime]) =>
      runtime.validate(
        spec.resources.filter((resource) => resource.runtime === name),
        spec.targets,
      ),
    )
    .map((problem) => withSource(problem, sources));
}
