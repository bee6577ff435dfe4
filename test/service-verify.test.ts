// konfig service verify: a service made with the kit passes every check, and one that breaks a single promise fails just the check of it.
import type { JsonObject } from '@konfig/core';
import { verifyService } from '@konfig/runtimes';
import { type Answered, breaking, type Fault } from './scenarios/broken-service';
import { keyOf, startRegistry, token } from './scenarios/registry-service';

async function failedBy(fault: Fault): Promise<readonly string[]> {
  const registry = await startRegistry();
  const broken = await breaking(registry.url, fault);
  try {
    const { results, left } = await verifyService({ url: broken.url, token, patience: 2 });
    expect(left).toEqual([]);
    return results.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name);
  } finally {
    await broken.stop();
    await registry.stop();
  }
}

test('a service that is made with the kit passes every check, and is left as it was', async () => {
  const registry = await startRegistry();
  const { results, left, service, type } = await verifyService({ url: registry.url, token });
  await registry.stop();
  expect({ service, type, left }).toEqual({ service: 'registry', type: 'Entry', left: [] });
  expect(results.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
  expect(results.length).toBeGreaterThan(35);
  expect(registry.done.filter((what) => what.startsWith('create')).length).toBe(
    registry.done.filter((what) => what.startsWith('delete')).length,
  );
});

type Is = (passing: Answered) => unknown;

const isPut: Is = ({ method }) => method === 'PUT';
const isMade: Is = (answer) => isPut(answer) && answer.status === 200;
const isRead: Is = ({ method, path, status }) => method === 'GET' && path.startsWith('/v1/resources/') && status === 200;
const isMissing: Is = ({ method, path, status }) => method === 'GET' && path.startsWith('/v1/resources/Entry/') && status === 404;
const isPlan: Is = ({ path }) => path === '/v1/plan';
const isPlanOf =
  (rows: number): Is =>
  ({ path, body }) =>
    path === '/v1/plan' && body.rows?.length === rows;
const isList: Is = ({ path }) => path.startsWith('/v1/resources?type');
const isDelete: Is = ({ method, path }) => method === 'DELETE' && path.includes('?uid');
const all =
  (...conditions: readonly Is[]): Is =>
  (answer) =>
    conditions.every((is) => is(answer));

const isMadeWithPin = all(isMade, ({ asked }) => asked.config.pin);

/** Where this holds, the answer is changed. */
const answers = (is: Is, change: (answer: Answered) => void): Fault => ({
  answers: (answer) => {
    if (is(answer)) change(answer);
  },
});
const refuses = (is: Is, status: number, code: string) =>
  answers(is, (answer) => {
    Object.assign(answer, { status, body: { ...answer.body, code } });
  });
const takes = (is: Is) => answers(is, (answer) => void Object.assign(answer, { status: 200, body: {} }));

type Asked = Parameters<NonNullable<Fault['asks']>>[0];
const isAskedPut = ({ method }: Asked) => method === 'PUT';
/** Where this holds, the service is asked with these fields instead. */
const asks = (is: (request: Asked) => boolean, fields: (wish: Record<string, unknown>) => object): Fault => ({
  asks: (request) => {
    if (!is(request)) return;
    const wish = JSON.parse(request.body) as Record<string, unknown>;
    request.body = JSON.stringify({ ...wish, ...fields(wish) });
  },
});

function showsWhatIsOnlyPlanned(): Fault {
  const planned = new Set<string>();
  return {
    answers(answer) {
      if (isPlan(answer)) for (const { name } of answer.asked?.wished ?? []) planned.add(name);
      const name = answer.path.split(/[/?]/)[4] ?? '';
      if (answer.method === 'DELETE') planned.delete(name);
      if (isMissing(answer) && planned.has(name)) Object.assign(answer, { status: 200, body: { uid: 'u', version: '1' } });
    },
  };
}

function deletesOnlyOnce(): Fault {
  const gone = new Set<string>();
  return {
    answers(answer) {
      if (!isDelete(answer)) return;
      if (gone.has(answer.path)) Object.assign(answer, { status: 409, body: { code: 'conflict' } });
      gone.add(answer.path);
    },
  };
}

function givesUidsByName(): Fault {
  const uids = new Map<string, string>();
  const isAnew = new Set<string>();
  return {
    answers(answer) {
      if (isDelete(answer)) isAnew.add(answer.path.split('?')[0] as string);
      if (!isMade(answer)) return;
      if (isAnew.has(answer.path)) answer.body.uid = uids.get(answer.path);
      else uids.set(answer.path, answer.body.uid);
    },
  };
}

/** The second try of a wish is another wish to it. */
function forgetsKeys(): Fault {
  let count = 0;
  return {
    asks({ method, headers }) {
      if (method === 'PUT' && headers['idempotency-key']) headers['idempotency-key'] += `-${++count}`;
    },
    ...refuses(
      (answer) => isPut(answer) && answer.status === 412 && answer.asked.owner.endsWith('-2') && answer.asked.expects === null,
      400,
      'malformed',
    ),
  };
}

/** What a service does wrong, and the check that finds it. */
const broken: readonly (readonly [wrong: string, fault: Fault, finds: string])[] = [
  [
    'describes its outputs by what is no schema',
    answers(
      ({ path }) => path === '/v1/describe',
      ({ body }) => void Object.assign(body.types.Entry.outputs, { type: 'objekt' }),
    ),
    'its schemas are JSON Schema 2020-12',
  ],
  [
    'lets everybody in',
    { asks: ({ headers }) => Object.assign(headers, { authorization: `Bearer ${token}` }) },
    'it lets nobody in without a token',
  ],
  [
    'answers refusals with pages of HTML',
    answers(
      ({ status }) => status >= 400,
      (answer) => void Object.assign(answer, { contentType: 'text/html' }),
    ),
    'refusals are application/problem+json',
  ],
  ['has a word of its own for what is not there', refuses(isMissing, 404, 'gone'), 'what is not there is 404'],
  [
    'calls a type that it does not have a mistake',
    refuses(({ path }) => path.includes('KonfigVerifyNone'), 400, 'malformed'),
    'a type that it does not have is 404',
  ],
  [
    'falls over a body that is no JSON',
    refuses(
      all(isPlan, ({ status }) => status === 400),
      500,
      'failed',
    ),
    'a body that cannot be read is 400',
  ],
  ['makes what is only planned', showsWhatIsOnlyPlanned(), 'a plan changes nothing'],
  [
    'turns the rows of a plan around',
    answers(isPlanOf(3), ({ body }) => body.rows.reverse()),
    'a plan has a row for each resource, in their order',
  ],
  [
    'plans in a form of its own',
    answers(isPlanOf(1), ({ body }) => void Object.assign(body.rows[0], { notes: 'none' })),
    'the rows of a plan have their form',
  ],
  [
    'forgets in a plan what is there',
    answers(isPlanOf(2), ({ body }) => void Object.assign(body.rows[1], { live: null })),
    'a plan knows whether something is there',
  ],
  [
    'takes a default for a change',
    answers(
      all(
        isPlanOf(1),
        ({ body, asked }) => body.rows[0].live && body.rows[0].changes.length === 0 && asked.wished[0].config.pin === undefined,
      ),
      ({ body }) => body.rows[0].changes.push({ field: '/port', before: 8080 }),
    ),
    'what was just applied differs in nothing',
  ],
  [
    'changes a thing and keeps its generation',
    answers(
      all(isPut, ({ body }) => body.generation > 1),
      ({ body }) => void Object.assign(body, { generation: 1 }),
    ),
    'what differs is planned, and applied in place or said to need a replace',
  ],
  [
    'does not say what it can only make anew',
    answers(
      all(isPlan, ({ body }) => body.rows?.[0]?.replace?.length > 0),
      ({ body }) => void Object.assign(body.rows[0], { replace: [] }),
    ),
    'what cannot change in place is said by the plan, and refused by an apply',
  ],
  [
    'complains of what is not known yet',
    answers(
      all(isPlan, ({ asked }) => asked?.wished?.[0]?.unknown.length > 0),
      ({ body }) => void Object.assign(body.rows[0], { errors: [{ field: '/team', detail: 'is null' }] }),
    ),
    'a plan tells of no error at what is not known yet',
  ],
  [
    'finds errors only when it applies',
    answers(
      all(isPlan, ({ asked }) => asked?.wished?.[0]?.unknown.length === 0),
      ({ body }) => void Object.assign(body.rows[0], { errors: [] }),
    ),
    'a config that is not valid is told by the plan with its field',
  ],
  ['says less of an apply than it must', answers(isPut, ({ body }) => delete body.deleting), 'an apply answers the resource'],
  [
    'loses what it was told',
    answers(
      all(isRead, ({ body }) => body.generation === 1),
      ({ body }) => void Object.assign(body, { config: {} }),
    ),
    'what was applied can be read',
  ],
  [
    'takes whatever it makes for its own',
    answers(
      all(isMade, ({ asked }) => asked.expects === null),
      ({ body }) => void Object.assign(body, { owner: 'the registry' }),
    ),
    'it belongs to who has made it',
  ],
  [
    'tells other outputs than it describes',
    answers(isRead, ({ body }) => void Object.assign(body.outputs, { port: 'http' })),
    'outputs are as they are described',
  ],
  ['forgets its keys', forgetsKeys(), 'the same key again changes nothing'],
  [
    'calls a key that is used again a conflict',
    refuses(
      all(isPut, ({ status, asked }) => status === 400 && asked.owner.endsWith('-2')),
      409,
      'conflict',
    ),
    'the same key with another wish is 400',
  ],
  [
    'does without a key',
    {
      asks: (request) => {
        if (isAskedPut(request)) request.headers['idempotency-key'] ??= 'none';
      },
    },
    'an apply without a key is 400',
  ],
  [
    'calls it owned where nothing was expected',
    refuses(
      all(isPut, ({ status, asked }) => status === 412 && asked.expects === null),
      409,
      'owned',
    ),
    'where nothing was expected and something is there, it is 412',
  ],
  ['knows no versions', takes(all(isPut, ({ asked }) => asked.expects?.version === 'konfig-verify-old')), 'an old version is 412'],
  ['knows no uids', takes(all(isPut, ({ asked }) => asked.expects?.uid === 'konfig-verify-other')), 'another uid is 412'],
  [
    'does not say which field is wrong',
    answers(
      all(isPut, ({ status, asked }) => status === 422 && asked.expects === null),
      ({ body }) => delete body.errors,
    ),
    'a config that is not valid is 422 with its field',
  ],
  [
    'refuses what it does not know',
    refuses(
      all(isPut, ({ asked }) => 'konfig.dev/verify' in asked),
      400,
      'malformed',
    ),
    'what it does not know in a request is ignored',
  ],
  [
    'lets everybody change what belongs to others',
    asks(isAskedPut, ({ expects, owner }) => ({ takeOver: expects !== null && String(owner).endsWith('-2') })),
    'what belongs to somebody else is 409',
  ],
  ['never gives anything up', asks(isAskedPut, () => ({ takeOver: false })), 'it is taken over when that is asked for'],
  [
    'disowns nothing',
    asks(
      ({ path }) => path.endsWith('/disown'),
      () => ({ owner: 'nobody' }),
    ),
    'it is disowned, and stays',
  ],
  [
    'tells what it was given as a secret',
    answers(isMadeWithPin, ({ body, asked }) => void Object.assign(body.config, { pin: asked.config.pin })),
    'what is writeOnly is never told',
  ],
  [
    'shows secrets in its plans',
    answers(
      all(isPlanOf(1), ({ body }) => body.rows[0].changes[0]?.sensitive),
      ({ body, asked }) => void Object.assign(body.rows[0].changes[0], { after: asked.wished[0].config.pin }),
    ),
    'a change of what is writeOnly is planned without its values',
  ],
  [
    'tells what it was given as a secret by halves',
    answers(isMadeWithPin, ({ body }) => void Object.assign(body.config, { pin: '***' })),
    'what is writeOnly is never told',
  ],
  [
    'lists what it was given as a secret',
    answers(isList, ({ body }) => {
      for (const one of body.resources) one.config.pin = '1234';
    }),
    'what is writeOnly is never told',
  ],
  [
    'says what was wrong with a secret',
    answers(
      all(isPut, ({ status }) => status === 422),
      ({ body, asked }) => void Object.assign(body, { detail: `Not valid: ${JSON.stringify(asked.config)}` }),
    ),
    'a refusal does not repeat what is writeOnly',
  ],
  [
    'says in a plan what is wrong with a secret',
    answers(
      all(isPlanOf(1), ({ body }) => body.rows[0].errors?.length > 0),
      ({ body, asked }) => void Object.assign(body.rows[0].errors[0], { detail: `not ${JSON.stringify(asked.wished[0].config.pin)}` }),
    ),
    'a refusal does not repeat what is writeOnly',
  ],
  [
    'lists its secrets',
    answers(isList, ({ body }) => {
      for (const one of body.resources) one.secrets = { key: keyOf(one.name) };
    }),
    'secrets are told only with the resource itself',
  ],
  [
    'lists its secrets under a name of its own',
    answers(isList, ({ body }) => {
      for (const one of body.resources) one.credentials = [keyOf(one.name)];
    }),
    'secrets are told only with the resource itself',
  ],
  [
    'tells its secrets to all who watch',
    { events: (text) => text.replaceAll('"deleting":', '"secrets":{"key":"a-key"},"deleting":') },
    'secrets are told only with the resource itself',
  ],
  [
    'tells its secrets to all who poll',
    answers(
      ({ path }) => path.startsWith('/v1/changes?'),
      ({ body }) => {
        for (const { resource } of body.changes) if (resource) resource.secrets = { key: 'a-key' };
      },
    ),
    'secrets are told only with the resource itself',
  ],
  [
    'answers with what it knew before a change',
    answers(
      all(isRead, ({ body }) => body.generation > 1),
      ({ body }) => void Object.assign(body.config, { port: 8080 }),
    ),
    'what was changed can be read',
  ],
  [
    'answers a change with what was there before',
    answers(
      all(isMade, ({ body }) => body.generation > 1),
      ({ body }) => void Object.assign(body.config, { port: 8080 }),
    ),
    'what was changed can be read',
  ],
  [
    'always has a next page',
    answers(
      all(isList, ({ path }) => path.includes('limit=1') && path.includes('-list')),
      ({ body }) => void Object.assign(body, { resources: [], next: 'more' }),
    ),
    'it lists by type and owner, page by page',
  ],
  [
    'lists all at once',
    {
      asks: (request) => {
        request.path = request.path.replace('&limit=1', '');
      },
    },
    'a page of a list holds no more than was asked for',
  ],
  [
    'ends its list with the first page',
    answers(
      ({ path }) => path.startsWith('/v1/resources?type'),
      ({ body }) => delete body.next,
    ),
    'it lists by type and owner, page by page',
  ],
  [
    'deletes whatever has the name',
    answers(
      all(isDelete, ({ status }) => status === 412),
      (answer) => void Object.assign(answer, { status: 204, body: undefined }),
    ),
    'a delete with another uid deletes nothing',
  ],
  ['does not take a delete twice', deletesOnlyOnce(), 'a delete deletes, and may be asked for again'],
  ['gives a name the same uid for ever', givesUidsByName(), 'what is made anew has another uid'],
  ['tells of no end', { events: (text) => text.replaceAll('event: gone', 'event: bye') }, 'its events tell what comes and goes'],
  [
    'begins every stream with now',
    { asks: ({ headers }) => void Reflect.deleteProperty(headers, 'last-event-id') },
    'its events go on after the last one that was seen',
  ],
  [
    'tells whoever polls of nothing',
    answers(
      ({ path }) => path.startsWith('/v1/changes?'),
      ({ body }) => void Object.assign(body, { changes: [] }),
    ),
    'its changes can be polled',
  ],
];

test('what was made is deleted by its uid: a service that takes no other delete is left as it was too', async () => {
  const registry = await startRegistry();
  const strict = await breaking(
    registry.url,
    refuses(({ method, path }) => method === 'DELETE' && !path.includes('?uid='), 412, 'stale'),
  );
  const { left } = await verifyService({ url: strict.url, token });
  await Promise.all([strict.stop(), registry.stop()]);
  expect(left).toEqual([]);
});

test('there is a broken service for every check', async () => {
  const registry = await startRegistry();
  const { results } = await verifyService({ url: registry.url, token });
  await registry.stop();
  expect([...new Set(broken.map(([, , finds]) => finds))].sort()).toEqual(results.map(({ name }) => name).sort());
});

test.each(broken)('a service that %s fails one check', async (_, fault, finds) => {
  expect(await failedBy(fault)).toEqual([finds]);
});

test('what failed is told without the secrets that the service answers, and those that it is given', async () => {
  const registry = await startRegistry();
  const wrong = await breaking(
    registry.url,
    answers(isPut, ({ body }) => Object.assign(body, { echo: JSON.stringify(body.secrets), deleting: undefined })),
  );
  const { results } = await verifyService({ url: wrong.url, token, config: { team: 'shop', pin: 'canary-pin' } });
  await Promise.all([wrong.stop(), registry.stop()]);
  const told = JSON.stringify(results);
  expect(told).toMatch(/got":"200 .*secrets/);
  expect(told).toContain('"pin":"(secret)"');
  expect(told).not.toContain(keyOf(''));
  expect(told).not.toContain('canary-pin');
});

test('what is secret is hidden where it stands, also where it is short, and where the answer is no JSON', async () => {
  const registry = await startRegistry();
  const leaking = answers(isPlan, ({ body }) => {
    for (const row of body.rows ?? []) Object.assign(row, { notes: 'none', changes: [{ field: '/pin', before: 'old!', after: 'p1n!' }] });
  });
  const halved = answers(isPut, (answer) => {
    if (answer.body.secrets) answer.body = JSON.stringify(answer.body).slice(0, -1);
  });
  const numbers = answers(isRead, ({ body }) => Object.assign(body.secrets, { key: 4711 }));
  const told: string[] = [];
  for (const fault of [leaking, halved, numbers]) {
    const wrong = await breaking(registry.url, fault);
    const { results } = await verifyService({ url: wrong.url, token, config: { team: 'shop', pin: 'p1n!' } });
    await wrong.stop();
    told.push(JSON.stringify(results.filter(({ outcome }) => outcome === 'failed')));
  }
  await registry.stop();
  expect(told[0]).toContain('"pin":"(secret)"');
  expect(told[0]).toContain('\\"before\\":\\"(secret)\\"');
  expect(told[1]).toContain('200 no JSON, and not shown since it may hold secrets');
  expect(told[2]).toContain('/secrets/key is not as it is described');
  expect(told.join()).not.toMatch(/p1n!|old!|4711|canary-key/);
});

test('a config that does not fit is told without what is writeOnly', async () => {
  const registry = await startRegistry();
  const verified = verifyService({ url: registry.url, token, config: { team: 'shop', pin: 471147 } });
  await expect(verified).rejects.toThrow('does not fit the schema of Entry: /pin is (secret), and must be string.');
  await registry.stop();
});

test('who stops it while it waits need not wait, and leaves nothing there', async () => {
  const registry = await startRegistry();
  const stop = new AbortController();
  let reads = 0;
  const slow = await breaking(
    registry.url,
    answers(all(isRead), ({ body }) => {
      Object.assign(body.health, { status: 'progressing' });
      const waits = registry.done.length > 0 && ++reads > 10;
      if (waits) stop.abort();
    }),
  );
  const verified = verifyService({ url: slow.url, token }, () => {}, stop.signal);
  await expect(verified).rejects.toThrow('Cancelled; its scratch resources were deleted.');
  const of = (what: string) => registry.done.filter((one) => one.startsWith(what)).length;
  expect(of('create')).toBeGreaterThan(0);
  expect(of('delete')).toBe(of('create'));
  await Promise.all([slow.stop(), registry.stop()]);
});

test('who stops it before it knows what to make is told that nothing was made', async () => {
  const registry = await startRegistry();
  const stop = new AbortController();
  const slow = await breaking(registry.url, { asks: () => stop.abort() });
  await expect(verifyService({ url: slow.url, token }, () => {}, stop.signal)).rejects.toThrow('Cancelled; nothing was made.');
  await Promise.all([slow.stop(), registry.stop()]);
});

test('what is still there after a delete that was said to be done is named', async () => {
  const registry = await startRegistry();
  const lying = await breaking(registry.url, {
    asks: (request) => {
      if (request.method === 'DELETE') request.path = '/v1/resources/Entry/another';
    },
  });
  const { left, results } = await verifyService({ url: lying.url, token, patience: 2 });
  await Promise.all([lying.stop(), registry.stop()]);
  expect(left.length).toBe(registry.done.filter((what) => what.startsWith('create')).length);
  expect(results.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name)).toContain(
    'a delete deletes, and may be asked for again',
  );
});

test('who stops it in the middle leaves nothing there', async () => {
  const registry = await startRegistry();
  const stop = new AbortController();
  const verified = verifyService(
    { url: registry.url, token },
    () => {
      if (registry.done.length > 3) stop.abort();
    },
    stop.signal,
  );
  await expect(verified).rejects.toMatchObject({
    problems: [{ code: 'CANCELLED', message: 'Cancelled; its scratch resources were deleted.' }],
  });
  const of = (what: string) => registry.done.filter((one) => one.startsWith(what)).length;
  expect(of('create')).toBeGreaterThan(0);
  expect(of('delete')).toBe(of('create'));
  await registry.stop();
});

test.each<[string, (answer: Answered) => unknown, string]>([
  [
    'a page',
    (answer) => Object.assign(answer, { contentType: 'text/html', body: '<html>Log in</html>' }),
    'answered GET /v1/describe with 200 and something that is no JSON object: "<html>Log in</html>"',
  ],
  [
    'a schema that is none',
    ({ body }) => Object.assign((body.types as JsonObject).Entry as object, { config: { type: 'objekt' } }),
    '/types/Entry/config is no JSON Schema 2020-12',
  ],
  [
    'a failure',
    (answer) => Object.assign(answer, { status: 500, body: { detail: 'Disk full.' } }),
    'answered GET /v1/describe with 500: Disk full.',
  ],
  [
    'a config that leads into itself without an end',
    ({ body }) =>
      Object.assign((body.types as JsonObject).Entry as object, {
        config: { $ref: '#/$defs/a', $defs: { a: { required: ['b'], properties: { b: { $ref: '#/$defs/a' } } } } },
      }),
    'No config for Entry could be made by its schema.',
  ],
])('what describes itself with %s is told as what it is', async (_, change, why) => {
  const registry = await startRegistry();
  const wrong = await breaking(
    registry.url,
    answers(({ path }) => path === '/v1/describe', change),
  );
  const verified = verifyService({ url: wrong.url, token });
  await expect(verified).rejects.toThrow(why);
  await Promise.all([wrong.stop(), registry.stop()]);
});

test('what failed is told with what was sent and what came back, and without the token', async () => {
  const registry = await startRegistry();
  const wrong = await breaking(
    registry.url,
    answers(isPut, ({ body }) => delete body.deleting),
  );
  const { results } = await verifyService({ url: wrong.url, token });
  await Promise.all([wrong.stop(), registry.stop()]);
  const failed = results.find(({ outcome }) => outcome === 'failed');
  expect(failed).toMatchObject({
    name: 'an apply answers the resource',
    why: '/deleting is missing',
    exchanges: [
      {
        sent: expect.stringMatching(/^PUT \/v1\/resources\/Entry\/konfig-verify-/),
        body: { config: { team: 'shop' } },
        got: expect.stringMatching(/^200 \{/),
      },
    ],
  });
  expect(JSON.stringify(results)).not.toContain(token);
});
