// A HorizontalPodAutoscaler: able to scale its target and to read its metrics. Being at a limit is no fault.

import { clean } from '../../clean';
import { shortName } from '../address';
import type { Condition, KubeObject } from '../objects';
import { conditionOf, degraded, isTrue, type Report, ready, waiting } from './report';

const olderVersions = 'autoscaling.alpha.kubernetes.io/conditions';

export function horizontalPodAutoscalerHealth(object: KubeObject): Report {
  const conditions = conditionsOf(object);
  const broken = conditions.find(isBroken);
  if (broken) {
    const message = clean(broken.message ?? `${broken.type} is False`, 300);
    const field = broken.type === 'AbleToScale' ? 'spec.scaleTargetRef' : 'spec.metrics';
    // New Pods have no metrics for their first minute or so.
    return degraded(message, [
      { code: clean(broken.reason ?? broken.type, 80), class: 'likely', grace: 180, message, on: shortName(object), field },
    ]);
  }
  // Its controller comes by every 15 s, and not at all in a cluster without one: its target does not wait for it, so nobody should.
  if (conditions.length === 0) return ready('is there, has not scaled yet');
  const able = conditionOf(conditions, 'AbleToScale');
  if (!isTrue(able)) return waiting(clean(able?.message ?? 'cannot scale yet', 300));
  const { currentReplicas, desiredReplicas } = (object.status ?? {}) as {
    readonly currentReplicas?: number;
    readonly desiredReplicas?: number;
  };
  return ready(desiredReplicas === undefined ? 'scales' : `${currentReplicas ?? 0} replicas, wants ${desiredReplicas}`);
}

/** Not found, not readable: said by the reason, since being limited or disabled is also False. */
function isBroken({ type, status, reason = '' }: Condition): boolean {
  return status === 'False' && ['AbleToScale', 'ScalingActive'].includes(type) && /^(Failed|Invalid)/.test(reason);
}

/** autoscaling/v1 has no conditions of its own; they stand in an annotation. */
function conditionsOf(object: KubeObject): readonly Condition[] {
  const status = object.status as { readonly conditions?: readonly Condition[] } | undefined;
  if (status?.conditions) return status.conditions;
  try {
    const parsed: unknown = JSON.parse(object.metadata.annotations?.[olderVersions] ?? '[]');
    return Array.isArray(parsed) ? (parsed as Condition[]) : [];
  } catch {
    return [];
  }
}
