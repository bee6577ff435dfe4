import type { Json } from '../src/json';
import { asLater, isUnknown, latersIn, readableRefs, refsIn, resolveValue, secretsIn, touchesSecret } from '../src/value';

const ref = (path: readonly (string | number)[]): Json => ({ $ref: { resource: 'main:Service/shop/web', path } });
const password: Json = { $secret: { from: 'env', name: 'PASSWORD' } };
const resolver = {
  ref: ({ path }: { readonly path: readonly unknown[] }) => (path[0] === 'ip' ? '10.0.0.1' : path[0] === 'port' ? 80 : undefined),
  secret: () => 'hunter2',
  base64: (text: string) => Buffer.from(text).toString('base64'),
  hash: (text: string) => `hash of ${text}`,
};
const unknownHost = { $unknown: { resource: 'main:Service/shop/web', path: ['host'] } };

test.each<[string, Json, Json]>([
  ['a reference', { a: ref(['ip']) }, { a: '10.0.0.1' }],
  ['a reference that keeps its type', [ref(['port'])], [80]],
  ['a reference that is not known', { a: ref(['host']) }, { a: unknownHost }],
  ['a secret', { a: password }, { a: 'hunter2' }],
  ['texts put together', { $concat: ['http://', ref(['ip']), ':', ref(['port'])] }, 'http://10.0.0.1:80'],
  ['texts put together of which one is not known', { $concat: ['http://', ref(['host'])] }, unknownHost],
  ['base64 of what is put together', { $base64: { $concat: ['shop:', password] } }, 'c2hvcDpodW50ZXIy'],
  ['base64 of what is not known', { $base64: ref(['host']) }, unknownHost],
  ['a text in JSON', { $concat: ['"', { $json: { $concat: ['a"', ref(['ip'])] } }, '"'] }, '"a\\"10.0.0.1"'],
  ['a text in JSON that is not known', { $json: ref(['host']) }, unknownHost],
  [
    'the JSON of a map',
    { $concat: [{ ip: ref(['ip']), ports: [ref(['port'])], none: null }] },
    '{"ip":"10.0.0.1","ports":[80],"none":null}',
  ],
  ['the JSON of a map in which something is not known', { $concat: [{ hosts: [ref(['host'])] }] }, unknownHost],
  ['a number that is to be a text', { $concat: [ref(['port'])] }, '80'],
  ['a hash of a secret', { $hash: password }, 'hash of hunter2'],
  ['a hash of an object', { $hash: { a: password } }, 'hash of {"a":"hunter2"}'],
  ['nothing of ours', { a: [1, null, { b: true }] }, { a: [1, null, { b: true }] }],
])('%s is filled in', (_, value, wanted) => {
  expect(resolveValue(value, resolver)).toEqual(wanted);
});

test.each<Json>([
  { $ref: '#/definitions/Port' },
  { $ref: '#/definitions/Port', description: 'a port' },
  { $ref: { resource: 'x' } },
  { $secret: 'x' },
  { $secret: { from: 'vault', name: 'x' } },
  { $concat: 'x' },
  { $ref: { resource: 'x', path: [] }, other: 1 },
  {},
])('%j is not one of ours and stays as it is', (value) => {
  expect(asLater(value)).toBeUndefined();
  expect(resolveValue(value, resolver)).toEqual(value);
  expect(latersIn(value)).toEqual([]);
});

test('what is inside of others is found too, at the path of the outermost', () => {
  const value = { env: [{ name: 'URL', value: { $base64: { $concat: [ref(['ip']), password] } } }] };
  expect(refsIn(value)).toEqual([{ resource: 'main:Service/shop/web', path: ['ip'] }]);
  expect(secretsIn(value)).toEqual([{ path: ['env', 0, 'value'], source: { from: 'env', name: 'PASSWORD' } }]);
});

test('a reference is readable where it is neither hashed nor exposed on purpose', () => {
  const exposed: Json = { $ref: { resource: 'main:Service/shop/web', path: ['open'], exposed: true } };
  const value = { a: [{ $base64: { $concat: [ref(['ip']), exposed] } }], b: { $hash: ref(['port']) }, c: { $json: ref(['host']) } };
  expect(readableRefs(value)).toEqual([
    { path: ['a', 0], ref: { resource: 'main:Service/shop/web', path: ['ip'] } },
    { path: ['c'], ref: { resource: 'main:Service/shop/web', path: ['host'] } },
  ]);
});

test('a path touches a secret when it leads to it, into it or to what holds it', () => {
  const value = {
    env: [
      { name: 'PIN', value: password },
      { name: 'HOME', value: '/' },
    ],
    image: 'web',
  };
  expect(touchesSecret(value, ['env', 0, 'value'])).toBe(true);
  expect(touchesSecret(value, ['env', { name: 'PIN' }, 'value'])).toBe(true);
  expect(touchesSecret(value, ['env', { name: 'PIN' }, 'value', 'deeper'])).toBe(true);
  expect(touchesSecret(value, ['env'])).toBe(true);
  expect(touchesSecret(value, [])).toBe(true);
  expect(touchesSecret(value, ['env', { name: 'HOME' }])).toBe(false);
  expect(touchesSecret(value, ['image'])).toBe(false);
  expect(touchesSecret(value, ['gone'])).toBe(false);
});

test('only $unknown is unknown', () => {
  expect(isUnknown(unknownHost)).toBe(true);
  expect(isUnknown(ref(['ip']))).toBe(false);
  expect(isUnknown(undefined)).toBe(false);
});
