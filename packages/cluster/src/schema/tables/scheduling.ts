import type { SchemaTable } from '../notation';

/** The fields of scheduling.k8s.io/v1. `../notation.ts` explains how to read a line. */
export const schedulingTable: SchemaTable = {
  PriorityClass: `
    apiVersion string, kind string, +metadata ObjectMeta, +value int, globalDefault bool, description string,
    preemptionPolicy *string = PreemptLowerPriority`,
};
