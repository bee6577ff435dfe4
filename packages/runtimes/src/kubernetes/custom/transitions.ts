// Rules of a custom kind that compare a field with what it was: what breaks one cannot be changed in place.
import { isObject, type JsonObject } from '@konfig/core';
import type { Cause } from '../objects';

interface Transition {
  /** `spec.color`; entries of lists and maps are `*`. */
  readonly path: string;
  readonly rule: string;
  /** Undefined: the rule computes its words. */
  readonly message: string | undefined;
}

/** Does the cause say that a rule of the schema does not allow the change, though the value itself is fine? */
export function isTransition(schema: JsonObject, { field = '', message = '' }: Cause): boolean {
  return transitionsIn(schema, '').some((rule) => {
    if (rule.message !== undefined) return message.endsWith(rule.message);
    if (message.endsWith(`failed rule: ${rule.rule}`)) return true;
    return field.replace(/\[[^\]]*\]/g, '.*') === rule.path && !/Unsupported value|must be of type|Required value/.test(message);
  });
}

function transitionsIn(schema: JsonObject, path: string): readonly Transition[] {
  const rules = Array.isArray(schema['x-kubernetes-validations']) ? schema['x-kubernetes-validations'] : [];
  const own = rules.flatMap((one): readonly Transition[] => {
    if (!isObject(one) || typeof one.rule !== 'string' || !/\boldSelf\b/.test(one.rule)) return [];
    if (one.messageExpression !== undefined) return [{ path, rule: one.rule, message: undefined }];
    return [{ path, rule: one.rule, message: typeof one.message === 'string' ? one.message : `failed rule: ${one.rule.trim()}` }];
  });
  const properties = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  const below = properties.map(([key, child]) => [path === '' ? key : `${path}.${key}`, child] as const);
  const entries = [schema.items, schema.additionalProperties].map((child) => [`${path}.*`, child] as const);
  return [...own, ...[...below, ...entries].flatMap(([here, child]) => (isObject(child) ? transitionsIn(child, here) : []))];
}
