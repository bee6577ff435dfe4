// What Terraform holds sensitive is masked in all that is told of it: also what it has made in that very run.
import { KonfigError } from '@konfig/core';
import { errorMessage, type PlayedStack, playedStack } from './played-stack';

const stateKey = Buffer.alloc(32, 3).toString('base64');
const password = 'bFso3_$=ck5X';
const inBase64 = Buffer.from(`user:${password}`).toString('base64');
const inUrl = encodeURIComponent(password);
let stack: PlayedStack;

beforeEach(async () => {
  stack = playedStack();
  await stack.open({ stateKey });
});
afterEach(() => stack.close());

test('a value that was made in this run is masked in the error of what uses it', async () => {
  stack.says('apply.jsonl', errorMessage(`no role ${password}`, `Output: ${inBase64} postgres://u:${inUrl}@db`, 'random_pet.pet'));
  const told = await problemsText(stack.apply(await stack.plan()));
  expect(told).toContain('random_pet.pet: no role (secret): Output: ');
  expect(told).toContain(' postgres://u:(secret)@db');
  for (const text of [password, inBase64.slice(8), inUrl]) expect(told).not.toContain(text);
});

test('nothing is left of one where a text is too long to be told whole', async () => {
  const word = `begin${'0123456789'.repeat(3)}`;
  stack.plays('state.json', stack.recorded('state.json').replace(password, word));
  stack.says('apply.jsonl', errorMessage('it failed', `${'x'.repeat(1490)} ${word}`, 'random_pet.pet'));
  expect(await problemsText(stack.apply(await stack.plan()))).not.toContain('begin');
});

test('what a run warns of is masked too, and what it tells is not where the program says that it is no secret', async () => {
  const { diagnostic } = errorMessage('old', `${password} of helpful-racer`, 'random_pet.pet') as { diagnostic: object };
  stack.says('apply.jsonl', { type: 'diagnostic', diagnostic: { ...diagnostic, severity: 'warning' } });
  expect((await stack.apply(await stack.plan())).warnings).toEqual(['random_pet.pet: old: (secret) of helpful-racer']);
});

test('a state of a version that does not say what a provider holds sensitive is read by the marks of its plan', async () => {
  const { resources, ...state } = JSON.parse(stack.recorded('state.json'));
  resources[0].instances[0].sensitive_attributes = [];
  stack.plays('state.json', JSON.stringify({ ...state, resources }));
  stack.says('apply.jsonl', errorMessage('it failed', password, 'random_pet.pet'));
  expect(await problemsText(stack.apply(await stack.plan()))).not.toContain(password);
});

test('what the state holds already is masked in a plan that fails, and in a later run', async () => {
  await stack.apply(await stack.plan());
  const later = playedStack();
  try {
    later.kept.set(...([...stack.kept][0] as [string, { bytes: Uint8Array; version: string }]));
    await later.open({ stateKey });
    // What only the provider says to be sensitive, older versions tell when they are asked.
    const asked = { address: 'x.y', values: { token: 'by-its-schema' }, sensitive_values: { token: true } };
    later.plays('show.json', JSON.stringify({ values: { root_module: { resources: [asked] } } }));
    later.says('plan.jsonl', errorMessage('it failed', `${password}, by-its-schema`, 'random_pet.pet'));
    expect((await later.plan()).problems).toMatchObject([{ message: 'random_pet.pet: it failed: (secret), (secret)' }]);
  } finally {
    await later.close();
  }
});

test('sensitive values within lists, maps and modules are known, of data sources and of what a plan is to make too', async () => {
  const shown = JSON.parse(stack.recorded('show.json'));
  const after = { list: [{ token: 'in-a-list' }, { token: 'not-at-all' }], port: 5432 };
  const after_sensitive = { list: [{ token: true }, {}], port: true };
  shown.resource_changes.push({ address: 'x.y', change: { actions: ['no-op'], before: after, after, after_sensitive } });
  const read = { address: 'module.m.data.x.y', values: { of: { data: 'in-a-module' } }, sensitive_values: { of: { data: true } } };
  shown.prior_state = { values: { root_module: { child_modules: [{ resources: [read] }] } } };
  stack.plays('show.json', JSON.stringify(shown));
  const state = JSON.parse(stack.recorded('state.json'));
  const path = [
    { type: 'get_attr', value: 'hosts' },
    { type: 'index', value: { value: 1, type: 'number' } },
    { type: 'index', value: { value: 'key', type: 'string' } },
  ];
  const attributes = { hosts: ['in-the-open', { key: 'behind-a-path' }] };
  state.resources.push({ mode: 'data', type: 'x', name: 'z', instances: [{ attributes, sensitive_attributes: [path] }] });
  state.outputs.mine = { value: { one: 'of-an-output' }, type: ['map', 'string'], sensitive: true };
  stack.plays('state.json', JSON.stringify(state));
  await stack.apply(await stack.plan());
  const texts = ['in-a-list', 'not-at-all', '5432', 'in-a-module', 'in-the-open', 'behind-a-path', 'of-an-output', 'helpful-racer'];
  const masked = (text: string) => (['not-at-all', '5432', 'in-the-open', 'helpful-racer'].includes(text) ? text : '(secret)');
  expect(texts.map((text) => stack.mask.text(text))).toEqual(texts.map(masked));
  // Of what is sensitive as a whole, a part may be anything.
  expect(['in-a-list', 'of-an-output'].map((text) => stack.mask.sourceIn(`a ${text}`))).toEqual(['x.y', undefined]);
});

test('an output that has gone from the program is a secret only if it was one', async () => {
  const { outputs, ...state } = JSON.parse(stack.recorded('state.json'));
  const was = (value: string) => ({ value, type: 'string', sensitive: true });
  stack.plays(
    'state.json',
    JSON.stringify({ ...state, outputs: { ...outputs, konfig_id: was('id-of-the-pet'), konfig_key: was('key-of-the-pet') } }),
  );
  await stack.apply(await stack.plan(), {
    outputs: { konfig_pet: { secret: false }, konfig_id: { secret: false }, konfig_key: { secret: true } },
  });
  // An older Konfig has called all of them sensitive.
  const gone = (before: string) => ({ actions: ['delete'], before, after: null, before_sensitive: true, after_sensitive: false });
  const output_changes = { konfig_id: gone('id-of-the-pet'), konfig_key: gone('key-of-the-pet') };
  stack.plays('show.json', JSON.stringify({ resource_changes: [], output_changes }));
  expect((await stack.plan()).changes).toEqual([
    { path: ['outputs', 'konfig_id'], before: 'id-of-the-pet' },
    { path: ['outputs', 'konfig_key'], sensitive: true },
  ]);
  expect(['an id-of-the-pet', 'a key-of-the-pet'].map((text) => stack.mask.text(text))).toEqual(['an id-of-the-pet', 'a (secret)']);
  expect(stack.mask.sourceIn('an id-of-the-pet')).toBeUndefined();
});

test('that an output is no more called sensitive is no change, unless the program says so too', async () => {
  await stack.apply(await stack.plan());
  const marked = { actions: ['update'], before: 'a', after: 'a', after_unknown: false, before_sensitive: true, after_sensitive: true };
  stack.plays('show.json', JSON.stringify({ resource_changes: [], output_changes: { konfig_pet: marked } }));
  expect((await stack.plan()).changes).toEqual([]);
  const secret = { outputs: { konfig_pet: { secret: true } } };
  expect((await stack.plan(secret)).changes).toEqual([{ path: ['outputs', 'konfig_pet'], sensitive: true }]);
});

async function problemsText(call: Promise<unknown>): Promise<string> {
  const error = await call.catch((error: unknown) => error);
  if (!(error instanceof KonfigError)) throw error;
  return error.problems.map(({ message }) => message).join('\n');
}
