// What a service says is cut to what fits on a line. A secret that the cut goes through must not be left there in part.
import { type Connection, isKonfigError, maskOf } from '@konfig/core';
import { noSignal, open, type Trouble, type TroubledService, thing, token, troubledService } from './troubled-service';

const secret = 'kept-within-the-house';
const mask = () =>
  maskOf([secret], { base64: (text) => Buffer.from(text).toString('base64'), hex: (text) => Buffer.from(text).toString('hex') });

let troubled: TroubledService;
let connection: Connection | undefined;
beforeEach(async () => {
  troubled = await troubledService();
});
afterEach(async () => {
  await connection?.close();
  await troubled.stop();
});

/** What stands before the secret: with one of these the cut goes through it, wherever exactly the cut is made. */
const cutsWithin = (limit: number) => Array.from({ length: secret.length + 4 }, (_, i) => 'x'.repeat(limit - i));

async function told(work: Promise<unknown>): Promise<string> {
  const found = await work.catch((error: Error) => (isKonfigError(error) ? error.problems : error));
  return JSON.stringify(found);
}

/** Is the beginning of a secret there? */
const shows = (text: string) => text.includes(secret.slice(0, 5)) || text.includes(token.slice(0, 5));

const quoting: readonly (readonly [string, number, (said: string) => Trouble])[] = [
  ['a page of HTML', 300, (said) => ({ kind: 'answer', status: 400, body: said })],
  ['the detail of a refusal', 300, (said) => ({ kind: 'answer', status: 422, body: JSON.stringify({ code: 'invalid', detail: said }) })],
  [
    'the detail of a field',
    300,
    (said) => ({ kind: 'answer', status: 422, body: JSON.stringify({ code: 'invalid', errors: [{ field: '/size', detail: said }] }) }),
  ],
  ['something that is no JSON', 100, (said) => ({ kind: 'answer', status: 200, body: said })],
  ['the place of a redirect', 200, (said) => ({ kind: 'answer', status: 302, headers: { location: said } })],
  [
    'the message of a health',
    200,
    (said) => ({ kind: 'lie', lie: (body: object) => ({ ...body, health: { status: 'ready', message: said } }) }),
  ],
  [
    'a finding',
    300,
    (said) => ({
      kind: 'lie',
      lie: (body: object) => ({
        ...body,
        health: { status: 'degraded', message: 'no', findings: [{ code: 'NO', class: 'likely', message: said }] },
      }),
    }),
  ],
  ['the name of another thing', 200, (said) => ({ kind: 'lie', lie: (body: object) => ({ ...body, name: said }) })],
  ['a field of the wrong kind', 60, (said) => ({ kind: 'lie', lie: (body: object) => ({ ...body, generation: said }) })],
];

test.each(quoting)('a secret in %s is masked before that is cut', async (_, limit, trouble) => {
  connection = await open(troubled.url);
  connection.maskWith?.(mask());
  for (const filling of cutsWithin(limit)) {
    const resource = thing(`web-${filling.length}`, { size: 1 });
    troubled.gets(/^PUT/, trouble(`${filling}${secret} `));
    const text = await told(connection.apply({ stack: 'shop/prod', resource, action: 'create', changes: [] }, noSignal));
    expect(text).toContain('xxxx');
    expect(shows(text)).toBe(false);
  }
});

test('a secret of the config in a row of a plan is masked before that is cut', async () => {
  connection = await open(troubled.url);
  connection.maskWith?.(mask());
  for (const filling of cutsWithin(300)) {
    const errors = [{ field: '/size', detail: `${filling}${secret} ` }];
    troubled.gets(/plan/, {
      kind: 'lie',
      lie: ({ rows }: { rows: readonly object[] }) => ({ rows: rows.map((row) => ({ ...row, errors })) }),
    });
    const text = await told(connection.plan({ stack: 'shop/prod', wished: [thing('web', { size: 1 })], removed: [] }, noSignal));
    expect(text).toContain('xxxx');
    expect(shows(text)).toBe(false);
  }
});

test('the token is masked before a page is cut that answers the first request', async () => {
  for (const filling of cutsWithin(100)) {
    troubled.gets(/describe/, { kind: 'answer', status: 200, body: `${filling}${token} ` });
    const text = await told(open(troubled.url));
    expect(text).toContain('xxxx');
    expect(shows(text)).toBe(false);
  }
});

test('what the service keeps secret, and what is writeOnly, is not shown where it has the wrong form', async () => {
  connection = await open(troubled.url);
  troubled.gets(/^PUT/, { kind: 'lie', lie: (body: object) => ({ ...body, secrets: 'kept' }) });
  const apply = connection.apply({ stack: 'shop/prod', resource: thing('web', { size: 1 }), action: 'create', changes: [] }, noSignal);
  expect(await told(apply)).toContain('/secrets is (secret), and must be object');
  const [row] = await connection.plan({ stack: 'shop/prod', wished: [thing('db', { size: 1, secret: 4711 })], removed: [] }, noSignal);
  expect(row?.problems[0]?.message).toBe('Thing/db: secret is (secret), and must be string.');
});
