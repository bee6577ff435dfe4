// Reading objects whose shape nobody has checked yet.
import { asLater, isObject, type Json, type JsonObject, type Path } from '@konfig/core';
import { partOf } from './schema/fault';

/** The value below these keys; undefined where there is none. */
export function at(value: Json | undefined, ...keys: readonly string[]): Json | undefined {
  let here = value;
  for (const key of keys) here = isObject(here) && Object.hasOwn(here, key) ? here[key] : undefined;
  return here;
}

export function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** An object inside another one, and where. */
export interface Entry {
  readonly value: JsonObject;
  readonly path: Path;
}

/** The objects of a list below these keys, each with its path. */
export function entriesAt({ value, path }: Entry, ...keys: readonly string[]): readonly Entry[] {
  return list(at(value, ...keys)).flatMap((item, i) => (isThere(item) ? [{ value: item, path: [...path, ...keys, partOf(item, i)] }] : []));
}

/** The object below these keys; none where there is none. */
export function objectAt({ value, path }: Entry, ...keys: readonly string[]): readonly Entry[] {
  const found = at(value, ...keys);
  return isThere(found) ? [{ value: found, path: [...path, ...keys] }] : [];
}

/** An object that is known already. */
function isThere(value: Json | undefined): value is JsonObject {
  return isObject(value) && !asLater(value);
}
