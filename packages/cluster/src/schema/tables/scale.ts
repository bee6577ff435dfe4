import type { SchemaTable } from '../notation';

/** The fields of autoscaling/v1, only the scale subresource. `../notation.ts` explains how to read a line. */
export const scaleTable: SchemaTable = {
  Scale: `apiVersion string, kind string, +metadata ObjectMeta, +spec ScaleSpec, +status ScaleStatus`,
  ScaleSpec: `replicas int = 0`,
  ScaleStatus: `+replicas int, selector string`,
};
