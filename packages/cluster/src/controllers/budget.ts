import type { Condition, KubeObject, LabelSelector, Pod } from '../objects';
import { matchSelector } from '../store/selector';
import { timestamp } from '../world';
import { type Controller, itself, readKey } from './controller';
import { isActive, isReady } from './pods';

interface Budget extends KubeObject {
  spec: { readonly minAvailable?: number | string; readonly maxUnavailable?: number | string; readonly selector?: LabelSelector };
  status: { readonly conditions?: readonly Condition[] };
}

/** Says how many pods of a PodDisruptionBudget may be disturbed now. */
export const budgetController: Controller = {
  name: 'budget',
  wakes: {
    'poddisruptionbudgets.policy': itself,
    pods: ({ object }, store) => {
      const namespace = object.metadata.namespace ?? '';
      const budgets = [...store.each('poddisruptionbudgets.policy', namespace)] as Budget[];
      return budgets
        .filter((budget) => matchSelector(budget.spec.selector)(object.metadata.labels))
        .map((budget) => `${namespace}/${budget.metadata.name}`);
    },
  },
  reconcile(key, actor) {
    const { namespace, name } = readKey(key);
    const budget = actor.get<Budget>('poddisruptionbudgets.policy', namespace, name);
    if (!budget || budget.metadata.deletionTimestamp) return undefined;
    const pods = actor.select<Pod>('pods', namespace, budget.spec.selector).filter(isActive);
    const counts = countBudget(budget.spec, pods);
    const allowed = counts.disruptionsAllowed > 0;
    const before = budget.status.conditions?.find((condition) => condition.type === 'DisruptionAllowed');
    const status = allowed ? 'True' : 'False';
    const condition = {
      type: 'DisruptionAllowed',
      status,
      reason: allowed ? 'SufficientPods' : 'InsufficientPods',
      message: '',
      observedGeneration: budget.metadata.generation,
      lastTransitionTime: before?.status === status ? before.lastTransitionTime : timestamp(actor.now()),
    };
    actor.setStatus('poddisruptionbudgets.policy', budget, {
      ...counts,
      observedGeneration: budget.metadata.generation,
      conditions: [condition],
    });
    return undefined;
  },
};

function countBudget(spec: Budget['spec'], pods: readonly Pod[]) {
  const expectedPods = pods.length;
  const currentHealthy = pods.filter(isReady).length;
  const resolve = (value: number | string): number =>
    typeof value === 'number' ? value : Math.ceil((Number.parseInt(value, 10) * expectedPods) / 100);
  const desiredHealthy =
    spec.maxUnavailable !== undefined
      ? Math.max(0, expectedPods - resolve(spec.maxUnavailable))
      : Math.max(0, resolve(spec.minAvailable ?? 1));
  const disruptionsAllowed = expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  return { currentHealthy, desiredHealthy, disruptionsAllowed, expectedPods };
}
