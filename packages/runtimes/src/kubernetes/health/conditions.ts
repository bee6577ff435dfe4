// The rule for kinds that have none of their own: by the conditions that most controllers write, as kstatus reads them.
import { isObject, type Json } from '@konfig/core';
import { clean } from '../../clean';
import type { Condition, KubeObject } from '../objects';
import { degraded, type Report, ready, waiting } from './report';

/** Conditions that say something is wrong when True. */
const bad = ['Stalled', 'Failed', 'Failure', 'Degraded'];
/** Conditions that say work goes on when True. */
const busy = ['Reconciling'];
/** Conditions that say all is well when True, the most telling first. */
const good = ['Ready', 'Available', 'Healthy', 'Established', 'Complete', 'Succeeded'];

export function conditionsHealth(object: KubeObject): Report {
  const conditions = conditionsOf(object);
  const generation = object.metadata.generation ?? 0;
  const stalled = conditions.find((one) => bad.includes(one.type) && one.status === 'True');
  if (stalled) return degraded(textOf(stalled), [finding(object, stalled)]);
  const working = conditions.find((one) => busy.includes(one.type) && one.status === 'True');
  if (working) return waiting(textOf(working));
  const telling = good.map((type) => conditions.find((one) => one.type === type)).find((one) => one !== undefined);
  if (!telling) return ready('is there');
  if ((telling.observedGeneration ?? generation) < generation) return waiting(`${telling.type} is about an older generation`);
  return telling.status === 'True' ? ready(telling.type) : waiting(textOf(telling), [{ ...finding(object, telling), class: 'transient' }]);
}

function conditionsOf(object: KubeObject): readonly Condition[] {
  const conditions = (object.status as { readonly conditions?: Json } | undefined)?.conditions;
  if (!Array.isArray(conditions)) return [];
  return conditions.filter(
    (one) => isObject(one) && typeof one.type === 'string' && typeof one.status === 'string',
  ) as unknown as Condition[];
}

function textOf(condition: Condition): string {
  const why = [condition.reason, condition.message].filter((text) => typeof text === 'string' && text).join(': ');
  return clean(`${condition.type} is ${condition.status}${why ? ` (${why})` : ''}`, 300);
}

function finding(object: KubeObject, condition: Condition) {
  return {
    code: clean(condition.reason || condition.type, 80),
    class: 'likely' as const,
    message: textOf(condition),
    on: `${object.kind}/${object.metadata.name}`,
    grace: 60,
  };
}
