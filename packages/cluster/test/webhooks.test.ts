import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { deployment, type Json, pathOf, startTestCluster, type TestCluster } from './cluster';

const configurations = '/apis/admissionregistration.k8s.io/v1';
const maps = '/api/v1/namespaces/default/configmaps';
const map = (name: string, data: object = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });

let cluster: TestCluster;
beforeEach(async () => {
  cluster = await startTestCluster();
});
afterEach(() => cluster.stop());

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A webhook that says of each request what it is told to, and keeps what it was asked. */
async function webhook(say: (request: Json) => object): Promise<{ readonly url: string; readonly asked: Json[] }> {
  const asked: Json[] = [];
  const server = createServer((incoming, response) => {
    void json(incoming).then((review) => {
      const { request } = review as Json;
      asked.push(request);
      const answer = { uid: request.uid, ...say(request) };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', response: answer }));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** Registers a webhook for ConfigMaps, or for what `more` says. */
async function register(stage: 'validating' | 'mutating', url: string, more: object = {}, annotations: object = {}): Promise<void> {
  const kind = stage === 'validating' ? 'ValidatingWebhookConfiguration' : 'MutatingWebhookConfiguration';
  const rule = { operations: ['*'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] };
  const hook = {
    name: `${stage}.hooks.example`,
    clientConfig: { url },
    rules: [rule],
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    ...more,
  };
  const body = { apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name: stage, annotations }, webhooks: [hook] };
  const { code, body: answer } = await cluster.post(`${configurations}/${kind.toLowerCase()}s`, body);
  expect([code, answer.message]).toEqual([201, undefined]);
}

const patchOf = (operations: readonly object[]) => ({
  allowed: true,
  patchType: 'JSONPatch',
  patch: Buffer.from(JSON.stringify(operations)).toString('base64'),
});

describe('A validating webhook', () => {
  test('is asked before anything is written, and what it denies is not written', async () => {
    const hook = await webhook(({ object }) =>
      object?.data?.secret ? { allowed: false, status: { code: 403, reason: 'Forbidden', message: 'no secrets here' } } : { allowed: true },
    );
    await register('validating', hook.url);
    expect((await cluster.post(maps, map('fine', { a: '1' }))).code).toBe(201);
    const denied = await cluster.post(maps, map('bad', { secret: 'x' }));
    expect([denied.code, denied.body.reason, denied.body.message]).toEqual([
      403,
      'Forbidden',
      'admission webhook "validating.hooks.example" denied the request: no secrets here',
    ]);
    expect((await cluster.get(`${maps}/bad`)).code).toBe(404);
    expect(hook.asked[0]).toMatchObject({
      kind: { group: '', version: 'v1', kind: 'ConfigMap' },
      resource: { group: '', version: 'v1', resource: 'configmaps' },
      name: 'fine',
      namespace: 'default',
      operation: 'CREATE',
      object: { data: { a: '1' } },
      oldObject: null,
      dryRun: false,
      options: { kind: 'CreateOptions', fieldManager: 'test' },
    });
  });

  test('is asked about updates and deletes with what was there before', async () => {
    await cluster.post(maps, map('one', { a: '1' }));
    const hook = await webhook(({ operation }) => ({ allowed: operation !== 'DELETE' }));
    await register('validating', hook.url);
    await cluster.patch(`${maps}/one`, 'merge-patch+json', { data: { a: '2' } });
    await cluster.apply({ ...map('one', { b: '3' }) });
    const denied = await cluster.delete(`${maps}/one`);
    expect([denied.code, denied.body.message]).toEqual([
      400,
      'admission webhook "validating.hooks.example" denied the request without explanation',
    ]);
    expect(hook.asked.map(({ operation, object, oldObject }) => [operation, object?.data, oldObject?.data])).toEqual([
      ['UPDATE', { a: '2' }, { a: '1' }],
      ['UPDATE', { a: '2', b: '3' }, { a: '2' }],
      ['DELETE', undefined, { a: '2', b: '3' }],
    ]);
  });

  test('that is down refuses what it is asked about, unless it says to be ignored', async () => {
    const hook = await webhook(() => ({ allowed: true }));
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    await register('validating', hook.url);
    const refused = await cluster.post(maps, map('one'));
    const { host } = new URL(hook.url);
    expect([refused.code, refused.body.reason, refused.body.message]).toEqual([
      500,
      'InternalError',
      `Internal error occurred: failed calling webhook "validating.hooks.example": failed to call webhook: Post "${hook.url}/?timeout=10s": dial tcp ${host}: connect: connection refused`,
    ]);
    await cluster.patch(`${configurations}/validatingwebhookconfigurations/validating`, 'json-patch+json', [
      { op: 'replace', path: '/webhooks/0/failurePolicy', value: 'Ignore' },
    ]);
    expect((await cluster.post(maps, map('one'))).code).toBe(201);
  });

  test('behind a Service that is not there is down', async () => {
    await register('validating', '', { clientConfig: { service: { namespace: 'default', name: 'hook', path: '/check' } } });
    expect((await cluster.post(maps, map('one'))).body.message).toBe(
      'Internal error occurred: failed calling webhook "validating.hooks.example": failed to call webhook: Post "https://hook.default.svc:443/check?timeout=10s": service "hook" not found',
    );
    await cluster.post('/api/v1/namespaces/default/services', {
      metadata: { name: 'hook' },
      spec: { selector: { app: 'hook' }, ports: [{ port: 443 }] },
    });
    expect((await cluster.post(maps, map('one'))).body.message).toContain('no endpoints available for service "hook"');
  });

  test('that takes too long is down', async () => {
    const never = createServer(() => {});
    servers.push(never);
    await new Promise<void>((resolve) => never.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(never.address() as AddressInfo).port}/slow`;
    await register('validating', url, { timeoutSeconds: 1 });
    expect((await cluster.post(maps, map('one'))).body.message).toContain(`Post "${url}?timeout=1s": context deadline exceeded`);
  });

  test('is asked in a dry run when that does no harm, and else refuses it', async () => {
    const hook = await webhook(() => ({ allowed: true }));
    await register('validating', hook.url, { sideEffects: 'NoneOnDryRun' });
    expect((await cluster.post(`${maps}?dryRun=All`, map('one'))).code).toBe(201);
    expect(hook.asked.map(({ dryRun }) => dryRun)).toEqual([true]);
    await cluster.delete(`${configurations}/validatingwebhookconfigurations/validating`);
    await register('validating', hook.url, { sideEffects: 'Some' }, { 'simulate.konfig.dev/from-v1beta1': 'true' });
    const refused = await cluster.post(`${maps}?dryRun=All`, map('one'));
    expect([refused.code, refused.body.reason, refused.body.message]).toEqual([
      400,
      'BadRequest',
      'admission webhook "validating.hooks.example" does not support dry run',
    ]);
    expect((await cluster.post(maps, map('one'))).code).toBe(201);
  });

  test('is asked only about objects and namespaces that its selectors choose', async () => {
    const hook = await webhook(() => ({ allowed: false, status: { message: 'no' } }));
    await register('validating', hook.url, {
      objectSelector: { matchLabels: { guarded: 'yes' } },
      namespaceSelector: { matchExpressions: [{ key: 'free', operator: 'DoesNotExist' }] },
    });
    await cluster.post('/api/v1/namespaces', { metadata: { name: 'free', labels: { free: '' } } });
    const guarded = { ...map('b'), metadata: { name: 'b', labels: { guarded: 'yes' } } };
    expect([
      (await cluster.post(maps, map('a'))).code,
      (await cluster.post(maps, guarded)).code,
      (await cluster.post('/api/v1/namespaces/free/configmaps', guarded)).code,
    ]).toEqual([201, 400, 201]);
  });

  test('can warn', async () => {
    const hook = await webhook(() => ({ allowed: true, warnings: ['this is old', 'this is odd'] }));
    await register('validating', hook.url);
    expect((await cluster.post(maps, map('one'))).headers.get('warning')).toBe('299 - "this is old", 299 - "this is odd"');
  });

  test('is asked about each object of a collection before the first one goes', async () => {
    for (const name of ['a', 'b', 'c']) await cluster.post(maps, { ...map(name), metadata: { name, labels: { sweep: 'me' } } });
    const hook = await webhook(({ oldObject }) => ({ allowed: true, warnings: [`${oldObject.metadata.name} goes`] }));
    await register('validating', hook.url);
    const { body, headers } = await cluster.delete(`${maps}?labelSelector=sweep%3Dme`);
    expect(body.items.map((one: Json) => one.metadata.name)).toEqual(['a', 'b', 'c']);
    expect(headers.get('warning')).toBe('299 - "a goes", 299 - "b goes", 299 - "c goes"');
    expect((await cluster.get(`${maps}?labelSelector=sweep%3Dme`)).body.items).toEqual([]);
  });

  test('that denies one of a collection keeps it and what comes after it', async () => {
    for (const name of ['a', 'b', 'c']) await cluster.post(maps, { ...map(name), metadata: { name, labels: { sweep: 'me' } } });
    const hook = await webhook(({ oldObject }) => ({ allowed: oldObject.metadata.name !== 'b', status: { message: 'b stays' } }));
    await register('validating', hook.url);
    expect((await cluster.delete(`${maps}?labelSelector=sweep%3Dme`)).body.message).toContain('b stays');
    const left = await cluster.get(`${maps}?labelSelector=sweep%3Dme`);
    expect(left.body.items.map((one: Json) => one.metadata.name)).toEqual(['b', 'c']);
  });

  test('is asked about what controllers do, too', async () => {
    const hook = await webhook(({ object }) => ({ allowed: object.metadata.labels.app !== 'web', status: { message: 'no pods today' } }));
    const rule = { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] };
    await register('validating', hook.url, { rules: [rule] });
    await cluster.apply(deployment('web', 'web:1'));
    const failed = await cluster.until(pathOf(deployment('web', 'web:1')), (one) =>
      one?.status.conditions?.some((condition: Json) => condition.type === 'ReplicaFailure'),
    );
    expect(failed.status.conditions.find((one: Json) => one.type === 'ReplicaFailure').message).toBe(
      'admission webhook "validating.hooks.example" denied the request: no pods today',
    );
    await cluster.apply(deployment('api', 'api:1', { replicas: 2 }));
    await cluster.until(pathOf(deployment('api', 'api:1')), (one) => one?.status.readyReplicas === 2);
  });
});

describe('A mutating webhook', () => {
  test('changes what is written; what it changed belongs to nobody', async () => {
    const hook = await webhook(() => patchOf([{ op: 'add', path: '/data/injected', value: 'yes' }]));
    await register('mutating', hook.url);
    const { body } = await cluster.apply(map('one', { a: '1' }));
    expect([body.data, JSON.stringify(body.metadata.managedFields).includes('injected')]).toEqual([{ a: '1', injected: 'yes' }, false]);
    expect((await cluster.get(`${maps}/one`)).body.data).toEqual({ a: '1', injected: 'yes' });
  });

  test('is followed by validation and by the validating ones, which see what it did', async () => {
    const mutating = await webhook(({ name }) => patchOf([{ op: 'add', path: `/data/${name === 'bad' ? 'not a key' : 'b'}`, value: 'x' }]));
    const validating = await webhook(() => ({ allowed: true }));
    await register('mutating', mutating.url);
    await register('validating', validating.url);
    expect((await cluster.post(maps, map('bad', { a: '1' }))).code).toBe(422);
    expect(validating.asked).toEqual([]);
    expect((await cluster.post(maps, map('fine', { a: '1' }))).code).toBe(201);
    expect(validating.asked.map(({ object }) => object.data)).toEqual([{ a: '1', b: 'x' }]);
  });

  test.each([
    ['no JSON', { patch: 'bm9uc2Vuc2U=' }, 'Internal error occurred: the patch is no JSON: nonsense'],
    ['no list', { patch: 'e30=' }, 'Internal error occurred: json: cannot unmarshal object into Go value of type jsonpatch.Patch'],
    ['a list of nothing known', { patch: 'W3t9XQ==' }, 'Unexpected kind: unknown'],
    ['of another type', { patch: 'W10=', patchType: 'MergePatch' }, 'unsupported patch type "MergePatch"'],
    ['only a type', {}, 'webhook returned response.patchType but not response.patch'],
  ])('whose patch is %s refuses the write', async (_, answer, message) => {
    const hook = await webhook(() => ({ allowed: true, patchType: 'JSONPatch', ...answer }));
    await register('mutating', hook.url);
    const refused = await cluster.post(maps, map('one'));
    expect([refused.code, refused.body.message]).toEqual([500, expect.stringContaining(message)]);
    expect((await cluster.get(`${maps}/one`)).code).toBe(404);
  });

  test('that would change what is deleted refuses the delete; with no changes it does not', async () => {
    await cluster.post(maps, map('one'));
    await cluster.post(maps, map('two'));
    const hook = await webhook(({ name }) => patchOf(name === 'one' ? [{ op: 'add', path: '/data/a', value: '1' }] : []));
    await register('mutating', hook.url);
    const refused = await cluster.delete(`${maps}/one`);
    expect([refused.code, refused.body.message]).toEqual([500, expect.stringContaining('attempted to modify the object')]);
    expect((await cluster.delete(`${maps}/two`)).code).toBe(200);
  });

  test('that answers nonsense is as one that is down', async () => {
    const hook = await webhook(() => ({ uid: 'other', allowed: true }));
    await register('mutating', hook.url);
    expect((await cluster.post(maps, map('one'))).body.message).toMatch(
      /failed calling webhook "mutating\.hooks\.example": received invalid webhook response: expected response\.uid="[-0-9a-f]+", got "other"/,
    );
  });
});

test('A webhook configuration that is none is refused with all that is wrong', async () => {
  const bad = {
    name: 'short',
    clientConfig: { url: 'http://elsewhere.example' },
    sideEffects: 'Some',
    admissionReviewVersions: ['v7'],
    timeoutSeconds: 60,
    rules: [{}],
  };
  const { code, body } = await cluster.post(`${configurations}/validatingwebhookconfigurations`, {
    metadata: { name: 'bad' },
    webhooks: [bad],
  });
  expect([code, body.details.causes.map((cause: Json) => cause.field)]).toEqual([
    422,
    [
      'webhooks[0].name',
      'webhooks[0].rules[0].operations',
      'webhooks[0].rules[0].apiGroups',
      'webhooks[0].rules[0].apiVersions',
      'webhooks[0].rules[0].resources',
      'webhooks[0].sideEffects',
      'webhooks[0].timeoutSeconds',
      'webhooks[0].clientConfig.url',
      'webhooks[0].admissionReviewVersions',
    ],
  ]);
});
