import { equalJson, type FieldChange, isObject, type Json, type JsonObject, pathText, valueAt } from '@konfig/core';
import fc from 'fast-check';
import { changesOf, hideValues } from '../../src/kubernetes/changes';
import type { FieldSet } from '../../src/kubernetes/field-set';

const text = (changes: readonly FieldChange[]) =>
  changes.map(({ path, before, after }) => `${pathText(path)}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`);

test('a changed field is named by the merge keys of the list that it is in', () => {
  const live = {
    spec: {
      containers: [
        { name: 'log', image: 'log:1' },
        { name: 'web', image: 'web:1', tty: false },
      ],
    },
  };
  const after = {
    spec: {
      containers: [
        { name: 'log', image: 'log:1' },
        { name: 'web', image: 'web:2', tty: false },
      ],
    },
  };
  const owned = { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:name': {}, 'f:image': {} } } } };
  expect(text(changesOf(live, after, owned))).toEqual(['spec.containers[name=web].image: "web:1" → "web:2"']);
});

test('what the server or another manager sets is no change', () => {
  const live = { metadata: { resourceVersion: '1' }, spec: { replicas: 3, strategy: { type: 'RollingUpdate' } }, status: { ready: 1 } };
  const after = { metadata: { resourceVersion: '2' }, spec: { replicas: 5, strategy: { type: 'Recreate' } }, status: { ready: 2 } };
  expect(text(changesOf(live, after, { 'f:spec': { 'f:replicas': {} } }))).toEqual(['spec.replicas: 3 → 5']);
});

test('a new list item is one change, without the defaults that the server added to it', () => {
  const live = { ports: [{ port: 80, protocol: 'TCP' }] };
  const after = {
    ports: [
      { port: 80, protocol: 'TCP' },
      { port: 81, protocol: 'TCP', nodePort: 30123 },
    ],
  };
  const owned = {
    'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { 'f:port': {} }, 'k:{"port":81,"protocol":"TCP"}': { '.': {}, 'f:port': {} } },
  };
  expect(text(changesOf(live, after, owned))).toEqual(['ports[port=81,protocol=TCP]: undefined → {"port":81}']);
});

test('a field that we no longer wish goes, or falls back to its default', () => {
  const live = { data: { a: '1', b: '2' }, spec: { replicas: 3 } };
  const after = { data: { a: '1' }, spec: { replicas: 1 } };
  const owned = { 'f:data': { 'f:a': {}, 'f:b': {} }, 'f:spec': { 'f:replicas': {} } };
  expect(text(changesOf(live, after, owned))).toEqual(['data.b: "2" → undefined', 'spec.replicas: 3 → 1']);
});

test('a set changes as a whole', () => {
  const owned = { 'f:finalizers': { 'v:"a"': {}, 'v:"b"': {} } };
  expect(text(changesOf({ finalizers: ['a', 'x'] }, { finalizers: ['a', 'x', 'b'] }, owned))).toEqual(['finalizers: ["a"] → ["a","b"]']);
});

test('the values of a Secret are left out', () => {
  expect(
    hideValues([
      { path: ['data', 'password'], before: 'old', after: 'new' },
      { path: ['type'], before: 'a', after: 'b' },
    ]),
  ).toEqual([
    { path: ['data', 'password'], sensitive: true },
    { path: ['type'], before: 'a', after: 'b' },
  ]);
});

// Objects as Kubernetes has them: scalars, maps, lists of items with a name, lists that are one value.
const scalar = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('x', 'y'), fc.boolean());
const tree = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  object: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), tie('value'), {
    maxKeys: 4,
    depthIdentifier: 'tree',
  }) as fc.Arbitrary<JsonObject>,
  value: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'tree' },
    scalar,
    fc.array(scalar, { maxLength: 2 }),
    tie('object'),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom('p', 'q', 'r'), tie('object')), { selector: ([name]) => name, maxLength: 3 })
      .map((items) => items.map(([name, rest]) => ({ ...rest, name }))),
  ),
})).object;

/** The set of all fields of a value, as the API server would write it. */
function fieldsOf(value: Json): FieldSet {
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, child]) => [`f:${key}`, fieldsOf(child)]));
  if (!isKeyed(value)) return {};
  return Object.fromEntries(value.map((item) => [`k:${JSON.stringify({ name: item.name as Json })}`, { '.': {}, ...fieldsOf(item) }]));
}

function isKeyed(value: Json): value is readonly JsonObject[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => isObject(item) && typeof item.name === 'string');
}

function leavesOf(set: FieldSet): number {
  return Object.values(set).reduce<number>((sum, child) => sum + Math.max(1, leavesOf(child as FieldSet)), 0);
}

test('the same object twice has no changes', () => {
  fc.assert(fc.property(tree, (object) => changesOf(object, structuredClone(object), fieldsOf(object)).length === 0));
});

test('nobody who owns nothing changes anything', () => {
  fc.assert(fc.property(tree, tree, (live, after) => changesOf(live, after, {}).length === 0));
});

test('changes are in the order of their paths, true, and never more than there are fields', () => {
  fc.assert(
    fc.property(tree, tree, (live, after) => {
      const owned = fieldsOf(after);
      const changes = changesOf(live, after, owned);
      const paths = changes.map((change) => pathText(change.path));
      expect(paths).toEqual([...paths].sort());
      expect(new Set(paths).size).toBe(paths.length);
      expect(changes.length).toBeLessThanOrEqual(leavesOf(owned));
      for (const change of changes) {
        expect(valueAt(after, change.path)).toEqual(change.after);
        expect(equalJson(valueAt(live, change.path), valueAt(after, change.path))).toBe(false);
      }
    }),
  );
});

test('every owned field that differs is covered by a change', () => {
  fc.assert(
    fc.property(tree, tree, (live, after) => {
      const changes = changesOf(live, after, fieldsOf(after));
      for (const [key, value] of Object.entries(after)) {
        const isChanged = changes.some((change) => change.path[0] === key);
        if (!isChanged && !isObject(value) && !isKeyed(value)) expect(live[key]).toEqual(value);
      }
    }),
  );
});
