// An object against the fields of its built-in kind: unknown fields, wrong types, missing ones, entries that are there twice.
import { asLater, isObject, type Json, type JsonObject, type Path } from '@konfig/core';
import { type Fault, partOf, quoted } from './fault';
import { mustBe, scalarHint } from './scalar';
import { enumHint, fieldHint, type Level } from './suggest';
import { type BuiltIn, type Field, type Fields, fieldSince, fieldsOf, type Type } from './table';

/** All that the fields of its kind, in this minor version, have against the object. */
export function structureFaults(object: JsonObject, kind: BuiltIn, minor: number): readonly Fault[] {
  const found: Fault[] = [];
  const root = { object, definition: kind.definition, minor };
  checkObject({ root, path: [], levels: [] }, kind.definition, object, found);
  return found;
}

/** What every object has, against the object of a kind that is not built in. */
export function metadataFaults(object: JsonObject, minor: number): readonly Fault[] {
  const found: Fault[] = [];
  const { metadata } = object;
  const root = { object, definition: 'meta.v1.ObjectMeta', minor };
  if (isObject(metadata)) checkObject({ root, path: ['metadata'], levels: [] }, root.definition, metadata, found);
  return found;
}

/** Where a value stands: the whole object, and the definitions on the way down. */
interface Place {
  readonly root: { readonly object: JsonObject; readonly definition: string; readonly minor: number };
  readonly path: Path;
  readonly levels: readonly Level[];
}

function check(place: Place, type: Type, value: Json, found: Fault[]): void {
  // Null is the same as nothing to the server; what is known later is checked when it is known.
  if (value === null || asLater(value)) return;
  switch (type.is) {
    case 'any':
      return;
    case 'scalar': {
      const words = mustBe(type.scalar, value);
      if (words !== undefined) found.push(wrong(place, value, words, scalarHint(type.scalar, value)));
      else if (type.range && typeof value === 'number') checkRange(place, type.range, value, found);
      return;
    }
    case 'enum':
      checkEnum(place, type.values, value, found);
      return;
    case 'map':
      if (!isObject(value)) found.push(wrong(place, value, 'an object'));
      else for (const [key, child] of Object.entries(value)) check({ ...place, path: [...place.path, key] }, type.of, child, found);
      return;
    case 'list':
      checkList(place, type, value, found);
      return;
    case 'object':
      if (isObject(value)) checkObject(place, type.definition, value, found);
      else found.push(wrong(place, value, 'an object'));
  }
}

function wrong({ path, root }: Place, value: Json, words: string, hint?: string): Fault {
  if (isHidden(path, root.object))
    return { path, message: `${lastOf(path)} is ${Array.isArray(value) ? 'a list' : `a ${typeof value}`}, but must be ${words}.` };
  return { path, message: `${lastOf(path)} is ${quoted(value)}, but must be ${words}.`, ...(hint === undefined ? {} : { hint }) };
}

/** What a Secret holds is not printed, however wrong it is. */
function isHidden(path: Path, { kind }: JsonObject): boolean {
  return kind === 'Secret' && (path[0] === 'data' || path[0] === 'stringData');
}

function lastOf(path: Path): string {
  const keys = path.filter((part) => typeof part === 'string');
  const last = path[path.length - 1];
  return typeof last === 'string' ? last : `an entry of ${String(keys[keys.length - 1] ?? 'the object')}`;
}

function checkRange(place: Place, [min, max]: readonly [number, number], value: number, found: Fault[]): void {
  if (value >= min && value <= max) return;
  found.push(wrong(place, value, max === Number.POSITIVE_INFINITY ? `at least ${min}` : `from ${min} to ${max}`));
}

function checkEnum(place: Place, values: readonly string[], value: Json, found: Fault[]): void {
  // An empty text is left out by the server, which then sets its default.
  if (value === '' || (typeof value === 'string' && values.includes(value))) return;
  found.push(wrong(place, value, `one of ${values.join(', ')}`, enumHint(value, values)));
}

function checkList(place: Place, type: Type & { readonly is: 'list' }, value: Json, found: Fault[]): void {
  if (!Array.isArray(value)) {
    const hint =
      type.of.is === 'object' || typeof value === 'object'
        ? 'Write it as a list, even of one entry.'
        : `Write it as a list: [${quoted(value)}].`;
    found.push(wrong(place, value, 'a list', hint));
    return;
  }
  const seen = new Map<string, Path>();
  for (const [i, item] of value.entries()) {
    const path = [...place.path, partOf(item, i)];
    // An entry that is null is an empty one.
    check({ ...place, path }, type.of, item === null && type.of.is === 'object' ? {} : item, found);
    const key = keyOf(type.keys, item);
    if (key === undefined) continue;
    const before = seen.get(key.id);
    if (before)
      found.push({
        path,
        message: `${lastOf(place.path)} has two entries with ${key.words}.`,
        hint: 'Keep one of them, or tell them apart.',
      });
    else seen.set(key.id, path);
  }
}

/** Keys that the server fills in before it compares. */
const defaults: { readonly [key: string]: Json } = { protocol: 'TCP' };

/** What tells an entry from the others; undefined where it is not known, or the list may hold it twice. */
function keyOf(keys: readonly string[], item: Json): { readonly id: string; readonly words: string } | undefined {
  if (keys.length === 0) return undefined;
  if (keys[0] === '*') return asLater(item) ? undefined : { id: JSON.stringify(item), words: `the value ${quoted(item)}` };
  if (!isObject(item) || asLater(item)) return undefined;
  const values = keys.map((key) => item[key] ?? defaults[key]);
  if (values.some((value) => value === undefined || asLater(value))) return undefined;
  return { id: JSON.stringify(values), words: keys.map((key, i) => `the ${key} ${quoted(values[i])}`).join(' and ') };
}

function checkObject(place: Place, definition: string, value: JsonObject, found: Fault[]): void {
  const { root, path } = place;
  const fields = fieldsOf(definition, root.minor);
  const levels = [...place.levels, { definition, path }];
  found.push(...missingFields(fields, value, place));
  for (const [name, child] of Object.entries(value)) {
    // What it says of itself is never sent.
    if (path.length === 0 && name === 'status') continue;
    const field = fields.get(name);
    if (field) check({ root, path: [...path, name], levels }, field.type, child, found);
    else found.push(unknownField({ ...place, levels }, definition, name, child));
  }
}

function missingFields(fields: Fields, value: JsonObject, { root, path }: Place): readonly Fault[] {
  return [...fields].flatMap(([name, field]) => {
    if (path.length === 0 && everyObject.has(name)) return [];
    if (!isMissing(value[name]) || !isNeeded(name, field, root.minor, path.length === 0)) return [];
    const how = value[name] === undefined || value[name] === null ? 'missing' : 'empty';
    return [{ path: [...path, name], message: `${name} is ${how}${whatIs(field.type)}.` }];
  });
}

const everyObject = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/** To the server nothing, null, an empty text and an empty list are one. */
function isMissing(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** The spec of an object that has none is an empty one: refused where that needs something. */
function isNeeded(name: string, { type, isRequired }: Field, minor: number, isOfRoot: boolean): boolean {
  if (isRequired || !isOfRoot || name !== 'spec' || type.is !== 'object') return isRequired;
  return [...fieldsOf(type.definition, minor).values()].some((field) => field.isRequired);
}

function whatIs(type: Type): string {
  return type.is === 'enum' ? `; it must be one of ${type.values.join(', ')}` : '';
}

function unknownField({ root, path, levels }: Place, definition: string, name: string, value: Json): Fault {
  const here = path.length === 0 ? String(root.object.kind) : lastOf(path);
  const since = fieldSince(definition, name);
  if (since !== undefined) {
    const isNew = since > root.minor;
    const message = isNew ? `${here} has no field ${name} before Kubernetes 1.${since}.` : `${here} no longer has the field ${name}.`;
    return { path: [...path, name], message, hint: isNew ? `Leave it out, or go to Kubernetes 1.${since} first.` : 'Leave it out.' };
  }
  const hint = fieldHint({ object: root.object, root: root.definition, minor: root.minor, levels }, name, value);
  return { path: [...path, name], message: `${here} has no field ${name}.`, hint };
}
