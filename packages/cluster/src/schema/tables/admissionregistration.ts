import type { SchemaTable } from '../notation';

const webhook = `
    +name string, +clientConfig WebhookClientConfig, rules [RuleWithOperations], failurePolicy *string = Fail,
    matchPolicy *string = Equivalent, namespaceSelector *LabelSelector = {}, objectSelector *LabelSelector = {},
    +sideEffects *string, timeoutSeconds *int = 10, +admissionReviewVersions [string], matchConditions [MatchCondition] by name`;

/** The fields of admissionregistration.k8s.io/v1, without policies. `../notation.ts` explains how to read a line. */
export const admissionregistrationTable: SchemaTable = {
  ValidatingWebhookConfiguration: `
    apiVersion string, kind string, +metadata ObjectMeta, webhooks [ValidatingWebhook] by name`,
  MutatingWebhookConfiguration: `
    apiVersion string, kind string, +metadata ObjectMeta, webhooks [MutatingWebhook] by name`,
  ValidatingWebhook: webhook,
  MutatingWebhook: `${webhook}, reinvocationPolicy *string = Never`,
  WebhookClientConfig: `url *string, service *ServiceReference, caBundle bytes`,
  ServiceReference: `+namespace string, +name string, path *string, port *int = 443`,
  RuleWithOperations: `
    operations [string], apiGroups [string], apiVersions [string], resources [string], scope *string = *`,
  MatchCondition: `+name string, +expression string`,
};
