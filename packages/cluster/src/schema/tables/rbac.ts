import type { SchemaTable } from '../notation';

/** The fields of rbac.authorization.k8s.io/v1. `../notation.ts` explains how to read a line. */
export const rbacTable: SchemaTable = {
  Role: `apiVersion string, kind string, +metadata ObjectMeta, +rules [PolicyRule]`,
  RoleBinding: `apiVersion string, kind string, +metadata ObjectMeta, subjects [Subject], +roleRef RoleRef`,
  ClusterRole: `apiVersion string, kind string, +metadata ObjectMeta, +rules [PolicyRule], aggregationRule *AggregationRule`,
  ClusterRoleBinding: `apiVersion string, kind string, +metadata ObjectMeta, subjects [Subject], +roleRef RoleRef`,
  PolicyRule: `+verbs [string], apiGroups [string], resources [string], resourceNames [string], nonResourceURLs [string]`,
  Subject: `atomic; +kind string, apiGroup string, +name string, namespace string`,
  RoleRef: `atomic; +apiGroup string, +kind string, +name string`,
  AggregationRule: `clusterRoleSelectors [LabelSelector]`,
};
