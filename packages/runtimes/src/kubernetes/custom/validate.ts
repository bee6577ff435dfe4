// A custom resource against the structural schema of its kind, without a server. Rules in CEL are left to the server.
import { asLater, isObject, type Json, type JsonObject, type Path } from '@konfig/core';
import { matchesInTime } from '../../in-time';
import { partOf } from '../schema/fault';
import { scalarHint } from '../schema/scalar';
import { enumHint } from '../schema/suggest';
import { formatFault } from './format';
import { customFieldHint } from './suggest';
import { twice } from './twice';

/** What is wrong with one field. */
export interface Fault {
  readonly path: Path;
  /** Without the value, which may be secret: `must be integer, not string`. */
  readonly message: string;
  /** What is there, where the message is about that. */
  readonly value?: Json;
  /** The schema does not have the field, so the server would drop or refuse it. */
  readonly isUnknown?: boolean;
  /** What to write instead, where that can be guessed. */
  readonly hint?: string;
}

/** All that the schema has against the object. What every object has (apiVersion, kind, metadata) is not looked at. */
export function faultsIn(schema: JsonObject, object: JsonObject): readonly Fault[] {
  const found: Fault[] = [];
  checkFields({ root: schema, schema, path: [], isRoot: true }, object, found);
  return found;
}

interface Place {
  /** Of the whole object. */
  readonly root: JsonObject;
  readonly schema: JsonObject;
  readonly path: Path;
  readonly isRoot?: boolean;
}

function check(place: Place, value: Json, found: Fault[]): void {
  const { schema, path } = place;
  // Nobody knows it yet.
  if (asLater(value)) return;
  if (value === null) {
    if (schema.nullable !== true && schema.default === undefined) found.push({ path, message: 'may not be null' });
    return;
  }
  const wrong = typeFault(schema, value);
  if (wrong) {
    found.push({ path, message: wrong, value, ...hintFor(schema, value) });
    return;
  }
  found.push(...limitFaults(schema, value).map((message) => ({ path, message, value, ...hintFor(schema, value) })));
  if (Array.isArray(value))
    found.push(
      ...twice(schema, value).map(({ index, words }) => ({
        path: [...path, partOf(value[index] as Json, index)],
        message: `is there twice: ${words}`,
      })),
    );
  if (isObject(value)) checkFields(place, value, found);
  else if (Array.isArray(value) && isObject(schema.items)) {
    for (const [i, item] of value.entries())
      check({ root: place.root, schema: schema.items, path: [...path, partOf(item, i)] }, item, found);
  }
}

const everyObject = new Set(['apiVersion', 'kind', 'metadata']);

function checkFields({ root, schema, path, isRoot }: Place, value: JsonObject, found: Fault[]): void {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const isEmbedded = isRoot || schema['x-kubernetes-embedded-resource'] === true;
  for (const [key, child] of Object.entries(value)) {
    if (isEmbedded && everyObject.has(key)) continue;
    if (isRoot && key === 'status') continue;
    const here = [...path, key];
    const own = Object.hasOwn(properties, key) ? properties[key] : schema.additionalProperties;
    if (isObject(own)) check({ root, schema: own, path: here }, child, found);
    else if (!isOpen(schema))
      found.push({ path: here, message: 'is a field that its kind does not have', isUnknown: true, ...hintOf(key, schema, root) });
  }
  for (const key of requiredIn(schema, isRoot)) {
    if (Object.hasOwn(value, key) || (isRoot && key === 'status')) continue;
    const own = properties[key];
    if (isObject(own) && own.default !== undefined) continue;
    found.push({ path: [...path, key], message: 'is required' });
  }
}

/** An object inside of another has to say what it is. */
function requiredIn(schema: JsonObject, isRoot = false): ReadonlySet<string> {
  const own = (Array.isArray(schema.required) ? schema.required : []).filter((key) => typeof key === 'string');
  return new Set([...own, ...(schema['x-kubernetes-embedded-resource'] === true && !isRoot ? ['apiVersion', 'kind'] : [])]);
}

/** How to write the value that was surely meant. */
function hintFor({ type, enum: allowed }: JsonObject, value: Json): Pick<Fault, 'hint'> {
  const words = Array.isArray(allowed) ? allowed.filter((one) => typeof one === 'string') : [];
  const hint = enumHint(value, words) ?? (isScalar(type) ? scalarHint(type, value) : undefined);
  return hint === undefined ? {} : { hint };
}

function isScalar(type: Json | undefined): type is 'string' | 'boolean' | 'integer' {
  return type === 'string' || type === 'boolean' || type === 'integer';
}

function hintOf(key: string, schema: JsonObject, root: JsonObject): Pick<Fault, 'hint'> {
  const hint = customFieldHint(key, schema, root);
  return hint === undefined ? {} : { hint };
}

/** May there be fields that the schema does not name? */
function isOpen(schema: JsonObject): boolean {
  if (schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties === true) return true;
  return schema.type !== 'object' && schema.properties === undefined;
}

function typeFault(schema: JsonObject, value: Json): string | undefined {
  const actual = typeOf(value);
  if (schema['x-kubernetes-int-or-string'] === true)
    return actual === 'integer' || actual === 'string' ? undefined : `must be integer or string, not ${actual}`;
  const { type } = schema;
  if (typeof type !== 'string' || type === actual || (type === 'number' && actual === 'integer')) return undefined;
  return `must be ${type}, not ${actual}`;
}

function typeOf(value: Json): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function limitFaults(schema: JsonObject, value: Json): readonly string[] {
  const { pattern, format, multipleOf } = schema;
  const allowed = schema.enum;
  const found: string[] = [];
  if (Array.isArray(allowed) && !allowed.some((one) => JSON.stringify(one) === JSON.stringify(value)))
    found.push(`must be one of ${allowed.map((one) => JSON.stringify(one)).join(', ')}`);
  if (typeof value === 'string' && typeof pattern === 'string' && !matches(pattern, value)) found.push(`must match ${pattern}`);
  const misread = typeof value === 'string' && typeof format === 'string' ? formatFault(format, value) : undefined;
  if (misread !== undefined) found.push(misread);
  if (typeof value === 'number' && typeof multipleOf === 'number' && !isMultiple(value, multipleOf))
    found.push(`must be a multiple of ${multipleOf}`);
  for (const { key, size, says } of limits) {
    const limit = schema[key];
    const actual = size(value);
    if (typeof limit !== 'number' || actual === undefined) continue;
    const isExclusive = schema[`exclusive${key[0]?.toUpperCase()}${key.slice(1)}`] === true;
    const isWithin = key.startsWith('min')
      ? actual > limit || (actual === limit && !isExclusive)
      : actual < limit || (actual === limit && !isExclusive);
    if (!isWithin) found.push(says(limit));
  }
  return found;
}

/** Numbers with a fraction are never exact. */
function isMultiple(value: number, of: number): boolean {
  const times = value / of;
  return Math.abs(times - Math.round(times)) <= 1e-9 * Math.max(1, Math.abs(times));
}

const amount = (value: Json) => (typeof value === 'number' ? value : undefined);
const length = (value: Json) => (typeof value === 'string' ? [...value].length : undefined);
const items = (value: Json) => (Array.isArray(value) ? value.length : undefined);
const fields = (value: Json) => (isObject(value) ? Object.keys(value).length : undefined);

const limits: readonly { readonly key: string; size(value: Json): number | undefined; says(limit: number): string }[] = [
  { key: 'minimum', size: amount, says: (limit) => `may not be below ${limit}` },
  { key: 'maximum', size: amount, says: (limit) => `may not be above ${limit}` },
  { key: 'minLength', size: length, says: (limit) => `may not be shorter than ${limit} characters` },
  { key: 'maxLength', size: length, says: (limit) => `may not be longer than ${limit} characters` },
  { key: 'minItems', size: items, says: (limit) => `may not have fewer than ${limit} entries` },
  { key: 'maxItems', size: items, says: (limit) => `may not have more than ${limit} entries` },
  { key: 'minProperties', size: fields, says: (limit) => `may not have fewer than ${limit} fields` },
  { key: 'maxProperties', size: fields, says: (limit) => `may not have more than ${limit} fields` },
];

/** A pattern that this engine does not read, such as one in RE2's own words, or is not through with, is left to the server. */
function matches(pattern: string, value: string): boolean {
  try {
    return matchesInTime(new RegExp(pattern, 'u'), value, true);
  } catch {
    return true;
  }
}
