// A PodDisruptionBudget is ready once its controller has seen it: whether its Pods are up is said by what runs them.
import type { KubeObject } from '../objects';
import { type Report, ready, waiting } from './report';

export function podDisruptionBudgetHealth(object: KubeObject): Report {
  const status = (object.status ?? {}) as { readonly observedGeneration?: number; readonly disruptionsAllowed?: number };
  if (status.observedGeneration === undefined) return waiting('is not seen yet by its controller');
  return ready(`${status.disruptionsAllowed ?? 0} disruptions allowed`);
}
