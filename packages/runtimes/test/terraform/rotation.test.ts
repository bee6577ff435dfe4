// A key of states that is changed: seen in the preview, done by the apply, and then the old one is needed no more.
import { id, type PlayedStack, playedStack } from './played-stack';

const [first, second] = [3, 4].map((byte) => Buffer.alloc(32, byte).toString('base64')) as [string, string];
let stack: PlayedStack;

beforeEach(() => {
  stack = playedStack();
});
afterEach(() => stack.close());

test('another key is a change of the stack, though no resource changes, and its apply seals anew', async () => {
  await madeWith({ stateKey: first });
  await stack.open({ stateKey: second, oldStateKeys: [first] });
  const row = await stack.plan();
  expect(row).toMatchObject({ problems: [], parts: [] });
  expect(row.changes).toEqual([
    { path: ['state'], before: sealed(stack), after: expect.stringMatching(/^sealed with the key [0-9a-f]{16}$/), isOurs: true },
  ]);
  await stack.apply(row);
  expect(sealed(stack)).toBe(row.changes[0]?.after);
  expect((await stack.plan()).changes).toEqual([]);

  await stack.open({ stateKey: second });
  expect(await stack.plan()).toMatchObject({ problems: [], changes: [] });
});

test('a first key seals what was kept in clear', async () => {
  stack.plays('show.json', JSON.stringify({}));
  await madeWith({});
  await stack.open({ stateKey: first });
  const row = await stack.plan();
  expect(row.changes).toEqual([
    { path: ['state'], before: 'in clear', after: expect.stringMatching(/^sealed with the key/), isOurs: true },
  ]);
  await stack.apply(row);
  expect(sealed(stack)).toBe(row.changes[0]?.after);
});

/** Made once; after that there is nothing to do. */
async function madeWith(config: { readonly stateKey?: string }): Promise<void> {
  await stack.open(config);
  await stack.apply(await stack.plan());
  stack.plays('show.json', JSON.stringify({ resource_changes: [], output_changes: {} }));
}

function sealed({ kept }: PlayedStack): string {
  const bytes = Buffer.from(kept.get(id)?.bytes ?? []);
  return bytes.subarray(0, 4).toString() === 'KFS1' ? `sealed with the key ${bytes.subarray(4, 12).toString('hex')}` : 'in clear';
}
