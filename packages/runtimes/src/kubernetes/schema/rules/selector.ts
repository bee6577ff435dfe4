// Label selectors: how they are written, and what they select.
import { asLater, isObject, type Json, type JsonObject, type Path } from '@konfig/core';
import { type Entry, entriesAt, list, objectAt } from '../../field';
import { type Fault, quoted } from '../fault';
import { isKnown } from '../limits';
import { enumHint } from '../suggest';
import { isLabelValue, isQualifiedName } from '../syntax';

/** Of a `LabelSelector`: matchLabels and matchExpressions. */
export function selectorFaults(selector: Entry): readonly Fault[] {
  return [
    ...objectAt(selector, 'matchLabels').flatMap(labelsFaults),
    ...entriesAt(selector, 'matchExpressions').flatMap(({ value, path }) => {
      const { operator, values, key } = value;
      if (typeof operator !== 'string' || asLater(values)) return [];
      if (typeof key === 'string' && key !== '' && !isQualifiedName(key))
        return [{ path: [...path, 'key'], message: `${quoted(key)} is no key of a label.` }];
      if (!operators.includes(operator)) return [operatorFault(operator, path)];
      const count = list(values).length;
      if (operator.endsWith('In') && count === 0)
        return [{ path: [...path, 'values'], message: `values is empty, but ${operator} needs some.` }];
      if (!operator.endsWith('In') && count > 0)
        return [{ path: [...path, 'values'], message: `values must be left out with ${operator}.` }];
      return [];
    }),
  ];
}

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

function operatorFault(operator: string, path: Path): Fault {
  const hint = enumHint(operator, operators);
  const message = `operator is ${quoted(operator)}, but must be one of ${operators.join(', ')}.`;
  return { path: [...path, 'operator'], message, ...(hint ? { hint } : {}) };
}

/** Of labels that select. */
export function labelsFaults({ value, path }: Entry): readonly Fault[] {
  return Object.entries(value).flatMap(([key, wanted]) => {
    if (!isQualifiedName(key)) return [{ path: [...path, key], message: `${quoted(key)} is no key of a label.` }];
    if (typeof wanted !== 'string' || isLabelValue(wanted)) return [];
    return [{ path: [...path, key], message: `${quoted(wanted)} is no value that a label can have.` }];
  });
}

/** Does it select nothing in particular? */
export function isEmptySelector(selector: Json | undefined): boolean {
  if (!isObject(selector)) return true;
  const { matchLabels, matchExpressions } = selector;
  return !asLater(selector) && (!isObject(matchLabels) || Object.keys(matchLabels).length === 0) && list(matchExpressions).length === 0;
}

/** The first thing that the selector wants and the labels do not have; undefined where they match, or where it cannot be told yet. */
export function mismatchOf(selector: JsonObject, labels: Json | undefined): { readonly key: string; readonly wanted: string } | undefined {
  const have = isObject(labels) ? labels : {};
  if (asLater(labels)) return undefined;
  for (const [key, wanted] of Object.entries(isObject(selector.matchLabels) ? selector.matchLabels : {})) {
    const there = Object.hasOwn(have, key) ? have[key] : undefined;
    if (isKnown(wanted) && !asLater(there) && there !== wanted) return { key, wanted: `${key}: ${String(wanted)}` };
  }
  for (const expression of list(selector.matchExpressions)) {
    if (!isObject(expression) || typeof expression.key !== 'string') continue;
    const { key, operator } = expression;
    const there = Object.hasOwn(have, key) ? have[key] : undefined;
    if (asLater(there) || list(expression.values).some((one) => asLater(one))) continue;
    const isIn = list(expression.values).some((one) => one === there);
    const isMet =
      operator === 'In' ? isIn : operator === 'NotIn' ? !isIn : operator === 'Exists' ? there !== undefined : there === undefined;
    if (!isMet) return { key, wanted: `${key} ${String(operator)} ${list(expression.values).join(', ')}`.trim() };
  }
  return undefined;
}
