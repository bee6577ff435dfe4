// A kept state that is given out, changed and taken in again: by the rules of Terraform's own push.
import type { Connection, PushedState, StatePush } from '@konfig/core';
import { configuration, id, type PlayedStack, playedStack } from './played-stack';

const stateKey = Buffer.alloc(32, 3).toString('base64');
let stack: PlayedStack;
let connection: Connection;

beforeEach(async () => {
  stack = playedStack();
  connection = await stack.open({ stateKey });
  await stack.apply(await stack.plan());
});
afterEach(() => stack.close());

interface Told {
  readonly lineage: string;
  readonly serial: number;
}

async function pulled(): Promise<Told> {
  return JSON.parse((await connection.pullState?.(id)) ?? '') as Told;
}

function push(state: object | string, more: Partial<StatePush> = {}): Promise<PushedState> {
  const text = typeof state === 'string' ? state : JSON.stringify(state);
  return connection.pushState?.({ id, text, name: 'my.tfstate', isForced: false, ...more }) as Promise<PushedState>;
}

test('it comes out as Terraform wrote it, and the same may come in again', async () => {
  const text = (await connection.pullState?.(id)) ?? '';
  expect(text).toBe(stack.recorded('state.json'));
  const { before, after } = await push(text);
  expect(after).toEqual(before);
});

test('one with a higher serial takes its place, and lies there sealed', async () => {
  const now = await pulled();
  const { before, after } = await push({ ...now, serial: now.serial + 4, resources: [] });
  expect([before?.serial, after]).toEqual([now.serial, { serial: now.serial + 4, resources: 0 }]);
  expect(await pulled()).toMatchObject({ serial: now.serial + 4, resources: [] });
  expect(
    Buffer.from(stack.kept.get(id)?.bytes ?? [])
      .subarray(0, 4)
      .toString(),
  ).toBe('KFS1');
});

test('one that is not newer, or of something else, is refused unless it is forced', async () => {
  const now = await pulled();
  const changed = { ...now, resources: [] };
  await expect(push(changed)).rejects.toThrow(/RECORD_CONFLICT .*its serial is \d+, and there it is/);
  await expect(push({ ...changed, lineage: 'other', serial: 99 })).rejects.toThrow(/RECORD_CONFLICT .*its lineage is other/);
  expect(await pulled()).toEqual(now);
  // Newer than the present one all the same: whoever has seen that must see that it is no more.
  expect((await push(changed, { isForced: true })).after).toEqual({ serial: now.serial + 1, resources: 0 });
  await push({ ...changed, lineage: 'other', serial: 1 }, { isForced: true });
  expect(await pulled()).toMatchObject({ lineage: 'other', serial: 1 });
});

test.each(['no JSON', '{"version":3,"lineage":"a","serial":1}', '{"encrypted_data":"…"}'])('%j is no state', async (text) => {
  await expect(push(text, { isForced: true })).rejects.toThrow(/USAGE .*my\.tfstate is no state of Terraform/);
});

test('without a key none is taken in, since it may hold anything', async () => {
  connection = await stack.open();
  await expect(push({ lineage: 'a', serial: 1 })).rejects.toThrow(/TARGET_CONFIG .*has no key to seal it with/);
});

test('none is taken in where the program has a backend of its own', async () => {
  const now = await pulled();
  const backed = { ...configuration, terraform: { ...configuration.terraform, backend: { local: {} } } };
  const attributes = { configuration: backed, inputs: {}, outputs: {} };
  const resource = { id, target: 'terraform', runtime: 'terraform', type: 'terraform/Stack', path: 'shop', attributes };
  await expect(push({ ...now, serial: 99 }, { resource })).rejects.toThrow(/USAGE .*The program writes a backend of its own/);
  await expect(push({ ...now, serial: 99 }, { resource })).rejects.toMatchObject({
    problems: [{ hint: expect.stringContaining('konfig synth shop/dev --format terraform') }],
  });
});
