import type { SchemaTable } from '../notation';

/** The fields of authorization.k8s.io/v1: reviews, answered and never stored. `../notation.ts` explains how to read a line. */
export const authorizationTable: SchemaTable = {
  SelfSubjectAccessReview: `
    apiVersion string, kind string, +metadata ObjectMeta, +spec SelfSubjectAccessReviewSpec, +status SubjectAccessReviewStatus`,
  SelfSubjectRulesReview: `
    apiVersion string, kind string, +metadata ObjectMeta, +spec SelfSubjectRulesReviewSpec, +status SubjectRulesReviewStatus`,
  SelfSubjectAccessReviewSpec: `resourceAttributes *ResourceAttributes, nonResourceAttributes *NonResourceAttributes`,
  SubjectAccessReviewStatus: `+allowed bool, denied bool, reason string, evaluationError string`,
  SelfSubjectRulesReviewSpec: `namespace string`,
  SubjectRulesReviewStatus: `+resourceRules [ResourceRule], +nonResourceRules [NonResourceRule], +incomplete bool, evaluationError string`,
  ResourceAttributes: `
    namespace string, verb string, group string, version string, resource string, subresource string, name string,
    fieldSelector *FieldSelectorAttributes, labelSelector *LabelSelectorAttributes`,
  NonResourceAttributes: `path string, verb string`,
  ResourceRule: `+verbs [string], apiGroups [string], resources [string], resourceNames [string]`,
  NonResourceRule: `+verbs [string], nonResourceURLs [string]`,
  FieldSelectorAttributes: `rawSelector string, requirements [FieldSelectorRequirement]`,
  LabelSelectorAttributes: `rawSelector string, requirements [LabelSelectorRequirement]`,
};
