// A stack as `status` sees it: what is kept of it, against what its last release wished.
import type { JsonObject } from '@konfig/core';
import { id, type PlayedStack, playedStack } from './played-stack';

const type = 'terraform/Stack';
const signal = new AbortController().signal;
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
  const connection = await stack.open({ stateKey: Buffer.alloc(32, 3).toString('base64') });
  await stack.apply(await stack.plan());
  expect(await connection.observe([{ id, type, attributes: { configuration: { resource } } }], signal)).toMatchObject([seen]);
});
