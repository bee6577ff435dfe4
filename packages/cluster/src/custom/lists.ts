import { type FieldProblem, problem } from '../api/failure';
import { isObject, type JsonObject } from '../schema/type';
import { type JsonSchema, valueSchema } from './definition';

/** Items that are twice in a list which the schema calls a set, or a map by keys. */
export function checkListTypes(schema: JsonSchema, value: unknown, path = ''): FieldProblem[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    return [
      ...checkUnique(schema, value, path),
      ...(items ? value.flatMap((item, index) => checkListTypes(items, item, `${path}[${index}]`)) : []),
    ];
  }
  if (!isObject(value)) return [];
  const values = valueSchema(schema);
  return Object.entries(value).flatMap(([key, item]) => {
    const property = schema.properties?.[key];
    if (property) return checkListTypes(property, item, path === '' ? key : `${path}.${key}`);
    return values ? checkListTypes(values, item, `${path}[${key}]`) : [];
  });
}

function checkUnique(schema: JsonSchema, list: readonly unknown[], path: string): FieldProblem[] {
  const kind = schema['x-kubernetes-list-type'];
  if (kind === 'set') return repeated(list).map((index) => problem.duplicate(`${path}[${index}]`, list[index]));
  if (kind !== 'map') return [];
  const odd = list.findIndex((item) => item !== null && !isObject(item));
  if (odd >= 0) return [problem.invalid(`${path}[${odd}]`, list[odd], 'must be an object for an array of list-type map')];
  const keys = list.map((item) => keysOf(schema['x-kubernetes-list-map-keys'] ?? [], (item ?? {}) as JsonObject));
  return repeated(keys).map((index) => problem.duplicate(`${path}[${index}]`, keys[index]));
}

function keysOf(names: readonly string[], item: JsonObject): JsonObject {
  return Object.fromEntries([...names].sort().flatMap((name) => (name in item ? [[name, item[name]]] : [])));
}

/** Where each value that is there more than once comes for the second time. */
function repeated(values: readonly unknown[]): number[] {
  const times = new Map<string, number>();
  return values.flatMap((value, index) => {
    const text = JSON.stringify(value);
    const seen = (times.get(text) ?? 0) + 1;
    times.set(text, seen);
    return seen === 2 ? [index] : [];
  });
}
