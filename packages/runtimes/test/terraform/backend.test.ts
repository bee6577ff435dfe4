import { createHash } from 'node:crypto';
import { type Backend, openBackend } from '../../src/terraform/backend';

let backend: Backend;
let kept: string | undefined;
let env: NodeJS.ProcessEnv;
let end: () => void;

beforeEach(async () => {
  backend = openBackend();
  kept = undefined;
  const write = async (text: string) => {
    if (text === 'refused') throw new Error('the store is gone');
    kept = text;
  };
  ({ env, end } = await backend.serve({ read: async () => kept, write }));
});
afterEach(() => backend.close());

async function ask(
  method: string,
  body?: string,
  {
    query = '',
    password = env.TF_HTTP_PASSWORD,
    headers = {},
  }: { query?: string; password?: string | undefined; headers?: Record<string, string> } = {},
) {
  const authorization = `Basic ${Buffer.from(`${env.TF_HTTP_USERNAME}:${password}`).toString('base64')}`;
  const answer = await fetch(`${env.TF_HTTP_ADDRESS}${query}`, {
    method,
    headers: { authorization, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  return { status: answer.status, text: await answer.text() };
}

const mine = JSON.stringify({ ID: 'mine', Who: 'anna@laptop' });
const theirs = JSON.stringify({ ID: 'theirs' });

test('a state is written by the one who holds the lock, and read by everybody who knows the password', async () => {
  expect(await ask('GET')).toEqual({ status: 204, text: '' });
  expect((await ask('LOCK', mine)).status).toBe(200);
  expect((await ask('POST', '{"serial":1}', { query: '?ID=mine' })).status).toBe(200);
  expect((await ask('UNLOCK', mine)).status).toBe(200);
  expect(await ask('GET')).toEqual({ status: 200, text: '{"serial":1}' });
  expect((await ask('GET', undefined, { password: 'another' })).status).toBe(401);
});

test('a lock that is held is told with its holder; only he writes and unlocks', async () => {
  await ask('LOCK', mine);
  expect(await ask('LOCK', theirs)).toEqual({ status: 423, text: mine });
  expect((await ask('POST', '{}', { query: '?ID=theirs' })).status).toBe(423);
  expect((await ask('POST', '{}')).status).toBe(423);
  expect((await ask('UNLOCK', theirs)).status).toBe(409);
  expect((await ask('UNLOCK', '')).status).toBe(409);
  expect(kept).toBeUndefined();
  expect((await ask('UNLOCK', mine)).status).toBe(200);
  expect((await ask('POST', '{}', { query: '?ID=mine' })).status).toBe(423);
});

test('what is cut off on its way, or cannot be kept, is no success', async () => {
  await ask('LOCK', mine);
  const sum = createHash('md5').update('{"a":1}').digest('base64');
  expect((await ask('POST', '{"a":', { query: '?ID=mine', headers: { 'content-md5': sum } })).status).toBe(400);
  expect((await ask('POST', 'refused', { query: '?ID=mine' })).status).toBe(500);
  expect(kept).toBeUndefined();
});

test('when its operation has ended, nothing is served any more', async () => {
  end();
  expect((await ask('GET')).status).toBe(404);
});
