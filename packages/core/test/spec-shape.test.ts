// JSON from a program's process is a Spec, or it is said what is wrong with it; lines that cannot be are replaced.
import type { Json, JsonObject, SynthOutput } from '@konfig/core';
import { defaultSettings, type Input, shapeProblems, specVersion, stackKey, withKnownLines } from '@konfig/core';

const resource = (more: JsonObject = {}): JsonObject => ({
  id: 'main:ConfigMap/shop/a',
  target: 'main',
  runtime: 'kubernetes',
  type: 'v1/ConfigMap',
  attributes: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } },
  path: 'shop/dev/a',
  ...more,
});

const output = (spec: JsonObject = {}, resources: readonly Json[] = [resource()]): JsonObject => ({
  spec: {
    version: specVersion,
    project: 'shop',
    stack: 'dev',
    workspace: 'dev',
    targets: { main: { runtime: 'kubernetes', config: {} } },
    records: { store: 'files' },
    settings: defaultSettings as unknown as JsonObject,
    resources,
    ...spec,
  },
  sources: {},
});

const said = (value: Json | undefined) => shapeProblems(value).map(({ code, at, message }) => `${code} ${at ?? '-'}: ${message}`);
const notASpec = (why: string) => `PROGRAM_OUTPUT -: The program gave something that is not a Spec of ${specVersion}: ${why}.`;

test('a Spec has no problems, and may have fields that are not known yet', () => {
  expect(
    said(output({ later: { any: 1 } }, [resource({ dependsOn: [{ on: 'main:Namespace/shop', until: 'ready' }], onRemoval: 'protect' })])),
  ).toEqual([]);
});

test.each<[string, Json | undefined, string]>([
  ['nothing', undefined, 'it has no resources'],
  ['a list', [], 'it has no resources'],
  ['resources that are no list', output({ resources: {} }), 'it has no resources'],
  ['a resource that is a text', output({}, ['x']), 'its resource 0 is no object'],
  ['an id that is a number', output({}, [resource({ id: 1 })]), 'the id of its resource 0 is not what it must be'],
  [
    'an unknown wait',
    output({}, [resource({ dependsOn: [{ on: 'x', until: 'later' }] })]),
    'the dependsOn of its resource 0 is not what it must be',
  ],
  ['a bell in a path', output({}, [resource({ path: 'a\u0007' })]), 'the path of its resource 0 is not what it must be'],
  ['a target without runtime', output({ targets: { main: {} } }), 'its targets is not what it must be'],
  [
    'a timeout below zero',
    output({ settings: { ...defaultSettings, totalTimeout: -1 } as unknown as JsonObject }),
    'its settings is not what it must be',
  ],
])('%s is no Spec', (_, value, why) => {
  expect(said(value)).toEqual([notASpec(why)]);
});

test('a Spec of another version is none of its business: that is told elsewhere', () => {
  expect(said({ spec: { version: 'konfig.dev/spec/v9', resources: [{}] }, sources: {} })).toEqual([]);
});

test('half characters, forged prototypes and endless depth are told with their path, all at once', () => {
  let deep: Json = 'x';
  for (let i = 0; i < 300; i++) deep = [deep];
  const data = { a: 'x\udc00', 'b\ud800': '1', list: ['ok', '\ud83d'], whole: '\ud83d\ude00', ['__proto__']: { kind: 'Pod' } };
  expect(said(output({}, [resource({ attributes: { data, deep } })]))).toEqual([
    'SPEC_INVALID main:ConfigMap/shop/a data.a: It holds half of a character, \\udc00 without its other half.',
    'SPEC_INVALID main:ConfigMap/shop/a data: It holds half of a character, \\ud800 without its other half.',
    'SPEC_INVALID main:ConfigMap/shop/a data.list[1]: It holds half of a character, \\ud83d without its other half.',
    'SPEC_INVALID main:ConfigMap/shop/a data: It has a key called __proto__, with which objects are forged.',
    'SPEC_INVALID main:ConfigMap/shop/a: It is nested more than 200 levels deep.',
  ]);
});

test('a resource that no store would take is told once, by its field where that is one text', () => {
  const long = 'x'.repeat(4 << 20);
  expect(said(output({}, [resource({ attributes: { data: { a: long, b: long } } })]))).toEqual([
    'SPEC_INVALID main:ConfigMap/shop/a data.a: It is a text of 4194304 characters. No object may have more than 3145728.',
  ]);
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`k${i}`, 'x'.repeat(1 << 17)]));
  expect(said(output({}, [resource({ attributes: { data: many } })]))).toEqual([
    'SPEC_INVALID main:ConfigMap/shop/a: The whole of it is too large. No object may have more than 3145728.',
  ]);
});

test('lines of files that are none of the program are replaced, wherever they stand', () => {
  const line = (file: unknown, number: unknown) => ({ file, line: number });
  const given = {
    a: {
      made: line('app.ts', 3),
      fields: {
        x: { ...line('/etc/passwd', 1), through: [line('app.ts', 4)] },
        y: { ...line('app.ts', 5), through: [line('other.ts', 1)] },
      },
    },
    b: { made: line('app.ts', '3') },
  };
  const instead = { file: 'konfig.ts', line: 1, guess: true };
  const { sources } = withKnownLines({ sources: given } as unknown as SynthOutput, (file) => file === 'app.ts', instead);
  expect(sources).toEqual({
    a: { made: line('app.ts', 3), fields: { x: instead, y: { ...line('app.ts', 5), through: [instead] } } },
    b: { made: instead },
  });
});

test("a stack's key minds each part, and not the order of inputs", () => {
  const input = (name: string, digest: string): Input => ({ kind: 'env', name, digest });
  const parts = {
    code: 'c',
    lockFile: 'l',
    packages: 'p',
    konfig: '1',
    node: '20',
    stack: 'shop/dev',
    inputs: [input('A', '1'), input('B', '2')],
  };
  const others = [
    { ...parts, code: 'd' },
    { ...parts, lockFile: '' },
    { ...parts, packages: 'q' },
    { ...parts, konfig: '2' },
    { ...parts, node: '24' },
    { ...parts, stack: 'shop/prod' },
    { ...parts, inputs: [input('A', '1')] },
    { ...parts, inputs: [input('A', '2'), input('B', '2')] },
  ];
  expect(new Set([parts, ...others].map(stackKey)).size).toBe(9);
  expect(stackKey({ ...parts, inputs: [...parts.inputs].reverse() })).toBe(stackKey(parts));
});
