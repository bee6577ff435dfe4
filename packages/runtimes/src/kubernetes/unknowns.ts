// Values that nobody knows before an apply: left out of the dry run, shown as known after apply.
import {
  type FieldChange,
  type Json,
  type JsonObject,
  latersIn,
  type Path,
  type Problem,
  pathText,
  type Resource,
  valueAt,
} from '@konfig/core';
import { without } from './field-set';
import { namedParts } from './rejection';

/** The attributes without the fields that are not known yet. */
export function withoutUnknowns(attributes: JsonObject): JsonObject {
  // Last first, so that the indexes of a list still fit when its earlier items go.
  return [...unknownPaths(attributes)].reverse().reduce<JsonObject>((left, path) => (without(left, path) ?? {}) as JsonObject, attributes);
}

/** One change for each value that is not known yet, with what is there now. */
export function unknownChanges(attributes: JsonObject, live: JsonObject): readonly FieldChange[] {
  return unknownPaths(attributes).map((path) => {
    const named = namedParts(path, attributes);
    const before = valueAt(live, named);
    return { path: named, ...(before === undefined ? {} : { before }), after: valueAt(attributes, path) as JsonObject };
  });
}

/** What a dry run without the unknown fields says of the others: that those are gone follows from their being left out. Undefined: it says nothing else. */
export function withoutUnknownParts(change: FieldChange, unknown: readonly Path[]): FieldChange | undefined {
  if (unknown.some((path) => isAtOrBelow(change.path, path))) return undefined;
  const below = unknown.filter((path) => isAtOrBelow(path, change.path)).map((path) => path.slice(change.path.length));
  if (below.length === 0) return change;
  const { before, ...rest } = change;
  const left = below.reduce<Json | undefined>((value, path) => value && without(value, path), before);
  if (left === undefined) return change.after === undefined ? undefined : rest;
  return { ...rest, before: left };
}

/** Is all that is wrong that a value is not known yet: `spec.host: Required value`? */
export function isAboutUnknowns(problems: readonly Problem[], resource: Resource): boolean {
  const unknown = unknownPaths(resource.attributes).map((path) => pathText(namedParts(path, resource.attributes)));
  return (
    unknown.length > 0 &&
    problems.every(({ at }) => {
      const field = at?.slice(resource.id.length + 1);
      return field !== undefined && field !== '' && unknown.some((path) => path.startsWith(field) || field.startsWith(path));
    })
  );
}

/** Does the path lie at or below the other? */
export function isAtOrBelow(path: Path, above: Path): boolean {
  const texts = [pathText(above), pathText(path)] as const;
  return texts[1] === texts[0] || (texts[1].startsWith(texts[0]) && /^[.[]/.test(texts[1].slice(texts[0].length)));
}

function unknownPaths(attributes: JsonObject): readonly Path[] {
  return latersIn(attributes).flatMap(({ path, later }) => ('$unknown' in later ? [path] : []));
}
