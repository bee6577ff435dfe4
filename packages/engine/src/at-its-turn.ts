// A resource when its turn has come: with all that it refers to, as it is by then.
import { KonfigError, type Resource, refsIn } from '@konfig/core';
import { carriedSecrets } from './carried-secrets';
import type { Progress } from './progress';
import { lookAt, readRefs, resolveResource, unknownProblem } from './resolve';
import type { Run } from './run-state';
import { learnReferred } from './secrets';

/** What it refers to is ready now, so its fields are read anew: an address may have come long after the apply. */
export async function resolvedAtItsTurn(run: Run, { step }: Progress): Promise<Resource | undefined> {
  const resource = run.wished.get(step.id);
  if (step.action === 'delete') return run.preview.lastWishes.get(step.id);
  if (!resource || step.action === 'forget') return undefined;
  const { live, secrets, hashKey } = run.preview;
  if (refsIn(resource.attributes).length > 0) {
    await readRefs([resource], { live, wished: run.wished, connections: run.session.connections }, run.inFlight.signal);
    learnReferred(live, run.wished, { secrets, world: run.world });
  }
  const resolved = resolveResource(resource, lookAt(live), secrets, hashKey);
  const problem = unknownProblem(resolved);
  if (problem) throw new KonfigError(problem);
  const carried = carriedSecrets(resource, { look: lookAt(live), wished: run.wished, secrets, world: run.world });
  if (carried.length > 0) throw new KonfigError(carried);
  return resolved;
}
