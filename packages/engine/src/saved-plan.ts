// A plan that was saved and reviewed, made anew against the world as it is: applied only where it would do what it showed.
import { isError, otherEffects, type PlanFile, type Problem, type SecretSource, sourceName, withSource } from '@konfig/core';
import { type Preview, preview } from './preview';
import { isPrintOf, printsOf } from './secret-prints';
import type { World } from './world';

/** Hashes of the secrets of a preview, to be kept with its plan. */
export function secretHashes({ session, secrets, hashKey }: Preview): Pick<PlanFile, 'secrets'> {
  return secrets.values.size > 0 ? { secrets: printsOf(secrets, session?.record && hashKey) } : {};
}

/**
 * Looks at the world once more for a saved plan; changes nothing. Its problems say where another release, another target, another secret or somebody else stands
 * between the plan and what an apply would do now.
 */
export async function previewSaved(file: PlanFile, world: World, signal: AbortSignal): Promise<Preview> {
  const { plan, spec, sources } = file;
  const made = await preview({ kind: plan.kind, spec, sources, options: plan.options }, world, signal);
  if (!made.plan) return made;
  const effects = otherEffects({ reviewed: plan, now: made.plan, spec }).map((problem) =>
    withSource(withAddresses(problem, made), sources),
  );
  const others = [...effects, ...otherSecrets(file, made)];
  // The record may name the same thing as a cause of its own: that a plan is stale comes first.
  return { ...made, problems: others.some(isError) ? [...others, ...made.problems.filter((problem) => !isError(problem))] : made.problems };
}

/** Uids mean nothing to people: which servers they were looked for on does. */
function withAddresses(problem: Problem, { session }: Preview): Problem {
  if (problem.code !== 'TARGET_CHANGED') return problem;
  const addresses = [...(session?.connections.values() ?? [])].map((connection) => connection.description);
  return { ...problem, message: `${problem.message} Looked at: ${addresses.join(', ')}.` };
}

function otherSecrets({ secrets: reviewed = {}, plan }: PlanFile, { secrets, hashKey, session }: Preview): readonly Problem[] {
  if ((session?.record?.lastRelease ?? 0) !== plan.baseRelease) return [];
  return Object.entries(reviewed)
    .filter(([source, print]) => {
      const value = secrets.values.get(source);
      return value !== undefined && !isPrintOf(print, value, hashKey);
    })
    .map(([source]) => ({
      code: 'PLAN_STALE',
      message: `The secret from the ${sourceName(JSON.parse(source) as SecretSource)} has another value than when this plan was made.`,
      hint: 'Give it the value that was reviewed, or preview again.',
    }));
}
