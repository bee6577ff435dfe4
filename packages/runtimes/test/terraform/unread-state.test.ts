// A state that cannot be read: its stack is neither gone nor new, whoever asks.
import { id, type PlayedStack, playedStack } from './played-stack';

const [fitting, other] = [3, 4].map((byte) => Buffer.alloc(32, byte).toString('base64')) as [string, string];
const signal = new AbortController().signal;
let stack: PlayedStack;

beforeEach(async () => {
  stack = playedStack();
  await stack.open({ stateKey: fitting });
  await stack.apply(await stack.plan());
});
afterEach(() => stack.close());

test('with a key that does not fit, nothing is said to be there or not, and nothing to be done', async () => {
  await stack.open({ stateKey: other });
  for (const row of [await stack.plan(), await stack.planGone()]) {
    expect(row).toMatchObject({ isUnseen: true, checked: 'none', problems: [{ code: 'TARGET_CONFIG', at: id }] });
    expect(row.parts).toBeUndefined();
  }
});

test('what was made of it is observed as there, with what is wrong; another one beside it as ever', async () => {
  const connection = await stack.open({ stateKey: other });
  const beside = 'terraform:Terraform/beside';
  const type = 'terraform/Stack';
  const finding = { code: 'TARGET_CONFIG', on: 'Terraform/shop', message: expect.stringContaining('was sealed with the key') };
  const seen = await connection.observe(
    [
      { id, type },
      { id: beside, type },
    ],
    signal,
  );
  expect(seen).toMatchObject([
    { id, exists: true, health: 'unknown', message: 'its state cannot be read', findings: [finding] },
    { id: beside, exists: false },
  ]);
});

test('where it was given up, its stack is made anew, and one that is to go is gone', async () => {
  await stack.open({ stateKey: other });
  stack.givenUp.add(id);
  const row = await stack.plan();
  expect(row).toMatchObject({ problems: [] });
  expect(row.live).toBeUndefined();
  expect((await stack.planGone()).live).toBeUndefined();
});

test('it is told how to give it up, whatever is wrong with it', async () => {
  await stack.open({ stateKey: other });
  const problems = [...(await stack.plan()).problems];
  await stack.open({ stateKey: fitting });
  for (const bytes of ['KFS1', '[]', '{"of":{"stack":"shop/prod","id":"terraform:Terraform/shop"}}']) {
    stack.kept.set(id, { version: 'v9', bytes: Buffer.from(bytes) });
    problems.push(...(await stack.plan()).problems);
  }
  expect(problems.map(({ code }) => code)).toEqual(['TARGET_CONFIG', 'RECORD_CORRUPT', 'RECORD_CORRUPT', 'RECORD_CORRUPT']);
  for (const { hint } of problems) expect(hint).toContain('--accept-state Terraform/shop puts what is there aside');
});

test('a state that was changed by somebody is told in the same way', async () => {
  const found = stack.kept.get(id);
  stack.kept.set(id, { version: 'v9', bytes: Buffer.from(found?.bytes ?? []).subarray(0, -1) });
  expect(await stack.planGone()).toMatchObject({ isUnseen: true, problems: [{ code: 'RECORD_CORRUPT' }] });
});
