// What goes wrong between Konfig and a service: each is told as what it is, and what was asked is done once.
import type { Connection, KonfigError, Problem } from '@konfig/core';
import { noSignal, open, starting, type Trouble, type TroubledService, thing, token, troubledService } from './troubled-service';

let troubled: TroubledService;
const connections: Connection[] = [];
afterEach(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
  await troubled.stop();
});

async function opened(limits?: Parameters<typeof open>[1]): Promise<Connection> {
  const connection = await open(troubled.url, limits);
  connections.push(connection);
  return connection;
}

/** The first problem of what must fail. */
async function problemOf(work: Promise<unknown>): Promise<Problem | undefined> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (thrown: Error) => thrown,
  );
  const { problems } = error as KonfigError;
  if (!problems) throw error;
  expect(JSON.stringify(problems)).not.toContain(token);
  return problems[0];
}

const create = (connection: Connection, name = 'web') =>
  connection.apply({ stack: 'shop/prod', resource: thing(name, { size: 1 }), action: 'create', changes: [] }, noSignal);

describe('a request that gets lost', () => {
  const lost: readonly (readonly [string, Trouble])[] = [
    ['is cut', { kind: 'cut' }],
    ['gets half an answer', { kind: 'half an answer' }],
    ['is too much for the service (429)', { kind: 'answer', status: 429, headers: { 'retry-after': '0' } }],
    ['meets a gateway without its service (502)', { kind: 'answer', status: 502, body: '<html>Bad gateway</html>' }],
    ['comes while the service starts (503)', { kind: 'answer', status: 503 }],
    ['takes a gateway too long (504)', { kind: 'answer', status: 504 }],
  ];

  test.each(lost)('when an apply %s, it is asked again with the same key, and done once', async (_, trouble) => {
    troubled = await troubledService();
    const connection = await opened();
    troubled.gets(/^PUT/, trouble, 3);
    expect(await create(connection)).toMatchObject({ live: { outputs: { size: 1 } } });
    expect(troubled.done).toEqual(['create web']);
  });

  test.each(lost)('when a delete %s, it is asked again', async (_, trouble) => {
    troubled = await troubledService();
    const connection = await opened();
    const { uid } = await create(connection);
    troubled.gets(/^DELETE/, trouble, 2);
    expect(await connection.delete({ id: 'things:Thing/web', type: 'Thing', uid }, noSignal)).toBe('gone');
    expect(troubled.done).toEqual(['create web', 'delete web']);
  });

  test('again and again is told as a connection that was lost, and how often', async () => {
    troubled = await troubledService();
    const connection = await opened();
    troubled.gets(
      /^PUT/,
      { kind: 'answer', status: 503, body: JSON.stringify({ code: 'unavailable', detail: 'The database is being moved.' }) },
      99,
    );
    expect(await problemOf(create(connection))).toMatchObject({
      code: 'CONNECTION_LOST',
      message: `${troubled.url} could not answer 6 times (503: The database is being moved.).`,
    });
    expect(troubled.came.filter((request) => request.startsWith('PUT'))).toHaveLength(6);
  });

  test('waits for as long as Retry-After says', async () => {
    troubled = await troubledService();
    const connection = await opened();
    troubled.gets(/^PUT/, { kind: 'answer', status: 429, headers: { 'retry-after': '1' } });
    const before = performance.now();
    await create(connection);
    expect(performance.now() - before).toBeGreaterThan(990);
  });

  test('is not sent again when the run is given up', async () => {
    troubled = await troubledService();
    const connection = await opened();
    troubled.gets(/^PUT/, { kind: 'silence' }, 99);
    const giveUp = new AbortController();
    const applying = connection.apply(
      { stack: 'shop/prod', resource: thing('web', { size: 1 }), action: 'create', changes: [] },
      giveUp.signal,
    );
    const ended = applying.catch(() => 'given up');
    await until(() => troubled.came.some((request) => request.startsWith('PUT')));
    giveUp.abort();
    expect(await ended).toBe('given up');
    expect(troubled.came.filter((request) => request.startsWith('PUT'))).toHaveLength(1);
  });
});

/** What an answer may be that is none, and how it is told. `$url` stands for the service's address. */
const wrongAnswers: readonly (readonly [string, Trouble, Partial<Problem>])[] = [
  [
    'with another thing than was asked for',
    { kind: 'lie', lie: (body: object) => ({ ...body, name: 'db' }) },
    { code: 'SERVICE_PROTOCOL', message: '$url was asked for Thing web and answered with "Thing db".' },
  ],
  [
    'without what the protocol wants',
    { kind: 'lie', lie: ({ uid: _, ...body }: { uid: string }) => body },
    { code: 'SERVICE_PROTOCOL', message: expect.stringContaining('does not allow: /uid is missing.') },
  ],
  [
    'with a health that there is not',
    { kind: 'lie', lie: (body: object) => ({ ...body, health: { status: 'fine', message: '' } }) },
    { code: 'SERVICE_PROTOCOL', message: expect.stringContaining('/health/status is "fine", and must be one of "ready"') },
  ],
  [
    'with a page of HTML',
    { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Log in</html>' },
    {
      code: 'SERVICE_PROTOCOL',
      message: '$url answered PUT /v1/resources/Thing/web with 200 and something that is no JSON object: <html>Log in</html>.',
    },
  ],
  [
    'with a redirect',
    { kind: 'answer', status: 302, headers: { location: 'https://login.example/' } },
    {
      code: 'SERVICE_PROTOCOL',
      message: '$url answered PUT /v1/resources/Thing/web with a redirect (302) to https://login.example/, which is not followed.',
    },
  ],
  [
    'with more than anybody wants to read',
    { kind: 'answer', status: 200, body: ' '.repeat(2 ** 17) },
    {
      code: 'SERVICE_PROTOCOL',
      message: '$url answered PUT /v1/resources/Thing/web with more than 65536 bytes, and was not read further.',
    },
  ],
  [
    'by saying that the token has expired',
    { kind: 'answer', status: 401 },
    { code: 'TARGET_CREDENTIALS', message: '$url refuses the token (401).' },
  ],
  [
    'by saying that the token may not do this',
    { kind: 'answer', status: 403, body: JSON.stringify({ code: 'forbidden', detail: 'This token only reads.' }) },
    { code: 'PERMISSION_MISSING', message: 'Thing/web: This token only reads.', at: 'things:Thing/web' },
  ],
  [
    'with a failure of its own',
    { kind: 'answer', status: 500, body: JSON.stringify({ code: 'failed', detail: 'Disk full.' }) },
    { code: 'SERVICE_FAILED', message: '$url answered PUT /v1/resources/Thing/web with 500: Disk full.' },
  ],
  [
    'with a refusal with the field',
    {
      kind: 'answer',
      status: 422,
      body: JSON.stringify({ code: 'invalid', errors: [{ field: '/size', detail: 'is more than this team may have' }] }),
    },
    { code: 'RESOURCE_REJECTED', message: 'Thing/web: size is more than this team may have.', at: 'things:Thing/web config.size' },
  ],
  [
    'with what steers terminals',
    { kind: 'answer', status: 400, body: JSON.stringify({ detail: 'Disk \u001b[2J\u0007full.' }) },
    { message: 'Thing/web: Disk full.' },
  ],
  [
    'with nothing at all',
    { kind: 'silence' },
    { code: 'CONNECTION_LOST', message: '$url gave no answer 6 times: no whole answer within 0.2 s.' },
  ],
];

test.each(wrongAnswers)('a service that answers an apply %s is told as what it is', async (_, trouble, problem) => {
  troubled = await troubledService();
  const connection = await opened({ size: 65536, answer: 200 });
  troubled.gets(/^PUT/, trouble, 99);
  const message = typeof problem.message === 'string' ? problem.message.replace('$url', troubled.url) : problem.message;
  expect(await problemOf(create(connection))).toMatchObject({ ...problem, message });
});

describe('a service that cannot be opened', () => {
  const describing = (lie: (body: never) => unknown): Trouble => ({ kind: 'lie', lie });

  test.each<readonly [string, Trouble, Partial<Problem>]>([
    [
      'because it speaks another protocol',
      describing((body: object) => ({ ...body, protocols: ['konfig.dev/service/v2'] })),
      { code: 'SERVICE_PROTOCOL', message: '$url speaks konfig.dev/service/v2, and this Konfig speaks konfig.dev/service/v1.' },
    ],
    [
      'because it is something else',
      { kind: 'answer', status: 404, body: '<html>Not found</html>' },
      { code: 'SERVICE_PROTOCOL', message: '$url answered GET /v1/describe with 404: <html>Not found</html>.' },
    ],
    [
      'because the token is wrong',
      { kind: 'answer', status: 401 },
      { code: 'TARGET_CREDENTIALS', message: '$url refuses the token (401).' },
    ],
    [
      'because it says nothing of who it is',
      describing(({ identity: _, ...body }: { identity: string }) => body),
      { code: 'SERVICE_PROTOCOL', message: expect.stringContaining('/identity is missing') },
    ],
  ])('%s says so', async (_, trouble, problem) => {
    troubled = await troubledService();
    troubled.gets(/describe/, trouble, 99);
    const message = typeof problem.message === 'string' ? problem.message.replace('$url', troubled.url) : problem.message;
    expect(await problemOf(open(troubled.url))).toMatchObject({ ...problem, message });
  });

  test('because nobody listens is a target that cannot be reached', async () => {
    troubled = await troubledService();
    await troubled.dies();
    expect(await problemOf(open(troubled.url))).toMatchObject({
      code: 'TARGET_UNREACHABLE',
      message: expect.stringMatching(/ECONNREFUSED/),
    });
    await troubled.comesBack();
  });

  test.each<readonly [string, object, RegExp]>([
    ['no address', { url: 'registry' }, /its url is "registry", which is no address/],
    ['an address with a password', { url: 'https://konfig:hunter2@registry.example' }, /its url holds a user or a password/],
    ['a token with a line break', { url: 'https://registry.example', token: 'a\nb' }, /its token is no text that a header can carry/],
    ['what means nothing', { url: 'https://registry.example', tokn: 'x' }, /it has tokn, which means nothing\. Did you mean token\?/],
  ])('because its target has %s says so, and shows no secret', async (_, config, message) => {
    troubled = await troubledService();
    const problem = await problemOf(open('', {}, config as never));
    expect(`${problem?.message} ${problem?.hint}`).toMatch(message);
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

describe('a watch', () => {
  const watched = [{ id: 'things:Thing/web', type: 'Thing' }];

  test('goes on behind a service that dies and comes back, and tells what has happened meanwhile', async () => {
    troubled = await troubledService({ slow: ['web'] });
    const connection = await opened();
    await create(connection);
    const seen: string[] = [];
    const stop = new AbortController();
    const watch = await connection.watch(watched, ({ health, message }) => seen.push(`${health}, ${message}`), stop.signal);
    expect(seen).toEqual(['progressing, is starting']);
    await troubled.dies();
    await troubled.service.report('Thing', 'web', { health: { status: 'ready', message: 'is there' } });
    await troubled.comesBack();
    await until(() => seen.length > 1);
    expect(seen.at(-1)).toBe('ready, is there');
    stop.abort();
    await watch.ended;
  });

  test('reads everything anew where the service does not know any more what was told last', async () => {
    troubled = await troubledService({ slow: ['web'] });
    const connection = await opened();
    await create(connection);
    const seen: string[] = [];
    const stop = new AbortController();
    troubled.gets(/watch/, {
      kind: 'answer',
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: 'event: open\nid: 999\ndata: {}\n\n',
    });
    const watch = await connection.watch(watched, ({ health }) => seen.push(health), stop.signal);
    await troubled.service.report('Thing', 'web', { health: { status: 'ready', message: 'is there' } });
    await until(() => seen.includes('ready'));
    stop.abort();
    await watch.ended;
  });

  test('by polling tells the same', async () => {
    troubled = await troubledService({ slow: ['web'] });
    troubled.gets(/describe/, { kind: 'lie', lie: (body: object) => ({ ...body, watch: ['poll'] }) });
    const connection = await opened();
    await create(connection);
    const seen: string[] = [];
    const stop = new AbortController();
    const watch = await connection.watch(watched, ({ health }) => seen.push(health), stop.signal);
    await troubled.service.report('Thing', 'web', { health: { status: 'ready', message: 'is there' } });
    await until(() => seen.includes('ready'));
    expect(troubled.came.some((request) => request.startsWith('GET /v1/watch'))).toBe(false);
    stop.abort();
    await watch.ended;
  });

  test('whose token is refused ends with that', async () => {
    troubled = await troubledService();
    const connection = await opened();
    const stop = new AbortController();
    const watch = await connection.watch(watched, () => {}, stop.signal);
    troubled.gets(/watch/, { kind: 'answer', status: 401 }, 99);
    await troubled.dies();
    await troubled.comesBack();
    expect(await problemOf(watch.ended)).toMatchObject({ code: 'TARGET_CREDENTIALS' });
  });
});

test('a replace waits until the old one is gone', async () => {
  troubled = await troubledService({ slow: ['web'] });
  const connection = await opened();
  const { uid } = await create(connection);
  expect(starting.status).toBe('progressing');
  const live = { uid, version: '2' };
  const replacing = connection.apply(
    { stack: 'shop/prod', resource: thing('web', { size: 2 }), action: 'replace', live, changes: [] },
    noSignal,
  );
  await until(() => troubled.done.includes('delete web'));
  await troubled.service.gone('Thing', 'web');
  expect((await replacing).uid).not.toBe(uid);
  expect(troubled.done).toEqual(['create web', 'delete web', 'create web']);
});

test('what is known only later is shown as such where it stands in a list or an object, and not as the null that holds its place', async () => {
  troubled = await troubledService();
  const connection = await opened();
  await create(connection);
  const later = { $unknown: { resource: 'main:Service/shop/web', path: ['status'] } };
  troubled.gets(/plan/, {
    kind: 'lie',
    lie: ({ rows }: { rows: readonly object[] }) => ({
      rows: rows.map((row) => ({ ...row, changes: [{ field: '/size', before: ['a', { n: 1 }], after: [null, { n: 2, of: null }] }] })),
    }),
  });
  const wished = thing('web', { size: [later, { n: 2, of: later }] });
  const [row] = await connection.plan({ stack: 'shop/prod', wished: [wished], removed: [] }, noSignal);
  expect(row?.changes).toEqual([{ path: ['config', 'size'], before: ['a', { n: 1 }], after: [later, { n: 2, of: later }] }]);
});

test('a change in place that is answered with another uid is no change in place', async () => {
  troubled = await troubledService();
  const connection = await opened();
  const { uid } = await create(connection);
  const wished = thing('web', { size: 2 });
  const [row] = await connection.plan({ stack: 'shop/prod', wished: [wished], removed: [] }, noSignal);
  troubled.gets(/^PUT/, { kind: 'lie', lie: (body: object) => ({ ...body, uid: 'another' }) });
  const update = {
    stack: 'shop/prod',
    resource: wished,
    action: 'update',
    changes: row?.changes ?? [],
    ...(row?.live ? { live: row.live } : {}),
  } as const;
  expect(await problemOf(connection.apply(update, noSignal))).toMatchObject({
    code: 'SERVICE_PROTOCOL',
    message: `${troubled.url} was asked to change Thing/web with the uid "${uid}" in place, and answered with the uid "another": another one stands there.`,
  });
});

test('what somebody has changed since the plan is applied where the effect is the same, and else refused', async () => {
  troubled = await troubledService();
  const connection = await opened();
  const { uid } = await create(connection);
  const [row] = await connection.plan({ stack: 'shop/prod', wished: [thing('web', { size: 2 })], removed: [] }, noSignal);
  const update = {
    stack: 'shop/prod',
    resource: thing('web', { size: 2 }),
    action: 'update',
    changes: row?.changes ?? [],
    ...(row?.live ? { live: row.live } : {}),
  } as const;
  await troubled.service.report('Thing', 'web', { health: { status: 'ready', message: 'was looked at' } });
  expect(await connection.apply(update, noSignal)).toMatchObject({ uid, live: { outputs: { size: 2 } } });
  expect(await problemOf(connection.apply({ ...update, resource: thing('web', { size: 3, secret: 'new' }) }, noSignal))).toMatchObject({
    code: 'PLAN_STALE',
    message: 'Thing/web has changed since the plan was made.',
  });
});
