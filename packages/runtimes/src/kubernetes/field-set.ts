// Sets of fields as the API server writes them (FieldsV1): who owns what inside an object.
import { equalJson, isObject, type Json, type JsonObject, type Path, type PathPart, setOwn } from '@konfig/core';
import type { KubeObject, ManagedFields } from './objects';

/** `{"f:spec": {"f:replicas": {}}}`; a leaf is an empty object, `.` stands for the item itself. */
export type FieldSet = JsonObject;

/** All that a manager owns in an object by apply, over all versions; status and other subresources left out. */
export function ownedBy(object: KubeObject | undefined, manager: string): FieldSet {
  return unionOf((object?.metadata.managedFields ?? []).filter((entry) => isApplyOf(entry, manager)).map((entry) => entry.fieldsV1 ?? {}));
}

function isApplyOf(entry: ManagedFields, manager: string): boolean {
  return entry.manager === manager && entry.operation === 'Apply' && !entry.subresource;
}

export function unionOf(sets: readonly FieldSet[]): FieldSet {
  const union: Record<string, Json> = {};
  for (const set of sets) {
    for (const [key, children] of Object.entries(set)) {
      const there = Object.hasOwn(union, key) ? (union[key] as FieldSet) : undefined;
      setOwn(union, key, there ? unionOf([there, children as FieldSet]) : children);
    }
  }
  return union;
}

/** The set of every leaf of a value. List entries are found by index, so it fits only this value's own lists. */
export function fieldsOf(value: JsonObject): FieldSet {
  const set: Record<string, Json> = {};
  for (const [key, child] of Object.entries(value)) setOwn(set, `f:${key}`, isObject(child) ? fieldsOf(child) : {});
  return set;
}

/** The set without one field; parents that it leaves empty go too. */
export function withoutField(set: FieldSet, path: Path): FieldSet {
  const [first, ...rest] = path;
  const key = Object.keys(set).find((candidate) => equalJson(partOf(candidate) as Json, first as Json));
  if (key === undefined) return set;
  const { [key]: child, ...others } = set;
  if (rest.length === 0) return others;
  const left = withoutField(child as FieldSet, rest);
  const isEmpty = Object.keys(left).every((name) => name === '.');
  return isEmpty && Object.keys(child as FieldSet).length > 0 ? others : { ...others, [key]: left };
}

/** `f:spec` → a key, `k:{"name":"web"}` → merge keys, `i:0` → an index; undefined for `.` and for `v:`, a member of a set. */
export function partOf(key: string): PathPart | undefined {
  const text = key.slice(2);
  switch (key.slice(0, 2)) {
    case 'f:':
      return text;
    case 'k:':
      return JSON.parse(text) as JsonObject;
    case 'i:':
      return Number(text);
    default:
      return undefined;
  }
}

export function isLeaf(set: FieldSet): boolean {
  return Object.keys(set).every((key) => key === '.');
}

/** The value with only the fields of the set; what the set does not look into is kept whole. */
export function onlyOwned(value: Json, set: FieldSet): Json {
  if (isLeaf(set) && !('.' in set)) return value;
  if (Array.isArray(value)) return ownedItems(value, set);
  if (!isObject(value)) return value;
  const kept: Record<string, Json> = {};
  for (const [key, child] of Object.entries(value)) {
    const children = Object.hasOwn(set, `f:${key}`) ? (set[`f:${key}`] as FieldSet) : undefined;
    if (children) setOwn(kept, key, onlyOwned(child, children));
  }
  return kept;
}

function ownedItems(items: readonly Json[], set: FieldSet): Json {
  return items.flatMap((item) => {
    const key = Object.keys(set).find((candidate) => isItem(candidate, item));
    return key === undefined ? [] : [onlyOwned(item, set[key] as FieldSet)];
  });
}

function isItem(key: string, item: Json): boolean {
  if (key.startsWith('v:')) return equalJson(JSON.parse(key.slice(2)) as Json, item);
  if (!key.startsWith('k:') || !isObject(item)) return false;
  return Object.entries(JSON.parse(key.slice(2)) as JsonObject).every(([name, value]) => equalJson(item[name], value));
}

/** `.spec.template.spec.containers[name="web"].image`, as a conflict names it, or `spec.ports[0].port`, as a validation does. */
export function parseFieldPath(text: string): Path {
  const path: PathPart[] = [];
  const pattern = /\.?([^.[\]]+)|\[((?:"(?:[^"\\]|\\.)*"|[^\]"])*)\]/g;
  for (const [, key, bracket] of text.matchAll(pattern)) {
    if (key !== undefined) path.push(key);
    else path.push(parseBracket(bracket as string));
  }
  return path;
}

function parseBracket(text: string): PathPart {
  if (/^\d+$/.test(text)) return Number(text);
  if (!text.includes('=')) return parseScalar(text) as PathPart;
  const keys: Record<string, Json> = {};
  for (const [, name, value] of text.matchAll(/([^=,]+)=("(?:[^"\\]|\\.)*"|[^,]*)/g))
    setOwn(keys, name as string, parseScalar(value as string));
  return keys;
}

function parseScalar(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** The value without what is at the path; objects and lists that it leaves empty go too. Undefined: nothing is left. */
export function without(value: Json, path: Path): Json | undefined {
  const [first, ...rest] = path;
  if (first === undefined) return undefined;
  if (Array.isArray(value)) {
    const at = value.findIndex((item, i) => (typeof first === 'number' ? i === first : isObject(first) && hasKeys(item, first)));
    if (at < 0) return value;
    const left = without(value[at] as Json, rest);
    const items = [...value.slice(0, at), ...(left === undefined ? [] : [left]), ...value.slice(at + 1)];
    return items.length === 0 ? undefined : items;
  }
  if (!isObject(value) || typeof first !== 'string' || !Object.hasOwn(value, first)) return value;
  const left = without(value[first] as Json, rest);
  const copy: Record<string, Json> = {};
  for (const [key, child] of Object.entries(value)) if (key !== first) setOwn(copy, key, child);
  if (left !== undefined) setOwn(copy, first, left);
  return Object.keys(copy).length === 0 ? undefined : copy;
}

function hasKeys(item: Json, keys: JsonObject): boolean {
  return isObject(item) && Object.entries(keys).every(([key, value]) => equalJson(item[key], value));
}
