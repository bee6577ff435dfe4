import type { Condition, KubeObject } from '../objects';

/** The key of CustomResourceDefinitions in the store. */
export const definitions = 'customresourcedefinitions.apiextensions.k8s.io';

/** Keeps a CustomResourceDefinition until its objects are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

export interface Definition extends KubeObject {
  spec: {
    readonly group: string;
    readonly names: DefinitionNames;
    readonly scope: string;
    readonly versions: readonly DefinitionVersion[];
    readonly conversion?: { readonly strategy: string; readonly webhook?: object };
    readonly preserveUnknownFields?: boolean;
  };
  status: DefinitionStatus;
}

export interface DefinitionStatus {
  readonly conditions?: readonly Condition[] | null;
  readonly acceptedNames: DefinitionNames;
  readonly storedVersions: readonly string[];
}

export interface DefinitionNames {
  readonly plural: string;
  readonly singular?: string;
  readonly shortNames?: readonly string[];
  readonly kind: string;
  readonly listKind?: string;
  readonly categories?: readonly string[];
}

export interface DefinitionVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly schema?: { readonly openAPIV3Schema?: JsonSchema };
  readonly subresources?: Subresources;
  readonly additionalPrinterColumns?: readonly PrinterColumn[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
}

export interface Subresources {
  readonly status?: object;
  readonly scale?: ScalePaths;
}

/** Where an object of this kind keeps what its `scale` subresource shows, each as `.spec.replicas`. */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
  readonly jsonPath: string;
}

/** A schema as it stands in a definition. */
export interface JsonSchema {
  readonly type?: string;
  readonly format?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly maximum?: number;
  readonly exclusiveMaximum?: boolean;
  readonly minimum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly maxItems?: number;
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
  readonly multipleOf?: number;
  readonly enum?: readonly unknown[];
  readonly maxProperties?: number;
  readonly minProperties?: number;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly allOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  readonly properties?: { readonly [name: string]: JsonSchema };
  readonly additionalProperties?: JsonSchema | boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-validations'?: readonly { readonly rule: string; readonly message?: string }[];
  readonly [keyword: string]: unknown;
}

export function conditionHolds(definition: Definition, type: string): boolean {
  return (definition.status.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True');
}

/** The schema of map values, or none where the keyword is absent or only allows them. */
export function valueSchema(schema: JsonSchema): JsonSchema | undefined {
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

/** The schemas that stand directly below another one, without those of value validation. */
export function schemasBelow(schema: JsonSchema): JsonSchema[] {
  const values = valueSchema(schema);
  return [...Object.values(schema.properties ?? {}), ...(schema.items ? [schema.items] : []), ...(values ? [values] : [])];
}

/** `v2` before `v1` before `v1beta2` before `v1alpha1` before anything else: the order in which discovery prefers versions. */
export function compareVersions(a: string, b: string): number {
  const left = rankOf(a);
  const right = rankOf(b);
  for (const [index, rank] of left.entries()) if (rank !== right[index]) return (right[index] as number) - rank;
  return a < b ? -1 : a > b ? 1 : 0;
}

function rankOf(version: string): number[] {
  const match = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(version);
  if (!match) return [0, 0, 0];
  return [match[2] === 'alpha' ? 1 : match[2] === 'beta' ? 2 : 3, Number(match[1]), Number(match[3] ?? 0)];
}
