// Fewer than are wished, where an object counts.
import { isObject, type JsonObject } from '@konfig/core';
import type { Signal } from './signal';
import { wordsIn } from './words';

const counted = ['updatedReplicas', 'readyReplicas', 'availableReplicas'] as const;

/** Fewer replicas than are wished, where an object counts them as the kinds of Kubernetes do. */
export function replicasShort(spec: unknown, status: JsonObject): Signal | undefined {
  const { replicas: wished = status.replicas } = isObject(spec as JsonObject) ? (spec as JsonObject) : ({} as JsonObject);
  if (typeof wished !== 'number') return undefined;
  for (const name of counted) {
    const count = status[name];
    if (typeof count === 'number' && count < wished) return { tone: 'busy', text: `${count} of ${wished} ${name.replace('Replicas', '')}` };
  }
  return undefined;
}

/** `readyMembers: 1, members: 3` and `ready: 1, desired: 3` */
export function countShort(status: JsonObject): Signal | undefined {
  for (const [name, count] of Object.entries(status)) {
    const [first, ...rest] = wordsIn(name);
    if (first !== 'ready' || typeof count !== 'number') continue;
    const wished = status[rest.length === 0 ? 'desired' : rest.join('')];
    if (typeof wished === 'number' && count < wished) return { tone: 'busy', text: `${count} of ${wished} ready` };
  }
  return undefined;
}
