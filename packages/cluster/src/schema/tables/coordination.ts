import type { SchemaTable } from '../notation';

/** The fields of coordination.k8s.io/v1. `../notation.ts` explains how to read a line. */
export const coordinationTable: SchemaTable = {
  Lease: `apiVersion string, kind string, +metadata ObjectMeta, +spec LeaseSpec`,
  LeaseSpec: `
    holderIdentity *string, leaseDurationSeconds *int, acquireTime *microTime, renewTime *microTime, leaseTransitions *int,
    strategy *string, preferredHolder *string`,
};
