// An APIService: its server answers.

import { clean } from '../../clean';
import { shortName } from '../address';
import type { Condition, KubeObject } from '../objects';
import { conditionOf, isTrue, type Report, ready, waiting } from './report';

export function apiServiceHealth(object: KubeObject): Report {
  const conditions = (object.status as { readonly conditions?: readonly Condition[] } | undefined)?.conditions;
  const available = conditionOf(conditions, 'Available');
  if (isTrue(available)) return ready('available');
  if (!available) return waiting('is not seen yet by its controller');
  const message = clean(available.message ?? 'its server does not answer', 300);
  const finding = {
    code: clean(available.reason ?? 'Unavailable', 80),
    class: 'likely' as const,
    grace: 120,
    message,
    on: shortName(object),
    field: 'spec.service',
  };
  // Each is unavailable in its first seconds, until its server runs.
  return { health: 'progressing', message, findings: [finding] };
}
