import { type FieldProblem, problem } from '../api/failure';
import { isObject } from '../schema/type';
import { type JsonSchema, valueSchema } from './definition';
import { prune } from './prune';
import { checkStructural } from './structural';
import { checkBySchema } from './validate';

/** What is wrong with the schema of a version, in the order in which the real server tells it. */
export function checkSchema(schema: JsonSchema, field: string, hasStatus: boolean): FieldProblem[] {
  const structural = checkStructural(schema, field);
  return [
    ...(hasStatus ? checkRootWithStatus(schema, field) : []),
    ...(schema.nullable ? [problem.forbidden(`${field}.nullable`, 'nullable cannot be true at the root')] : []),
    ...(structural.length > 0 ? structural : checkDefaults(schema, field)),
    ...checkKeywords(schema, { field, isRoot: true, inMetadata: false }),
  ];
}

const allowedBesideStatus = new Set([
  'description',
  'type',
  'format',
  'title',
  'maximum',
  'exclusiveMaximum',
  'minimum',
  'exclusiveMinimum',
  'maxLength',
  'minLength',
  'pattern',
  'maxItems',
  'minItems',
  'uniqueItems',
  'multipleOf',
  'required',
  'items',
  'properties',
  'externalDocs',
  'example',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-validations',
]);

// The schema of the status is used alone, and must not lose what the root says about it.
function checkRootWithStatus(schema: JsonSchema, field: string): FieldProblem[] {
  if (schema.type !== 'object') {
    const says = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
    return [problem.invalid(`${field}.type`, schema.type ?? '', says)];
  }
  if (Object.keys(schema).every((keyword) => allowedBesideStatus.has(keyword))) return [];
  const names =
    'Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations';
  const says = `only [${names}] fields are allowed at the root of the schema if the status subresource is enabled`;
  return [problem.invalid(field, schema, says)];
}

// A default must be what an object may hold.
function checkDefaults(schema: JsonSchema, field: string): FieldProblem[] {
  const at = `${field}.default`;
  const unknown: string[] = [];
  if (isObject(schema.default)) prune(schema, schema.default, unknown);
  return [
    ...(unknown.length > 0 ? [problem.invalid(at, schema.default, 'must not have unknown fields')] : []),
    ...(schema.default !== undefined ? checkBySchema(schema, schema.default, undefined, at) : []),
    ...(schema.items ? checkDefaults(schema.items, `${field}.items`) : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, below]) => checkDefaults(below, `${field}.properties[${name}]`)),
  ];
}

interface Place {
  readonly field: string;
  readonly isRoot: boolean;
  /** Below apiVersion, kind or metadata of a resource. */
  readonly inMetadata: boolean;
  /** Why no default may stand here. */
  readonly noDefault?: string;
}

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const metaFields = new Set(['apiVersion', 'kind', 'metadata']);

function checkKeywords(schema: JsonSchema, place: Place): FieldProblem[] {
  const { field } = place;
  const inside = (path: string): Place => ({ ...place, field: `${field}.${path}`, isRoot: false });
  const values = valueSchema(schema);
  const noDefault = 'inside additionalProperties applying to object metadata';
  const listed = (['allOf', 'oneOf', 'anyOf'] as const).flatMap((name) =>
    (schema[name] ?? []).flatMap((one, index) => checkKeywords(one, inside(`${name}[${index}]`))),
  );
  return [
    ...checkOneNode(schema, place),
    ...(schema.additionalProperties && schema.properties
      ? [problem.forbidden(`${field}.additionalProperties`, 'additionalProperties and properties are mutual exclusive')]
      : []),
    ...(values ? checkKeywords(values, { ...inside('additionalProperties'), ...(place.inMetadata && { noDefault }) }) : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, below]) =>
      checkKeywords(below, placeOfProperty(schema, name, inside(`properties[${name}]`), place.isRoot)),
    ),
    ...(schema.not ? checkKeywords(schema.not, inside('not')) : []),
    ...listed,
    ...(isObject(schema.items) ? checkKeywords(schema.items, inside('items')) : []),
    ...checkListType(schema, field),
    ...checkRules(schema, field),
  ];
}

function placeOfProperty(schema: JsonSchema, name: string, place: Place, isRoot: boolean): Place {
  const isMeta = (isRoot || schema['x-kubernetes-embedded-resource'] === true) && metaFields.has(name);
  if (!isMeta) return place;
  return { ...place, inMetadata: true, ...(isRoot && { noDefault: `in top-level ${name}` }) };
}

const unsupported: readonly (readonly [string, string])[] = [
  ['id', 'id is not supported'],
  ['additionalItems', 'additionalItems is not supported'],
  ['patternProperties', 'patternProperties is not supported'],
  ['definitions', 'definitions is not supported'],
  ['dependencies', 'dependencies is not supported'],
  ['$ref', '$ref is not supported'],
];

function checkOneNode(schema: JsonSchema, { field, inMetadata, noDefault }: Place): FieldProblem[] {
  const mapType = schema['x-kubernetes-map-type'];
  return [
    ...(schema.type && !types.includes(schema.type) ? [problem.notSupported(`${field}.type`, schema.type, types)] : []),
    ...(schema.default !== undefined && noDefault ? [problem.forbidden(`${field}.default`, `must not be set ${noDefault}`)] : []),
    ...unsupported.filter(([name]) => schema[name] !== undefined).map(([name, says]) => problem.forbidden(`${field}.${name}`, says)),
    ...(schema.type === 'null' ? [problem.forbidden(`${field}.type`, 'type cannot be set to null, use nullable as an alternative')] : []),
    ...(Array.isArray(schema.items) ? [problem.forbidden(`${field}.items`, 'items must be a schema object and not an array')] : []),
    ...(inMetadata && schema['x-kubernetes-embedded-resource']
      ? [problem.forbidden(`${field}.x-kubernetes-embedded-resource`, 'must not be used inside of resource meta')]
      : []),
    ...(schema.uniqueItems
      ? [problem.forbidden(`${field}.uniqueItems`, 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic')]
      : []),
    ...(schema['x-kubernetes-preserve-unknown-fields'] === false
      ? [problem.invalid(`${field}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined')]
      : []),
    ...(mapType !== undefined ? mustBe(schema, 'object', `${field}.type`, 'must be object if x-kubernetes-map-type is specified') : []),
    ...(mapType !== undefined && mapType !== 'atomic' && mapType !== 'granular'
      ? [problem.notSupported(`${field}.x-kubernetes-map-type`, mapType, ['atomic', 'granular'])]
      : []),
  ];
}

function mustBe(schema: JsonSchema, type: string, field: string, says: string): FieldProblem[] {
  if (schema.type === type) return [];
  return [schema.type ? problem.invalid(field, schema.type, says) : problem.required(field, says)];
}

function checkListType(schema: JsonSchema, field: string): FieldProblem[] {
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const at = `${field}.x-kubernetes-list-type`;
  const { items } = schema;
  const wrong =
    listType === undefined ? [] : mustBe(schema, 'array', `${field}.type`, 'must be array if x-kubernetes-list-type is specified');
  const needsMap = 'must be map if x-kubernetes-list-map-keys is non-empty';
  return [
    ...wrong,
    ...(wrong.length === 0 && listType === 'set' && items ? checkSetItems(items, `${field}.items`) : []),
    ...(listType !== undefined && !['atomic', 'set', 'map'].includes(listType)
      ? [problem.notSupported(at, listType, ['atomic', 'set', 'map'])]
      : []),
    ...(keys.length > 0 && listType === undefined ? [problem.required(at, needsMap)] : []),
    ...(keys.length > 0 && listType !== undefined && listType !== 'map' ? [problem.invalid(at, listType, needsMap)] : []),
    ...(listType === 'map' ? checkMapItems(schema, keys, field) : []),
  ];
}

function checkSetItems(items: JsonSchema, field: string): FieldProblem[] {
  const says = 'must be atomic as item of a list with x-kubernetes-list-type=set';
  const listType = items['x-kubernetes-list-type'];
  if (items.type === 'array' && listType !== undefined && listType !== 'atomic')
    return [problem.invalid(`${field}.x-kubernetes-list-type`, listType, says)];
  if (items.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic')
    return [problem.invalid(`${field}.x-kubernetes-map-type`, null, says)];
  return items.nullable ? [problem.forbidden(`${field}.nullable`, 'cannot be nullable when x-kubernetes-list-type is set')] : [];
}

function checkMapItems(schema: JsonSchema, keys: readonly string[], field: string): FieldProblem[] {
  const { items } = schema;
  const at = `${field}.x-kubernetes-list-map-keys`;
  return [
    ...(keys.length === 0 ? [problem.required(at, 'must not be empty if x-kubernetes-list-type is map')] : []),
    ...(items ? [] : [problem.required(`${field}.items`, 'must have a schema if x-kubernetes-list-type is map')]),
    ...(items && items.type !== 'object'
      ? [problem.invalid(`${field}.items.type`, items.type ?? '', "must be object if parent array's x-kubernetes-list-type is map")]
      : []),
    ...(items?.type === 'object' ? keys.flatMap((key) => checkMapKey(items, key, { keys, at, field: `${field}.items` })) : []),
    ...(new Set(keys).size < keys.length ? [problem.invalid(at, keys, 'must not contain duplicate entries')] : []),
    ...(items?.nullable ? [problem.forbidden(`${field}.items.nullable`, 'cannot be nullable when x-kubernetes-list-type is map')] : []),
  ];
}

function checkMapKey(
  items: JsonSchema,
  key: string,
  place: { readonly keys: readonly string[]; readonly at: string; readonly field: string },
): FieldProblem[] {
  const property = items.properties?.[key];
  if (!property) return [problem.invalid(place.at, place.keys, 'entries must all be names of item properties')];
  const field = `${place.field}.properties[${key}]`;
  const scalar = "must be a scalar type if parent array's x-kubernetes-list-type is map";
  const says = 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
  return [
    ...(property.type === 'array' || property.type === 'object' ? [problem.invalid(`${field}.type`, items.type, scalar)] : []),
    ...(property.nullable
      ? [problem.forbidden(`${field}.nullable`, 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable')]
      : []),
    ...(property.default === undefined && !items.required?.includes(key) ? [problem.required(`${field}.default`, says)] : []),
  ];
}

function checkRules(schema: JsonSchema, field: string): FieldProblem[] {
  return (schema['x-kubernetes-validations'] ?? []).flatMap(({ rule, message }, index) => {
    const at = `${field}.x-kubernetes-validations[${index}]`;
    if (rule.trim() === '') return [problem.required(`${at}.rule`, 'rule is not specified')];
    if (message !== undefined && message.trim() === '')
      return [problem.invalid(`${at}.message`, message, 'must be non-empty if specified')];
    if (message?.trim().includes('\n')) return [problem.invalid(`${at}.message`, message, 'must not contain line breaks')];
    if (rule.trim().includes('\n') && !message)
      return [problem.required(`${at}.message`, 'message must be specified if rule contains line breaks')];
    return [];
  });
}
