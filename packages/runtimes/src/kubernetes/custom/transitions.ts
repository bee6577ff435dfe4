// Rules of a custom kind that compare a field with what it was: what breaks one cannot be changed in place.
import { isObject, type JsonObject } from '@konfig/core';
import type { Cause } from '../objects';

interface Transition {
  /** `spec.color`; entries of lists and maps are `*`. */
  readonly path: string;
  /** What the server says when it is broken. */
  readonly words: string;
  /** The rule computes other words, which only the server knows; those are said where it cannot. */
  readonly isComputed: boolean;
}

/** Does the cause say that a rule of the schema does not allow the change, though the value itself is fine? */
export function isTransition(schema: JsonObject, { field = '', message = '' }: Cause): boolean {
  return transitionsIn(schema, '').some(({ path, words, isComputed }) => {
    if (message.endsWith(`: ${words}`)) return true;
    return isComputed && field.replace(/\[[^\]]*\]/g, '.*') === path && !/Unsupported value|must be of type|Required value/.test(message);
  });
}

function transitionsIn(schema: JsonObject, path: string): readonly Transition[] {
  const rules = Array.isArray(schema['x-kubernetes-validations']) ? schema['x-kubernetes-validations'] : [];
  const own = rules.flatMap((one): readonly Transition[] => {
    if (!isObject(one) || typeof one.rule !== 'string' || !/\boldSelf\b/.test(one.rule)) return [];
    return [{ path, words: wordsOf(one, one.rule), isComputed: one.messageExpression !== undefined }];
  });
  const properties = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  const below = properties.map(([key, child]) => [path === '' ? key : `${path}.${key}`, child] as const);
  const entries = [schema.items, schema.additionalProperties].map((child) => [`${path}.*`, child] as const);
  return [...own, ...[...below, ...entries].flatMap(([here, child]) => (isObject(child) ? transitionsIn(child, here) : []))];
}

/** As `ruleMessageOrDefault` of Kubernetes has it: an empty message is none. */
function wordsOf({ message }: JsonObject, rule: string): string {
  return typeof message === 'string' && message !== '' ? message.trim() : `failed rule: ${rule.trim()}`;
}
