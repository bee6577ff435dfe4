import type { SchemaTable } from '../notation';

/** The fields of policy/v1. `../notation.ts` explains how to read a line. */
export const policyTable: SchemaTable = {
  PodDisruptionBudget: `
    apiVersion string, kind string, +metadata ObjectMeta, +spec PodDisruptionBudgetSpec, +status PodDisruptionBudgetStatus`,
  Eviction: `apiVersion string, kind string, +metadata ObjectMeta, deleteOptions *DeleteOptions`,
  PodDisruptionBudgetSpec: `
    minAvailable *intOrString, selector *LabelSelector, maxUnavailable *intOrString, unhealthyPodEvictionPolicy *string`,
  PodDisruptionBudgetStatus: `
    observedGeneration long, disruptedPods {time}, +disruptionsAllowed int, +currentHealthy int, +desiredHealthy int,
    +expectedPods int, conditions [Condition] by type`,
};
