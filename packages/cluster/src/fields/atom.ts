import { isObject, type ListType, type MapType, type Scalar, type Type } from '../schema/type';

/** The one form of a type that a value takes. */
export type Atom = { readonly map: MapType } | { readonly scalar: Scalar } | { readonly list: ListType };

/** Picks the form by the value; null and absent values fit any, and take the first the type has. */
export function atomOf(type: Type, value: unknown): Atom {
  if (value !== null && value !== undefined) {
    if (Array.isArray(value)) {
      if (type.list) return { list: type.list };
    } else if (isObject(value)) {
      if (type.map) return { map: type.map };
    } else if (type.scalar) return { scalar: type.scalar };
  }
  if (type.map) return { map: type.map };
  if (type.scalar) return { scalar: type.scalar };
  return { list: type.list as ListType };
}

export function sameAtom(a: Atom, b: Atom): boolean {
  return ('map' in a && 'map' in b) || ('scalar' in a && 'scalar' in b) || ('list' in a && 'list' in b);
}

/** The type of the value under a key, or none when the schema does not know the key. */
export function typeUnder(map: MapType, key: string): Type | undefined {
  return map.fields.get(key)?.type ?? map.element;
}

/** Deep equality of JSON; the order of keys does not count, numbers are equal by value. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  if (Array.isArray(b)) return false;
  const left = a as { [key: string]: unknown };
  const right = b as { [key: string]: unknown };
  let count = 0;
  for (const key in left) {
    if (left[key] === undefined) continue;
    count++;
    if (right[key] === undefined || !sameJson(left[key], right[key])) return false;
  }
  for (const key in right) if (right[key] !== undefined) count--;
  return count === 0;
}
