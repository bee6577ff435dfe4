// A HorizontalPodAutoscaler: able to scale its target and to read its metrics. Being at a limit is no fault.
import { shortName } from '../address';
import { clean } from '../clean';
import type { Condition, KubeObject } from '../objects';
import { degraded, type Report, ready, waiting } from './report';

const olderVersions = 'autoscaling.alpha.kubernetes.io/conditions';

export function horizontalPodAutoscalerHealth(object: KubeObject): Report {
  const conditions = conditionsOf(object);
  const broken = conditions.find(
    (one) => one.status === 'False' && (one.type === 'AbleToScale' || (one.type === 'ScalingActive' && one.reason !== 'ScalingDisabled')),
  );
  if (broken) {
    const message = clean(broken.message ?? `${broken.type} is False`, 300);
    const field = broken.type === 'AbleToScale' ? 'spec.scaleTargetRef' : 'spec.metrics';
    // New Pods have no metrics for their first minute or so.
    return degraded(message, [
      { code: clean(broken.reason ?? broken.type, 80), class: 'likely', grace: 180, message, on: shortName(object), field },
    ]);
  }
  if (conditions.length === 0) return waiting('is not seen yet by its controller');
  const { currentReplicas, desiredReplicas } = (object.status ?? {}) as {
    readonly currentReplicas?: number;
    readonly desiredReplicas?: number;
  };
  return ready(desiredReplicas === undefined ? 'scales' : `${currentReplicas ?? 0} replicas, wants ${desiredReplicas}`);
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
