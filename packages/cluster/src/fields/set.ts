import { isObject, type JsonObject } from '../schema/type';

/**
 * A set of field paths as a tree, in the form of the API's FieldsV1: a path is in the set when the node at its end is
 * `owned`. Keys are serialised path elements: `f:name` a field, `k:{…}` an item by its keys, `v:…` a value of a set.
 * Sets are never changed once another function has seen them.
 */
export interface FieldSet {
  readonly owned: boolean;
  readonly children?: ReadonlyMap<string, FieldSet>;
}

export const emptySet: FieldSet = { owned: false };
export const ownedLeaf: FieldSet = { owned: true };

export function node(owned: boolean, children: ReadonlyMap<string, FieldSet>): FieldSet {
  if (children.size > 0) return { owned, children };
  return owned ? ownedLeaf : emptySet;
}

export function isEmptySet(set: FieldSet): boolean {
  return !set.owned && !set.children;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || isEmptySet(b)) return a;
  if (isEmptySet(a)) return b;
  const children = new Map(a.children);
  for (const [key, child] of b.children ?? []) {
    const other = children.get(key);
    children.set(key, other ? union(other, child) : child);
  }
  return node(a.owned || b.owned, children);
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [key, child] of a.children ?? []) {
    const other = b.children?.get(key);
    const both = other && intersection(child, other);
    if (both && !isEmptySet(both)) children.set(key, both);
  }
  return node(a.owned && b.owned, children);
}

/** Paths of `a` that are not in `b`; a parent in `b` does not take its children along. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(b) || isEmptySet(a)) return a;
  const children = new Map<string, FieldSet>();
  for (const [key, child] of a.children ?? []) {
    const other = b.children?.get(key);
    const rest = other ? difference(child, other) : child;
    if (!isEmptySet(rest)) children.set(key, rest);
  }
  return node(a.owned && !b.owned, children);
}

/** Like `difference`, but a path in `b` takes everything below it along. */
export function differenceBelow(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [key, child] of a.children ?? []) {
    const other = b.children?.get(key);
    const rest = !other ? child : other.owned ? emptySet : differenceBelow(child, other);
    if (!isEmptySet(rest)) children.set(key, rest);
  }
  return node(a.owned, children);
}

/** The set of these paths, each written as field names. */
export function setOfFields(...paths: readonly (readonly string[])[]): FieldSet {
  const set = new GrowingSet();
  for (const path of paths) set.add(path.map((name) => `f:${name}`));
  return set.done();
}

/** A set under construction. */
export class GrowingSet {
  private readonly root: GrowingNode = { owned: false };

  add(path: readonly string[]): void {
    if (path.length === 0) return;
    let at = this.root;
    for (const key of path) {
      at.children ??= new Map();
      let next = at.children.get(key);
      if (!next) {
        next = { owned: false };
        at.children.set(key, next);
      }
      at = next;
    }
    at.owned = true;
  }

  done(): FieldSet {
    return this.root;
  }
}

interface GrowingNode {
  owned: boolean;
  children?: Map<string, GrowingNode>;
}

/** All paths of the set, parents before children. */
export function pathsOf(set: FieldSet): string[][] {
  const paths: string[][] = [];
  const walk = (at: FieldSet, path: readonly string[]): void => {
    for (const [key, child] of sorted(at)) if (child.owned) paths.push([...path, key]);
    for (const [key, child] of sorted(at)) walk(child, [...path, key]);
  };
  walk(set, []);
  return paths;
}

/** FieldsV1 as it stands in `metadata.managedFields`. */
export function encodeFields(set: FieldSet): JsonObject {
  const out: JsonObject = {};
  for (const [key, child] of sorted(set)) {
    out[key] = child.owned && child.children ? { '.': {}, ...encodeFields(child) } : encodeFields(child);
  }
  return out;
}

export function decodeFields(fields: unknown): FieldSet {
  const children = new Map<string, FieldSet>();
  if (isObject(fields)) {
    for (const key in fields) if (key !== '.') children.set(key, decodeChild(fields[key]));
  }
  return node(false, children);
}

function decodeChild(fields: unknown): FieldSet {
  if (!isObject(fields)) return ownedLeaf;
  const below = decodeFields(fields);
  if (!below.children) return ownedLeaf;
  return '.' in fields ? node(true, below.children) : below;
}

function sorted(set: FieldSet): [string, FieldSet][] {
  return set.children ? [...set.children].sort(([a], [b]) => (a < b ? -1 : 1)) : [];
}
