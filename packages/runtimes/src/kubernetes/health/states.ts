// What an object's status says outside of its conditions: a phase or state in one word, an error in words, yes or no, counts.
import { isObject, type JsonObject } from '@konfig/core';
import { clean } from '../../clean';
import type { Signal } from './signal';
import { isEnding, tellsBeginning, tellsEnd, toneOf, wordsIn } from './words';

/** What a field is called, or its name ends with, that says in one word how the object is. */
export const stateWords: ReadonlySet<string> = new Set(['phase', 'state', 'status', 'health', 'compliant', 'stage', 'robustness']);
const errorField = /^(last)?(error|err|failure)(message|msg|description|reason|detail)?$/i;

/** What is done to an object, which has a state of its own: `provisioning: { state }`, `lastOperation: { state }`. */
const works = /^(provisioning|operation|rollout|reconciliation|lifecycle)$/;

/** Before all others. As parts of a name these say nothing: `NewVersionAvailable`, `BootstrapReady`. */
const earliest = /^(new|init|initialization|boot|bootstrap|setup|start)$/i;

/** `previousPhase`, `desiredState`: how it was, or is to be. */
const ofOtherTimes = /^(previous|prior|old|desired|target|wanted|expected|requested|initial|next)$/;

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
  if (!isState(name) && !works.test(wordsIn(name).at(-1) ?? '')) return [];
  return statesIn(Object.fromEntries(Object.entries(value).filter(([, inner]) => typeof inner === 'string')), kind);
}

function stateOf(name: string, value: string, kind: string): Signal | undefined {
  const text = clean(`${name} is ${value}`, 300);
  if (errorField.test(name)) return value.trim() === '' ? undefined : { tone: 'bad', text };
  if (!isState(name) || value === '') return undefined;
  if (earliest.test(value)) return { tone: 'busy', text };
  const isBegun = isEnding(kind) && tellsBeginning(value) && !tellsEnd(value);
  const tone = toneOf(value) ?? (isBegun ? 'busy' : undefined);
  return tone && { tone: tone === 'good' && isBegun ? 'busy' : tone, text };
}

function isState(name: string): boolean {
  const words = wordsIn(name);
  return stateWords.has(words.at(-1) ?? '') && !ofOtherTimes.test(words[0] as string);
}

/** The name of a phase or state that is there and says nothing yet. */
export function emptyState(status: JsonObject): string | undefined {
  return Object.keys(status).find((name) => status[name] === '' && isState(name));
}

/** `ready: false`, `readyToUse: false`, `valid: false`. What is true is told by the rest. */
function flagOf(name: string, value: boolean): Signal | undefined {
  if (value) return undefined;
  const text = `${name} is false`;
  if (name === 'healthy' || name === 'valid') return { tone: 'bad', text };
  return name === 'ready' || name === 'isReady' || name === 'readyToUse' || name === 'succeeded' ? { tone: 'busy', text } : undefined;
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
