// What differs between two Specs, by resource and field: what was wished, not what is there.
import {
  asLater,
  equalJson,
  type FieldChange,
  isObject,
  type Json,
  type JsonObject,
  type Mask,
  type Path,
  type Resource,
  type ResourceId,
  type Spec,
} from '@konfig/core';
import { namingKeyOf } from './fields';
import { isLiteralSecret, literalMask } from './literal-secret';

/** The difference between two Specs. */
export interface Difference {
  readonly added: readonly Resource[];
  readonly removed: readonly Resource[];
  readonly changed: readonly ChangedResource[];
  /** How many are the same on both sides. */
  readonly same: number;
  /** Of the stack itself: its owner, workspace, targets, settings. */
  readonly stack: readonly FieldChange[];
}

export interface ChangedResource {
  readonly id: ResourceId;
  /** Its id before, where that was another one: two stacks have namespaces of their own. */
  readonly was: ResourceId;
  readonly type: string;
  readonly changes: readonly FieldChange[];
}

/** Values that are known later are compared by where they come from; secrets by their source, never by value. */
export function compareSpecs(before: Spec, after: Spec): Difference {
  const pairs = pairsOf(before.resources, after.resources);
  const paired = new Set([...pairs.values()]);
  const mask = literalMask(before, after);
  const all = after.resources.flatMap((resource): readonly ChangedResource[] => {
    const old = pairs.get(resource);
    return old ? [{ id: resource.id, was: old.id, type: resource.type, changes: changesBetween(old, resource, mask) }] : [];
  });
  const changed = all.filter(({ changes }) => changes.length > 0);
  return {
    added: after.resources.filter((resource) => !pairs.has(resource)),
    removed: before.resources.filter((resource) => !paired.has(resource)),
    changed,
    same: all.length - changed.length,
    stack: compareJson(ofStack(before), ofStack(after), []),
  };
}

export function isSame({ added, removed, changed, stack }: Difference): boolean {
  return added.length + removed.length + changed.length + stack.length === 0;
}

/** From what is after to what it was before: by id, else by type and name where only one has them on each side. */
function pairsOf(before: readonly Resource[], after: readonly Resource[]): ReadonlyMap<Resource, Resource> {
  const ids = new Map(before.map((resource) => [resource.id, resource]));
  const pairs = new Map(after.flatMap((resource) => (ids.has(resource.id) ? [[resource, ids.get(resource.id) as Resource] as const] : [])));
  const paired = new Set([...pairs.values()]);
  const oldByName = alone(before.filter((resource) => !paired.has(resource)));
  for (const [name, resource] of alone(after.filter((one) => !pairs.has(one)))) {
    const old = oldByName.get(name);
    if (old) pairs.set(resource, old);
  }
  return pairs;
}

function alone(resources: readonly Resource[]): ReadonlyMap<string, Resource> {
  const names = new Map<string, Resource[]>();
  for (const resource of resources) {
    const name = `${resource.type} ${resource.id.slice(resource.id.lastIndexOf('/') + 1)}`;
    names.set(name, [...(names.get(name) ?? []), resource]);
  }
  return new Map([...names].flatMap(([name, same]) => (same.length === 1 ? [[name, same[0] as Resource] as const] : [])));
}

function changesBetween(before: Resource, after: Resource, mask: Mask): readonly FieldChange[] {
  return compareJson(before.attributes, after.attributes, []).map((change) =>
    [change.before, change.after].some((value) => isLiteralSecret(after.type, change.path, value))
      ? { path: change.path, sensitive: true }
      : maskedChange(change, mask),
  );
}

function maskedChange({ before, after, ...change }: FieldChange, mask: Mask): FieldChange {
  return {
    ...change,
    ...(before === undefined ? {} : { before: mask.json(before) }),
    ...(after === undefined ? {} : { after: mask.json(after) }),
  };
}

function ofStack({ owner, workspace, settings, targets }: Spec): JsonObject {
  return {
    ...(owner === undefined ? {} : { owner }),
    workspace,
    settings: settings as unknown as JsonObject,
    targets: targets as unknown as JsonObject,
  };
}

/** Field by field; items of lists by what names them, where something does. */
export function compareJson(before: Json | undefined, after: Json | undefined, path: Path): readonly FieldChange[] {
  if (equalJson(before, after)) return [];
  if (isObject(before) && isObject(after) && !asLater(before) && !asLater(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => compareJson(before[key], after[key], [...path, key]));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const parts = itemParts(before, after);
    if (parts) return parts.flatMap(([part, old, now]) => compareJson(old, now, [...path, part]));
  }
  return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

type Item = readonly [part: JsonObject | number, before: Json | undefined, after: Json | undefined];

/** Undefined: the list differs as a whole. */
function itemParts(before: readonly Json[], after: readonly Json[]): readonly Item[] | undefined {
  const all = [...before, ...after];
  if (!all.every(isObject)) return undefined;
  const key = namingKeyOf(before, after);
  if (key === undefined) return before.length === after.length ? before.map((item, i) => [i, item, after[i]]) : undefined;
  const names = [...new Set(all.map((item) => (item as JsonObject)[key] as Json))];
  const itemOf = (list: readonly Json[], name: Json) => list.find((item) => (item as JsonObject)[key] === name);
  return names.map((name) => [{ [key]: name }, itemOf(before, name), itemOf(after, name)]);
}
