// What is to stay in the world when it goes from the program: neither replaced without a word, nor shown as deleted.
import { type PlayedStack, playedStack } from './played-stack';

let stack: PlayedStack;

beforeEach(() => {
  stack = playedStack();
});
afterEach(() => stack.close());

test('it is not replaced, which would delete it', async () => {
  stack.plays('show.json', JSON.stringify({}));
  await stack.open();
  await stack.apply(await stack.plan());
  const change = { actions: ['delete', 'create'], before: {}, after: {}, replace_paths: [['prefix']] };
  stack.plays('show.json', JSON.stringify({ resource_changes: [{ address: 'random_pet.pet', mode: 'managed', change }] }));
  expect((await stack.plan({ retained: ['random_pet.pet'] })).problems).toMatchObject([
    {
      code: 'RESOURCE_PROTECTED',
      message:
        'random_pet.pet of Terraform/shop is to stay in the world when it goes (onRemoval "retain"), but would be replaced, which deletes it (prefix cannot be changed in place).',
    },
  ]);
  expect((await stack.plan()).problems).toEqual([]);
});

test('what was protected is replaced no sooner than the protection is taken off, by a change of its own', async () => {
  stack.plays('show.json', JSON.stringify({}));
  await stack.open();
  const protectedOne = { protected: ['random_pet.pet'] };
  await stack.apply(await stack.plan(protectedOne), protectedOne);
  const change = { actions: ['delete', 'create'], before: {}, after: {}, replace_paths: [['prefix']] };
  stack.plays('show.json', JSON.stringify({ resource_changes: [{ address: 'random_pet.pet', mode: 'managed', change }] }));
  expect((await stack.plan()).problems).toMatchObject([
    {
      code: 'RESOURCE_PROTECTED',
      message: 'random_pet.pet of Terraform/shop is protected, but would be replaced (prefix cannot be changed in place).',
      hint: 'Undo that change; or release it first: set onRemoval to "delete" and apply.',
    },
  ]);
  stack.plays('show.json', JSON.stringify({}));
  await stack.apply(await stack.plan());
  stack.plays('show.json', JSON.stringify({ resource_changes: [{ address: 'random_pet.pet', mode: 'managed', change }] }));
  expect((await stack.plan()).problems).toEqual([]);
});

test('in a stack that waits it is listed as forgotten, and its neighbour as deleted', async () => {
  stack.plays('show.json', JSON.stringify({}));
  await stack.open();
  await stack.apply(await stack.plan());
  const configuration = { resource: { time_sleep: { wait: {} } } };
  const inputs = { host: { $unknown: { resource: 'main:Service/web', path: ['status', 'ip'] } } };
  const { parts } = await stack.plan({ configuration, inputs, retained: ['random_password.word'] });
  expect(parts?.map(({ action, name, reason = '' }) => `${action} ${name} ${reason}`.trim())).toEqual([
    'create time_sleep.wait',
    'forget random_password.word retained',
    'delete random_pet.pet',
  ]);
});
