// What a program makes of values of Terraform as texts is, once they are known, what JavaScript would have made of them.
import { type Json, resolveValue } from '@konfig/core';
import { KubernetesObject, text } from '@konfig/sdk';
import * as cdktf from 'cdktf';
import { at, manifestsOf, problemsIn, problemsOf, specOf } from '../synth';
import { bindings } from './database';

const { Database, ShopStack } = bindings(cdktf);
type Database = InstanceType<typeof Database>;

/** The field that a program makes of a database's values. */
function written(make: (database: Database) => unknown): Json {
  const made = manifestsOf((stack) => {
    const database = new Database(new ShopStack(stack, 'database'), 'main');
    new KubernetesObject(stack, 'config', { apiVersion: 'v1', kind: 'ConfigMap', data: { VALUE: make(database) } });
  });
  return at(made['ConfigMap/config'], 'data.VALUE') as Json;
}

/** The same when those are known: by attribute, or by the name of an output. */
function arriving(value: Json, known: { readonly [name: string]: Json }): Json {
  return resolveValue(value, {
    ref: ({ path }) => Object.entries(known).find(([name]) => String(path[1]).includes(name))?.[1],
    secret: () => undefined,
    base64: (plain) => Buffer.from(plain).toString('base64'),
    hash: (plain) => plain,
  });
}

type Make = (value: string) => string;

const inBase64: Make = (value) => Buffer.from(value).toString('base64');
const steps: readonly Make[] = [
  (value) => JSON.stringify(value),
  (value) => JSON.stringify({ key: value, other: [1, true, null, 'x"y\\z'] }),
  (value) => JSON.stringify([value, { deep: `a ${value}\n` }], undefined, 2),
  (value) => JSON.stringify({ [value]: value }),
  inBase64,
  (value) => `pre-${value}.post`,
  (value) => `${value}\n--\n${value}`,
  (value) => `Basic ${inBase64(`user:${value}`)} – é`,
  (value) => `x = ${JSON.stringify(value)};\ny = ${JSON.stringify({ value })}`,
];
const values = [
  'plain',
  '',
  '"',
  '\\',
  '\\"',
  'a\nb\r\n\tc',
  'é😀\u0000\u007f\u2028',
  `\${x}`,
  '-----BEGIN KEY-----\nMIIE"\\\n-----END KEY-----\n',
];

/** All ways to do one to three of these, one after the other. */
const nestings = steps.flatMap((a) => [[a], ...steps.flatMap((b) => [[a, b], ...steps.map((c) => [a, b, c])])]);

const makeAll = (value: string) => nestings.map((nesting) => nesting.reduce((text, make) => make(text), value));

test('any nesting of JSON.stringify, base64 and template strings, of any text', () => {
  const made = written(({ address }) => makeAll(address));
  for (const value of values) expect(arriving(made, { 'main-address': value })).toEqual(makeAll(value));
});

const known = { 'element-': 5432, 'main-port': 5432, 'main-ready': true, 'main-hosts': ['a', 'b"c'] };

test.each<[string, (database: Database) => unknown, Json]>([
  ['a number in a template string', ({ port }) => `${port}`, '5432'],
  ['a number between others', ({ port }) => `x-${port}-${port}`, 'x-5432-5432'],
  ['String of a number', ({ port }) => String(port), '5432'],
  ['a number by JSON.stringify', ({ port }) => JSON.stringify(port), '5432'],
  [
    'a number in JSON in JSON',
    ({ port }) => JSON.stringify({ a: JSON.stringify({ port, ports: [port] }) }),
    '{"a":"{\\"port\\":5432,\\"ports\\":[5432]}"}',
  ],
  ['a boolean in a template string', ({ ready }) => `${ready}`, 'true'],
  ['a list in JSON', ({ hosts }) => JSON.stringify({ hosts }), '{"hosts":["a","b\\"c"]}'],
  ['a list in JSON in JSON', ({ hosts }) => JSON.stringify(JSON.stringify(hosts)), '"[\\"a\\",\\"b\\\\\\"c\\"]"'],
  ['a number as it is', ({ port }) => port, 5432],
  ['a list as it is', ({ hosts }) => hosts, ['a', 'b"c']],
  ['a function that may give anything', ({ port }) => cdktf.Fn.element([port], 0), 5432],
])('%s', (_, make, expected) => {
  expect(arriving(written(make), known)).toEqual(expected);
});

test('between quotes of a template string a value is escaped as by JSON.stringify, and by text`…` it is not', () => {
  const value = { 'main-address': 'a"b' };
  expect(
    arriving(
      written(({ address }) => `x = "${address}"`),
      value,
    ),
  ).toBe('x = "a\\"b"');
  expect(
    arriving(
      written(({ address }) => text`x = "${address}"`),
      value,
    ),
  ).toBe('x = "a"b"');
});

describe('a program that looks into a value is told so, with the line', () => {
  test.each<[string, (database: Database) => unknown]>([
    ['a number that is calculated with', ({ port }) => port * 2],
    ['a number turned round', ({ port }) => -port],
    ['a number in a text', ({ port }) => `${port / 3}`],
    ['another case', ({ address }) => address.toUpperCase()],
    ['another case in a longer text', ({ address }) => `a-${address.toLowerCase()}-b`],
    ['the beginning', ({ address }) => address.slice(0, 5)],
    ['the beginning in a longer text', ({ address }) => `${address.slice(0, 6)}-x`],
    ['the end', ({ address }) => address.slice(5)],
    ['a part', ({ address }) => address.split('[')[1]],
    ['turned into part of an address', ({ address }) => encodeURIComponent(address)],
    ['with all but letters and digits taken out', ({ address }) => `db-${address.replace(/[^a-z0-9]/gi, '')}`],
    ['with all but small letters and digits taken out', ({ address }) => `db-${address.replace(/[^a-z0-9]/g, '')}`],
    ['with all but capitals taken out', ({ address }) => address.replace(/[^A-Z]/g, '')],
    ['made a name', ({ address }) => address.replace(/[^a-zA-Z0-9-]/g, '-').toLowerCase()],
    ['made an identifier', ({ address }) => address.replace(/\W/g, '_')],
    ['that cdktf does not resolve, in JSON', ({ ready }) => JSON.stringify({ ready })],
    ['turned round', ({ address }) => [...address].reverse().join('')],
    ['made a number', ({ address }) => String(Number(address))],
    ['made a whole number', ({ address }) => `${Number.parseInt(address, 10)}`],
    ['in hexadecimal', ({ address }) => Buffer.from(address).toString('hex')],
    ['in the base64 of addresses', ({ address }) => Buffer.from(`ab${address}`).toString('base64url').slice(1)],
    ['one of a list', ({ hosts }) => hosts[0]],
    ['a key', ({ address }) => ({ [address.toUpperCase()]: 'x' })],
    ['a list joined', ({ hosts }) => hosts.join(',')],
  ])('%s', (_, make) => {
    const [problem, ...more] = problemsIn((stack) => {
      const database = new Database(new ShopStack(stack, 'database'), 'main');
      new KubernetesObject(stack, 'config', { apiVersion: 'v1', kind: 'ConfigMap', data: { VALUE: make(database) } });
    });
    expect(problem).toMatchObject({
      code: 'SPEC_INVALID',
      message: 'data.VALUE is calculated from a value of Terraform, which is not known while the program runs.',
      hint: expect.stringContaining('Fn.upper'),
      source: { file: 'packages/sdk/test/terraform/texts.test.ts' },
    });
    expect(more).toEqual([]);
  });

  test.each(['labels', 'annotations', 'name'])('once, in %s too', (field) => {
    const problems = problemsIn((stack) => {
      const { hosts } = new Database(new ShopStack(stack, 'database'), 'main');
      const metadata = field === 'name' ? { name: hosts[0] as string } : { [field]: { x: hosts[0] as string } };
      new KubernetesObject(stack, 'config', { apiVersion: 'v1', kind: 'ConfigMap', metadata });
    });
    expect(problems.map(({ code }) => code)).toEqual(['SPEC_INVALID']);
  });

  test('in a Terraform stack too', () => {
    expect(
      problemsOf((stack) => {
        const terraform = new ShopStack(stack, 'database');
        const main = new Database(terraform, 'main');
        new Database(terraform, 'second', { size: main.port * 2, label: main.address.toUpperCase() });
      }),
    ).toEqual(
      ['size', 'label'].map(
        (field) =>
          `SPEC_INVALID shop/dev/database.configuration.resource.shop_database.second.${field}: configuration.resource.shop_database.second.${field} is calculated from a value of Terraform, which is not known while the program runs.`,
      ),
    );
  });
});

test('in a Terraform stack a number may stand anywhere in a text, also where cdktf does not see it', () => {
  const spec = specOf((stack) => {
    const terraform = new ShopStack(stack, 'database');
    const { port } = new Database(terraform, 'main');
    const index = cdktf.TerraformCount.of(2).index;
    const labels = [`port ${port}`, `web-${port}`, `1.${port}-${index}`];
    for (const [i, label] of labels.entries()) new Database(terraform, `label-${i}`, { label });
  });
  const [terraform] = spec.resources;
  const labels = terraform && at(terraform.attributes, 'configuration.resource.shop_database');
  const value = `\${shop_database.main.port}`;
  expect(Object.values(labels as Record<string, { label?: string }>).flatMap(({ label }) => label ?? [])).toEqual([
    `port ${value}`,
    `web-${value}`,
    `1.${value}-\${count.index}`,
  ]);
});

test('texts that only look a little like it are left alone', () => {
  const data = {
    A: `echo \${TMP} \${T} \${Tf}`,
    B: '1e+271'.slice(0, 3),
    C: 'e1RmVG9',
    D: 'TOKEN.0',
    E: Buffer.alloc(60, 7).toString('base64'),
    F: 'the-foken-house',
    G: 'NaN is no number, tf_token, a tftoken and a TOKEN0',
  };
  const made = manifestsOf((stack) => {
    new ShopStack(stack, 'database');
    new KubernetesObject(stack, 'config', { apiVersion: 'v1', kind: 'ConfigMap', data });
  });
  expect(made['ConfigMap/config']?.data).toEqual(data);
});
