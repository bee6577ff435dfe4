// What the parts of an object say, where it says nothing itself: `cluster: { status }`, `statuses: { here: { state } }`, a list with a state for each.
import { isObject, type Json, type JsonObject } from '@konfig/core';
import type { Signal } from './signal';
import { statesIn } from './states';

/** So deep below the status is looked. */
const deepest = 3;

/** What happened before, and what belongs to others. */
const elsewhere = /history|previous|conditions/i;

export function partsOf(status: JsonObject, kind: string, depth = 1): readonly Signal[] {
  return Object.entries(status).flatMap(([name, value]) => {
    if (elsewhere.test(name)) return [];
    return objectsIn(value).flatMap((part) => {
      const own = statesIn(part, kind);
      return own.length > 0 || depth === deepest ? own : partsOf(part, kind, depth + 1);
    });
  });
}

function objectsIn(value: Json | undefined): readonly JsonObject[] {
  return (Array.isArray(value) ? value : [value]).filter(isObject);
}
