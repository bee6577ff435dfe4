// The paths that fields are known by: a preview says `containers[name=web]`, an API server `containers[0]`.
import { isObject, type Json, type JsonObject, pathText, type ResourceSource } from '@konfig/core';

/** The path of a field, from that of its object. */
export function fieldPath(path: string, key: string): string {
  const part = pathText([key]);
  return path === '' || part.startsWith('[') ? path + part : `${path}.${part}`;
}

/** The path of an item, from that of its list. */
export function itemPath(path: string, item: Json, i: number): string {
  return path + itemName(item, i);
}

/** By its likeliest keys, where it has any, else by its number. */
function itemName(item: Json, i: number): string {
  return itemNames(item)[0] ?? `[${i}]`;
}

function itemNames(item: Json): readonly string[] {
  return mergeKeysOf(item).map((keys) => pathText([keys]));
}

/** The other names of the items of every list, for whoever knows an item by its number or by another key. */
export function itemsOf(manifest: JsonObject): NonNullable<ResourceSource['items']> {
  const items: Record<string, readonly (readonly string[])[]> = {};
  const visit = (value: Json, path: string): void => {
    if (Array.isArray(value)) {
      const names = value.map((item: Json, i) => [itemName(item, i), ...itemNames(item).slice(1)]);
      if (value.some(isObject)) items[path] = names;
      value.forEach((item: Json, i) => {
        visit(item, itemPath(path, item, i));
      });
    } else if (isObject(value)) for (const [key, child] of Object.entries(value)) visit(child, fieldPath(path, key));
  };
  visit(manifest, '');
  return items;
}

/**
 * What an item may be known by, the likeliest first. Kubernetes merges ports by number and protocol, mounts by their paths, and nearly everything
 * else by name: https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export function mergeKeysOf(item: Json): readonly JsonObject[] {
  if (!isObject(item)) return [];
  const single = ['mountPath', 'devicePath', 'name', 'ip', 'type', 'uid'].find((key) => Object.hasOwn(item, key));
  const port = ['containerPort', 'port'].find((key) => typeof item[key] === 'number');
  const spread = item.topologyKey !== undefined && item.whenUnsatisfiable !== undefined;
  return [
    ...(port ? [{ [port]: item[port] as number, protocol: item.protocol ?? 'TCP' }] : []),
    ...(spread ? [{ topologyKey: item.topologyKey as string, whenUnsatisfiable: item.whenUnsatisfiable as string }] : []),
    ...(single ? [{ [single]: item[single] as string }] : []),
  ];
}
