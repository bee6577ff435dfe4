// What an object's status says outside of its conditions: a phase or state in one word, an error in words, yes or no, counts.
import { isObject, type JsonObject } from '@konfig/core';
import { clean } from '../../clean';
import type { Signal } from './signal';
import { toneOf, wordsIn } from './words';

/** What a field is called, or its name ends with, that says in one word how the object is. */
export const stateWords: ReadonlySet<string> = new Set(['phase', 'state', 'status', 'health', 'compliant']);
const errorField = /^(last)?(error|err|failure)(message|msg|description|reason|detail)?$/i;

/** Kinds that end: what runs has not ended. */
const ending = /(Job|Run|Workflow|Backup|Restore|Task|Migration|Experiment|Test|Build|Analysis|Evaluation|Import|Export|Upload|Copy)$/;

/** What each field of the status says that is one of those. */
export function statesIn(status: JsonObject, kind: string): readonly Signal[] {
  return Object.entries(status).flatMap(([name, value]) => {
    if (typeof value === 'string') return stateOf(name, value, kind) ?? [];
    if (typeof value === 'boolean') return flagOf(name, value) ?? [];
    return isObject(value) ? insideOf(name, value, kind) : [];
  });
}

/** `applicationState: { state }`, `error: { message }` */
function insideOf(name: string, value: JsonObject, kind: string): readonly Signal[] {
  if (errorField.test(name)) return typeof value.message === 'string' ? [{ tone: 'bad', text: clean(value.message, 300) }] : [];
  if (!stateWords.has(wordsIn(name).at(-1) ?? '')) return [];
  return statesIn(Object.fromEntries(Object.entries(value).filter(([, inner]) => typeof inner === 'string')), kind);
}

function stateOf(name: string, value: string, kind: string): Signal | undefined {
  const text = clean(`${name} is ${value}`, 300);
  if (errorField.test(name)) return value.trim() === '' ? undefined : { tone: 'bad', text };
  if (!stateWords.has(wordsIn(name).at(-1) ?? '') || value === '') return undefined;
  const tone = toneOf(value);
  if (!tone) return undefined;
  return { tone: tone === 'good' && /^running$/i.test(value) && ending.test(kind) ? 'busy' : tone, text };
}

/** The name of a phase or state that is there and says nothing yet. */
export function emptyState(status: JsonObject): string | undefined {
  return Object.keys(status).find((name) => status[name] === '' && stateWords.has(wordsIn(name).at(-1) ?? ''));
}

/** `ready: false`. What is true is told by the rest. */
function flagOf(name: string, value: boolean): Signal | undefined {
  if (value || wordsIn(name).length > 1) return undefined;
  if (name === 'healthy') return { tone: 'bad', text: 'healthy is false' };
  return name === 'ready' || name === 'succeeded' ? { tone: 'busy', text: `${name} is false` } : undefined;
}

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
