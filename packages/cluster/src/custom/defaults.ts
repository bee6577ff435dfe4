import { isObject, type JsonObject } from '../schema/type';
import { type JsonSchema, valueSchema } from './definition';

/** Fills in the defaults of a schema, in place; a null that may not be one counts as absent. */
export function fillDefaults(schema: JsonSchema | undefined, value: unknown): void {
  if (!schema) return;
  if (Array.isArray(value)) fillItems(schema, value);
  else if (isObject(value)) fillFields(schema, value);
}

function fillItems(schema: JsonSchema, list: unknown[]): void {
  for (const [index, item] of list.entries()) {
    if (item === null && schema.items?.default !== undefined && !schema.items.nullable) list[index] = structuredClone(schema.items.default);
    fillDefaults(schema.items, list[index]);
  }
}

function fillFields(schema: JsonSchema, object: JsonObject): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const absent = object[name] === undefined || (object[name] === null && !property.nullable);
    if (absent && property.default !== undefined) object[name] = structuredClone(property.default);
  }
  const values = valueSchema(schema);
  for (const key in object) {
    const below = schema.properties?.[key] ?? values;
    if (object[key] !== null || !below || below.nullable) fillDefaults(below, object[key]);
    else if (below.default !== undefined) object[key] = structuredClone(below.default);
    else delete object[key];
  }
}
