// The rule for kinds that have none of their own: by the conditions that most controllers write, by a phase, by counts.
import { type Finding, isObject, type Json, type JsonObject } from '@konfig/core';
import { clean } from '../../clean';
import { groupOf } from '../address';
import type { KubeObject } from '../objects';
import type { Related } from '../related';
import { conditionsIn, signalsIn } from './conditions';
import { countShort, replicasShort } from './counts';
import { partsOf } from './parts';
import { degraded, type Report, ready, suspended, waiting } from './report';
import type { Signal } from './signal';
import { emptyState, statesIn } from './states';
import { isRun, type Tone } from './words';

/** The gravest thing that the status says counts: what rests is not waited for, what is in the way comes before what is under way. */
const gravity: readonly Tone[] = ['paused', 'bad', 'busy', 'good'];

/** @param related Whether an object without a status will get one is nothing that it says itself. */
export function genericHealth(object: KubeObject, related: Pick<Related, 'awaitsStatus' | 'isUnwritten' | 'childrenOf'>): Report {
  const signals = signalsOf(object);
  const gravest = gravity.flatMap((tone) => signals.find((signal) => signal.tone === tone) ?? [])[0];
  if (!gravest && saysNothing(object) && related.awaitsStatus(object)) return withoutStatus(object, related);
  const empty = isObject(object.status as Json) ? emptyState(object.status as JsonObject) : undefined;
  if (!gravest && empty !== undefined) return waiting(`${empty} is not said yet`);
  if (!gravest) return ready('is there');
  const { tone, text, condition } = gravest;
  switch (tone) {
    case 'paused':
      return suspended(text);
    case 'bad':
      return degraded(text, [finding(object, gravest)]);
    case 'busy':
      return waiting(text, condition?.status === 'False' ? [{ ...finding(object, gravest), class: 'transient' }] : []);
    case 'good':
      return ready(condition?.type ?? text);
  }
}

/** Its controller will write one in a moment; where none has for long, none may run, or it never will: who owns something has been seen to. */
function withoutStatus(object: KubeObject, { isUnwritten, childrenOf }: Pick<Related, 'isUnwritten' | 'childrenOf'>): Report {
  const message = 'has no status yet';
  if (!isUnwritten(object) || childrenOf(object).length > 0) return waiting(message);
  const finding: Finding = {
    code: 'NoStatus',
    class: 'likely',
    grace: 120,
    message: 'nobody has written its status: does its controller run?',
    on: `${object.kind}/${object.metadata.name}`,
    details: [
      `where none ever is, a health rule says so: { kind: '${groupOf(object)}', cases: [{ when: '!has(self.status)', health: 'ready' }] }`,
    ],
  };
  return waiting(message, [finding]);
}

/** Has nobody written a status for it? */
export function saysNothing({ status }: KubeObject): boolean {
  return Object.keys(status ?? {}).length === 0;
}

/** What is wrong with the newest generation, though its controller does not say yet that it has seen it: some say that only when all went well. */
export function troubleNow(object: KubeObject): Report | undefined {
  const { generation = 0 } = object.metadata;
  const found = signalsOf(object).find(({ tone, condition }) => tone === 'bad' && (condition?.observedGeneration ?? -1) >= generation);
  return found && degraded(found.text, [finding(object, found)]);
}

function signalsOf({ kind, metadata, spec, status }: KubeObject): readonly Signal[] {
  if (!isObject(status as JsonObject)) return [];
  const said = status as JsonObject;
  const about = { generation: metadata.generation ?? 0, kind };
  const ofConditions = listsAround(said).flatMap((list) => signalsIn(conditionsIn(list), about));
  const short = [replicasShort(spec, said) ?? countShort(said) ?? []].flat();
  const found = [...intentions(spec), ...ofConditions, ...statesIn(said, kind), ...short];
  if (found.length > 0) return found;
  const inside = partsOf(said, kind);
  if (inside.length > 0) return inside;
  return isWaitedFor(said) || isRun(kind) ? [{ tone: 'busy', text: 'says nothing of itself yet' }] : [];
}

/** Its controller has begun to write, and has not come to what it wants to say: there are lists, and nothing is in any. */
function isWaitedFor(status: JsonObject): boolean {
  const { conditions, ...others } = status;
  if ((conditions ?? null) !== null) return conditionsIn(conditions).length === 0;
  const lists = Object.values(others);
  return lists.length > 0 && lists.every((list) => Array.isArray(list) && list.length === 0);
}

/** The conditions of its own, and those that it has for each of its parents, ancestors and listeners, as the kinds of Gateway API do, or in a part of its status. */
function listsAround(status: JsonObject): readonly (Json | undefined)[] {
  const entries = Object.values(status).flat().filter(isObject);
  return [status, ...entries].map(({ conditions }) => conditions);
}

/** The program says itself that it is to rest. */
function intentions(spec: unknown): readonly Signal[] {
  if (!isObject(spec as JsonObject)) return [];
  const { suspend, suspended: isSuspended, paused } = spec as JsonObject;
  return suspend === true || isSuspended === true || paused === true ? [{ tone: 'paused', text: 'is paused by its spec' }] : [];
}

function finding(object: KubeObject, { text, condition }: Signal) {
  return {
    code: clean(condition?.reason || condition?.type || 'Failed', 80),
    class: 'likely' as const,
    message: text,
    on: `${object.kind}/${object.metadata.name}`,
    grace: 60,
  };
}
