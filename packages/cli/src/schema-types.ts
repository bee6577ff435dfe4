// The TypeScript of a value, by its JSON Schema. What a schema says that leads into itself gets a name.
import { isObject, type Json, type JsonObject } from '@konfig/core';
import { isHollow, refersToItself, targetOf } from './schema-references';

/** What is `given` may leave out what has a default; what is `told` has it. */
export type Side = 'given' | 'told';

export interface SchemaTypes {
  /** What stands behind `interface EntryConfig`. */
  readonly body: string;
  /** Declarations that it needs. */
  readonly named: readonly string[];
}

export interface Naming {
  /** What the interface is called. */
  readonly name: string;
  readonly side: Side;
  /** A name like this that nothing else has. */
  readonly free: (name: string) => string;
}

export function schemaTypes(root: JsonObject, { name, side, free }: Naming): SchemaTypes {
  const place: Place = { root, side, name, free, names: new Map([['#', name]]), named: [] };
  const body = objectText(whole(root, root), place, '');
  return { body, named: place.named };
}

/** A schema may say all that it says by a reference. */
function whole(schema: JsonObject, root: JsonObject): JsonObject {
  const target = typeof schema.$ref === 'string' && !isHollow(schema.$ref, root) ? targetOf(schema.$ref, root) : undefined;
  return isObject(target) ? whole(target, root) : schema;
}

/** Where in a schema we are. */
interface Place extends Naming {
  readonly root: JsonObject;
  /** What a reference is called. */
  readonly names: Map<string, string>;
  readonly named: string[];
}

function objectText(schema: JsonObject, place: Place, indent: string): string {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(([name, property]) => {
    const isThere = required.includes(name) && !(place.side === 'given' && isObject(property) && property.default !== undefined);
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

/** The type of a value; `unknown` where the schema says nothing that TypeScript can say. */
function schemaText(schema: Json, place: Place, indent: string): string {
  if (!isObject(schema)) return 'unknown';
  if (typeof schema.$ref === 'string') return referenceText(schema.$ref, place, indent);
  const text = (child: Json) => schemaText(child, place, indent);
  if (schema.const !== undefined) return literalText(schema.const);
  if (Array.isArray(schema.enum)) return unionText(schema.enum.map(literalText));
  const either = [schema.oneOf, schema.anyOf].find((list) => Array.isArray(list)) as readonly Json[] | undefined;
  if (either) return unionText(either.map(text));
  if (Array.isArray(schema.allOf)) return schema.allOf.map((part: Json) => inBrackets(text(part))).join(' & ') || 'unknown';
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

/** Written out, unless it leads into itself: then it has a name. */
function referenceText(ref: string, place: Place, indent: string): string {
  const { root, names, named, name, free } = place;
  const target = targetOf(ref, root);
  if (target === undefined || isHollow(ref, root)) return 'unknown';
  const known = names.get(ref);
  if (known !== undefined) return known;
  if (!refersToItself(ref, root)) return schemaText(target, place, indent);
  const own = free(name + pascalCase(ref.slice(ref.lastIndexOf('/') + 1)));
  names.set(ref, own);
  named.push(`export type ${own} = ${schemaText(target, place, '')};\n\n`);
  return own;
}

function pascalCase(text: string): string {
  return text.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9]?)/g, (_, first: string) => first.toUpperCase());
}

function unionText(parts: readonly string[]): string {
  return [...new Set(parts)].join(' | ') || 'never';
}

function inBrackets(text: string): string {
  const isOne = /^\w+$/.test(text) || (text.startsWith('{') && !/\} [|&] /.test(text));
  return isOne ? text : `(${text})`;
}

function literalText(value: Json): string {
  if (typeof value === 'string') return quoted(value);
  return value === null || typeof value !== 'object' ? JSON.stringify(value) : 'unknown';
}

export function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function keyText(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

/** On one line, and without what ends a comment. */
export function comment(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('*/', '*\u200b/').trim();
}
