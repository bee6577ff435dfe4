import { isObject, type ListType, type MapType, type Type } from '../schema/type';
import { atomOf, typeUnder } from './atom';
import { fieldElement, itemElement } from './path';
import { emptySet, type FieldSet, node, ownedLeaf } from './set';

/** The set of fields that a value holds: what a manager owns by applying it. */
export function fieldsOf(type: Type, value: unknown): FieldSet {
  const atom = atomOf(type, value);
  if ('scalar' in atom) return ownedLeaf;
  if ('list' in atom) return ofList(atom.list, value);
  return ofMap(atom.map, value);
}

function ofList(list: ListType, value: unknown): FieldSet {
  if (list.relationship === 'atomic') return ownedLeaf;
  if (!Array.isArray(value)) return emptySet;
  const items = new Map<string, FieldSet>();
  for (const item of value) {
    const found = itemElement(list, item);
    if ('problem' in found) continue;
    // An item that is there twice is owned, but nobody can tell whose fields are whose.
    items.set(found.element, items.has(found.element) ? ownedLeaf : owned(fieldsOf(list.element, item)));
  }
  return node(false, items);
}

function ofMap(map: MapType, value: unknown): FieldSet {
  if (map.atomic) return ownedLeaf;
  if (!isObject(value)) return emptySet;
  const children = new Map<string, FieldSet>();
  for (const key in value) {
    const child = value[key];
    const type = typeUnder(map, key);
    if (child === undefined || !type) continue;
    const below = fieldsOf(type, child);
    const itself = child === null || (isObject(child) && isEmptyObject(child)) || !map.fields.has(key);
    const set = itself ? owned(below) : below;
    if (set.owned || set.children) children.set(fieldElement(key), set);
  }
  return node(false, children);
}

function owned(set: FieldSet): FieldSet {
  return set.owned ? set : set.children ? { owned: true, children: set.children } : ownedLeaf;
}

function isEmptyObject(value: object): boolean {
  for (const _ in value) return false;
  return true;
}

/** The set with every declared field on the way to a member made a member too; keys of free maps stay out. */
export function withNamedFields(set: FieldSet, type: Type | undefined): FieldSet {
  if (!set.children) return set;
  const children = new Map<string, FieldSet>();
  for (const [element, child] of set.children) {
    const field = element.startsWith('f:') ? type?.map?.fields.get(element.slice(2)) : undefined;
    const below = withNamedFields(child, typeBelow(type, element));
    children.set(element, field && child.children ? owned(below) : below);
  }
  return { owned: set.owned, children };
}

function typeBelow(type: Type | undefined, element: string): Type | undefined {
  if (element.startsWith('f:')) return type?.map && typeUnder(type.map, element.slice(2));
  return type?.list?.element;
}
