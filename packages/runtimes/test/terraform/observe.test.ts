// A stack as `status` sees it: what is kept of it, against what its last release wished.
import { type JsonObject, KonfigError } from '@konfig/core';
import { keptText, nothingKept, withState } from '../../src/terraform/kept';
import { readKeys, seal } from '../../src/terraform/seal';
import { id, type PlayedStack, playedStack } from './played-stack';

const type = 'terraform/Stack';
const signal = new AbortController().signal;
const stateKey = Buffer.alloc(32, 3).toString('base64');
const bad = (message: string, hint: string) => new KonfigError({ code: 'TARGET_CONFIG', message, hint });
let stack: PlayedStack;

beforeEach(() => {
  stack = playedStack();
});
afterEach(() => stack.close());

test.each<[string, JsonObject, object]>([
  ['has all that is wished', {}, { health: 'ready', message: '2 resources' }],
  [
    'was made half-way',
    { random_pet: { pet: {}, second: {} } },
    {
      health: 'degraded',
      message: '2 of 3 resources',
      related: [{}, {}, { name: 'random_pet.second', health: 'degraded', message: 'is not there' }],
    },
  ],
  ['may have none of what is counted', { random_pet: { pet: {}, many: { count: 0 }, each: { for_each: {} } } }, { health: 'ready' }],
])('a stack that %s', async (_, resource, seen) => {
  const connection = await stack.open({ stateKey });
  await stack.apply(await stack.plan());
  expect(await connection.observe([{ id, type, attributes: { configuration: { resource } } }], signal)).toMatchObject([seen]);
});

test('what is tainted, and what a run that has not come to its end was to make, is not taken for ready', async () => {
  await stack.open({ stateKey });
  await stack.apply(await stack.plan());
  const state = JSON.parse(stack.recorded('state.json'));
  state.resources[0].instances[0].status = 'tainted';
  const whose = { stack: 'shop/dev', id };
  const mark = { creates: ['random_pet.second'], by: 'bert@ci' };
  const text = keptText(whose, { ...nothingKept, ...withState(JSON.stringify(state)), mark });
  stack.kept.set(id, { bytes: seal(whose, text, readKeys(stateKey, undefined, bad)), version: 'v9' });
  const connection = await stack.open({ stateKey });
  const attributes = { configuration: { resource: { random_pet: { pet: {}, second: {}, third: {} } } } };
  expect(await connection.observe([{ id, type, attributes }], signal)).toMatchObject([
    {
      health: 'degraded',
      message: '1 of 4 resources',
      related: [
        {
          name: 'random_password.word',
          health: 'degraded',
          message: 'is tainted: its making did not end well, and the next apply replaces it',
        },
        { name: 'random_pet.pet', health: 'ready' },
        { name: 'random_pet.second', health: 'unknown', message: 'is being made by bert@ci, or was when that run died' },
        { name: 'random_pet.third', health: 'degraded', message: 'is not there' },
      ],
    },
  ]);
});

test('who only looks is told what another run has made meanwhile', async () => {
  await stack.open({ stateKey });
  await stack.apply(await stack.plan());
  const made = stack.kept.get(id);
  stack.kept.delete(id);
  const connection = await stack.open({ stateKey });
  const told: string[] = [];
  const end = new AbortController();
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  try {
    const watch = await connection.watch([{ id, type, isLookedAt: true }], ({ message }) => told.push(message), end.signal);
    await jest.advanceTimersByTimeAsync(5000);
    if (made) stack.kept.set(id, made);
    await jest.advanceTimersByTimeAsync(5000);
    end.abort();
    await watch.ended;
  } finally {
    jest.useRealTimers();
  }
  expect(told).toEqual(['is not there', '2 resources']);
});
