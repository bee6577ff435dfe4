// A state that came into the wrong place: that of prod in dev, or of another project, as when a backup was put back.
import { readState } from '../../src/terraform/state';
import { id, type PlayedStack, playedStack } from './played-stack';

let stack: PlayedStack;

beforeEach(() => {
  stack = playedStack();
});
afterEach(() => stack.close());

test.each([
  ['in clear', {}],
  ['sealed with the same key', { stateKey: Buffer.alloc(32, 3).toString('base64') }],
])('the state of another stack, %s, is not planned with, and so destroys nothing', async (_, config) => {
  stack.plays('show.json', JSON.stringify({}));
  await stack.open(config, 'shop/prod');
  await stack.apply(await stack.plan());
  expect(readState(stack.recorded('state.json')).addresses.length).toBeGreaterThan(0);
  await stack.open(config, 'shop/dev');
  expect(stack.kept.has(id)).toBe(true);
  expect(await stack.plan()).toMatchObject({
    isUnseen: true,
    problems: [{ code: 'RECORD_CORRUPT', message: expect.stringContaining('belongs to another stack') }],
  });
});
