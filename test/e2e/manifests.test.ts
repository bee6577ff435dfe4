// What a manifest says is what the real kubectl reads in it. `annotate --local` asks no server, and prints what was read as JSON.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readManifests } from '@konfig/sdk';

let program: string;

beforeAll(() => {
  const lines = execFileSync('bash', [join(__dirname, '..', 'testbed', 'build.sh')], { encoding: 'utf8' })
    .trim()
    .split('\n');
  program = join(lines.at(-1) as string, 'bin', 'kubectl');
}, 1_200_000);

/** The objects that kubectl reads, without the annotation that made it print them; or its words. */
function byKubectl(text: string, files: readonly string[] = ['-']): unknown {
  const named = files.flatMap((file) => ['-f', file]);
  const { stdout, stderr, status } = spawnSync(
    program,
    ['annotate', '--local', ...named, 'read=true', '--overwrite', '-o', 'json', '--show-managed-fields'],
    {
      input: text,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      env: { HOME: '/nonexistent' },
    },
  );
  if (status !== 0) return stderr.trim();
  return stdout
    .split(/^(?=\{$)/m)
    .map((one) => JSON.parse(one))
    .map(({ metadata: { annotations: _, ...metadata }, ...object }) => ({ ...object, metadata }));
}

function byKonfig(text: string): unknown {
  const { objects, problems } = readManifests(text, 'case.yaml');
  const errors = problems.filter(({ severity }) => severity !== 'warning');
  return errors.length > 0 ? errors.map(({ message }) => message).join('\n') : objects.map(({ manifest }) => manifest);
}

const configMap = (rest: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: case }\n${rest}\n`;

// One word a case, plain, as a value.
const scalars = [
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'yEs', 'n', 'N', 'no', 'No', 'on', 'On', 'ON', 'off', 'OFF', 'true', 'True', 'TRUE', 'tRUE', 'false'],
  ...['~', 'null', 'Null', 'NULL', 'nULL', '""', "''", '"null"', "'yes'", '"12"'],
  ...[
    '0',
    '-0',
    '+1',
    '-1',
    '12',
    '0777',
    '-0777',
    '0o17',
    '0O17',
    '0o8',
    '08',
    '09.5',
    '0x1F',
    '0X1f',
    '-0x1',
    '0b11',
    '-0b11',
    '0B1',
    '0xZ',
  ],
  ...['1_000', '1__0', '_1', '0_7', '1_000.5', '0x_F', '12:30', '12:30:45', '1:2', '190:20:30', '-1:30'],
  ...[
    '1.0',
    '1.',
    '.5',
    '-.5',
    '+.5',
    '.5e3',
    '._5',
    '.',
    '1e3',
    '1E3',
    '1e+3',
    '1e-7',
    '1.5e300',
    '1e400',
    'e3',
    '1e',
    '0e0',
    '-0.0',
    '0.1',
  ],
  ...[
    '2001-01-01',
    '2001-12-14t21:59:43.10-05:00',
    '2001-12-14 21:59:43',
    '2001-1-1',
    '1.2.3',
    '1.2.3.4',
    '10.0.0.0/8',
    '1-2',
    '5m',
    '1Gi',
  ],
  ...[
    '9007199254740991',
    '9007199254740992',
    '1152921504606846976',
    '18446744073709551615',
    '99999999999999999999',
    '123e18',
    '-9223372036854775808',
  ],
  ...['=', '<<', '.e3', '+', '-1_0', 'a b', 'a#b', 'http://x:80/y', '!!str 1', '!!str yes', '!!int "3"', '!!float 3', '!!float "1.5"'],
  ...['!!bool "yes"', '!!null ""', '!!binary aGVsbG8=', '!!timestamp 2001-01-01', '!mine x', '!mine 12', '! 12', '0.0.1', '1,000', '00'],
];

test.each(scalars)('the scalar %s means what it means to kubectl', (scalar) => {
  const text = configMap(`value: ${scalar}`);
  expect(byKonfig(text)).toEqual(byKubectl(text));
});

const keys = ['yes', 'on', 'n', '12', '012', '0x10', '1.5', '1.0', '"yes"', "'12'", 'a.b/c', '1e3', 'true', '2001-01-01', '12:30'];

test.each(keys)('the key %s is the key that kubectl reads', (key) => {
  const text = configMap(`data: { ${key}: x }`);
  expect(byKonfig(text)).toEqual(byKubectl(text));
});

const wholes: { readonly [name: string]: string } = {
  'anchors and aliases': configMap('a: &x { k: 1, l: [1, 2] }\nb: *x\nc: [*x, *x]'),
  'a merge before other keys': configMap('a: &x { k: 1, l: 2 }\nb: { <<: *x, k: 3 }'),
  'a merge behind other keys': configMap('a: &x { k: 1, l: 2 }\nb: { k: 3, <<: *x }'),
  'a merge of several': configMap('a: &x { k: 1 }\nb: { <<: [*x, { k: 9, m: 1 }], z: 1 }'),
  'a quoted merge key': configMap('a: { "<<": { k: 1 } }'),
  'several documents, empty ones among them': `---\n# nothing\n---\n${configMap('a: 1')}---\n---\n${configMap('b: 2')}---\n`,
  'a list': `apiVersion: v1\nkind: List\nitems:\n- { apiVersion: v1, kind: ConfigMap, metadata: { name: a } }\n- { apiVersion: v1, kind: Secret, metadata: { name: b } }\n`,
  'a list of one kind, whose items do not say what they are':
    'apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: { name: a }\n- metadata: { name: b }\n',
  'an empty list': 'apiVersion: v1\nkind: List\nitems: []\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
  'a byte order mark and DOS line ends': `\ufeff${configMap('data:\n  text: |\n    a\n\n    b\n  folded: >-\n    a\n    b').replaceAll('\n', '\r\n')}`,
  'blocks of text': configMap(
    "a: |\n  x\n   y\n\nb: |+\n  x\n\nc: |-\n  x\n\nd: >\n  x\n  y\n\n  z\ne: |2\n    x\nf: \"a\\n  b\\u00e9\\x41\\\n  c\"\ng: 'it''s'",
  ),
  'plain text over several lines': configMap('a: one\n  two\n\n  three\nb: "one\n  two"'),
  JSON: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"a":[1,1.5,1e3,true,null,"\\ud83d\\ude00\\/\\t",{}]}',
  'JSON with tabs': '{\n\t"apiVersion": "v1",\n\t"kind": "ConfigMap",\n\t"metadata": {\n\t\t"name": "x"\n\t},\n\t"a": [\n\t\t1\n\t]\n}\n',
  'a comment behind three dashes': `--- # first\n${configMap('a: 1')}--- # second\n${configMap('b: 1')}`,
  'brackets whose lines begin anywhere': configMap('a:\n  b: [\n  x, # one\n  "y"\n  ]\n  c: {\n"k": [\n1\n]\n}\n  d: 1'),
  'quotes whose lines begin anywhere': configMap('a:\n  - b: \'x\n  y\'\n    c: "z\n\nz\n"\n  - d'),
  'odd keys': configMap('data: { __proto__: x, constructor: y, "": z }'),
};

test.each(Object.keys(wholes))('%s: kubectl reads the same objects', (name) => {
  const text = wholes[name] as string;
  const read = byKubectl(text);
  expect(Array.isArray(read) ? 'read' : read).toBe('read');
  expect(JSON.stringify(sortedJson(byKonfig(text)))).toBe(JSON.stringify(sortedJson(read)));
});

// What kubectl refuses, and so do we.
const refused = [
  '.inf',
  '-.INF',
  '.nan',
  '!!int x',
  '!!bool 12',
  '*missing',
  '{ ~: 1 }',
  '{ [a]: 1 }',
  '[1',
  '"open',
  '@x',
  '%x',
  'a: b',
  '-',
  '\n\tx: 1',
];

test.each(refused)('%s is refused, as by kubectl', (value) => {
  const text = configMap(`value: ${value}`);
  expect(byKubectl(text)).toEqual(expect.stringMatching(/error/));
  expect(byKonfig(text)).toEqual(expect.any(String));
});

const corpora = join(__dirname, '..', '..', '..', 'shared', 'corpora');
const testCorpora = existsSync(corpora) ? test : test.skip;
if (!existsSync(corpora)) process.stderr.write(`skipped: the corpora are not there (looked in ${corpora})\n`);

testCorpora(
  'hundreds of manifests that others wrote mean what they mean to kubectl',
  () => {
    const files = readdirSync(corpora, { recursive: true, encoding: 'utf8' }).filter((file) => /\.ya?ml$/.test(file));
    const compared = files.map((file) => join(corpora, file)).filter((file) => isComparable(readFileSync(file, 'utf8')));
    expect(compared.length).toBeGreaterThan(500);
    const differ = (some: readonly string[]): readonly string[] => {
      if (isReadAlike(some)) return [];
      const half = some.length >> 1;
      return some.length === 1 ? some : [...differ(some.slice(0, half)), ...differ(some.slice(half))];
    };
    // Its annotation is no text: Konfig tells that when the tree is lowered.
    expect(differ(compared)).toEqual([join(corpora, 'fluxcd-ssa/ssa/test7.yaml')]);
  },
  300_000,
);

/** Does kubectl read the same objects in these files, or refuse one that we refuse? */
function isReadAlike(files: readonly string[]): boolean {
  const read = byKubectl('', files);
  const own = files.map((file) => byKonfig(readFileSync(file, 'utf8')));
  if (typeof read === 'string') return files.length === 1 && typeof own[0] === 'string';
  return JSON.stringify(sortedJson(withoutAnnotations(own.flat()))) === JSON.stringify(sortedJson(read));
}

/** kubectl reads more, on purpose: objects without a name, fields that are there twice. And placeholders are no manifests. */
function isComparable(text: string): boolean {
  const { problems } = readManifests(text, 'case.yaml');
  return !text.includes('{{NOW}}') && !problems.some(({ message }) => /no metadata\.name|is here twice/.test(message));
}

/** What `byKubectl` leaves out. */
function withoutAnnotations(objects: unknown): unknown {
  if (!Array.isArray(objects)) return objects;
  return objects.map(({ metadata: { annotations: _, ...metadata }, ...object }) => ({ ...object, metadata }));
}

describe('where we read otherwise than kubectl', () => {
  const read = (text: string) => ({ kubectl: byKubectl(text), konfig: byKonfig(text) });

  test('a field that is there twice is an error, since one of the two would silently go', () => {
    expect(read(configMap('a: 1\na: 2'))).toEqual({
      kubectl: [expect.objectContaining({ a: 2 })],
      konfig: 'The field "a" is here twice, the first time at line 4.',
    });
  });

  test('a number that JavaScript would round is an error', () => {
    expect(read(configMap('a: 9007199254740993'))).toEqual({
      kubectl: expect.anything(),
      konfig: '9007199254740993 would be rounded to 9007199254740992.',
    });
  });

  test('what stands behind three dots is read, and not silently left out', () => {
    const two = read(`${configMap('a: 1')}...\n---\n${configMap('a: 2')}`);
    expect(two.konfig).toMatchObject([{ a: 1 }, { a: 2 }]);
    const undivided = read(`${configMap('a: 1')}...\n${configMap('a: 2')}`);
    expect(undivided).toMatchObject({ kubectl: [{ a: 1 }], konfig: [{ a: 1 }, { a: 2 }] });
  });

  test('an object may stand on the line of the three dashes, and YAML may say its version', () => {
    expect(read('--- { apiVersion: v1, kind: ConfigMap, metadata: { name: a } }\n')).toMatchObject({
      kubectl: expect.stringMatching(/invalid Yaml document separator/),
      konfig: [{ metadata: { name: 'a' } }],
    });
    expect(read(`%YAML 1.2\n---\n${configMap('a: yes')}`)).toMatchObject({
      kubectl: expect.stringMatching(/error/),
      konfig: [{ a: true }],
    });
  });

  test('a list in a list is taken apart', () => {
    const inner = '{ apiVersion: v1, kind: List, items: [{ apiVersion: v1, kind: Secret, metadata: { name: s } }] }';
    expect(read(`apiVersion: v1\nkind: List\nitems:\n- ${inner}\n`)).toMatchObject({ konfig: [{ kind: 'Secret' }] });
  });

  test('JSON objects one a line are an error', () => {
    const line = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}\n';
    expect(read(line + line)).toMatchObject({ kubectl: [{}, {}], konfig: expect.stringMatching(/This is no YAML/) });
  });
});

function sortedJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, child]) => [key, sortedJson(child)]);
}
