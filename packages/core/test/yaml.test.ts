import fc from 'fast-check';
import { load } from 'js-yaml';
import { parse, parseAllDocuments } from 'yaml';
import type { Json } from '../src/json';
import { toYaml, toYamlStream } from '../src/yaml';

const readers: readonly (readonly [string, (text: string) => unknown])[] = [
  ['YAML 1.2', (text) => parse(text, { version: '1.2' })],
  ['YAML 1.1', (text) => parse(text, { version: '1.1' })],
  ['js-yaml', (text) => load(text)],
];

const odd = [
  'yes',
  'No',
  'on',
  'OFF',
  'y',
  'N',
  'true',
  'Null',
  '~',
  '',
  ' ',
  '=',
  '<<',
  '-',
  '?',
  ':',
  '- a',
  'a: b',
  'a #b',
  '#a',
  '&a',
  '*a',
  '!a',
  '%a',
  '@a',
  '`a',
  '12:30:45',
  '1:2',
  '0o7',
  '07',
  '0x1f',
  '0b1',
  '1e3',
  '1_000',
  '.5',
  '5.',
  '+1',
  '-.inf',
  '.NaN',
  'nan',
  'inf',
  '1.2.3',
  '2001-01-01',
  '2001-01-01T00:00:00Z',
  '---',
  '...',
  '[a]',
  '{a}',
  'a,b',
  '"a"',
  "'a'",
  'a\\b',
  '|',
  '>',
  'a ',
  ' a',
  '\ta',
  'a\tb',
  'a\nb',
  'a\n',
  '\na',
  'a\n\nb\n',
  'a\n\n',
  'a \nb',
  ' a\nb',
  'a\n b\n',
  '# a\nb',
  '--- \na',
  'a\r\nb',
  'a\rb',
  '\u0000',
  '\u0007',
  '\u007f',
  '\u0085',
  '\u00a0',
  '\u2028',
  '\u2029',
  '\ufeff',
  '\ufffe',
  '😀',
  'ü',
  'constructor',
  '__proto__',
  'image:tag',
  'http://a/b?c=d',
  'a:b:c',
  'app.kubernetes.io/name',
  '/bin/sh',
  '-c',
  'x'.repeat(2000),
  'a b '.repeat(300),
  'e1',
  '_1',
  '0',
  '-0',
  '1.',
  '1e-7',
];

describe.each(readers)('%s reads', (_, read) => {
  test.each(odd)('%j as a value, a key, an item and a document as it is', (text) => {
    expect(read(toYaml(text))).toBe(text);
    expect(read(toYaml({ a: text, b: [text, [text], { c: text, d: [text] }] }))).toEqual({
      a: text,
      b: [text, [text], { c: text, d: [text] }],
    });
    if (text.length < 1000 && text !== '__proto__') expect(read(toYaml({ [text]: { [text]: 1 } }))).toEqual({ [text]: { [text]: 1 } });
  });

  test.each([0, -1, 1.5, 1e21, 1e-7, -1e300, 123456789012345680000, 5e-324, 0.1, 9007199254740992])('the number %j', (number) => {
    expect(read(toYaml([number]))).toEqual([number]);
  });

  test('any JSON back as it was', () => {
    const text = fc
      .oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constantFrom(...odd.filter((one) => one.length < 100)), lines)
      .map((one) => one.toWellFormed());
    const key = text.filter((one) => one !== '__proto__');
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => (Object.is(one, -0) ? 0 : one));
    const { json } = fc.letrec<{ json: Json }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        text,
        number,
        fc.constantFrom<Json>(null, true, false, [], {}),
        fc.array(tie('json'), { maxLength: 4 }),
        fc.dictionary(key, tie('json'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(json, (value) => {
        expect(read(toYaml(value))).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });
});

const lines = fc
  .array(fc.constantFrom('a', '  b', '', '# c', 'd: e', '- f', 'g ', '\t', '---', "h'", 'ü'), { maxLength: 5 })
  .map((list) => list.join('\n'));

test('reads well', () => {
  expect(
    toYaml({
      kind: 'ConfigMap',
      metadata: { name: 'web', labels: { 'app.kubernetes.io/name': 'web' } },
      data: { 'app.conf': 'a = 1\nb = 2\n', on: 'yes', port: '80' },
      list: [{ name: 'a', args: ['-c', 'echo'] }, [], {}, [['x']]],
    }),
  ).toBe(`kind: ConfigMap
metadata:
  name: web
  labels:
    app.kubernetes.io/name: web
data:
  app.conf: |
    a = 1
    b = 2
  "on": "yes"
  port: "80"
list:
  - name: a
    args:
      - "-c"
      - echo
  - []
  - {}
  -
    -
      - x
`);
});

test('a stream of documents is read one by one', () => {
  const documents = [{ a: 1 }, 'text', [], { b: '---' }];
  expect(parseAllDocuments(toYamlStream(documents)).map((one) => one.toJS())).toEqual(documents);
});
