// What a program declares to read: environment values with types, and files; what is wrong is told with its line.
import { type InputFiles, input } from '@konfig/sdk';
import { place, problemsIn } from './synth';

/** What the function gave in a synth with these values and files. */
function read<T>(given: { readonly [name: string]: string }, fill: () => T, files: { readonly [path: string]: string } = {}): T {
  const found: T[] = [];
  const problems = problemsIn(() => void found.push(fill()), { synth: { env: given, files: inMemory(files) } });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return found[0] as T;
}

/** What was wrong with that. */
function told(given: { readonly [name: string]: string }, fill: () => unknown, files: { readonly [path: string]: string } = {}) {
  return problemsIn(fill, { synth: { env: given, files: inMemory(files) } });
}

/** Files by the end of their paths. */
function inMemory(files: { readonly [path: string]: string }): InputFiles {
  const textOf = (path: string) => Object.entries(files).find(([name]) => path.endsWith(name))?.[1];
  return {
    kindOf: (path) => (textOf(path) === undefined ? undefined : 'file'),
    read: (path) => {
      const text = textOf(path);
      if (text === undefined) throw Object.assign(new Error('not there'), { code: 'ENOENT' });
      return Buffer.from(text, 'latin1');
    },
    list: () => [],
  };
}

test('an environment value comes as text, number, boolean, or one of some', () => {
  const env = { RELEASE: 'v1', REPLICAS: '3', SHARE: '0.5', CANARY: 'true', SIZE: 'large' };
  expect(
    read(env, () => {
      const size: 'small' | 'large' = input.choice('SIZE', ['small', 'large']);
      return [input.env('RELEASE'), input.number('REPLICAS', { min: 1 }), input.number('SHARE'), input.boolean('CANARY'), size];
    }),
  ).toEqual(['v1', 3, 0.5, true, 'large']);
});

test('what is not set falls back on what is said otherwise', () => {
  expect(
    read({}, () => [
      input.env('RELEASE', { otherwise: '' }),
      input.number('REPLICAS', { otherwise: 0 }),
      input.boolean('CANARY', { otherwise: false }),
      input.choice('SIZE', ['small', 'large'], { otherwise: 'small' }),
    ]),
  ).toEqual(['', 0, false, 'small']);
});

test('an empty value is a value', () => {
  expect(read({ RELEASE: '' }, () => input.env('RELEASE', { otherwise: 'v1' }))).toBe('');
});

test('what is missing is told once for each, with its line', () => {
  const problems = told({}, (): unknown => [input.env('RELEASE'), input.number('REPLICAS')]);
  expect(problems.map(({ code, message }) => `${code} ${message}`)).toEqual([
    'INPUT_MISSING The program reads the environment value RELEASE, which is not set.',
    'INPUT_MISSING The program reads the environment value REPLICAS, which is not set.',
  ]);
  expect(problems[0]?.source).toEqual(place(__filename, "told({}, (): unknown => [input.env('RELEASE')"));
});

test.each<[string, { readonly [name: string]: string }, () => unknown, string]>([
  ['a word for a number', { N: 'three' }, () => input.number('N'), 'The environment value N is "three", which is no number.'],
  ['an empty number', { N: '' }, () => input.number('N'), 'The environment value N is "", which is no number.'],
  ['a number in hex', { N: '0x10' }, () => input.number('N'), 'The environment value N is "0x10", which is no number.'],
  ['infinity', { N: 'Infinity' }, () => input.number('N'), 'The environment value N is "Infinity", which is no number.'],
  ['a number below its bound', { N: '0' }, () => input.number('N', { min: 1 }), 'The environment value N is "0", which is not at least 1.'],
  [
    'a number outside',
    { N: '9' },
    () => input.number('N', { min: 1, max: 5 }),
    'The environment value N is "9", which is not from 1 to 5.',
  ],
  ['yes for a boolean', { B: 'yes' }, () => input.boolean('B'), 'The environment value B is "yes", which is neither true nor false.'],
  ['no choice', { S: 'huge' }, () => input.choice('S', ['small']), 'The environment value S is "huge", which is none of its choices.'],
])('%s is INPUT_INVALID, with the value', (_, env, fill, message) => {
  expect(told(env, fill)).toMatchObject([{ code: 'INPUT_INVALID', message, source: { line: expect.any(Number) } }]);
});

test('a name that credentials have is sent to secret.env', () => {
  // The address of a webhook holds a token.
  expect(told({}, () => input.env('KONFIG_NOTIFY'))).toMatchObject([{ hint: expect.stringContaining('secret.env') }]);
  expect(told({}, () => input.env('DB_PASSWORD'))).toMatchObject([
    { code: 'INPUT_MISSING', hint: expect.stringContaining("secret.env('DB_PASSWORD')") },
  ]);
});

test('a file is found beside the file that calls, and comes as text, JSON or YAML', () => {
  const files = { 'sdk/test/motd.txt': 'hello', 'sdk/test/limits.json': '{"cpu": 2}', 'sdk/test/limits.yaml': 'cpu: 2\n' };
  const cpuOf = (value: unknown) => (value as { cpu: number }).cpu;
  expect(
    read(
      {},
      () => [input.file('motd.txt'), input.json('limits.json'), input.json('limits.json', cpuOf), input.yaml('limits.yaml', cpuOf)],
      files,
    ),
  ).toEqual(['hello', { cpu: 2 }, 2, 2]);
});

test.each([
  ['a file that is not there', () => input.file('none.txt'), {}, 'INPUT_MISSING There is no file none.txt.'],
  ['a file that is no UTF-8', () => input.file('a.txt'), { 'a.txt': '\xff' }, 'INPUT_INVALID The file a.txt cannot be read as text'],
  ['JSON that is none', () => input.json('a.json'), { 'a.json': '{' }, 'INPUT_INVALID a.json is not what is wished for: '],
  ['YAML that is none', () => input.yaml('a.yaml'), { 'a.yaml': 'a: [' }, 'INPUT_INVALID a.yaml is not what is wished for: '],
])('%s is told with its line', (_, fill, files, start) => {
  const [problem, ...more] = told({}, fill, files);
  expect(more).toEqual([]);
  expect(`${problem?.code} ${problem?.message}`.slice(0, start.length)).toBe(start);
  expect(problem?.source?.file).toMatch(/input\.test\.ts$/);
});

test('what a check throws is told as what is wrong with the file', () => {
  const check = () => {
    throw new Error('cpu must be a number');
  };
  expect(told({}, () => input.json('a.json', check), { 'a.json': '{}' })).toMatchObject([
    { code: 'INPUT_INVALID', message: 'a.json is not what is wished for: cpu must be a number.' },
  ]);
});

test("outside of a stack's function there are no inputs", () => {
  expect(() => input.file('a.txt')).toThrow("input.file('a.txt') was read outside of a stack's function.");
});
