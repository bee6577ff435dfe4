import type { JsonObject } from '@konfig/core';
import { isTransition } from '../../src/kubernetes/custom/transitions';

/** A kind whose `spec.color` has this rule. */
const withRule = (rule: JsonObject): JsonObject => ({
  properties: { spec: { properties: { color: { type: 'string', 'x-kubernetes-validations': [rule] } } } },
});

const said = (message: string, field = 'spec.color') => ({ field, message });

// As the API server writes them: `validateExpressions` in apiextensions-apiserver, Kubernetes 1.36.
test.each<[string, JsonObject, string]>([
  ['its own words', { rule: 'self == oldSelf', message: 'no repainting' }, 'Invalid value: "red": no repainting'],
  [
    'its own words, with space around them',
    { rule: 'self == oldSelf', message: '  no repainting\n' },
    'Invalid value: "red": no repainting',
  ],
  ['no words', { rule: ' self == oldSelf ' }, 'Invalid value: "red": failed rule: self == oldSelf'],
  ['empty words', { rule: 'self == oldSelf', message: '' }, 'Invalid value: "red": failed rule: self == oldSelf'],
  ['computed words', { rule: 'self == oldSelf', messageExpression: "'not ' + self" }, 'Invalid value: "red": not red'],
  [
    'words that could not be computed',
    { rule: 'self == oldSelf', messageExpression: "''", message: ' no repainting ' },
    'Invalid value: "red": no repainting',
  ],
  ['words for another field', { rule: 'self == oldSelf', message: 'no repainting', fieldPath: '.hue' }, 'Forbidden: no repainting'],
])('a rule about what was, with %s, is recognised', (_, rule, message) => {
  expect(isTransition(withRule(rule), said(message))).toBe(true);
});

test.each<[string, JsonObject, string]>([
  ['of a rule with empty words', { rule: 'self == oldSelf', message: '' }, 'Unsupported value: "read": supported values: "red"'],
  ['that only ends alike', { rule: 'self == oldSelf', message: 'red' }, 'Unsupported value: "read": supported values: "red", not infrared'],
  ['of a type', { rule: 'self == oldSelf', messageExpression: "'not ' + self" }, 'Invalid value: "integer": must be of type string'],
  ['of a rule about what is', { rule: "self != 'red'", message: 'not red' }, 'Invalid value: "red": not red'],
])('a refusal %s is about the value itself', (_, rule, message) => {
  expect(isTransition(withRule(rule), said(message))).toBe(false);
});
