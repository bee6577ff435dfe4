// A PodDisruptionBudget is ready once its controller has seen it, and can count its Pods: whether they are up is said by what runs them.
import { clean } from '../../clean';
import { shortName } from '../address';
import type { Condition, KubeObject } from '../objects';
import { degraded, type Report, ready, waiting } from './report';

interface Status {
  readonly observedGeneration?: number;
  readonly disruptionsAllowed?: number;
  readonly conditions?: readonly Condition[];
}

export function podDisruptionBudgetHealth(object: KubeObject): Report {
  const { observedGeneration, disruptionsAllowed = 0, conditions = [] } = (object.status ?? {}) as Status;
  if (observedGeneration === undefined) return waiting('is not seen yet by its controller');
  const failed = conditions.find(({ status, reason }) => status === 'False' && reason === 'SyncFailed');
  if (!failed) return ready(`${disruptionsAllowed} disruptions allowed`);
  const message = clean(failed.message || 'its controller cannot count its pods', 300);
  return degraded(message, [{ code: 'SyncFailed', class: 'likely', message, on: shortName(object), grace: 60 }]);
}
