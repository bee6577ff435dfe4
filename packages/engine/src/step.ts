// Every change to the world goes through here.
import { type Applied, type Connection, KonfigError, type Problem, problemsOf, type Resource, type Step } from '@konfig/core';

export type Carried =
  | { readonly state: 'applied'; readonly applied: Applied }
  | { readonly state: 'deleting' }
  | { readonly state: 'gone' }
  | { readonly state: 'failed'; readonly problems: readonly Problem[] };

/** Carries out one step. `resource` is fully resolved; a delete needs none. Never throws. */
export async function carryOut(
  step: Step,
  resource: Resource | undefined,
  stack: string,
  connection: Connection,
  signal: AbortSignal,
): Promise<Carried> {
  try {
    switch (step.action) {
      case 'create':
      case 'update':
      case 'replace':
      case 'adopt':
        return { state: 'applied', applied: await applyOne(step, step.action, resource, stack, connection, signal) };
      case 'delete':
        return { state: await connection.delete({ id: step.id, type: step.type, ...(step.live ? { uid: step.live.uid } : {}) }, signal) };
      case 'abandon':
        await connection.abandon({ stack, id: step.id, type: step.type, ...(step.live ? { uid: step.live.uid } : {}) }, signal);
        return { state: 'gone' };
      case 'forget':
      case 'skip':
      case 'keep':
        return { state: 'gone' };
    }
  } catch (error) {
    return { state: 'failed', problems: problemsOf(error, `${step.action} ${step.id}`) };
  }
}

async function applyOne(
  step: Step,
  action: 'create' | 'update' | 'replace' | 'adopt',
  resource: Resource | undefined,
  stack: string,
  connection: Connection,
  signal: AbortSignal,
): Promise<Applied> {
  if (!resource) throw new KonfigError({ code: 'INTERNAL', message: `${step.id} has no resource to apply.` });
  return connection.apply({ stack, resource, action, changes: step.changes, ...(step.live ? { live: step.live } : {}) }, signal);
}
