// What an object's conditions say, read as the API conventions have them: a type that is True or False, a reason in one word, a message for people.
import { isObject, type Json } from '@konfig/core';
import { clean } from '../../clean';
import type { Condition } from '../objects';
import type { Signal } from './signal';
import { isAdvice, type Tone, tellsTrouble, toneOf, wordsIn } from './words';

/** The well formed ones of a list. Some are written without quotes, and come as booleans. */
export function conditionsIn(list: Json | undefined): readonly Condition[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((one) => {
    if (!isObject(one) || typeof one.type !== 'string') return [];
    const { type, status, reason, message, observedGeneration } = one;
    if (typeof status !== 'string' && typeof status !== 'boolean') return [];
    return [
      {
        type,
        status: typeof status === 'string' ? status : status ? 'True' : 'False',
        ...(typeof reason === 'string' && { reason }),
        ...(typeof message === 'string' && { message }),
        ...(typeof observedGeneration === 'number' && { observedGeneration }),
      },
    ];
  });
}

/** What a condition is called that sums up the whole object: https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties */
const wholes = new Set(['ready', 'available', 'healthy', 'succeeded', 'complete', 'completed', 'reconciled', 'programmed']);

/** What one is called that must be True beside it; the last word of one that sums up a part. */
const summaries = new Set([
  'ready',
  'available',
  'healthy',
  'succeeded',
  'complete',
  'completed',
  'established',
  'reconciled',
  'synced',
  'synchronized',
  'accepted',
  'programmed',
  'applied',
  'valid',
  'deployed',
]);

/** What a list of conditions says, where that is something of the object's health. */
export function signalsIn(conditions: readonly Condition[], generation: number): readonly Signal[] {
  // Where nothing sums them up, each part must be well: `AllReplicasReady`, `ChildResourcesHealthy`.
  const counts = conditions.some(({ type }) => isWhole(type)) ? isSummary : isPart;
  return conditions.flatMap((condition) => {
    const tone = toneOfCondition(condition, counts(condition.type));
    if (!tone) return [];
    const { observedGeneration = generation, type } = condition;
    const isOld = tone === 'good' && observedGeneration < generation;
    if (isOld) return [{ tone: 'busy', text: `${type} is about an older generation`, condition }];
    return [{ tone, text: textOf(condition), condition }];
  });
}

/** @param counts When it is not True, the object is not there yet; of others only an error counts. */
function toneOfCondition({ type, status, reason = '', message = '' }: Condition, counts: boolean): Tone | undefined {
  // Operators written with Ansible say so that they are at it: https://sdk.operatorframework.io/docs/building-operators/ansible/reference/
  if (type === 'Running' && reason === 'Running' && status === 'True') return 'busy';
  const whenTrue = toneWhenTrue(type);
  const why = toneOf(reason);
  if (status === 'True') {
    if (whenTrue === 'busy' && ended.test(reason)) return undefined;
    return whenTrue === 'good' && counts && (why === 'bad' || why === 'paused') ? why : whenTrue;
  }
  if (whenTrue === 'bad' || whenTrue === 'paused' || whenTrue === undefined) return undefined;
  if (why === 'paused' || (why === 'bad' && (status === 'False' || /error|fail/i.test(reason)))) return why;
  if (whenTrue === 'busy') return undefined;
  if (!counts) return undefined;
  return status === 'False' && tellsTrouble(message) ? 'bad' : 'busy';
}

/** `NewReplicaSetAvailable`: what was under way has come to its end, and its condition goes on to be True. */
const ended = /(Available|Complete|Completed|Succeeded|Successful|Finished|Done|Ready|Running)$/;

/** Of a word that says nothing by itself it is good that it is True. `NotReady` is bad: who writes a condition of its own for it means that. */
function toneWhenTrue(type: string): Tone | undefined {
  const words = wordsIn(type);
  if (isAdvice(words)) return undefined;
  if (words[0] === 'not' || words[0] === 'non') return 'bad';
  return toneOf(type) ?? 'good';
}

/** Does a condition of this type sum up all the others? */
export function isWhole(type: string): boolean {
  const words = wordsIn(type);
  return words.length === 1 && wholes.has(words[0] as string);
}

function isSummary(type: string): boolean {
  const words = wordsIn(type);
  return words.length === 1 && summaries.has(words[0] as string);
}

function isPart(type: string): boolean {
  return summaries.has(wordsIn(type).at(-1) ?? '');
}

function textOf({ type, status, reason, message }: Condition): string {
  const why = [reason, message].filter((text) => text).join(': ');
  return clean(`${type} is ${status}${why ? ` (${why})` : ''}`, 300);
}
