// Settings as trees of fields: objects are laid over each other field by field, at every depth; all else, lists too, is taken whole.
import { setOwn } from '@konfig/core';
import { linkField } from '../provenance/links';
import { isRecord } from '../shape';

/** The way to a field. */
export type FieldPath = readonly string[];

interface Entries {
  readonly [name: string]: unknown;
}

/** One value over another. What is undefined says nothing. */
export function laidOver(below: unknown, above: unknown): unknown {
  if (above === undefined) return below;
  if (!isRecord(below) || !isRecord(above)) return above;
  const result: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(below), ...Object.keys(above)])) {
    const from = own(above, key) === undefined ? below : above;
    putField(result, key, laidOver(own(below, key), own(above, key)), from);
  }
  return result;
}

/** A copy that nobody can change, whose fields lead to where those of the first were written. */
export function frozenCopy<T>(value: T): T {
  if (Array.isArray(value)) {
    const list = value.map(frozenCopy);
    for (const i of list.keys()) linkField(list, String(i), value, String(i));
    return Object.freeze(list) as T;
  }
  if (!isRecord(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) putField(copy, key, frozenCopy(value[key]), value);
  return Object.freeze(copy) as T;
}

/** The fields that have no fields in them, in the order of the object. */
export function leavesOf(value: unknown, path: FieldPath = []): readonly FieldPath[] {
  if (value === undefined) return [];
  if (!isRecord(value) || (Object.keys(value).length === 0 && path.length > 0)) return [path];
  return Object.keys(value).flatMap((key) => leavesOf(value[key], [...path, key]));
}

/** The value at a path; undefined where there is none. */
export function fieldAt(value: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>((here, key) => (isRecord(here) ? own(here, key) : undefined), value);
}

function own(object: Entries, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets a field, whatever it is called, `__proto__` too; its line is that of the same field of another object. */
export function putField(object: Record<string, unknown>, key: string, value: unknown, from: object): void {
  setOwn(object as Parameters<typeof setOwn>[0], key, value as Parameters<typeof setOwn>[2]);
  linkField(object, key, from, key);
}
