// Every way in which one field of an object can be wrong, tried one at a time.
import { isObject, type Json, type JsonObject, type Path, setOwn } from '@konfig/core';

/** An object with one field changed. */
export interface Mutation {
  readonly path: Path;
  readonly what: string;
  /** By the structure of its kind alone it cannot be right. */
  readonly isStructural: boolean;
  readonly object: JsonObject;
}

export function mutationsOf(object: JsonObject): readonly Mutation[] {
  return placesIn(object, []).flatMap(({ path, value }) =>
    changesOf(value, path).map(({ what, next, isStructural = false }) => ({
      path,
      what,
      isStructural,
      object: withValue(object, path, next) as JsonObject,
    })),
  );
}

/** All places but those that say which object it is. */
function placesIn(value: Json, path: Path): readonly { readonly path: Path; readonly value: Json }[] {
  if (/^(apiVersion|kind|metadata\.name|metadata\.namespace)$/.test(path.join('.'))) return [];
  const inner = Array.isArray(value) ? [...value.entries()] : isObject(value) ? Object.entries(value) : [];
  return [...(path.length > 0 ? [{ path, value }] : []), ...inner.flatMap(([key, child]) => placesIn(child as Json, [...path, key]))];
}

interface Change {
  readonly what: string;
  /** Undefined: it is taken away. */
  readonly next: Json | undefined;
  readonly isStructural?: boolean;
}

function changesOf(value: Json, path: Path): readonly Change[] {
  const isIdentity = path.length === 1 && path[0] === 'metadata';
  if (isIdentity && isObject(value)) return [{ what: 'with an unknown field', next: { ...value, bogusField: 1 }, isStructural: true }];
  return [{ what: 'taken away', next: undefined }, { what: 'null', next: null }, ...otherTypes(value)];
}

function otherTypes(value: Json): readonly Change[] {
  if (typeof value === 'string')
    return [
      { what: 'a list', next: ['x'], isStructural: true },
      { what: 'an object', next: { a: 'b' }, isStructural: true },
      { what: 'a number', next: 5 },
      ...['', 'bogus', 'Bo_gus/ x'].map((next) => ({ what: JSON.stringify(next), next })),
    ];
  if (typeof value === 'number')
    return [
      { what: 'an object', next: { a: 'b' }, isStructural: true },
      { what: 'true', next: true, isStructural: true },
      ...[-1, 0, 1, 65_536, 99_999_999_999, 1.5, 'x', '7'].map((next) => ({ what: JSON.stringify(next), next })),
    ];
  if (typeof value === 'boolean')
    return [
      { what: '"true"', next: 'true', isStructural: true },
      { what: 'a number', next: 1, isStructural: true },
      { what: 'the other one', next: !value },
    ];
  if (Array.isArray(value))
    return [
      { what: 'an object', next: { a: 'b' }, isStructural: true },
      { what: 'empty', next: [] },
      { what: 'with an entry twice', next: [...value, value[value.length - 1] as Json] },
      { what: 'with a number in it', next: [...value, 5] },
    ];
  if (!isObject(value)) return [];
  return [
    { what: 'a text', next: 'x', isStructural: true },
    { what: 'a list', next: [value], isStructural: true },
    { what: 'empty', next: {} },
    { what: 'with an unknown number', next: { ...value, bogusField: 1 } },
    { what: 'with an unknown text', next: { ...value, bogusField: 'x' } },
  ];
}

function withValue(value: Json, [part, ...rest]: Path, next: Json | undefined): Json {
  const changed = (child: Json) => (rest.length === 0 ? next : withValue(child, rest, next));
  if (Array.isArray(value))
    return value.flatMap((item: Json, i) => {
      const kept = i === part ? changed(item) : item;
      return kept === undefined ? [] : [kept];
    });
  const copy: Record<string, Json> = {};
  for (const [key, child] of Object.entries(value as JsonObject)) {
    const kept = key === part ? changed(child) : child;
    if (kept !== undefined) setOwn(copy, key, kept);
  }
  return copy;
}
