// What differs between two values as Terraform tells them, field by field.
import { equalJson, type FieldChange, isObject, type Json, type Path, type PathPart } from '@konfig/core';
import type { Change } from './plan-json';

/** A value with what Terraform says of it. */
interface Sides {
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  readonly unknown: Json | undefined;
  readonly sensitive: readonly (Json | undefined)[];
}

/** In the order of their paths. `later` makes what stands for a value that only the apply tells. Values that are sensitive are left out. */
export function fieldChanges(change: Change, later: (path: Path) => Json): readonly FieldChange[] {
  const found: FieldChange[] = [];
  const { before, after, after_unknown: unknown, before_sensitive, after_sensitive } = change;
  const isNew = before === undefined || before === null;
  const walk = (sides: Sides, path: Path): void => {
    const { before, after, unknown, sensitive } = sides;
    if (sensitive.includes(true)) {
      if (holdsTrue(unknown) || !isSame(before, after)) found.push({ path, sensitive: true });
    } else if (unknown === true) found.push({ path, ...present('before', before), after: later(path) });
    else if (isBranch(sides)) for (const key of keysOf(sides)) walk(below(sides, key), [...path, key]);
    else if (!isSame(before, after) && !(isNew && isEmpty(after)))
      found.push({ path, ...present('before', before), ...present('after', after) });
  };
  walk({ before, after, unknown, sensitive: [before_sensitive, after_sensitive] }, []);
  return found;
}

/** Terraform has null for what is not there. */
function isSame(before: Json | undefined, after: Json | undefined): boolean {
  return equalJson(before ?? null, after ?? null);
}

function isEmpty(value: Json | undefined): boolean {
  return (Array.isArray(value) && value.length === 0) || (isObject(value) && Object.keys(value).length === 0);
}

function present(side: 'before' | 'after', value: Json | undefined): { readonly before?: Json } | { readonly after?: Json } {
  return value === undefined || value === null ? {} : { [side]: value };
}

/** Objects are looked into, and lists that hold objects, or something that is sensitive or not known. */
function isBranch({ before, after, unknown, sensitive }: Sides): boolean {
  const sides = [before, after].filter((side) => side !== undefined && side !== null);
  if (sides.length === 0) return isObject(unknown) || Array.isArray(unknown);
  if (sides.every(isObject)) return sides.some((side) => !isEmpty(side)) || !isEmpty(unknown);
  if (!sides.every(Array.isArray)) return false;
  return sides.some((side) => (side as readonly Json[]).some(isObject)) || [unknown, ...sensitive].some(holdsTrue);
}

function keysOf({ before, after, unknown }: Sides): readonly PathPart[] {
  const sides = [before, after, unknown];
  if (sides.some(Array.isArray)) {
    const length = Math.max(...sides.map((side) => (Array.isArray(side) ? side.length : 0)));
    return Array.from({ length }, (_, i) => i);
  }
  return [...new Set(sides.flatMap((side) => (isObject(side) ? Object.keys(side) : [])))].sort();
}

function below({ before, after, unknown, sensitive }: Sides, key: PathPart): Sides {
  return {
    before: child(before, key),
    after: child(after, key),
    unknown: child(unknown, key),
    sensitive: sensitive.map((side) => child(side, key)),
  };
}

export function child(value: Json | undefined, key: PathPart): Json | undefined {
  if (Array.isArray(value)) return typeof key === 'number' ? (value[key] as Json | undefined) : undefined;
  return isObject(value) && typeof key === 'string' && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Is it true, or anything inside it? */
export function holdsTrue(value: Json | undefined): boolean {
  if (value === true) return true;
  if (Array.isArray(value)) return value.some(holdsTrue);
  return isObject(value) && Object.values(value).some(holdsTrue);
}
