// What a stack takes from others is kept with its state: it is destroyed with that where they are gone.
import type { Json, JsonObject } from '@konfig/core';
import { asLastTold } from '../../src/terraform/kept-inputs';
import { giveVariables } from '../../src/terraform/variables';
import { wishOf } from '../../src/terraform/wish';
import { id, type PlayedStack, playedStack } from './played-stack';

let stack: PlayedStack;
const stateKey = Buffer.alloc(32, 3).toString('base64');

beforeEach(() => {
  stack = playedStack();
});
afterEach(() => stack.close());

const types = {
  host: { type: 'string' },
  port: { type: 'number' },
  hosts: { type: 'list(string)' },
  password: { type: 'string', sensitive: true },
};

/** A stack that is told these. */
function told(inputs: JsonObject): JsonObject {
  const configuration = {
    terraform: { required_providers: { random: { source: 'hashicorp/random' } } },
    variable: types,
    resource: { random_pet: { pet: { length: 2 } }, random_password: { word: { length: 12, lower: true } } },
    output: { konfig_pet: { value: 'x', sensitive: true } },
  };
  return { configuration, inputs };
}

/** What stands for a value that nobody tells any more. */
const gone = (...path: readonly string[]): Json => ({ $unknown: { resource: 'main:ConfigMap/db', path: [...path] } });
const missing = { host: gone('data', 'host'), port: gone('data', 'port'), hosts: gone('hosts'), password: gone('data', 'password') };
const given = { host: '10.0.0.1', port: 5432, hosts: ['a', 'b'], password: 'hunter22' };

const variablesOf = (call: 'env-of-plan.json' | 'env-of-apply.json') =>
  Object.fromEntries(Object.entries(JSON.parse(stack.recorded(call))).filter(([name]) => name.startsWith('TF_VAR_')));

test('what is gone is what the stack was last applied with, in the plan and in the run of a destroy', async () => {
  await stack.open({ stateKey });
  await stack.apply(await stack.plan(told(given)), told(given));
  await stack.open({ stateKey });
  const row = await stack.planGone(told(missing));
  expect(row).toMatchObject({ problems: [], live: { uid: expect.any(String) } });
  const expected = { TF_VAR_host: '10.0.0.1', TF_VAR_port: '5432', TF_VAR_hosts: '["a","b"]', TF_VAR_password: 'hunter22' };
  expect(variablesOf('env-of-plan.json')).toEqual(expected);
  await stack.destroy(row, told(missing));
  expect(variablesOf('env-of-apply.json')).toEqual(expected);
});

test('what was not kept stops the destroy before Terraform is asked, says what is missing, and calls nothing gone', async () => {
  await stack.open({ stateKey });
  await stack.apply(await stack.plan(told({})), told({}));
  stack.plays('env-of-plan.json', '{}');
  const row = await stack.planGone(told({ host: gone('data', 'host') }));
  expect(row).toMatchObject({
    isUnseen: true,
    checked: 'none',
    problems: [
      {
        code: 'RECORD_OUTDATED',
        message:
          'Terraform/shop cannot be destroyed: it takes data.host of ConfigMap/db, which is not to be had any more, and the value that it was applied with was not kept.',
        hint: 'Make ConfigMap/db again with that value (where it is still in the program, konfig apply does), and destroy then. Or write the value out in the program in its place, apply, and destroy then.',
        at: id,
      },
    ],
  });
  expect(stack.recorded('env-of-plan.json')).toBe('{}');
});

test('without a key no secret is kept', async () => {
  await stack.open();
  stack.plays('show.json', '{"format_version":"1.2","planned_values":{"root_module":{}},"resource_changes":[]}');
  await stack.apply(await stack.plan(told(given)), told(given));
  const kept = Buffer.from(stack.kept.get(id)?.bytes ?? []).toString();
  expect(JSON.parse(kept).inputs).toEqual({ host: '10.0.0.1', port: 5432, hosts: ['a', 'b'] });
  expect(kept).not.toContain('hunter22');
});

test('nor is what holds one, though it is called none', async () => {
  await stack.open();
  stack.mask.add(['hunter22']);
  stack.plays('show.json', '{"format_version":"1.2","planned_values":{"root_module":{}},"resource_changes":[]}');
  const carrying = told({ host: 'hunter22-javelin', port: 5432 });
  await stack.apply(await stack.plan(carrying), carrying);
  expect(JSON.parse(Buffer.from(stack.kept.get(id)?.bytes ?? []).toString()).inputs).toEqual({ port: 5432 });
});

test('that it is told something else is work, though none of its resources differs', async () => {
  await stack.open({ stateKey });
  await stack.apply(await stack.plan(told(given)), told(given));
  const nothing = { format_version: '1.2', planned_values: { root_module: {} }, resource_changes: [] };
  stack.plays('show.json', JSON.stringify(nothing));
  expect((await stack.plan(told(given))).changes).toEqual([]);
  const next = told({ ...given, host: '10.0.0.2', password: 'hunter33' });
  const row = await stack.plan(next);
  expect(row.changes).toEqual([
    { path: ['inputs', 'host'], before: '10.0.0.1', after: '10.0.0.2' },
    { path: ['inputs', 'password'], sensitive: true },
  ]);
  await stack.apply(row, next);
  await stack.planGone(told(missing));
  expect(variablesOf('env-of-plan.json')).toMatchObject({ TF_VAR_host: '10.0.0.2', TF_VAR_password: 'hunter33' });
});

test.each<[string, string, Json, Json | undefined, Json | undefined]>([
  ['is there', 'host', 'new', 'old', 'new'],
  ['is gone', 'host', gone('a'), 'old', 'old'],
  ['is a text in place of a number', 'port', 'many', 5432, 5432],
  ['is a number written as a text', 'port', '5433', 5432, '5433'],
  ['is a map in place of a text', 'host', { a: 1 }, 'old', 'old'],
  ['is a text in place of a list', 'hosts', 'a,b', ['a'], ['a']],
  ['is gone, and was kept with another type', 'port', gone('a'), 'many', undefined],
])('a value that %s', (_, name, value, kept, expected) => {
  const { wish, isWhole } = asLastTold(
    wishOf({ id, attributes: told({ [name]: value }) }),
    kept === undefined ? {} : { inputs: { [name]: kept } },
  );
  expect(isWhole).toBe(expected !== undefined);
  if (expected !== undefined) expect(wish.inputs).toEqual({ [name]: expected });
});

test.each<[string, Json]>([
  ['whole', gone('data', 'host')],
  ['deep in a list', ['a', { b: gone('data', 'host') }]],
  ['a secret that was not read', { $secret: { from: 'env', name: 'A' } }],
  ['a text that was not put together', { $concat: ['a', gone('b')] }],
])('what stands for a value never gets to Terraform: %s', (_, value) => {
  const wish = wishOf({ id, attributes: told({ host: value }) });
  expect(() => giveVariables(stack.root, wish)).toThrow('Terraform/shop was to be given to Terraform before its variable host is known.');
});
