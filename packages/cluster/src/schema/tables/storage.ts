import type { SchemaTable } from '../notation';

/** The fields of storage.k8s.io/v1. `../notation.ts` explains how to read a line. */
export const storageTable: SchemaTable = {
  StorageClass: `
    apiVersion string, kind string, +metadata ObjectMeta, +provisioner string, parameters {string},
    reclaimPolicy *string = Delete, mountOptions [string], allowVolumeExpansion *bool, volumeBindingMode *string = Immediate,
    allowedTopologies [TopologySelectorTerm]`,
};
