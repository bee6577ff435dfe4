// The texts that the path of a field has: a preview says `containers[name=web]`, an API server `containers[0]`.
import { isObject, type Json, type JsonObject, pathText } from '@konfig/core';

/** The paths of a field, from those of its object. */
export function fieldPaths(paths: readonly string[], key: string): readonly string[] {
  const part = pathText([key]);
  return paths.map((path) => (path === '' || part.startsWith('[') ? path + part : `${path}.${part}`));
}

/** The paths of an item, from those of its list: by each of its keys first, by its number last. */
export function itemPaths(paths: readonly string[], item: Json, i: number): readonly string[] {
  const [first = '', last = first] = [paths[0], paths.at(-1)];
  const keyed = mergeKeysOf(item).map((keys) => first + pathText([keys]));
  return [...new Set([...keyed, `${first}[${i}]`, `${last}[${i}]`])];
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
