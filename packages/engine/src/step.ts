// Every change to the world goes through here.
import {
  type Applied,
  type ApplyRequest,
  type Connection,
  KonfigError,
  type Problem,
  problemsOf,
  type Resource,
  type Step,
} from '@konfig/core';

export type Carried =
  | { readonly state: 'applied'; readonly applied: Applied }
  | { readonly state: 'deleting' }
  | { readonly state: 'gone' }
  | { readonly state: 'failed'; readonly problems: readonly Problem[] };

/** What a call is told while it lasts, and what it tells. */
export interface Meanwhile extends Required<Pick<ApplyRequest, 'tell' | 'planned' | 'cancelled'>> {
  readonly signal: AbortSignal;
}

/** Carries out one step. `resource` is fully resolved; of a delete it is what was wished last, where its runtime needs that. Never throws. */
export async function carryOut(
  step: Step,
  resource: Resource | undefined,
  stack: string,
  connection: Connection,
  { signal, ...meanwhile }: Meanwhile,
): Promise<Carried> {
  try {
    switch (step.action) {
      case 'create':
      case 'update':
      case 'replace':
      case 'adopt':
        return { state: 'applied', applied: await applyOne(step, step.action, resource, stack, connection, { signal, ...meanwhile }) };
      case 'delete':
        return {
          state: await connection.delete(
            {
              id: step.id,
              type: step.type,
              ...(step.live ? { uid: step.live.uid } : {}),
              ...(step.parts ? { parts: step.parts } : {}),
              ...(resource ? { attributes: resource.attributes } : {}),
              ...meanwhile,
            },
            signal,
          ),
        };
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
  { signal, ...meanwhile }: Meanwhile,
): Promise<Applied> {
  if (!resource) throw new KonfigError({ code: 'INTERNAL', message: `${step.id} has no resource to apply.` });
  const { changes, live, parts } = step;
  return connection.apply(
    { stack, resource, action, changes, ...(live ? { live } : {}), ...(parts ? { parts } : {}), ...meanwhile },
    signal,
  );
}
