// The fields of a value by their paths, as people name them.
import { asLater, isObject, type Json, type JsonObject, type Path, pathText } from '@konfig/core';

/** Fields that tell the items of a list apart in most systems, the surest first. */
const namingKeys = ['name', 'mountPath', 'containerPort', 'port', 'key', 'ip'];

/** The field by which each of the items, over all of these lists, has a name of its own. Undefined where there is none. */
export function namingKeyOf(...lists: readonly (readonly Json[])[]): string | undefined {
  return namingKeys.find((key) => lists.every((list) => hasOwnNames(list, key)));
}

function hasOwnNames(list: readonly Json[], key: string): boolean {
  const names = list.map((item) => (isObject(item) ? item[key] : undefined));
  return names.every((name) => typeof name === 'string' || typeof name === 'number') && new Set(names).size === names.length;
}

export interface Field {
  readonly path: Path;
  readonly value: Json;
  /** Nothing below it has a path of its own. */
  readonly isLeaf: boolean;
}

/** Every field with all below it, in the order of the value. What is known later is a leaf. */
export function fieldsOf(value: JsonObject): readonly Field[] {
  return below(value, []);
}

function below(value: Json, path: Path): readonly Field[] {
  return childrenOf(value).flatMap(([part, child]) => {
    const here = [...path, part];
    const children = below(child, here);
    return [{ path: here, value: child, isLeaf: children.length === 0 }, ...children];
  });
}

function childrenOf(value: Json): readonly (readonly [part: Path[number], child: Json])[] {
  if (asLater(value)) return [];
  if (isObject(value)) return Object.entries(value);
  // A list of plain values is one value for whoever reads it.
  if (!Array.isArray(value) || !value.every(isObject)) return [];
  const key = namingKeyOf(value);
  return value.map((item: JsonObject, i) => [key === undefined ? i : { [key]: item[key] as Json }, item]);
}

/** The fields that a name fits: the whole path (`spec.replicas`), or its end (`replicas`, `containers[name=web].image`). */
export function findFields(fields: readonly Field[], name: string): readonly Field[] {
  const exact = fields.filter(({ path }) => pathText(path) === name);
  return exact.length > 0 ? exact : fields.filter(({ path }) => pathText(path).endsWith(`.${name}`));
}
