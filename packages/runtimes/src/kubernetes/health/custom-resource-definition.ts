// A CustomResourceDefinition: established, so that its resources can be made.

import { clean } from '../../clean';
import { shortName } from '../address';
import type { Condition, KubeObject } from '../objects';
import { conditionOf, degraded, isTrue, type Report, ready, waiting } from './report';

export function customResourceDefinitionHealth(object: KubeObject): Report {
  const conditions = (object.status as { readonly conditions?: readonly Condition[] } | undefined)?.conditions;
  const names = conditionOf(conditions, 'NamesAccepted');
  if (names?.status === 'False') {
    const message = clean(names.message ?? 'another CRD has its names', 300);
    return degraded(message, [{ code: 'NamesNotAccepted', class: 'terminal', message, on: shortName(object), field: 'spec.names' }]);
  }
  return isTrue(conditionOf(conditions, 'Established')) ? ready('established') : waiting('is not established yet');
}
