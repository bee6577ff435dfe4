// A config that a schema allows, and one that it does not.
import { isObject, type Json, type JsonObject } from '@konfig/core';
import { faultsIn } from '../schema';

/** What the schema itself shows in `examples`, else as little as it asks for; undefined where that does not fit it. */
export function sampleOf(schema: JsonObject): JsonObject | undefined {
  const [example] = examplesOf(schema);
  const made = example ?? sampleValue(schema, { root: schema, through: [] });
  return isObject(made) && faultsIn(made, schema).length === 0 ? made : undefined;
}

export function examplesOf({ examples }: JsonObject): readonly JsonObject[] {
  return Array.isArray(examples) ? examples.filter(isObject) : [];
}

/** The sample with one field of a wrong kind; undefined where the schema allows everything. */
export function wrongSampleOf(schema: JsonObject, sample: JsonObject): { readonly config: JsonObject; readonly field: string } | undefined {
  const properties = isObject(schema.properties) ? Object.keys(schema.properties) : [];
  for (const name of properties) {
    for (const wrong of [['wrong'], { wrong: true }, 12345.5, 'not of this kind']) {
      const config = { ...sample, [name]: wrong };
      if (faultsIn(config, schema).length > 0) return { config, field: name };
    }
  }
  return undefined;
}

/** Where in a schema we are. */
interface Place {
  readonly root: JsonObject;
  /** References that led here. */
  readonly through: readonly string[];
}

/** Undefined: it leads into itself without an end. */
function sampleValue(given: Json | undefined, from: Place): Json | undefined {
  const ref = isObject(given) && typeof given.$ref === 'string' ? given.$ref : undefined;
  if (ref !== undefined && from.through.includes(ref)) return undefined;
  const place = ref === undefined ? from : { ...from, through: [...from.through, ref] };
  const schema = resolved(given, from.root);
  if (!isObject(schema)) return 'text';
  for (const key of ['const', 'default'] as const) if (schema[key] !== undefined) return schema[key];
  if (Array.isArray(schema.enum)) return schema.enum[0] as Json;
  if (Array.isArray(schema.examples) && schema.examples.length > 0) return schema.examples[0] as Json;
  const either = [schema.oneOf, schema.anyOf].find((list) => Array.isArray(list)) as readonly Json[] | undefined;
  if (either) return either.map((one) => sampleValue(one, place)).find((sample) => sample !== undefined);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case 'object':
      return objectOf(schema, place);
    case 'array':
      return listOf(schema, place);
    case 'integer':
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return schema.properties ? objectOf(schema, place) : textOf(schema);
  }
}

function resolved(schema: Json | undefined, root: JsonObject): Json | undefined {
  const name = isObject(schema) && typeof schema.$ref === 'string' ? /^#\/\$defs\/([^/]+)$/.exec(schema.$ref)?.[1] : undefined;
  return name !== undefined && isObject(root.$defs) ? root.$defs[name] : schema;
}

function objectOf({ properties, required }: JsonObject, place: Place): JsonObject | undefined {
  const names = Array.isArray(required) ? required.map(String) : [];
  const samples = names.map((name) => [name, sampleValue(isObject(properties) ? properties[name] : undefined, place)] as const);
  const found = samples.filter((sample): sample is readonly [string, Json] => sample[1] !== undefined);
  return found.length === samples.length ? Object.fromEntries(found) : undefined;
}

function listOf({ items, minItems }: JsonObject, place: Place): readonly Json[] | undefined {
  const count = Number(minItems ?? 0);
  const item = count > 0 ? sampleValue(items, place) : null;
  return item === undefined ? undefined : Array.from({ length: count }, () => item);
}

function numberOf({ minimum, exclusiveMinimum, multipleOf }: JsonObject): number {
  if (typeof minimum === 'number') return minimum;
  return typeof exclusiveMinimum === 'number' ? exclusiveMinimum + 1 : Number(multipleOf ?? 1);
}

const texts: { readonly [format: string]: string } = {
  email: 'verify@example.com',
  uri: 'https://verify.example/',
  hostname: 'verify.example',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uuid: '4b1ecb6e-4b9c-4f0d-8a0e-0f6d3f1f0a55',
  date: '2030-01-01',
  'date-time': '2030-01-01T00:00:00Z',
};

function textOf({ format, minLength }: JsonObject): string {
  return texts[String(format)] ?? 'verify'.padEnd(Number(minLength ?? 0), 'x');
}
