// Whose line a field has when a program changed what it read in a file.
import { equalJson, isObject, type Json, type JsonObject, type ResourceSource, type SourceLine } from '@konfig/core';
import { fieldPath, itemPath, mergeKeysOf } from './field-paths';

interface Change {
  readonly read: JsonObject;
  readonly wished: JsonObject;
  /** The call that changed it. */
  readonly by: SourceLine;
}

/** The lines of the file, and for fields that are no longer as it says the line of the call. */
export function changedSource(source: ResourceSource, { read, wished, by }: Change): ResourceSource {
  const changed = changedPaths(read, wished, '').filter((path) => path !== 'metadata.namespace');
  if (changed.length === 0) return source;
  const isChanged = (path: string) =>
    changed.some((above) => path === above || path.startsWith(`${above}.`) || path.startsWith(`${above}[`));
  const kept = Object.entries(source.fields ?? {}).filter(([path]) => !isChanged(path));
  return { ...source, fields: Object.fromEntries([...kept, ...changed.map((path) => [path, by] as const)]) };
}

/** The path of each field that differs; `path` leads here. Nothing, null and empty maps and lists are one. */
function changedPaths(read: Json | undefined, wished: Json | undefined, path: string): readonly string[] {
  if (isNothing(read) && isNothing(wished)) return [];
  if (read !== undefined && wished !== undefined && equalJson(read, wished)) return [];
  if (isObject(read) && isObject(wished)) {
    const keys = [...new Set([...Object.keys(read), ...Object.keys(wished)])];
    return keys.flatMap((key) => changedPaths(own(read, key), own(wished, key), fieldPath(path, key)));
  }
  if (!Array.isArray(read) || !Array.isArray(wished)) return [path];
  // An item that was put in between does not make those behind it other ones.
  const before = wished.map((item: Json, i) => itemBefore(read, item, i));
  if (read.length !== wished.length && before.every((item) => item === undefined)) return [path];
  return wished.flatMap((item: Json, i) => changedPaths(before[i], item, itemPath(path, item, i)));
}

function itemBefore(read: readonly Json[], item: Json, i: number): Json | undefined {
  const [keys] = mergeKeysOf(item);
  return keys ? read.find((other) => equalJson(mergeKeysOf(other)[0], keys)) : read[i];
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isNothing(value: Json | undefined): boolean {
  return value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}
