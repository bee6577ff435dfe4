// What differs between two values, field by field.
import { type Json, pathText } from '@konfig/core';
import { compareJson } from '../src/compare';
import { isLiteralSecret, withoutLiteralSecrets } from '../src/literal-secret';

const differ = (before: Json, after: Json) =>
  compareJson(before, after, []).map(({ path, before, after }) => [pathText(path), before, after]);

test('items of a list are told apart by what names them, whatever their order', () => {
  const before = [
    { name: 'web', image: 'web:1' },
    { name: 'proxy', image: 'proxy:1' },
  ];
  const after = [
    { name: 'proxy', image: 'proxy:1' },
    { name: 'web', image: 'web:2' },
    { name: 'log', image: 'log:1' },
  ];
  expect(differ({ containers: before }, { containers: after })).toEqual([
    ['containers[name=web].image', 'web:1', 'web:2'],
    ['containers[name=log]', undefined, { name: 'log', image: 'log:1' }],
  ]);
});

test('items whose names are not their own are told apart by the next field that is', () => {
  const port = (containerPort: number, protocol: string) => ({ name: 'dns', containerPort, protocol });
  expect(differ({ ports: [port(53, 'UDP'), port(54, 'TCP')] }, { ports: [port(53, 'UDP'), port(54, 'SCTP')] })).toEqual([
    ['ports[containerPort=54].protocol', 'TCP', 'SCTP'],
  ]);
});

test('a list without names differs by index while it keeps its length, else as a whole', () => {
  expect(differ({ rules: [{ verb: 'get' }] }, { rules: [{ verb: 'list' }] })).toEqual([['rules[0].verb', 'get', 'list']]);
  expect(differ({ args: ['a'] }, { args: ['a', 'b'] })).toEqual([['args', ['a'], ['a', 'b']]]);
});

test('a value that is known later is one value, not an object of ours', () => {
  const secret = (name: string) => ({ $secret: { from: 'env', name } });
  expect(differ({ token: secret('A') }, { token: secret('B') })).toEqual([['token', secret('A'), secret('B')]]);
});

test('what a Secret holds written out is secret, what it only names is not', () => {
  expect(isLiteralSecret('v1/Secret', ['data', 'key'], 'czNjcjN0')).toBe(true);
  expect(isLiteralSecret('v1/Secret', ['stringData'], { key: 's3cr3t' })).toBe(true);
  expect(isLiteralSecret('v1/Secret', ['data', 'key'], { $base64: { $secret: { from: 'env', name: 'KEY' } } })).toBe(false);
  expect(isLiteralSecret('v1/Secret', ['metadata', 'name'], 'key')).toBe(false);
  expect(isLiteralSecret('v1/ConfigMap', ['data', 'key'], 'plain')).toBe(false);
});

test('without its secrets a Secret still says which keys it has', () => {
  const named = { $base64: { $secret: { from: 'env', name: 'KEY' } } };
  expect(withoutLiteralSecrets('v1/Secret', { kind: 'Secret', data: { a: 'czNjcjN0', b: named } })).toEqual({
    kind: 'Secret',
    data: { a: '(secret)', b: named },
  });
});
