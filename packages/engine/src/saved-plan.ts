// A plan that was saved and reviewed, made anew against the world as it is: applied only where it would do what it showed.
import { isError, otherEffects, type PlanFile, type Problem, type SecretSource, sourceName } from '@konfig/core';
import { type Preview, preview } from './preview';
import { hashOf } from './resolve';
import type { Secrets } from './secrets';
import type { World } from './world';

/** Keyed hashes of the secrets of a preview, to be kept with its plan. The first release has none: its key is not made yet. */
export function secretHashes({ session, secrets, hashKey }: Preview): Pick<PlanFile, 'secrets'> {
  return session?.record && secrets.values.size > 0 ? { secrets: hashesOf(secrets, hashKey) } : {};
}

/**
 * Looks at the world once more for a saved plan; changes nothing. Its problems say where another release, another target, another secret or somebody else stands
 * between the plan and what an apply would do now.
 */
export async function previewSaved(file: PlanFile, world: World, signal: AbortSignal): Promise<Preview> {
  const { plan, spec, sources } = file;
  const made = await preview({ kind: plan.kind, spec, sources, options: plan.options }, world, signal);
  if (!made.plan) return made;
  const effects = otherEffects({ reviewed: plan, now: made.plan, spec }).map((problem) => withAddresses(problem, made));
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
  if (!session?.record || session.record.lastRelease !== plan.baseRelease) return [];
  const now = hashesOf(secrets, hashKey);
  return Object.entries(reviewed)
    .filter(([source, hash]) => now[source] !== undefined && now[source] !== hash)
    .map(([source]) => ({
      code: 'PLAN_STALE',
      message: `The secret from the ${sourceName(JSON.parse(source) as SecretSource)} has another value than when this plan was made.`,
      hint: 'Give it the value that was reviewed, or preview again.',
    }));
}

/** A keyed hash of each secret, by the JSON of its source: tells whether it is still the same, and nothing else. */
function hashesOf({ values }: Secrets, hashKey: string): { readonly [source: string]: string } {
  return Object.fromEntries([...values].map(([source, value]) => [source, hashOf(value, hashKey)]));
}
