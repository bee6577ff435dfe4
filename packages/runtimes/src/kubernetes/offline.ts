// A comparison without the server: what is wished against live, for objects that the server will not dry-run.
import { childOf, equalJson, type FieldChange, isObject, type Json, type JsonObject, type Path, type PathPart } from '@konfig/core';
import { quantityOf } from './schema/scalar';

/** The wished fields that live has otherwise. Fields that only live has are defaults or another manager's. */
export function offlineChanges(live: JsonObject, wished: JsonObject): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  for (const [key, value] of Object.entries(wished)) {
    if (['apiVersion', 'kind', 'status'].includes(key)) continue;
    compare(childOf(live, key), value, [key], changes);
  }
  return changes;
}

function compare(live: Json | undefined, wished: Json, path: Path, changes: FieldChange[]): void {
  if (live !== undefined && isSameQuantity(live, wished)) return;
  if (isObject(live) && isObject(wished)) {
    for (const [key, value] of Object.entries(wished)) compare(childOf(live, key), value, [...path, key], changes);
  } else if (Array.isArray(live) && Array.isArray(wished)) {
    compareLists(live, wished, path, changes);
  } else {
    changes.push({ path, ...(live === undefined ? {} : { before: live }), after: wished });
  }
}

function compareLists(live: readonly Json[], wished: readonly Json[], path: Path, changes: FieldChange[]): void {
  const keyed = wished.map((item) => ({ item, part: partOf(item) }));
  if (keyed.some(({ part }) => part === undefined)) {
    const isSame = live.length === wished.length && wished.every((item, i) => isWithin(item, live[i] as Json));
    if (!isSame) changes.push({ path, before: live, after: wished });
    return;
  }
  for (const { item, part } of keyed) compare(childOf(live, part as PathPart), item, [...path, part as PathPart], changes);
}

/** The merge keys of the built-in kinds' lists, the telling ones first. */
const mergeKeys = ['name', 'containerPort', 'port', 'mountPath', 'ip', 'topologyKey', 'type', 'uid', 'key'];

function partOf(item: Json): PathPart | undefined {
  if (!isObject(item)) return undefined;
  const key = mergeKeys.find((candidate) => Object.hasOwn(item, candidate));
  return key === undefined ? undefined : { [key]: item[key] as Json };
}

function isWithin(wished: Json, live: Json): boolean {
  const changes: FieldChange[] = [];
  compare(live, wished, [], changes);
  return changes.length === 0;
}

/** `1000m` is `1`, and `1Gi` is `1024Mi`: the server writes quantities its own way. */
function isSameQuantity(a: Json, b: Json): boolean {
  if (equalJson(a, b)) return true;
  const [one, other] = [quantityOf(a), quantityOf(b)];
  return one !== undefined && other !== undefined && Math.abs(one - other) <= Math.abs(one) * 1e-12;
}
