// Where the references of a JSON Schema lead.
import { isObject, type Json, type JsonObject } from '@konfig/core';

/** `#`, or `#/$defs/Port`; a reference elsewhere is followed by nobody. */
export function targetOf(ref: string, root: JsonObject): Json | undefined {
  if (ref === '#') return root;
  const name = /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(ref)?.[1];
  const found = [root.$defs, root.definitions].find((defs) => isObject(defs) && name !== undefined && Object.hasOwn(defs, name));
  return isObject(found) && name !== undefined ? found[name] : undefined;
}

/** Does it lead to itself, by whatever way? */
export function refersToItself(ref: string, root: JsonObject): boolean {
  return comesBack(ref, root, referencesIn);
}

/** Does it say nothing but itself, with no object or list in between? */
export function isHollow(ref: string, root: JsonObject): boolean {
  return comesBack(ref, root, alternativesIn);
}

function comesBack(ref: string, root: JsonObject, next: (schema: Json | undefined) => readonly string[]): boolean {
  const seen = new Set<string>();
  const left = [...next(targetOf(ref, root))];
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    if (one === ref) return true;
    if (seen.has(one)) continue;
    seen.add(one);
    left.push(...next(targetOf(one, root)));
  }
  return false;
}

function referencesIn(schema: Json | undefined): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(referencesIn);
  if (!isObject(schema)) return [];
  const here = typeof schema.$ref === 'string' ? [schema.$ref] : [];
  return [...here, ...Object.values(schema).flatMap(referencesIn)];
}

function alternativesIn(schema: Json | undefined): readonly string[] {
  if (!isObject(schema)) return [];
  if (typeof schema.$ref === 'string') return [schema.$ref];
  return [schema.oneOf, schema.anyOf, schema.allOf].flatMap((list) => (Array.isArray(list) ? list.flatMap(alternativesIn) : []));
}
