// A stack that holds data says so where it would go.
import { id, type PlayedStack, playedStack } from './played-stack';

let stack: PlayedStack;

beforeEach(() => {
  stack = playedStack();
});
afterEach(() => stack.close());

test('a stack whose database would be deleted is none to take away without a word', async () => {
  stack.plays('show.json', JSON.stringify({}));
  await stack.open();
  await stack.apply(await stack.plan());
  const change = (type: string) => ({
    address: `${type}.x`,
    type,
    mode: 'managed',
    change: { actions: ['delete'], before: {}, after: null },
  });
  stack.plays('show.json', JSON.stringify({ resource_changes: [change('postgresql_role'), change('postgresql_database')] }));
  expect(await stack.planGone()).toMatchObject({
    id,
    replaceable: false,
    parts: [{ name: 'postgresql_role.x' }, { name: 'postgresql_database.x', losesData: true }],
  });
  stack.plays('show.json', JSON.stringify({ resource_changes: [change('postgresql_role')] }));
  expect(await stack.planGone()).toMatchObject({ replaceable: true });
});
