import type { SchemaTable } from '../notation';

/** The fields of Metadata every object carries. `../notation.ts` explains how to read a line. */
export const metaTable: SchemaTable = {
  ObjectMeta: `
    name string, generateName string, namespace string, selfLink string, uid string, resourceVersion string, generation long,
    creationTimestamp time, deletionTimestamp *time, deletionGracePeriodSeconds *long, labels {string}, annotations {string},
    ownerReferences [OwnerReference] by uid, finalizers [string] set, managedFields [ManagedFieldsEntry]`,
  ListMeta: `selfLink string, resourceVersion string, continue string, remainingItemCount *long, shardInfo *ShardInfo`,
  LabelSelector: `atomic; matchLabels {string}, matchExpressions [LabelSelectorRequirement]`,
  Condition: `
    +type string, +status string, observedGeneration long, +lastTransitionTime time, +reason string, +message string`,
  DeleteOptions: `
    apiVersion string, kind string, gracePeriodSeconds *long, preconditions *Preconditions, orphanDependents *bool,
    propagationPolicy *string, dryRun [string], ignoreStoreReadErrorWithClusterBreakingPotential *bool`,
  FieldSelectorRequirement: `+key string, +operator string, values [string]`,
  LabelSelectorRequirement: `+key string, +operator string, values [string]`,
  OwnerReference: `
    atomic; +apiVersion string, +kind string, +name string, +uid string, controller *bool, blockOwnerDeletion *bool`,
  ManagedFieldsEntry: `
    manager string, operation string, apiVersion string, time *time, fieldsType string, fieldsV1 *any, subresource string`,
  ShardInfo: `+selector string`,
  Preconditions: `uid *string, resourceVersion *string`,
};
