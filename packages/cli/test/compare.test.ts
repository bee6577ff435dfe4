// What differs between two values, field by field.
import { defaultSettings, type Json, type JsonObject, pathText, type Spec, specVersion } from '@konfig/core';
import { compareJson, compareSpecs } from '../src/compare';
import { holdsLiterals, isLiteralSecret, shownSpec, withoutLiteralSecrets } from '../src/literal-secret';

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

test('of anything called a Secret only what cannot hold one is shown, whatever its version and however its fields are spelt', () => {
  const told = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' }, type: 'Opaque', immutable: true };
  const odd = { ...told, stringdata: { pass: 'correct horse' }, pin: 8354, note: 'correct horse', list: ['correct horse'] };
  for (const type of ['v1/Secret', 'v2/Secret', 'example.com/v1/Secret']) {
    expect(withoutLiteralSecrets(type, odd)).toEqual({
      ...told,
      stringdata: { pass: '(secret)' },
      pin: '(secret)',
      note: '(secret)',
      list: '(secret)',
    });
  }
  expect(withoutLiteralSecrets('v1/Secret', { ...told, data: 'correct horse' })).toEqual({ ...told, data: '(secret)' });
  expect(holdsLiterals('v1/Secret', odd)).toBe(true);
  expect(holdsLiterals('example.com/v1/Secret', { ...told, spec: { engine: 'rotating' } })).toBe(false);
  expect(withoutLiteralSecrets('example.com/v1/SecretStore', { spec: { provider: 'vault' } })).toEqual({ spec: { provider: 'vault' } });
});

test('what a Secret holds written out is hidden wherever else it stands, in whatever it is shown', () => {
  const resource = (id: string, type: string, attributes: JsonObject) => ({
    id,
    type,
    attributes,
    target: 'main',
    runtime: 'kubernetes',
    path: id,
  });
  const spec = (url: string): Spec => ({
    version: specVersion,
    project: 'shop',
    stack: 'dev',
    workspace: 'dev',
    targets: {},
    records: { store: 'files' },
    settings: defaultSettings,
    resources: [
      resource('main:Secret/shop/db', 'v1/Secret', { stringData: { pass: 'correct horse' }, data: { key: 'czNjcjN0LWtleQ==' } }),
      resource('main:ConfigMap/shop/db', 'v1/ConfigMap', { data: { url, note: 's3cr3t-key, c29tZSBjb3JyZWN0IGhvcnNl' } }),
    ],
  });
  const shop = spec('postgres://shop:correct%20horse@db');
  expect(shownSpec(shop).resources.map(({ attributes }) => attributes)).toEqual([
    { stringData: { pass: '(secret)' }, data: { key: '(secret)' } },
    { data: { url: 'postgres://shop:(secret)@db', note: expect.stringMatching(/^\(secret\), c29tZ\w{0,3}\(secret\)\w{0,3}$/) } },
  ]);
  const [change] = compareSpecs(shop, spec('none')).changed[0]?.changes ?? [];
  expect(change).toEqual({ path: ['data', 'url'], before: 'postgres://shop:(secret)@db', after: 'none' });
});
