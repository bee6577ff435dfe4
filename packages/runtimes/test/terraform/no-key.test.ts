// Without a key: a stack that cannot be planned yet is refused for what its configuration tells of secrets.
import type { JsonObject } from '@konfig/core';
import { configuration, type PlayedStack, playedStack } from './played-stack';

const unknown = { $unknown: { resource: 'main:Service/shop/web', path: ['spec', 'clusterIP'] } };
let stack: PlayedStack;

beforeEach(() => {
  stack = playedStack();
});
afterEach(() => stack.close());

test('what is made of a sensitive variable, and an output that is a secret, would be in its state', async () => {
  await stack.open();
  const role = { name: 'shop', password: given('word'), login: true };
  const waits = waiting({ resource: { random_role: { role, other: { name: given('words'), host: given('host') } } } });
  expect((await stack.plan({ ...waits, outputs: { konfig_pet: { secret: true } } })).problems).toMatchObject([
    {
      code: 'TARGET_CONFIG',
      message:
        'The state of Terraform/shop would hold secrets (random_role.role, output.konfig_pet), and the target terraform has no key to seal it with.',
    },
  ]);
});

test('a secret that only a provider takes is in no state, and with a key nothing is refused', async () => {
  await stack.open();
  const waits = waiting({ provider: { random: { password: given('word') } } });
  expect((await stack.plan(waits)).problems).toEqual([]);
  await stack.open({ stateKey: Buffer.alloc(32, 3).toString('base64') });
  expect((await stack.plan(waiting({ resource: { random_x: { y: { z: given('word') } } } }))).problems).toEqual([]);
});

function given(name: string): string {
  return `\${var.${name}}`;
}

/** It takes a value that is not there yet, and a secret. */
function waiting(blocks: JsonObject): JsonObject {
  const variable = { host: { type: 'string' }, word: { type: 'string', sensitive: true }, words: { type: 'string' } };
  return {
    configuration: { ...configuration, variable, ...blocks },
    inputs: { host: unknown, word: 'battery staple' } as unknown as JsonObject,
  };
}
