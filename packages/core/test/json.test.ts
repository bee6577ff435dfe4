import fc from 'fast-check';
import { canonical, childOf, digest, equalJson, type Json, pathText, setOwn, sorted, valueAt } from '../src/json';

test.each([
  [[], ''],
  [['spec', 'replicas'], 'spec.replicas'],
  [['spec', 'containers', { name: 'web' }, 'env', 0], 'spec.containers[name=web].env[0]'],
  [['metadata', 'labels', 'app.kubernetes.io/name'], 'metadata.labels["app.kubernetes.io/name"]'],
  [['data', 'a]b"c'], 'data["a]b\\"c"]'],
  [['ports', { containerPort: 80, protocol: 'TCP' }], 'ports[containerPort=80,protocol=TCP]'],
  [['hosts', { name: 'a]b' }], 'hosts[name="a]b"]'],
  [[''], '[""]'],
])('the path %j reads %s', (path, text) => {
  expect(pathText(path)).toBe(text);
});

test('a value is found by key, index and merge keys, and nowhere else', () => {
  const value = { spec: { containers: [{ name: 'web', image: 'web:1' }, { name: 'log' }] }, list: [1] };
  expect(valueAt(value, ['spec', 'containers', { name: 'web' }, 'image'])).toBe('web:1');
  expect(valueAt(value, ['list', 0])).toBe(1);
  expect(valueAt(value, ['spec', 'containers', { name: 'db' }, 'image'])).toBeUndefined();
  expect(childOf(value.list, 'length')).toBeUndefined();
  expect(childOf(value, 'toString')).toBeUndefined();
  expect(childOf('text', 0)).toBeUndefined();
});

test('the digest does not change from version to version', () => {
  expect(digest({ b: [1, 2.5, null, true], a: { ü: '"\n' } })).toBe('bf3cbdf5f11f3dbc39713c086df5d83fb6dc8d7efe4a3977bb0deb01f727db8a');
});

test('the order of keys changes neither digest nor equality, the order of a list both', () => {
  expect(digest({ a: 1, b: 2 })).toBe(digest({ b: 2, a: 1 }));
  expect(equalJson({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
  expect(digest([1, 2])).not.toBe(digest([2, 1]));
  expect(equalJson([1, 2], [2, 1])).toBe(false);
  expect(equalJson([], {})).toBe(false);
  expect(equalJson(undefined, null)).toBe(false);
});

const json = () => fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

test('equal values, and no others, have equal canonical texts', () => {
  fc.assert(fc.property(json(), json(), (a, b) => equalJson(a, b) === (canonical(a) === canonical(b))));
  fc.assert(fc.property(json(), (a) => equalJson(a, JSON.parse(canonical(a))) && equalJson(a, sorted(a))));
});

test('a key called __proto__ is a key like any other', () => {
  const value = JSON.parse('{"__proto__":{"polluted":true},"a":1}') as Json;
  expect(JSON.stringify(sorted(value))).toBe('{"__proto__":{"polluted":true},"a":1}');
  const object: Record<string, Json> = {};
  setOwn(object, '__proto__', 1);
  expect([Object.keys(object), ({} as { polluted?: boolean }).polluted]).toEqual([['__proto__'], undefined]);
});
