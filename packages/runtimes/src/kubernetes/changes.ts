// What an apply would change of the fields that are ours: live against the dry run's result, and nothing else.
import { childOf, equalJson, type FieldChange, isObject, type Json, type JsonObject, type Path, pathText } from '@konfig/core';
import { type FieldSet, isLeaf, onlyOwned, partOf } from './field-set';

/**
 * The changes in the order of their paths. `owned` is what we own now and what we will own: a field that only the server or
 * another manager sets is no change of ours.
 */
export function changesOf(live: JsonObject, after: JsonObject, owned: FieldSet): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  compareFields({ live, after, owned, path: [] }, changes);
  return changes
    .map((change) => ({ change, text: pathText(change.path) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ change }) => change);
}

/** The same changes with the values of a Secret left out. */
export function hideValues(changes: readonly FieldChange[]): readonly FieldChange[] {
  return changes.map((change) =>
    change.path[0] === 'data' || change.path[0] === 'stringData' ? { path: change.path, sensitive: true } : change,
  );
}

interface Place {
  readonly live: Json | undefined;
  readonly after: Json | undefined;
  readonly owned: FieldSet;
  readonly path: Path;
}

function compare(place: Place, changes: FieldChange[]): void {
  const { live, after, owned } = place;
  if (equalJson(live, after)) return;
  if (live === undefined || after === undefined || isLeaf(owned) || isSet(owned) || !isSameShape(live, after)) {
    changes.push(changeOf(place));
    return;
  }
  compareFields(place, changes);
}

function compareFields({ live, after, owned, path }: Place, changes: FieldChange[]): void {
  for (const [key, children] of Object.entries(owned)) {
    const part = partOf(key);
    if (part === undefined) continue;
    compare({ live: childOf(live, part), after: childOf(after, part), owned: children as FieldSet, path: [...path, part] }, changes);
  }
}

function changeOf({ live, after, owned, path }: Place): FieldChange {
  return {
    path,
    ...(live === undefined ? {} : { before: onlyOwned(live, owned) }),
    ...(after === undefined ? {} : { after: onlyOwned(after, owned) }),
  };
}

/** A list whose members are their own keys, such as finalizers: it changes as a whole. */
function isSet(owned: FieldSet): boolean {
  return Object.keys(owned).some((key) => key.startsWith('v:'));
}

function isSameShape(a: Json, b: Json): boolean {
  return (Array.isArray(a) && Array.isArray(b)) || (isObject(a) && isObject(b));
}
