// What was meant: a field of a similar name, or the place where a field of this name belongs.
import { didYouMean, isObject, type Json, type JsonObject, type Path, pathText, valueAt } from '@konfig/core';
import { partOf } from './fault';
import { mustBe } from './scalar';
import { fieldsOf, type Type } from './table';

/** An object on the way down, and what it is. */
export interface Level {
  readonly definition: string;
  readonly path: Path;
}

interface Search {
  readonly object: JsonObject;
  /** The definition of the whole object. */
  readonly root: string;
  readonly minor: number;
  /** From the whole object down to where the unknown field stands. */
  readonly levels: readonly Level[];
}

/** What to write instead of an unknown field. */
export function fieldHint(search: Search, name: string, value: Json): string {
  const here = search.levels[search.levels.length - 1] as Level;
  const names = [...fieldsOf(here.definition, search.minor).keys()];
  const near = didYouMean(name, names).trim();
  if (near) return near;
  const place = placeOf(search, name, value);
  if (place) return `It belongs into ${place}.`;
  return names.length <= 12 ? `There are: ${names.join(', ')}.` : 'Check its spelling and where it belongs.';
}

/** What to write instead of a value that is none of these. */
export function enumHint(value: Json, values: readonly string[]): string | undefined {
  if (typeof value !== 'string') return undefined;
  const same = values.find((one) => one.toLowerCase() === value.toLowerCase());
  return same ? `Did you mean ${same}?` : didYouMean(value, values).trim() || undefined;
}

/** The nearest place in this kind that has a field of this name which can hold the value: below where it stands, else further up. */
function placeOf(search: Search, name: string, value: Json): string | undefined {
  for (const level of [...search.levels].reverse()) {
    const found = below(search, level, name, value);
    if (found) return found.length === 0 ? 'the object itself' : pathText(found);
  }
  return undefined;
}

const deepest = 7;

function below(search: Search, from: Level, name: string, value: Json): Path | undefined {
  const seen = new Set<string>();
  let level: readonly Level[] = [from];
  for (let depth = 0; depth < deepest && level.length > 0; depth++) {
    const next: Level[] = [];
    for (const { definition, path } of level) {
      const fields = fieldsOf(definition, search.minor);
      const field = fields.get(name);
      if (field && canHold(field.type, value)) return path;
      for (const [key, { type }] of fields) {
        const inner = innerOf(type);
        if (!inner || seen.has(inner) || key === 'status') continue;
        seen.add(inner);
        next.push({ definition: inner, path: [...path, key, ...(type.is === 'list' ? [entryOf(search.object, [...path, key])] : [])] });
      }
    }
    level = next;
  }
  return undefined;
}

function innerOf(type: Type): string | undefined {
  const inner = type.is === 'list' ? type.of : type;
  return inner.is === 'object' ? inner.definition : undefined;
}

/** The entry that is there, or the first of those that could be. */
function entryOf(object: JsonObject, path: Path) {
  const list = valueAt(object, path);
  return Array.isArray(list) && list.length > 0 ? partOf(list[0] as Json, 0) : 0;
}

function canHold(type: Type, value: Json): boolean {
  switch (type.is) {
    case 'any':
      return true;
    case 'scalar':
      return mustBe(type.scalar, value) === undefined;
    case 'enum':
      return typeof value === 'string';
    case 'list':
      return Array.isArray(value) && value.every((item) => canHold(type.of, item));
    case 'map':
    case 'object':
      return isObject(value);
  }
}
