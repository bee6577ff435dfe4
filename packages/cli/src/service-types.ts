// The TypeScript of a service's resources, by what the service says of itself: config, outputs, secrets, and the construct of each type.
import { isObject, type Json, type JsonObject, KonfigError } from '@konfig/core';
import type { Description, TypeDescription } from '@konfig/runtimes';

/** A whole file. The same description gives the same bytes. */
export function serviceTypes({ name, types }: Pick<Description, 'name' | 'types'>): string {
  const base = importedAs('ServiceResource', types);
  const props = importedAs('ServiceResourceProps', types);
  const construct = importedAs('Construct', types);
  const imported = { base: base.name, props: props.name, construct: construct.name };
  const parts = Object.keys(types)
    .sort()
    .map((type) => typeText(name, type, types[type] as TypeDescription, imported));
  return [
    `// What the service ${comment(name)} says of itself, written by konfig service types. Write it anew rather than change it.`,
    `import { ${base.text}, type ${props.text} } from '@konfig/sdk';`,
    `import type { ${construct.text} } from 'constructs';`,
    '',
    ...parts,
  ].join('\n');
}

/** A service may call a type as we call something that it needs. */
function importedAs(name: string, types: Description['types']): { readonly name: string; readonly text: string } {
  return Object.hasOwn(types, name) ? { name: `Konfig${name}`, text: `${name} as Konfig${name}` } : { name, text: name };
}

/** What is imported is called like this. */
interface Imported {
  readonly base: string;
  readonly props: string;
  readonly construct: string;
}

function typeText(
  service: string,
  type: string,
  { description, config, outputs = {}, secrets = {} }: TypeDescription,
  imported: Imported,
): string {
  const { examples: _, ...checked } = config;
  if (!/^[A-Z][A-Za-z0-9]*$/.test(type))
    throw new KonfigError({
      code: 'SERVICE_PROTOCOL',
      message: `The service calls a type ${JSON.stringify(type)}.`,
      hint: 'A type is called like Entry.',
    });
  const schema = `${(type[0] as string).toLowerCase()}${type.slice(1)}Schema`;
  return `/** What ${type} is told. */
export interface ${type}Config ${objectText(config, placeIn(config, 'given'), '')}

/** What the service tells of it once it is applied. */
export interface ${type}Outputs ${objectText(outputs, placeIn(outputs, 'told'), '')}

/** What the service keeps secret of it. */
export interface ${type}Secrets ${objectText(secrets, placeIn(secrets, 'told'), '')}

const ${schema} = ${JSON.stringify(checked, null, 2)};

/** ${comment(description ?? `A resource of ${service}.`)} */
export class ${type} extends ${imported.base}<${type}Config, ${type}Outputs, ${type}Secrets> {
  constructor(scope: ${imported.construct}, id: string, props: ${imported.props}<${type}Config>) {
    super(scope, id, { service: ${quoted(service)}, type: '${type}', config: ${schema} }, props);
  }
}
`;
}

/** What is `given` may leave out what has a default; what is `told` has it. */
type Side = 'given' | 'told';

/** Where in a schema we are. */
interface Place {
  readonly root: JsonObject;
  readonly side: Side;
  /** References that led here: one that leads into itself has no end. */
  readonly through: readonly string[];
}

const deepest = 8;

function placeIn(root: JsonObject, side: Side): Place {
  return { root, side, through: [] };
}

function objectText(schema: JsonObject, place: Place, indent: string): string {
  const { side } = place;
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(([name, property]) => {
    const isThere = required.includes(name) && !(side === 'given' && isObject(property) && property.default !== undefined);
    return `${docText(property, inner)}${inner}readonly ${keyText(name)}${isThere ? '' : '?'}: ${schemaText(property, place, inner)};\n`;
  });
  const { additionalProperties } = schema;
  const isMap = isObject(additionalProperties) && lines.length === 0;
  const all = isMap ? [`${inner}readonly [name: string]: ${schemaText(additionalProperties, place, inner)};\n`] : lines;
  return all.length === 0 ? '{}' : `{\n${all.join('')}${indent}}`;
}

function docText(property: Json, indent: string): string {
  if (!isObject(property)) return '';
  const said = typeof property.description === 'string' ? [comment(property.description).replace(/([^.!?])$/, '$1.')] : [];
  const initial = property.default === undefined ? [] : [`Default ${comment(JSON.stringify(property.default))}.`];
  const text = [...said, ...initial].join(' ');
  return text === '' ? '' : `${indent}/** ${text} */\n`;
}

/** The type of a value; `unknown` where the schema says nothing that TypeScript can say, and where it leads into itself. */
function schemaText(given: Json, from: Place, indent: string): string {
  const ref = isObject(given) && typeof given.$ref === 'string' ? given.$ref : undefined;
  const schema = resolved(given, from.root);
  if (!isObject(schema) || (ref !== undefined && (from.through.includes(ref) || from.through.length === deepest))) return 'unknown';
  const place = ref === undefined ? from : { ...from, through: [...from.through, ref] };
  const text = (child: Json) => schemaText(child, place, indent);
  if (schema.const !== undefined) return literalText(schema.const);
  if (Array.isArray(schema.enum)) return unionText(schema.enum.map(literalText));
  const either = [schema.oneOf, schema.anyOf].find((list) => Array.isArray(list)) as readonly Json[] | undefined;
  if (either) return unionText(either.map(text));
  if (Array.isArray(schema.allOf)) return schema.allOf.map(text).join(' & ');
  if (Array.isArray(schema.type)) return unionText(schema.type.map((type) => text({ ...schema, type: type as Json })));
  switch (schema.type ?? (isObject(schema.properties) ? 'object' : undefined)) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      return `readonly ${inBrackets(schema.items === undefined ? 'unknown' : text(schema.items))}[]`;
    case 'object':
      return objectText(schema, place, indent);
    default:
      return 'unknown';
  }
}

/** `#/$defs/Port`; a reference elsewhere is followed by nobody. */
function resolved(schema: Json, root: JsonObject): Json | undefined {
  if (!isObject(schema) || typeof schema.$ref !== 'string') return schema;
  const name = /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(schema.$ref)?.[1];
  const found = [root.$defs, root.definitions].find((defs) => isObject(defs) && name !== undefined && Object.hasOwn(defs, name));
  return isObject(found) && name !== undefined ? found[name] : undefined;
}

function unionText(parts: readonly string[]): string {
  return (
    [...new Set(parts)].map((part) => (part.includes('=>') || part.startsWith('readonly ') ? `(${part})` : part)).join(' | ') || 'never'
  );
}

function inBrackets(text: string): string {
  return /[|&]| /.test(text) && !text.startsWith('{') ? `(${text})` : text;
}

function literalText(value: Json): string {
  if (typeof value === 'string') return quoted(value);
  return value === null || typeof value !== 'object' ? JSON.stringify(value) : 'unknown';
}

function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function keyText(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

/** On one line, and without what ends a comment. */
function comment(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('*/', '*\u200b/').trim();
}
