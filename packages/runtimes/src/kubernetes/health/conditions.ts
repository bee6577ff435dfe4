// What an object's conditions say, read as the API conventions have them: a type that is True or False, a reason in one word, a message for people.
import { isObject, type Json } from '@konfig/core';
import { clean } from '../../clean';
import type { Condition } from '../objects';
import type { Signal } from './signal';
import { isAdvice, isEnding, isUnderWay, type Tone, tellsBeginning, tellsEnd, tellsTrouble, toneOf, wordsIn } from './words';

/** The well formed ones of a list. Some are written without quotes, and come as booleans. */
export function conditionsIn(list: Json | undefined): readonly Condition[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((one) => {
    if (!isObject(one) || typeof one.type !== 'string') return [];
    const { type, status, reason, message, severity, observedGeneration } = one;
    if (typeof status !== 'string' && typeof status !== 'boolean') return [];
    return [
      {
        type,
        status: typeof status === 'string' ? status : status ? 'True' : 'False',
        ...(typeof reason === 'string' && { reason }),
        ...(typeof message === 'string' && { message }),
        ...(typeof severity === 'string' && { severity }),
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
  'admitted',
  'finished',
]);

/** What a list of conditions says, where that is something of the object's health. */
export function signalsIn(conditions: readonly Condition[], { generation, kind }: About): readonly Signal[] {
  const hasEnded = conditions.some(({ type, status }) => status === 'True' && tellsEnd(type));
  // Where nothing sums them up, each part must be well: `AllReplicasReady`, `ChildResourcesHealthy`.
  const counts = conditions.some(({ type }) => isWhole(type)) ? isSummary : isPart;
  const serves = conditions.some(
    (one) => isWhole(one.type) && one.status === 'True' && (one.observedGeneration ?? generation) >= generation,
  );
  const signals = conditions.flatMap((condition): readonly Signal[] => {
    const { observedGeneration = generation, type } = condition;
    const said = toneOfCondition(condition, counts(type));
    if (!said || (serves && condition.status === 'True' && isAside(type, said))) return [];
    // `Started` is False again where it is `Done`.
    if (hasEnded && condition.status === 'False' && tellsBeginning(type)) return [];
    const hasBegun = said === 'good' && isEnding(kind) && (tellsBeginning(type) || type === 'Created');
    if (hasBegun && hasEnded) return [];
    const tone = hasBegun ? 'busy' : said;
    const isOld = tone === 'good' && observedGeneration < generation;
    if (isOld) return [{ tone: 'busy', text: `${type} is about an older generation`, condition }];
    return [{ tone, text: textOf(condition), condition }];
  });
  return signals.length > 0 ? signals : nothingTrue(conditions);
}

/** Beside one that sums up and is True: what the object does (`Replicating`), what could be done (`UpgradeAvailable`), and how something went that is over. */
function isAside(type: string, tone: Tone): boolean {
  return tone === 'busy' ? !isUnderWay(type) : tone === 'bad' && /^(last|previous)$/.test(wordsIn(type)[0] as string);
}

/** Where nothing is True, and something is False that should be, of whatever name, the object is not there. */
function nothingTrue(conditions: readonly Condition[]): readonly Signal[] {
  if (conditions.some(({ status }) => status === 'True')) return [];
  const missing = conditions.find((one) => one.status === 'False' && toneWhenTrue(one.type) === 'good' && !isUnasked(one));
  return missing ? [{ tone: 'busy', text: textOf(missing), condition: missing }] : [];
}

interface About {
  readonly generation: number;
  readonly kind: string;
}

/** @param counts When it is not True, the object is not there yet; of others only an error counts. */
function toneOfCondition(condition: Condition, counts: boolean): Tone | undefined {
  const { type, status, reason = '' } = condition;
  // Operators written with Ansible say so that they are at it: https://sdk.operatorframework.io/docs/building-operators/ansible/reference/
  if (type === 'Running' && reason === 'Running' && status === 'True') return 'busy';
  const whenTrue = toneWhenTrue(type);
  if (status === 'True') {
    if (whenTrue === 'busy' && ended.test(reason)) return undefined;
    const why = toneOf(reason);
    // `Degraded` for `DeploymentInProgress`: so some say that they are at it.
    if (whenTrue === 'bad' && why === 'busy' && isUnderWay(reason)) return why;
    return whenTrue === 'good' && counts && (why === 'bad' || why === 'paused') ? why : whenTrue;
  }
  if (whenTrue !== 'good' && whenTrue !== 'busy') return undefined;
  return troubleOf(condition, whenTrue) ?? (whenTrue === 'good' && counts ? toneWhenMissing(condition) : undefined);
}

/** What the reason of one that is False or Unknown tells of. */
function troubleOf({ type, status, reason = '', severity }: Condition, whenTrue: Tone): Tone | undefined {
  if (status === 'False' && severity === 'Error') return 'bad';
  const why = toneOf(reason);
  if (why === 'paused' && (whenTrue === 'busy' || (status === 'False' && isSummary(type)))) return why;
  return why === 'bad' && (status === 'False' || /error|fail/i.test(reason)) ? why : undefined;
}

/** What it means that one is not True that should be, and whose reason names no error. */
function toneWhenMissing({ type, status, reason = '', message = '' }: Condition): Tone | undefined {
  if (isUnasked({ status, reason }) && !isWhole(type)) return undefined;
  if (status !== 'False' || inLine.test(reason)) return 'busy';
  // What runs to its end is neither until then: https://tekton.dev/docs/pipelines/pipelineruns/
  if (type === 'Succeeded' && toneOf(reason) !== 'busy') return 'bad';
  return tellsTrouble(message) ? 'bad' : 'busy';
}

/** Its turn has not come: what its message tells of is why, not that it failed. */
const inLine = /^(pending|waiting|queued)$/i;

/** Nobody asks for it, so that it says nothing. */
const unasked = /^(noop|noreason|skipped|unused|not(applicable|used|required|needed|configured|enabled|specified))$/i;

function isUnasked({ status, reason = '' }: Pick<Condition, 'status' | 'reason'>): boolean {
  return unasked.test(reason) || (status === 'False' && toneOf(reason) === 'paused');
}

/** What an object may do, not how it is: `Upgradeable`, `LiveMigratable`. */
const ability = /(able|ible)$/;

/** `NewReplicaSetAvailable`: what was under way has come to its end, and its condition goes on to be True. */
const ended = /(Available|Complete|Completed|Succeeded|Successful|Finished|Done|Ready|Running)$/;

/** Of a word that says nothing by itself it is good that it is True. `NotReady` is bad: who writes a condition of its own for it means that. */
function toneWhenTrue(type: string): Tone | undefined {
  const words = wordsIn(type);
  if (isAdvice(words)) return undefined;
  if (words[0] === 'not' || words[0] === 'non') return 'bad';
  return toneOf(type) ?? (ability.test(words.at(-1) ?? '') ? undefined : 'good');
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
  const last = wordsIn(type).at(-1) ?? '';
  return summaries.has(last) || toneOf(last) === 'good';
}

function textOf({ type, status, reason, message }: Condition): string {
  const why = [reason, message].filter((text) => text).join(': ');
  return clean(`${type} is ${status}${why ? ` (${why})` : ''}`, 300);
}
