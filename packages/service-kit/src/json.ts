// JSON as the kit walks and compares it.

/** Any JSON value, read-only. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object, read-only. */
export interface JsonObject {
  readonly [key: string]: Json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Equal, whatever the order of keys. */
export function equalJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => equalJson(item, b[i] as Json));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equalJson(a[key], b[key]));
}

/** One more step of a JSON pointer (RFC 6901): `/a~1b` for the key `a/b`. */
export function below(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The keys of a JSON pointer. */
export function keysOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Is the field at `pointer` that at `above`, or in it? */
export function isWithin(pointer: string, above: string): boolean {
  return pointer === above || pointer.startsWith(`${above}/`);
}

/** The value at a JSON pointer; undefined where there is none. */
export function valueAt(value: Json, pointer: string): Json | undefined {
  let here: Json | undefined = value;
  for (const key of keysOf(pointer)) {
    if (Array.isArray(here)) here = here[Number(key)] as Json | undefined;
    else here = isObject(here) && Object.hasOwn(here, key) ? here[key] : undefined;
  }
  return here;
}

/** A copy without the fields at these pointers. */
export function without(value: JsonObject, pointers: readonly string[]): JsonObject {
  const drop = (here: Json, at: string): Json => {
    if (!isObject(here)) return here;
    const kept = Object.entries(here).filter(([key]) => !pointers.includes(below(at, key)));
    return Object.fromEntries(kept.map(([key, child]) => [key, drop(child, below(at, key))]));
  };
  return drop(value, '') as JsonObject;
}
