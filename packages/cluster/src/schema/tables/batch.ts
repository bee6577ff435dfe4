import type { SchemaTable } from '../notation';

/** The fields of batch/v1. `../notation.ts` explains how to read a line. */
export const batchTable: SchemaTable = {
  Job: `apiVersion string, kind string, +metadata ObjectMeta, +spec JobSpec, +status JobStatus`,
  CronJob: `apiVersion string, kind string, +metadata ObjectMeta, +spec CronJobSpec, +status CronJobStatus`,
  JobSpec: `
    parallelism *int, completions *int, activeDeadlineSeconds *long, podFailurePolicy *PodFailurePolicy,
    successPolicy *SuccessPolicy, backoffLimit *int, backoffLimitPerIndex *int, maxFailedIndexes *int, selector *LabelSelector,
    manualSelector *bool, +template PodTemplateSpec, ttlSecondsAfterFinished *int, completionMode *string,
    suspend *bool, podReplacementPolicy *string, managedBy *string`,
  JobStatus: `
    conditions [JobCondition] merged by type, startTime *time, completionTime *time, active int, succeeded int, failed int,
    terminating *int, completedIndexes string, failedIndexes *string, uncountedTerminatedPods *UncountedTerminatedPods, ready *int`,
  CronJobSpec: `
    +schedule string, timeZone *string, startingDeadlineSeconds *long, concurrencyPolicy string = Allow, suspend *bool = false,
    +jobTemplate JobTemplateSpec, successfulJobsHistoryLimit *int = 3, failedJobsHistoryLimit *int = 1`,
  CronJobStatus: `active [ObjectReference], lastScheduleTime *time, lastSuccessfulTime *time`,
  PodFailurePolicy: `+rules [PodFailurePolicyRule]`,
  SuccessPolicy: `+rules [SuccessPolicyRule]`,
  JobCondition: `+type string, +status string, +lastProbeTime time, +lastTransitionTime time, reason string, message string`,
  UncountedTerminatedPods: `succeeded [string] set, failed [string] set`,
  JobTemplateSpec: `+metadata ObjectMeta, +spec JobSpec`,
  PodFailurePolicyRule: `
    +action string, onExitCodes *PodFailurePolicyOnExitCodesRequirement, onPodConditions [PodFailurePolicyOnPodConditionsPattern]`,
  SuccessPolicyRule: `succeededIndexes *string, succeededCount *int`,
  PodFailurePolicyOnExitCodesRequirement: `containerName *string, +operator string, +values [int] set`,
  PodFailurePolicyOnPodConditionsPattern: `+type string, +status string = True`,
};
