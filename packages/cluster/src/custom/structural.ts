import { type FieldProblem, problem } from '../api/failure';
import { sameJson } from '../fields/atom';
import { type JsonSchema, valueSchema } from './definition';
import { regularExpression } from './validate';

type Level = 'root' | 'item' | 'field';

const emptyType: { readonly [level in Level]: string } = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

/**
 * Whether a schema is structural: every field is named outside of value validation, each with one type, so that the server
 * can prune, default and merge by it.
 */
export function checkStructural(schema: JsonSchema, field: string): FieldProblem[] {
  const problems = [...checkNode(schema, 'root', field), ...checkComplete(schema, field)];
  return problems.sort((a, b) => (`${a.field}: ${a.message}` < `${b.field}: ${b.message}` ? -1 : 1));
}

function checkNode(schema: JsonSchema, level: Level, field: string): FieldProblem[] {
  const values = valueSchema(schema);
  return [
    ...(schema.type === 'array' && !schema.items ? [problem.required(`${field}.items`, 'must be specified')] : []),
    ...(schema.items ? checkNode(schema.items, 'item', `${field}.items`) : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, below]) => checkNode(below, 'field', `${field}.properties[${name}]`)),
    ...(schema.additionalProperties !== undefined && level === 'root'
      ? [problem.forbidden(`${field}.additionalProperties`, 'must not be used at the root')]
      : []),
    ...(values ? checkNode(values, 'field', `${field}.additionalProperties`) : []),
    ...checkExtensions(schema, field),
    ...checkValueValidation(schema, field),
    ...checkTypes(schema, level, field),
    ...checkResource(schema, level, field),
  ];
}

function checkExtensions(schema: JsonSchema, field: string): FieldProblem[] {
  if (!schema['x-kubernetes-int-or-string']) return [];
  const others = ['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'].filter((name) => schema[name]);
  return others.map((name) => problem.invalid(`${field}.${name}`, true, 'must be false if x-kubernetes-int-or-string is true'));
}

function checkTypes(schema: JsonSchema, level: Level, field: string): FieldProblem[] {
  const at = `${field}.type`;
  const embedded = schema['x-kubernetes-embedded-resource'];
  const says = 'must be object if x-kubernetes-embedded-resource is true';
  const untyped = !schema.type && !schema['x-kubernetes-int-or-string'] && !schema['x-kubernetes-preserve-unknown-fields'];
  return [
    ...(embedded && !schema.type ? [problem.required(at, says)] : []),
    ...(embedded && schema.type && schema.type !== 'object' ? [problem.invalid(at, schema.type, says)] : []),
    ...(!embedded && untyped ? [problem.required(at, emptyType[level])] : []),
    ...(level === 'root' && schema.type && schema.type !== 'object'
      ? [problem.invalid(at, schema.type, 'must be object at the root')]
      : []),
  ];
}

function checkResource(schema: JsonSchema, level: Level, field: string): FieldProblem[] {
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  const isResource = level === 'root' || embedded;
  const { kind, apiVersion, metadata } = schema.properties ?? {};
  const at = (name: string): string => `${field}.properties[${name}]`;
  const mustBeText = (name: string, below: JsonSchema | undefined): FieldProblem[] =>
    isResource && below && below.type !== 'string' ? [problem.invalid(`${at(name)}.type`, below.type ?? '', 'must be string')] : [];
  const restricts = Object.keys(metadata ?? {}).some((name) => name !== 'type' && name !== 'properties' && name !== 'description');
  const others = Object.keys(metadata?.properties ?? {}).some((name) => name !== 'name' && name !== 'generateName');
  return [
    ...mustBeText('kind', kind),
    ...mustBeText('apiVersion', apiVersion),
    ...(isResource && metadata && metadata.type !== 'object'
      ? [problem.invalid(`${at('metadata')}.type`, metadata.type ?? '', 'must be object')]
      : []),
    ...(level === 'root' && metadata && (restricts || others || metadata.description)
      ? [
          problem.forbidden(
            at('metadata'),
            'must not specify anything other than name and generateName, but metadata is implicitly specified',
          ),
        ]
      : []),
    ...(embedded && schema.additionalProperties !== undefined
      ? [problem.forbidden(`${field}.additionalProperties`, 'must not be used if x-kubernetes-embedded-resource is set')]
      : []),
    ...(embedded && !schema['x-kubernetes-preserve-unknown-fields'] && Object.keys(schema.properties ?? {}).length === 0
      ? [
          problem.required(
            `${field}.properties`,
            'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
          ),
        ]
      : []),
  ];
}

const intOrString: readonly JsonSchema[] = [{ type: 'integer' }, { type: 'string' }];

interface Junctor {
  readonly path: string;
  readonly schema: JsonSchema;
}

/** The schemas that only validate values; the two ways to write int-or-string are no such. */
function junctors(schema: JsonSchema): Junctor[] {
  const listed = (name: 'anyOf' | 'allOf' | 'oneOf'): Junctor[] =>
    (schema[name] ?? []).map((one, index) => ({ path: `${name}[${index}]`, schema: one }));
  const any = sameJson(schema.anyOf, intOrString) ? [] : listed('anyOf');
  const all = listed('allOf').map((one, index) =>
    index === 0 && sameJson(one.schema.anyOf, intOrString) ? { ...one, schema: { ...one.schema, anyOf: [] } } : one,
  );
  return [...any, ...all, ...listed('oneOf'), ...(schema.not ? [{ path: 'not', schema: schema.not }] : [])];
}

function checkValueValidation(schema: JsonSchema, field: string): FieldProblem[] {
  const { pattern } = schema;
  return [
    ...junctors(schema).flatMap((one) => checkNested(one.schema, `${field}.${one.path}`)),
    ...(pattern && !regularExpression(pattern)
      ? [
          problem.invalid(
            `${field}.pattern`,
            pattern,
            `must be a valid regular expression, but isn't: error parsing regexp: \`${pattern}\``,
          ),
        ]
      : []),
  ];
}

const forbiddenNested: readonly (readonly [string, string])[] = [
  ['type', 'must be empty to be structural'],
  ['additionalProperties', 'must be undefined to be structural'],
  ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
];

function checkNested(schema: JsonSchema, field: string): FieldProblem[] {
  return [
    ...checkValueValidation(schema, field),
    ...(schema.items ? checkNested(schema.items, `${field}.items`) : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, below]) => checkNested(below, `${field}.properties[${name}]`)),
    ...forbiddenNested.filter(([name]) => schema[name]).map(([name, says]) => problem.forbidden(`${field}.${name}`, says)),
    ...(schema.properties?.metadata
      ? [problem.forbidden(`${field}.properties[metadata]`, 'must not be specified in a nested context')]
      : []),
  ];
}

/** Every field that a value validation of the root speaks of stands in the structure too. */
function checkComplete(schema: JsonSchema, field: string): FieldProblem[] {
  return junctors(schema).flatMap((one) => missingFrom(schema, one.schema, { structure: field, field: `${field}.${one.path}` }));
}

function missingFrom(schema: JsonSchema, nested: JsonSchema, at: { readonly structure: string; readonly field: string }): FieldProblem[] {
  const says = (path: string): FieldProblem =>
    problem.required(path, `because it is defined in ${at.field}${path.slice(at.structure.length)}`);
  const fields = Object.entries(nested.properties ?? {}).flatMap(([name, below]) => {
    const place = { structure: `${at.structure}.properties[${name}]`, field: `${at.field}.properties[${name}]` };
    const known = schema.properties?.[name];
    return known ? missingFrom(known, below, place) : [says(place.structure)];
  });
  const items = nested.items
    ? schema.items
      ? missingFrom(schema.items, nested.items, { structure: `${at.structure}.items`, field: `${at.field}.items` })
      : [says(`${at.structure}.items`)]
    : [];
  const deeper = junctors(nested).flatMap((one) =>
    missingFrom(schema, one.schema, { structure: at.structure, field: `${at.field}.${one.path}` }),
  );
  return [...fields, ...items, ...deeper];
}
