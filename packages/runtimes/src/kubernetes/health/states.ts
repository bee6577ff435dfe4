// What an object's status says outside of its conditions: a phase or state in one word, an error in words, yes or no, counts.
import { isObject, type Json, type JsonObject } from '@konfig/core';
import { clean } from '../../clean';
import type { Signal } from './signal';
import { isEnding, type Tone, tellsBeginning, tellsEnd, tellsTrouble, toneOf, wordsIn } from './words';

/** What a field is called, or its name ends with, that says in one word how the object is. */
export const stateWords: ReadonlySet<string> = new Set([
  'phase',
  'state',
  'status',
  'health',
  'compliant',
  'stage',
  'progress',
  'result',
  'robustness',
]);
const errorField = /^(last)?(error|err|failure)(message|msg|description|reason|detail|summary)?$/i;

/** What is done to an object, which has a state of its own: `provisioning: { state }`, `lastOperation: { state }`. */
const works = /^(provisioning|operation|rollout|reconciliation|lifecycle)$/;

/** Before all others. As parts of a name these say nothing: `NewVersionAvailable`, `BootstrapReady`. */
const earliest = /^(new|init|initialization|boot|bootstrap|setup|start|installready)$/i;
const resting = /^(disabled|inactive|closed)$/i;
const undone = /terminated$|(^|_)rollback_complete$|^rolled[ _-]?back$/i;

/** What is written where there is no error. */
const noError = /^(|none|null|nil|<nil>|no error|n\/a|ok|-)$/i;

/** `previousPhase`, `desiredState`: how it was, or is to be. */
const ofOtherTimes = /^(previous|prior|old|desired|target|wanted|expected|requested|initial|next)$/;

/** What each field of the status says that is one of those. */
export function statesIn(status: JsonObject, kind: string): readonly Signal[] {
  return Object.entries(status).flatMap(([name, value]) => {
    if (typeof value === 'string') return flagOf(name, value, status) ?? shareOf(name, value) ?? stateOf(name, value, kind) ?? [];
    if (typeof value === 'boolean') return flagOf(name, value, status) ?? [];
    if (Array.isArray(value)) return errorIn(name, value) ?? [];
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
  if (errorField.test(name)) return noError.test(value.trim()) ? undefined : { tone: 'bad', text };
  if (!isState(name) || value === '') return undefined;
  const tone = toneOfState(value, kind);
  // That nobody knows how a thing bears what happens to it, is no work.
  return tone && !(name === 'robustness' && tone === 'busy') ? { tone, text } : undefined;
}

/** What a word means as the whole of a state; as a part of a name it may mean something else. */
function toneOfState(value: string, kind: string): Tone | undefined {
  if (earliest.test(value)) return 'busy';
  if (resting.test(value)) return 'paused';
  if (undone.test(value)) return 'bad';
  const isBegun = isEnding(kind) && tellsBeginning(value) && !tellsEnd(value);
  const tone = toneOf(value) ?? (isBegun ? 'busy' : undefined);
  return tone === 'good' && isBegun ? 'busy' : tone;
}

function isState(name: string): boolean {
  const words = wordsIn(name);
  return stateWords.has(words.at(-1) ?? '') && !ofOtherTimes.test(words[0] as string);
}

/** The name of a phase or state that is there and says nothing yet. */
export function emptyState(status: JsonObject): string | undefined {
  return Object.keys(status).find((name) => status[name] === '' && isState(name));
}

/** Names of what is yes or no, and by which it is not there where it is no. */
const needed = new Set([
  'ready',
  'isReady',
  'readyToUse',
  'succeeded',
  'available',
  'initialized',
  'provisioned',
  'installed',
  'created',
  'deployed',
  'synced',
  'applied',
]);

/** `ready: false`, `readyToUse: false`, `valid: false`, as some write it in quotes. What is true is told by the rest. */
function flagOf(name: string, value: boolean | string, { message }: JsonObject): Signal | undefined {
  if (value !== false && value !== 'False' && value !== 'false') return undefined;
  const text = `${name} is false`;
  if (name === 'healthy' || name === 'valid') return { tone: 'bad', text };
  if (!needed.has(name)) return undefined;
  const isTrouble = typeof message === 'string' && tellsTrouble(message);
  return isTrouble ? { tone: 'bad', text: clean(`${text}: ${message}`, 300) } : { tone: 'busy', text };
}

/** `errors: ['no such disk']` */
function errorIn(name: string, list: readonly Json[]): readonly Signal[] | undefined {
  const [first] = list;
  if (!/^(errors|validationErrors)$/.test(name) || first === undefined) return undefined;
  const message = isObject(first) ? first.message : first;
  return typeof message === 'string' ? [{ tone: 'bad', text: clean(message, 300) }] : undefined;
}

/** `ready: '1/3'`, `statusReplicas: '0/2'` */
function shareOf(name: string, value: string): Signal | undefined {
  const [, part, whole] = /^(\d+)\/(\d+)$/.exec(value) ?? [];
  if (part === undefined || !/ready|available|replicas/i.test(name) || Number(part) >= Number(whole)) return undefined;
  return { tone: 'busy', text: `${part} of ${whole} ${name}` };
}
