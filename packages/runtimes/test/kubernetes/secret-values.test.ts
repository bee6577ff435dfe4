import { isSecretPath, secretValues } from '../../src/kubernetes/secret-values';

test('what a Secret holds is told decoded, with its place; what is known only later without', () => {
  const named = { $base64: { $secret: { from: 'env', name: 'KEY' } } };
  expect(
    secretValues('v1/Secret', { data: { a: 'aHVudGVyMg==', bytes: '/w==', later: named }, stringData: { b: 'aHVudGVyMg==' } }),
  ).toEqual([
    { path: ['data', 'a'], text: 'hunter2' },
    { path: ['data', 'bytes'], text: '/w==' },
    { path: ['data', 'later'], text: undefined },
    { path: ['stringData', 'b'], text: 'aHVudGVyMg==' },
  ]);
});

test('nothing else holds secrets, not even what is called so elsewhere', () => {
  expect(secretValues('v1/ConfigMap', { data: { a: 'plain' } })).toEqual([]);
  expect(secretValues('v1/Secret', { metadata: { name: 'db' } })).toEqual([]);
  expect([
    isSecretPath('v1/Secret', ['data', 'a']),
    isSecretPath('v1/Secret', ['metadata', 'name']),
    isSecretPath('example.com/v1/Secret', ['data', 'a']),
  ]).toEqual([true, false, false]);
});
