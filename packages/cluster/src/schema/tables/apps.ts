import type { SchemaTable } from '../notation';

/** The fields of apps/v1. `../notation.ts` explains how to read a line. */
export const appsTable: SchemaTable = {
  Deployment: `apiVersion string, kind string, +metadata ObjectMeta, +spec DeploymentSpec, +status DeploymentStatus`,
  ReplicaSet: `apiVersion string, kind string, +metadata ObjectMeta, +spec ReplicaSetSpec, +status ReplicaSetStatus`,
  StatefulSet: `apiVersion string, kind string, +metadata ObjectMeta, +spec StatefulSetSpec, +status StatefulSetStatus`,
  DaemonSet: `apiVersion string, kind string, +metadata ObjectMeta, +spec DaemonSetSpec, +status DaemonSetStatus`,
  ControllerRevision: `apiVersion string, kind string, +metadata ObjectMeta, data any, +revision long`,
  DeploymentSpec: `
    replicas *int = 1, +selector *LabelSelector, +template PodTemplateSpec, +strategy DeploymentStrategy, minReadySeconds int,
    revisionHistoryLimit *int = 10, paused bool, progressDeadlineSeconds *int = 600`,
  DeploymentStatus: `
    observedGeneration long, replicas int, updatedReplicas int, readyReplicas int, availableReplicas int, unavailableReplicas int,
    terminatingReplicas *int, conditions [DeploymentCondition] by type, collisionCount *int`,
  ReplicaSetSpec: `replicas *int = 1, minReadySeconds int, +selector *LabelSelector, +template PodTemplateSpec`,
  ReplicaSetStatus: `
    +replicas int, fullyLabeledReplicas int, readyReplicas int, availableReplicas int, terminatingReplicas *int,
    observedGeneration long, conditions [ReplicaSetCondition] by type`,
  StatefulSetSpec: `
    replicas *int = 1, +selector *LabelSelector, +template PodTemplateSpec, volumeClaimTemplates [PersistentVolumeClaim],
    +serviceName string, podManagementPolicy string = OrderedReady, +updateStrategy StatefulSetUpdateStrategy,
    revisionHistoryLimit *int = 10, minReadySeconds int,
    persistentVolumeClaimRetentionPolicy *StatefulSetPersistentVolumeClaimRetentionPolicy = {}, ordinals *StatefulSetOrdinals`,
  StatefulSetStatus: `
    observedGeneration long, +replicas int, readyReplicas int, currentReplicas int, updatedReplicas int, currentRevision string,
    updateRevision string, collisionCount *int, conditions [StatefulSetCondition] by type, +availableReplicas int`,
  DaemonSetSpec: `
    +selector *LabelSelector, +template PodTemplateSpec, +updateStrategy DaemonSetUpdateStrategy, minReadySeconds int,
    revisionHistoryLimit *int = 10`,
  DaemonSetStatus: `
    +currentNumberScheduled int, +numberMisscheduled int, +desiredNumberScheduled int, +numberReady int, observedGeneration long,
    updatedNumberScheduled int, numberAvailable int, numberUnavailable int, collisionCount *int,
    conditions [DaemonSetCondition] by type`,
  DeploymentStrategy: `type string = RollingUpdate, rollingUpdate *RollingUpdateDeployment`,
  DeploymentCondition: `+type string, +status string, +lastUpdateTime time, +lastTransitionTime time, reason string, message string`,
  ReplicaSetCondition: `+type string, +status string, +lastTransitionTime time, reason string, message string`,
  StatefulSetUpdateStrategy: `type string, rollingUpdate *RollingUpdateStatefulSetStrategy`,
  StatefulSetPersistentVolumeClaimRetentionPolicy: `whenDeleted string = Retain, whenScaled string = Retain`,
  StatefulSetOrdinals: `+start int`,
  StatefulSetCondition: `+type string, +status string, +lastTransitionTime time, reason string, message string`,
  DaemonSetUpdateStrategy: `type string = RollingUpdate, rollingUpdate *RollingUpdateDaemonSet`,
  DaemonSetCondition: `+type string, +status string, +lastTransitionTime time, reason string, message string`,
  RollingUpdateDeployment: `maxUnavailable *intOrString, maxSurge *intOrString`,
  RollingUpdateStatefulSetStrategy: `partition *int, maxUnavailable *intOrString`,
  RollingUpdateDaemonSet: `maxUnavailable *intOrString, maxSurge *intOrString`,
};
