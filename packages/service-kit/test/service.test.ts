// A service made with the kit, over HTTP as its callers see it. That it keeps the protocol as a whole: test/service-verify.test.ts.
import { type Listening, memoryStore, Refusal, resourceType, type Service, type ServiceOptions, type Store, service } from '../src';
import { describeStore } from './store-contract';

const store = memoryStore();
describeStore('in memory', async () => store);

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

interface Things {
  readonly done: string[];
  readonly errors: string[];
  readonly type: ReturnType<typeof thingType>;
}

function thingType(done: string[]) {
  return resourceType<{ size: number; color: string; pin?: string }, { size: number }>({
    config: {
      type: 'object',
      properties: {
        size: { type: 'integer', maximum: 10 },
        color: { type: 'string', default: 'red' },
        pin: { type: 'string', writeOnly: true },
      },
      required: ['size'],
      additionalProperties: false,
    },
    outputs: { type: 'object', properties: { size: { type: 'integer' } } },
    async create({ name, uid, config }) {
      done.push(`create ${name} ${JSON.stringify(config)} ${uid.length}`);
      return { outputs: { size: config.size } };
    },
    async update({ name, config, before }) {
      done.push(`update ${name} ${before.config.size} → ${config.size}`);
      return { outputs: { size: config.size } };
    },
    async delete({ name }) {
      done.push(`delete ${name}`);
      return undefined;
    },
  });
}

async function running(change: (things: Things) => Partial<ServiceOptions> = () => ({})): Promise<{
  readonly url: string;
  readonly done: readonly string[];
  readonly errors: readonly string[];
  readonly service: Service;
  ask(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: Record<string, unknown> }>;
  stop(): Promise<void>;
}> {
  const done: string[] = [];
  const errors: string[] = [];
  const type = thingType(done);
  const made = service({
    name: 'things',
    identity: 'things of the test',
    authentication: 'none',
    types: { Thing: type },
    onError: (error, doing) => errors.push(`${doing}: ${String(error)}`),
    ...change({ done, errors, type }),
  });
  const listening = await made.listen();
  open.push(listening);
  return {
    url: listening.url,
    done,
    errors,
    service: made,
    async ask(method, path, body, headers = {}) {
      const answer = await fetch(listening.url + path, {
        method,
        headers: { 'idempotency-key': `key-${Math.random()}`, ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? {} : JSON.parse(text) };
    },
    stop: () => listening.close(),
  };
}

const web = '/v1/resources/Thing/web';
const wish = (config: object, more: object = {}) => ({ owner: 'konfig stack shop/prod', config, expects: null, ...more });

test('defaults are filled in before anything is done, and are no change', async () => {
  const { ask, done } = await running();
  expect((await ask('PUT', web, wish({ size: 1 }))).body).toMatchObject({ config: { size: 1, color: 'red' }, generation: 1 });
  expect(done).toEqual(['create web {"size":1,"color":"red"} 36']);
  const { body } = await ask('POST', '/v1/plan', {
    owner: 'o',
    wished: [{ type: 'Thing', name: 'web', config: { size: 1 }, unknown: [] }],
  });
  expect(body).toMatchObject({ rows: [{ changes: [], errors: [] }] });
});

test('an apply that differs in nothing does nothing', async () => {
  const { ask, done } = await running();
  const { body } = await ask('PUT', web, wish({ size: 1 }));
  const again = await ask('PUT', web, wish({ size: 1, color: 'red' }, { expects: { uid: body.uid, version: body.version } }));
  expect(again.body).toEqual(body);
  expect(done).toHaveLength(1);
});

test('two wishes with one key at once are carried out once', async () => {
  const { ask, done } = await running();
  const headers = { 'idempotency-key': 'one' };
  const answers = await Promise.all([1, 2, 3].map(() => ask('PUT', web, wish({ size: 1 }), headers)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(done).toHaveLength(1);
});

test('of two wishes with different keys at once, the second is too late', async () => {
  const { ask, done } = await running();
  const answers = await Promise.all([1, 2].map((size) => ask('PUT', web, wish({ size }))));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  expect(done).toHaveLength(1);
});

test('what is writeOnly is kept only as a digest that tells whether it has changed', async () => {
  const kept: Store = memoryStore();
  const { ask } = await running(() => ({ store: kept }));
  const { body } = await ask('PUT', web, wish({ size: 1, pin: 'hunter2' }));
  expect(JSON.stringify(body)).not.toContain('hunter2');
  expect(JSON.stringify(await kept.list({ limit: 10 }))).not.toContain('hunter2');
  const changes = async (pin: string | undefined) => {
    const config = { size: 1, ...(pin === undefined ? {} : { pin }) };
    const answer = await ask('POST', '/v1/plan', { owner: 'o', wished: [{ type: 'Thing', name: 'web', config, unknown: [] }] });
    return (answer.body.rows as { changes: unknown }[])[0]?.changes;
  };
  expect(await changes('hunter2')).toEqual([]);
  expect(await changes('hunter3')).toEqual([{ field: '/pin', sensitive: true }]);
  expect(await changes(undefined)).toEqual([{ field: '/pin', sensitive: true }]);
});

test('what a create throws is for the log of the service; what it refuses is for its caller; neither leaves a trace', async () => {
  const { ask, errors } = await running(({ type }) => ({
    types: {
      Thing: {
        ...type,
        create: async ({ name }) => {
          if (name === 'web') throw new Error('password hunter2 is wrong');
          throw new Refusal('conflict', 'It is Sunday.', { errors: [{ field: '/size', detail: 'is too much for a Sunday' }] });
        },
      },
    },
  }));
  expect(await ask('PUT', web, wish({ size: 1 }))).toEqual({
    status: 500,
    body: {
      type: 'https://konfig.dev/service/v1/problems/failed',
      title: 'The service failed',
      status: 500,
      code: 'failed',
      detail: 'The service could not create Thing/web; its log says why.',
    },
  });
  expect(errors).toEqual(['create Thing/web: Error: password hunter2 is wrong']);
  expect(await ask('PUT', '/v1/resources/Thing/db', wish({ size: 1 }))).toMatchObject({
    status: 409,
    body: { code: 'conflict', detail: 'It is Sunday.', errors: [{ field: '/size', detail: 'is too much for a Sunday' }] },
  });
  expect((await ask('GET', '/v1/resources')).body).toEqual({ resources: [] });
});

test('a process that died within a create is gone on with under the same uid', async () => {
  const kept = memoryStore();
  const uids: string[] = [];
  let isDead = true;
  const { ask } = await running(({ type }) => ({
    // Nothing that comes after the death of the process is written.
    store: {
      ...kept,
      put: async (one) => (one.state === 'making' ? kept.put(one) : isDead ? undefined : kept.put(one)),
      remove: async (one) => (isDead ? undefined : kept.remove(one)),
    },
    types: {
      Thing: {
        ...type,
        create: async ({ uid, config }) => {
          uids.push(uid);
          if (isDead) throw new Error('killed');
          return { outputs: { size: config.size } };
        },
      },
    },
  }));
  expect((await ask('PUT', web, wish({ size: 1 }))).status).toBe(500);
  expect((await ask('GET', web)).status).toBe(404);
  isDead = false;
  const { body } = await ask('POST', '/v1/plan', {
    owner: 'o',
    wished: [{ type: 'Thing', name: 'web', config: { size: 1 }, unknown: [] }],
  });
  expect(body).toMatchObject({ rows: [{ live: null, changes: [] }] });
  expect((await ask('PUT', web, wish({ size: 1 }))).status).toBe(200);
  expect(uids[1]).toBe(uids[0]);
});

test('what a type can read counts: what others have changed is planned, what they have deleted is gone', async () => {
  let there: { size: number; color: string } | undefined = { size: 1, color: 'red' };
  const { ask } = await running(({ type }) => ({ types: { Thing: { ...type, read: async () => there && { config: there } } } }));
  const { body } = await ask('PUT', web, wish({ size: 1 }));
  there = { size: 5, color: 'red' };
  const plan = await ask('POST', '/v1/plan', { owner: 'o', wished: [{ type: 'Thing', name: 'web', config: { size: 1 }, unknown: [] }] });
  expect(plan.body).toMatchObject({ rows: [{ changes: [{ field: '/size', before: 5, after: 1 }] }] });
  expect((await ask('PUT', web, wish({ size: 1 }, { expects: { uid: body.uid, version: body.version } }))).status).toBe(412);
  there = undefined;
  expect((await ask('GET', web)).status).toBe(404);
});

test('a bearer token of the list is let in, in any spelling of Bearer; others are not, nor is an empty one', async () => {
  const { ask } = await running(() => ({ authentication: { tokens: ['old', 'new', ''] } }));
  const status = async (authorization?: string) =>
    (await ask('GET', '/v1/describe', undefined, authorization === undefined ? {} : { authorization })).status;
  expect(await Promise.all([undefined, 'Bearer old', 'bearer new', 'Bearer nope', 'Bearer ', 'Basic b2xkOg=='].map(status))).toEqual([
    401, 200, 200, 401, 401, 401,
  ]);
});

test('requests that nobody should send are refused, and the service goes on', async () => {
  const { ask, errors } = await running();
  const status = async (method: string, path: string, body?: unknown) => (await ask(method, path, body)).status;
  expect(await status('PUT', '/v1/resources/Thing/..%2f..%2fetc', wish({ size: 1 }))).toBe(400);
  expect(await status('PUT', '/v1/resources/Thing/%E0%A4%A', wish({ size: 1 }))).toBe(400);
  expect(await status('PUT', '/v1/resources/constructor/web', wish({ size: 1 }))).toBe(404);
  expect(await status('PUT', web, wish({ size: 1, __proto__: 1 }))).toBe(200);
  expect(await status('PUT', web, [])).toBe(400);
  expect(await status('PUT', web, { ...wish({ size: 1 }), owner: 5 })).toBe(400);
  expect(await status('POST', '/v1/plan', { wished: 'all' })).toBe(400);
  expect(await status('PUT', web, wish({ size: 1, text: 'x'.repeat(5 * 2 ** 20) }))).toBe(413);
  expect(await status('GET', '/v1/resources?limit=-1')).toBe(400);
  expect(await status('GET', '/v1/changes?after=never')).toBe(400);
  expect(await status('PATCH', web)).toBe(404);
  expect(await status('GET', '/')).toBe(404);
  expect(await status('GET', '/v1/describe')).toBe(200);
  expect(errors).toEqual([]);
});

test('what is being made is told when it is there, and as gone only when it has gone', async () => {
  const { url, ask } = await running();
  const watch = await fetch(`${url}/v1/watch`);
  const told = async (until: string) => {
    let text = '';
    for await (const chunk of watch.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString();
      if (text.includes(until)) break;
    }
    return [...text.matchAll(/^event: (.*)$/gm)].map(([, event]) => event);
  };
  await ask('PUT', web, wish({ size: 1 }));
  await ask('DELETE', web);
  expect(await told('event: gone')).toEqual(['open', 'resource', 'gone']);
});

test('a stop ends the watches, and lets what is under way come to its end', async () => {
  let goOn = () => {};
  const gate = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const { ask, url, stop } = await running(({ type }) => ({
    types: {
      Thing: {
        ...type,
        create: async () => {
          await gate;
          return {};
        },
      },
    },
  }));
  const watch = await fetch(`${url}/v1/watch`);
  const creating = ask('PUT', web, wish({ size: 1 }), { connection: 'close' });
  while ((await ask('GET', '/v1/changes')).body.token === '0');
  const stopped = stop();
  expect(await watch.text()).toContain('event: open');
  goOn();
  expect((await creating).status).toBe(200);
  await stopped;
  await expect(fetch(url)).rejects.toThrow();
});

test('a type or a schema that is wrong is told when the service is made', () => {
  const type = thingType([]);
  const make = (types: ServiceOptions['types']) => () => service({ name: 's', identity: 's', authentication: 'none', types });
  expect(make({ thing: type })).toThrow('The type "thing" must be called like Entry or DnsRecord.');
  expect(make({ Thing: { ...type, config: { type: 'objekt' } } })).toThrow(/type/);
});
