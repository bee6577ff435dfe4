import { isObject, type JsonObject, type ListType, type MapType, type Type } from '../schema/type';
import { atomOf, sameAtom, typeUnder } from './atom';
import { itemElement } from './path';

/**
 * Lays one value over another by schema: maps by key, sets by value, keyed lists by key, everything else as a whole.
 * Lists keep the order of the right side and let items only the left side has stand where they stood.
 */
export function merge(type: Type, left: unknown, right: unknown): unknown {
  if (right === undefined) return left;
  if (left === undefined && !type.list) return right;
  const rightAtom = atomOf(type, right);
  if (left !== undefined && !sameAtom(atomOf(type, left), rightAtom)) return right;
  if ('scalar' in rightAtom) return right;
  if ('list' in rightAtom) return mergeLists(rightAtom.list, left, right);
  return mergeMaps(rightAtom.map, left, right);
}

function mergeMaps(map: MapType, left: unknown, right: unknown): unknown {
  if (map.atomic || (isEmpty(left) && isEmpty(right))) return right;
  const out: JsonObject = isObject(left) ? { ...left } : {};
  if (!isObject(right)) return out;
  for (const key in right) {
    const type = typeUnder(map, key);
    out[key] = type ? merge(type, out[key], right[key]) : right[key];
  }
  return out;
}

function mergeLists(list: ListType, left: unknown, right: unknown): unknown {
  if (list.relationship === 'atomic' || (isEmpty(left) && isEmpty(right))) return right;
  const leftItems = indexItems(list, left);
  const rightItems = indexItems(list, right);
  return mergeItems(list, leftItems, rightItems);
}

interface Items {
  readonly order: readonly string[];
  readonly values: readonly unknown[];
  /** By element; an element that is there twice maps to undefined: it can not be merged into. */
  readonly byElement: ReadonlyMap<string, unknown>;
}

function indexItems(list: ListType, value: unknown): Items {
  const order: string[] = [];
  const values: unknown[] = [];
  const byElement = new Map<string, unknown>();
  for (const item of Array.isArray(value) ? value : []) {
    const found = itemElement(list, item);
    if ('problem' in found) continue;
    byElement.set(found.element, byElement.has(found.element) ? undefined : item);
    order.push(found.element);
    values.push(item);
  }
  return { order, values, byElement };
}

// The walk of structured-merge-diff, kept step by step because clients see the order it makes.
function mergeItems(list: ListType, left: Items, right: Items): unknown[] {
  const shared = right.order.filter((element) => left.byElement.has(element));
  let nextShared = shared.shift();
  const merged = new Set<string>();
  const out: unknown[] = [];
  let l = 0;
  let r = 0;
  const takeRight = (element: string): void => {
    merged.add(element);
    out.push(merge(list.element, left.byElement.get(element), right.byElement.get(element)));
    r++;
  };
  while (l < left.order.length || r < right.order.length) {
    const leftElement = left.order[l];
    const rightElement = right.order[r];
    if (leftElement !== undefined && rightElement !== undefined) {
      if (leftElement === rightElement) {
        takeRight(rightElement);
        l++;
        nextShared = shared.shift();
        continue;
      }
      if (right.byElement.has(leftElement) && nextShared !== undefined && nextShared !== leftElement) {
        l++;
        continue;
      }
    }
    if (leftElement !== undefined) {
      if (!right.byElement.has(leftElement)) {
        out.push(left.values[l]);
        l++;
        continue;
      }
      if (merged.has(leftElement)) l++;
    }
    if (rightElement !== undefined) {
      takeRight(rightElement);
      if (nextShared === rightElement) nextShared = shared.shift();
    }
  }
  return out;
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}
