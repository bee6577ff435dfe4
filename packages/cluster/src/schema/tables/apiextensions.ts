import type { SchemaTable } from '../notation';

/** The fields of apiextensions.k8s.io/v1. `../notation.ts` explains how to read a line. */
export const apiextensionsTable: SchemaTable = {
  CustomResourceDefinition: `
    apiVersion string, kind string, +metadata ObjectMeta, +spec CustomResourceDefinitionSpec, +status CustomResourceDefinitionStatus`,
  CustomResourceDefinitionSpec: `
    +group string, +names CustomResourceDefinitionNames, +scope string, +versions [CustomResourceDefinitionVersion],
    conversion *CustomResourceConversion, preserveUnknownFields bool`,
  CustomResourceDefinitionNames: `
    +plural string, singular string, shortNames [string], +kind string, listKind string, categories [string]`,
  CustomResourceDefinitionVersion: `
    +name string, +served bool, +storage bool, deprecated bool, deprecationWarning *string, schema *CustomResourceValidation,
    subresources *CustomResourceSubresources, additionalPrinterColumns [CustomResourceColumnDefinition],
    selectableFields [SelectableField]`,
  CustomResourceDefinitionStatus: `
    +conditions [CustomResourceDefinitionCondition] by type, +acceptedNames CustomResourceDefinitionNames, +storedVersions [string],
    observedGeneration long`,
  CustomResourceDefinitionCondition: `
    +type string, +status string, lastTransitionTime time, reason string, message string, observedGeneration long`,
  CustomResourceConversion: `+strategy string, webhook *WebhookConversion`,
  WebhookConversion: `clientConfig *WebhookClientConfig, +conversionReviewVersions [string]`,
  WebhookClientConfig: `url *string, service *ServiceReference, caBundle bytes`,
  ServiceReference: `+namespace string, +name string, path *string, port *int = 443`,
  CustomResourceValidation: `openAPIV3Schema *JSONSchemaProps`,
  CustomResourceSubresources: `status *CustomResourceSubresourceStatus, scale *CustomResourceSubresourceScale`,
  CustomResourceSubresourceStatus: ``,
  CustomResourceSubresourceScale: `+specReplicasPath string, +statusReplicasPath string, labelSelectorPath *string`,
  CustomResourceColumnDefinition: `
    +name string, +type string, format string, description string, priority int, +jsonPath string`,
  SelectableField: `+jsonPath string`,
  ExternalDocumentation: `description string, url string`,
  ValidationRule: `
    +rule string, message string, messageExpression string, reason *string, fieldPath string, optionalOldSelf *bool`,
  JSONSchemaProps: `
    id string, $schema string, $ref *string, description string, type string, format string, title string, default *deduced,
    maximum *float, exclusiveMaximum bool, minimum *float, exclusiveMinimum bool, maxLength *long, minLength *long, pattern string,
    maxItems *long, minItems *long, uniqueItems bool, multipleOf *float, enum [deduced], maxProperties *long, minProperties *long,
    required [string], items *JSONSchemaProps|[JSONSchemaProps], allOf [JSONSchemaProps], oneOf [JSONSchemaProps],
    anyOf [JSONSchemaProps], not *JSONSchemaProps, properties {JSONSchemaProps}, additionalProperties *JSONSchemaProps|bool,
    patternProperties {JSONSchemaProps}, dependencies {JSONSchemaProps|[string]}, additionalItems *JSONSchemaProps|bool,
    definitions {JSONSchemaProps}, externalDocs *ExternalDocumentation, example *deduced, nullable bool,
    x-kubernetes-preserve-unknown-fields *bool, x-kubernetes-embedded-resource bool, x-kubernetes-int-or-string bool,
    x-kubernetes-list-map-keys [string], x-kubernetes-list-type *string, x-kubernetes-map-type *string,
    x-kubernetes-validations [ValidationRule] by rule`,
};
