import { isObject, type JsonObject, type ListType, type MapType, type Type } from '../schema/type';
import { atomOf, typeUnder } from './atom';
import { fieldElement, itemElement } from './path';
import type { FieldSet } from './set';

/** The value without the fields and items of the set. Atomic values go only as a whole. */
export function removeFields(type: Type, value: unknown, set: FieldSet): unknown {
  if (!set.children) return value;
  const atom = atomOf(type, value);
  if ('scalar' in atom) return value;
  return 'list' in atom ? removeItems(atom.list, value, set) : removeKeys(atom.map, value, set);
}

function removeItems(list: ListType, value: unknown, set: FieldSet): unknown {
  if (!Array.isArray(value) || value.length === 0 || list.relationship === 'atomic') return null;
  const kept: unknown[] = [];
  for (const item of value) {
    const found = itemElement(list, item);
    const below = 'element' in found ? set.children?.get(found.element) : undefined;
    if (below?.owned) continue;
    kept.push(below?.children ? removeFields(list.element, item, below) : item);
  }
  return kept.length > 0 ? kept : null;
}

function removeKeys(map: MapType, value: unknown, set: FieldSet): unknown {
  if (!isObject(value) || map.atomic) return null;
  const kept: JsonObject = {};
  let any = false;
  for (const key in value) {
    const below = set.children?.get(fieldElement(key));
    if (below?.owned) continue;
    const type = typeUnder(map, key);
    kept[key] = below?.children && type ? removeFields(type, value[key], below) : value[key];
    any = true;
  }
  return any ? kept : null;
}
