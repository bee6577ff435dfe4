// A configuration that is written otherwise, though no resource differs: the release must come to know of it.
import type { JsonObject } from '@konfig/core';
import { configuration, type PlayedStack, playedStack } from './played-stack';

let stack: PlayedStack;

beforeEach(async () => {
  stack = playedStack();
  await stack.open({ stateKey: Buffer.alloc(32, 3).toString('base64') });
  await stack.apply(await stack.plan());
  stack.plays('show.json', JSON.stringify({ resource_changes: [], output_changes: {} }));
});
afterEach(() => stack.close());

test('it is a change of the stack, until it is applied', async () => {
  expect((await stack.plan()).changes).toEqual([]);
  const other = written({ resource: { random_pet: { pet: { length: 2, lifecycle: { ignore_changes: ['length'] } } } } });
  const row = await stack.plan(other);
  expect(row.changes).toEqual([{ path: ['configuration'], before: 'as applied', after: 'as written now', isOurs: true }]);
  await stack.apply(row, other);
  expect((await stack.plan(other)).changes).toEqual([]);
});

test('what was moved or imported may go from it without a word', async () => {
  const once = written({ import: [{ to: 'random_pet.pet', id: 'x' }], moved: [{ from: 'random_pet.old', to: 'random_pet.pet' }] });
  expect((await stack.plan(once)).changes).toEqual([]);
});

/** The configuration with these blocks in the place of its own. */
function written(blocks: JsonObject): JsonObject {
  return { configuration: { ...configuration, ...blocks } };
}
