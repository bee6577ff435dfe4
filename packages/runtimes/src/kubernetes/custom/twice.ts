// Entries of a list that may be there once only.
import { asLater, isObject, type Json, type JsonObject } from '@konfig/core';

/** The entries that are there before, by their index, and in words what they have in common. */
export function twice(schema: JsonObject, list: readonly Json[]): readonly { readonly index: number; readonly words: string }[] {
  const seen = new Set<string>();
  return list.flatMap((item, index) => {
    const words = identity(schema, item);
    if (words === undefined || !seen.has(words)) {
      if (words !== undefined) seen.add(words);
      return [];
    }
    return [{ index, words }];
  });
}

/** Undefined where an entry may be there several times, or where it is not known yet. */
function identity(schema: JsonObject, item: Json): string | undefined {
  if (asLater(item)) return undefined;
  if (schema['x-kubernetes-list-type'] === 'set') return isObject(item) || Array.isArray(item) ? undefined : JSON.stringify(item);
  const keys = schema['x-kubernetes-list-map-keys'];
  if (schema['x-kubernetes-list-type'] !== 'map' || !Array.isArray(keys) || !isObject(item)) return undefined;
  const values = keys.map((key) => item[String(key)] ?? defaultOf(schema, String(key)));
  if (values.some((value) => value === undefined || asLater(value))) return undefined;
  return keys.map((key, i) => `the ${String(key)} ${JSON.stringify(values[i])}`).join(' and ');
}

function defaultOf({ items }: JsonObject, key: string): Json | undefined {
  const properties = isObject(items) ? items.properties : undefined;
  const own = isObject(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined;
  return isObject(own) ? own.default : undefined;
}
