// Which objects follow the API conventions for conditions: asked of the object alone, whatever its kind and whoever judges it.
// https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties
import { isObject, type Json, type JsonObject } from '@konfig/core';
import { groupOf } from '../../src/kubernetes/address';
import { isBuiltIn } from '../../src/kubernetes/built-in';
import type { KubeObject } from '../../src/kubernetes/objects';

/** Of a custom kind, with well formed conditions of which one sums up the others. */
export function hasConventionalConditions(object: KubeObject): boolean {
  const conditions = conditionsOf(object);
  const types = conditions.map(({ type }) => type);
  return (
    !isBuiltIn(groupOf(object)) &&
    conditions.every(isWellFormed) &&
    new Set(types).size === types.length &&
    // "Ready" for what goes on, "Succeeded" for what ends.
    types.some((type) => type === 'Ready' || type === 'Succeeded')
  );
}

/** Such an object, and what it says is about the object as it is now: nobody deletes it, and its controller has seen its newest generation. */
export function followsConventions(object: KubeObject): boolean {
  const { generation = 0, deletionTimestamp } = object.metadata;
  const { observedGeneration = generation } = (object.status ?? {}) as { readonly observedGeneration?: number };
  return hasConventionalConditions(object) && deletionTimestamp === undefined && observedGeneration >= generation;
}

function conditionsOf({ status }: KubeObject): readonly JsonObject[] {
  const conditions = isObject(status as Json) ? (status as JsonObject).conditions : undefined;
  return Array.isArray(conditions) ? conditions.filter(isObject) : [];
}

/** With what the schema of metav1.Condition asks for. */
function isWellFormed({ type, status, reason, lastTransitionTime }: JsonObject): boolean {
  return (
    typeof type === 'string' &&
    ['True', 'False', 'Unknown'].includes(status as string) &&
    /^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/.test(String(reason ?? '')) &&
    (lastTransitionTime ?? null) !== null
  );
}
