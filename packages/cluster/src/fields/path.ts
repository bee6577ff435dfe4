import { isObject, type ListType } from '../schema/type';

/** The serialised path element of a struct field or map key. */
export function fieldElement(name: string): string {
  return `f:${name}`;
}

/** The serialised path element by which an item of a set or keyed list is known, or why it has none. */
export function itemElement(list: ListType, item: unknown): { readonly element: string } | { readonly problem: string } {
  return list.relationship === 'set' ? setElement(item) : keyedElement(list, item);
}

function setElement(item: unknown): { element: string } | { problem: string } {
  if (item === null || item === undefined) return { problem: "associative list without keys has an element that's an explicit null" };
  if (Array.isArray(item)) return { problem: 'not supported: associative list with lists as elements' };
  if (isObject(item)) return { problem: "associative list without keys has an element that's a map type" };
  return { element: `v:${JSON.stringify(item)}` };
}

function keyedElement(list: ListType, item: unknown): { element: string } | { problem: string } {
  if (item === null || item === undefined) return { problem: 'associative list with keys may not have a null element' };
  if (!isObject(item)) return { problem: 'associative list with keys may not have non-map elements' };
  const keys: { [name: string]: unknown } = {};
  let found = false;
  for (const name of sortedKeys(list)) {
    const value = name in item ? item[name] : list.element.map?.fields.get(name)?.keyDefault;
    if (value === undefined) continue;
    keys[name] = value;
    found = true;
  }
  if (found) return { element: `k:${JSON.stringify(keys)}` };
  const named = `[${list.keys.map((key) => JSON.stringify(key)).join(' ')}]`;
  return {
    problem: `associative list with keys has an element that omits all key fields ${named} (and doesn't have default values for any key fields)`,
  };
}

const keyOrder = new WeakMap<ListType, readonly string[]>();

function sortedKeys(list: ListType): readonly string[] {
  let keys = keyOrder.get(list);
  if (!keys) {
    keys = [...list.keys].sort();
    keyOrder.set(list, keys);
  }
  return keys;
}

/** A path for people: `.spec.containers[name="web"].image`. */
export function printPath(path: readonly string[]): string {
  return path.map(printElement).join('');
}

export function printElement(element: string): string {
  const text = element.slice(2);
  if (element.startsWith('f:')) return `.${text}`;
  if (element.startsWith('v:')) return `[=${text}]`;
  if (element.startsWith('i:')) return `[${text}]`;
  const keys = Object.entries(JSON.parse(text) as object);
  return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
}
