import { isObject, type ListType, type MapType, type Type } from '../schema/type';
import { atomOf, sameAtom, sameJson, typeUnder } from './atom';
import { fieldElement, itemElement } from './path';
import { type FieldSet, GrowingSet } from './set';

/** Which fields differ between two values; no path is in more than one of the three. */
export interface Comparison {
  readonly removed: FieldSet;
  readonly modified: FieldSet;
  readonly added: FieldSet;
}

export function compare(type: Type, left: unknown, right: unknown): Comparison {
  const walk: Walk = { removed: new GrowingSet(), modified: new GrowingSet(), added: new GrowingSet(), path: [] };
  compareValues(type, left, right, walk);
  return { removed: walk.removed.done(), modified: walk.modified.done(), added: walk.added.done() };
}

interface Walk {
  readonly removed: GrowingSet;
  readonly modified: GrowingSet;
  readonly added: GrowingSet;
  readonly path: string[];
}

function compareValues(type: Type, left: unknown, right: unknown, walk: Walk): void {
  if (left === right) return;
  const leftAtom = atomOf(type, left);
  const rightAtom = atomOf(type, right);
  let wasLeaf: boolean;
  if (right === undefined || (left !== undefined && !sameAtom(leftAtom, rightAtom))) wasLeaf = compareAtoms(leftAtom, left, right, walk);
  else wasLeaf = false;
  if (right !== undefined && !wasLeaf) wasLeaf = compareAtoms(rightAtom, left, right, walk);
  if (wasLeaf) return;
  if (left === undefined) walk.added.add(walk.path);
  else if (right === undefined) walk.removed.add(walk.path);
}

/** True when the two were compared as a whole. */
function compareAtoms(atom: ReturnType<typeof atomOf>, left: unknown, right: unknown, walk: Walk): boolean {
  if ('scalar' in atom) return compareLeaf(left, right, walk);
  if ('list' in atom) {
    const bothEmpty = !hasItems(left) && !hasItems(right);
    if (atom.list.relationship === 'atomic' || bothEmpty) return compareLeaf(left, right, walk);
    compareLists(atom.list, left, right, walk);
    return false;
  }
  const bothEmpty = !hasKeys(left) && !hasKeys(right);
  if (atom.map.atomic || bothEmpty) return compareLeaf(left, right, walk);
  compareMaps(atom.map, left, right, walk);
  return false;
}

function compareLeaf(left: unknown, right: unknown, walk: Walk): boolean {
  if (left === undefined) walk.added.add(walk.path);
  else if (right === undefined) walk.removed.add(walk.path);
  else if (!sameJson(left, right)) walk.modified.add(walk.path);
  return true;
}

function compareMaps(map: MapType, left: unknown, right: unknown, walk: Walk): void {
  const leftMap = isObject(left) ? left : {};
  const rightMap = isObject(right) ? right : {};
  for (const key in leftMap) compareUnder(fieldElement(key), typeUnder(map, key), leftMap[key], rightMap[key], walk);
  for (const key in rightMap) {
    if (leftMap[key] === undefined) compareUnder(fieldElement(key), typeUnder(map, key), undefined, rightMap[key], walk);
  }
}

function compareLists(list: ListType, left: unknown, right: unknown, walk: Walk): void {
  const leftItems = group(list, left);
  const rightItems = group(list, right);
  for (const element of new Set([...leftItems.keys(), ...rightItems.keys()])) {
    compareItems(list, element, leftItems.get(element) ?? [], rightItems.get(element) ?? [], walk);
  }
}

// Items that share an element are compared as a block: nobody can say which of them changed.
function compareItems(list: ListType, element: string, left: readonly unknown[], right: readonly unknown[], walk: Walk): void {
  if (left.length <= 1 && right.length <= 1) {
    compareUnder(element, list.element, left[0], right[0], walk);
  } else if (left.length >= 2 && right.length >= 2) {
    if (!sameJson(left, right)) walk.modified.add([...walk.path, element]);
  } else if (left.length >= 2) {
    if (right.length > 0) compareUnder(element, list.element, undefined, right[0], walk);
    walk.removed.add([...walk.path, element]);
  } else {
    if (left.length > 0) compareUnder(element, list.element, left[0], undefined, walk);
    walk.added.add([...walk.path, element]);
  }
}

function compareUnder(element: string, type: Type | undefined, left: unknown, right: unknown, walk: Walk): void {
  if (!type || (left === undefined && right === undefined)) return;
  walk.path.push(element);
  compareValues(type, left, right, walk);
  walk.path.pop();
}

function group(list: ListType, value: unknown): Map<string, unknown[]> {
  const groups = new Map<string, unknown[]>();
  for (const item of Array.isArray(value) ? value : []) {
    const found = itemElement(list, item);
    if ('problem' in found) continue;
    const same = groups.get(found.element);
    if (same) same.push(item);
    else groups.set(found.element, [item]);
  }
  return groups;
}

function hasItems(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function hasKeys(value: unknown): boolean {
  if (!isObject(value)) return false;
  for (const _ in value) return true;
  return false;
}
