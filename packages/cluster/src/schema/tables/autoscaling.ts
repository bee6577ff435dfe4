import type { SchemaTable } from '../notation';

/** The fields of autoscaling/v2. `../notation.ts` explains how to read a line. */
export const autoscalingTable: SchemaTable = {
  HorizontalPodAutoscaler: `
    apiVersion string, kind string, +metadata ObjectMeta, +spec HorizontalPodAutoscalerSpec, +status HorizontalPodAutoscalerStatus`,
  HorizontalPodAutoscalerSpec: `
    +scaleTargetRef CrossVersionObjectReference, minReplicas *int = 1, +maxReplicas int, metrics [MetricSpec],
    behavior *HorizontalPodAutoscalerBehavior`,
  HorizontalPodAutoscalerStatus: `
    observedGeneration *long, lastScaleTime *time, currentReplicas int, +desiredReplicas int, +currentMetrics [MetricStatus],
    conditions [HorizontalPodAutoscalerCondition] by type`,
  CrossVersionObjectReference: `+kind string, +name string, apiVersion string`,
  MetricSpec: `
    +type string, object *ObjectMetricSource, pods *PodsMetricSource, resource *ResourceMetricSource,
    containerResource *ContainerResourceMetricSource, external *ExternalMetricSource`,
  HorizontalPodAutoscalerBehavior: `scaleUp *HPAScalingRules, scaleDown *HPAScalingRules`,
  MetricStatus: `
    +type string, object *ObjectMetricStatus, pods *PodsMetricStatus, resource *ResourceMetricStatus,
    containerResource *ContainerResourceMetricStatus, external *ExternalMetricStatus`,
  HorizontalPodAutoscalerCondition: `+type string, +status string, +lastTransitionTime time, reason string, message string`,
  ObjectMetricSource: `+describedObject CrossVersionObjectReference, +target MetricTarget, +metric MetricIdentifier`,
  PodsMetricSource: `+metric MetricIdentifier, +target MetricTarget`,
  ResourceMetricSource: `+name string, +target MetricTarget`,
  ContainerResourceMetricSource: `+name string, +target MetricTarget, +container string`,
  ExternalMetricSource: `+metric MetricIdentifier, +target MetricTarget`,
  HPAScalingRules: `stabilizationWindowSeconds *int, selectPolicy *string, policies [HPAScalingPolicy], tolerance *quantity`,
  ObjectMetricStatus: `+metric MetricIdentifier, +current MetricValueStatus, +describedObject CrossVersionObjectReference`,
  PodsMetricStatus: `+metric MetricIdentifier, +current MetricValueStatus`,
  ResourceMetricStatus: `+name string, +current MetricValueStatus`,
  ContainerResourceMetricStatus: `+name string, +current MetricValueStatus, +container string`,
  ExternalMetricStatus: `+metric MetricIdentifier, +current MetricValueStatus`,
  MetricTarget: `+type string, value *quantity, averageValue *quantity, averageUtilization *int`,
  MetricIdentifier: `+name string, selector *LabelSelector`,
  HPAScalingPolicy: `+type string, +value int, +periodSeconds int`,
  MetricValueStatus: `value *quantity, averageValue *quantity, averageUtilization *int`,
};
