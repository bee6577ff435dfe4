import type { SchemaTable } from '../notation';

/** The fields of autoscaling/v1: the old form of autoscalers, and the scale subresource. `../notation.ts` explains how to read a line. */
export const autoscalingV1Table: SchemaTable = {
  HorizontalPodAutoscaler: `
    apiVersion string, kind string, +metadata ObjectMeta, +spec HorizontalPodAutoscalerSpec, +status HorizontalPodAutoscalerStatus`,
  HorizontalPodAutoscalerSpec: `
    +scaleTargetRef CrossVersionObjectReference, minReplicas *int = 1, +maxReplicas int, targetCPUUtilizationPercentage *int`,
  HorizontalPodAutoscalerStatus: `
    observedGeneration *long, lastScaleTime *time, +currentReplicas int, +desiredReplicas int, currentCPUUtilizationPercentage *int`,
  CrossVersionObjectReference: `atomic; +kind string, +name string, apiVersion string`,
  Scale: `apiVersion string, kind string, +metadata ObjectMeta, +spec ScaleSpec, +status ScaleStatus`,
  ScaleSpec: `replicas int = 0`,
  ScaleStatus: `+replicas int, selector string`,
};
