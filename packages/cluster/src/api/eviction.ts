import type { Kind } from '../kinds/kind';
import type { KubeObject, LabelSelector } from '../objects';
import { schemas } from '../schema/schemas';
import { matchSelector } from '../store/selector';
import type { World } from '../world';
import { deletionOf } from './deletion';
import { type ApiFailure, badRequest, failure, notFound } from './failure';
import { type BodyKind, bodyOf, read } from './read';
import { remove } from './remove';
import { asObject } from './request';
import type { Writing } from './writing';

/** What the subresource takes. */
export const evictionBody: BodyKind = {
  group: 'policy',
  version: 'v1',
  apiVersion: 'policy/v1',
  kind: 'Eviction',
  type: schemas.policy.type('Eviction'),
  rules: {},
};

/** Deletes a pod, unless a budget keeps it; the body may say how. */
export function evict(world: World, kind: Kind, namespace: string, name: string, body: unknown, writing: Writing): void {
  const eviction = read(evictionBody, bodyOf(evictionBody, body), writing);
  if (eviction.metadata.name !== name) throw badRequest('name in URL does not match name in Eviction object');
  const pod = world.store.get(kind.resource, namespace, name);
  if (!pod) throw notFound(kind, name);
  const { dryRun, ...deletion } = deletionOf(asObject(eviction.deleteOptions));
  const refusal = budgetAgainst(world, pod);
  if (refusal) throw refusal;
  remove(world, kind, pod, { ...deletion, dryRun: dryRun || writing.dryRun === true, warnings: writing.warnings ?? [] });
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
