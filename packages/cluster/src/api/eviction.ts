import type { Kind } from '../kinds/kind';
import type { KubeObject, LabelSelector } from '../objects';
import type { JsonObject } from '../schema/type';
import { matchSelector } from '../store/selector';
import type { World } from '../world';
import { type ApiFailure, failure } from './failure';
import { remove } from './remove';
import { asObject } from './request';

/** Deletes a pod, unless a budget keeps it; the body may say how. */
export function evict(world: World, kind: Kind, pod: KubeObject, body: JsonObject): void {
  const refusal = budgetAgainst(world, pod);
  if (refusal) throw refusal;
  const { gracePeriodSeconds, dryRun, preconditions } = asObject(body.deleteOptions);
  remove(world, kind, pod, {
    dryRun: Array.isArray(dryRun) && dryRun.includes('All'),
    ...(typeof gracePeriodSeconds === 'number' && { gracePeriodSeconds }),
    preconditions: asObject(preconditions),
  });
}

interface BudgetView {
  readonly spec: { readonly selector?: LabelSelector };
  readonly status: { readonly disruptionsAllowed?: number; readonly desiredHealthy?: number; readonly currentHealthy?: number };
}

function budgetAgainst(world: World, pod: KubeObject): ApiFailure | undefined {
  for (const object of world.store.each('poddisruptionbudgets.policy', pod.metadata.namespace ?? '')) {
    const { spec, status } = object as unknown as BudgetView;
    if (!matchSelector(spec.selector)(pod.metadata.labels) || (status.disruptionsAllowed ?? 0) > 0) continue;
    const message = `The disruption budget ${object.metadata.name} needs ${status.desiredHealthy ?? 0} healthy pods and has ${status.currentHealthy ?? 0} currently`;
    const says = "Cannot evict pod as it would violate the pod's disruption budget.";
    return failure(429, 'TooManyRequests', says, { causes: [{ reason: 'DisruptionBudget', message }] });
  }
  return undefined;
}
