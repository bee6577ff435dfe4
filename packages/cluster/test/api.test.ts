import { request } from 'node:http';
import { deployment, type Json, pathOf, startTestCluster, type TestCluster, watch } from './cluster';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster({ nodes: 0, historyLength: 50 });
});
afterAll(() => cluster.stop());

const maps = '/api/v1/namespaces/default/configmaps';
const map = (name: string, more: object = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, ...more });

describe('Discovery', () => {
  test('says the version of the real one', async () => {
    expect((await cluster.get('/version')).body.gitVersion).toBe('v1.36.3');
  });

  test('lists resources with their subresources and short names', async () => {
    const { body } = await cluster.get('/apis/apps/v1');
    expect(body.resources.find((one: { name: string }) => one.name === 'deployments')).toMatchObject({
      kind: 'Deployment',
      shortNames: ['deploy'],
      namespaced: true,
    });
    expect(body.resources.map((one: { name: string }) => one.name)).toContain('deployments/scale');
  });

  test('tells in OpenAPI what the fields of each kind are', async () => {
    const { body } = await cluster.get('/openapi/v3/apis/apps/v1');
    const { schemas } = body.components;
    expect(schemas['io.k8s.api.apps.v1.Deployment']['x-kubernetes-group-version-kind']).toEqual([
      { group: 'apps', kind: 'Deployment', version: 'v1' },
    ]);
    expect(schemas['io.k8s.api.apps.v1.DeploymentSpec'].properties.replicas).toEqual({ type: 'integer', format: 'int32' });
    expect(schemas['io.k8s.api.core.v1.PodSpec'].properties.containers).toMatchObject({
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    });
    expect(body.paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'].patch.parameters.map((one: Json) => one.name)).toContain(
      'fieldValidation',
    );
  });

  test('knows no other paths', async () => {
    expect(await cluster.get('/apis/nothing.dev/v1/things')).toMatchObject({ code: 404, body: '404 page not found\n' });
  });
});

describe('An object', () => {
  test('needs a namespace that exists', async () => {
    const { code, body } = await cluster.post('/api/v1/namespaces/nowhere/configmaps', map('a'));
    expect([code, body.message, body.details]).toEqual([404, 'namespaces "nowhere" not found', { name: 'nowhere', kind: 'namespaces' }]);
  });

  test('can be created once', async () => {
    await cluster.post(maps, map('once'));
    const { code, body } = await cluster.post(maps, map('once'));
    expect([code, body.reason, body.message]).toEqual([409, 'AlreadyExists', 'configmaps "once" already exists']);
  });

  test('gets a name of its own when it asks for one', async () => {
    const { body } = await cluster.post(maps, { metadata: { generateName: 'some-' } });
    expect(body.metadata.name).toMatch(/^some-[a-z0-9]{5}$/);
  });

  test('is not overwritten by who has read an older one', async () => {
    const { body: old } = await cluster.post(maps, map('versioned'));
    await cluster.patch(`${maps}/versioned`, 'merge-patch+json', { data: { a: '1' } });
    const { code, body } = await cluster.put(`${maps}/versioned`, { ...old, data: { b: '2' } });
    expect([code, body.message]).toEqual([
      409,
      'Operation cannot be fulfilled on configmaps "versioned": the object has been modified; please apply your changes to the latest version and try again',
    ]);
  });

  test('counts changes of its spec, not of its labels', async () => {
    const object = deployment('counted', 'web:1');
    await cluster.apply(object);
    const labelled = await cluster.patch(pathOf(object), 'merge-patch+json', { metadata: { labels: { a: 'b' } } });
    const scaled = await cluster.patch(pathOf(object), 'json-patch+json', [{ op: 'replace', path: '/spec/replicas', value: 2 }]);
    expect([labelled.body.metadata.generation, scaled.body.metadata.generation]).toEqual([1, 2]);
  });

  test('keeps its status from writers of its spec, and its spec from writers of its status', async () => {
    const object = deployment('split', 'web:1');
    await cluster.apply(object);
    await cluster.patch(`${pathOf(object)}/status`, 'merge-patch+json', { spec: { replicas: 9 }, status: { collisionCount: 7 } });
    const { body } = await cluster.patch(pathOf(object), 'merge-patch+json', { spec: { paused: true }, status: { collisionCount: 8 } });
    expect([body.spec.replicas, body.spec.paused, body.status.collisionCount]).toEqual([1, true, 7]);
  });

  test('is read as the real server reads it: quantities in their canonical form, empty values gone', async () => {
    const object = deployment('canonical', 'web:1');
    await cluster.apply(object);
    const container = {
      name: 'main',
      command: [],
      resources: { requests: { cpu: '1000m', memory: '1024Mi', 'ephemeral-storage': 1000 } },
      env: [{ name: 'EMPTY', value: '' }],
    };
    const { body } = await cluster.patch(pathOf(object), 'strategic-merge-patch+json', {
      spec: { template: { spec: { containers: [container] } } },
    });
    expect(body.spec.template.spec.containers[0]).toEqual({
      name: 'main',
      image: 'web:1',
      imagePullPolicy: 'IfNotPresent',
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      resources: { requests: { cpu: '1', memory: '1Gi', 'ephemeral-storage': '1k' } },
      env: [{ name: 'EMPTY' }],
    });
  });
});

describe('What can not be is refused', () => {
  const refusals: readonly (readonly [string, object, string])[] = [
    [
      'a Deployment without a selector',
      { ...deployment('bad', 'web:1'), spec: { template: deployment('bad', 'web:1').spec } },
      'Deployment.apps "bad" is invalid: [spec.selector: Required value, spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`, spec.template.spec.containers: Required value]',
    ],
    [
      'a selector that misses its template',
      deployment('bad', 'web:1', { selector: { matchLabels: { app: 'other' } } }),
      'Deployment.apps "bad" is invalid: spec.template.metadata.labels: Invalid value: {"app":"bad"}: `selector` does not match template `labels`',
    ],
    [
      'negative replicas',
      deployment('bad', 'web:1', { replicas: -1 }),
      'Deployment.apps "bad" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ],
    [
      'a container without an image',
      deployment('bad', ''),
      'Deployment.apps "bad" is invalid: spec.template.spec.containers[0].image: Required value',
    ],
  ];
  test.each(refusals)('%s', async (_, object, message) => {
    const { code, body } = await cluster.post('/apis/apps/v1/namespaces/default/deployments', object);
    expect([code, body.reason, body.message]).toEqual([422, 'Invalid', message]);
  });

  test('a change of what can not change, with the field as a cause', async () => {
    const object = deployment('fixed', 'web:1');
    await cluster.apply(object);
    const { code, body } = await cluster.patch(pathOf(object), 'merge-patch+json', {
      spec: { selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } } } },
    });
    expect([code, body.details.causes]).toEqual([
      422,
      [
        {
          reason: 'FieldValueInvalid',
          message: 'Invalid value: {"matchLabels":{"app":"fixed","a":"b"}}: field is immutable',
          field: 'spec.selector',
        },
      ],
    ]);
  });

  test('an immutable ConfigMap that changes', async () => {
    await cluster.post(maps, map('frozen', { immutable: true, data: { a: '1' } }));
    const { body } = await cluster.patch(`${maps}/frozen`, 'merge-patch+json', { data: { a: '2' } });
    expect(body.message).toBe('ConfigMap "frozen" is invalid: data: Forbidden: field is immutable when `immutable` is set');
  });

  test('a value of the wrong type', async () => {
    const { code, body } = await cluster.post(
      '/apis/apps/v1/namespaces/default/deployments',
      deployment('typed', 'web:1', { replicas: 'three' }),
    );
    expect([code, body.message]).toEqual([
      400,
      'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    ]);
  });

  test('a field nobody knows, when asked to be strict; else it warns and forgets it', async () => {
    const object = deployment('strict', 'web:1', { replica: 3 });
    const strict = await cluster.post('/apis/apps/v1/namespaces/default/deployments?fieldValidation=Strict', object);
    expect([strict.code, strict.body.message]).toEqual([
      400,
      'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replica"',
    ]);
    const lenient = await cluster.post('/apis/apps/v1/namespaces/default/deployments', object);
    expect([lenient.code, lenient.headers.get('warning'), lenient.body.spec.replica]).toEqual([
      201,
      '299 - "unknown field \\"spec.replica\\""',
      undefined,
    ]);
  });

  test('a field that is there twice, at any depth, when asked to be strict; else it warns and takes the last', async () => {
    const body = `{"metadata":{"name":"twice","labels":{"a":"{\\"a\\":1,","b":"a"}},"spec":{"ports":[{"port":80},{"name":"a","port":81,"\\u006eame":"b"}],"selector":{"a":"1"},"selector":{}}}`;
    const path = '/api/v1/namespaces/default/services';
    const strict = await cluster.post(`${path}?fieldValidation=Strict`, body);
    expect([strict.code, strict.body.message]).toEqual([
      400,
      'Service in version "v1" cannot be handled as a Service: strict decoding error: duplicate field "spec.ports[1].name", duplicate field "spec.selector"',
    ]);
    const lenient = await cluster.post(maps, '{"metadata":{"name":"twice"},"data":{"a":"1","a":"2"}}');
    expect([lenient.code, lenient.headers.get('warning'), lenient.body.data]).toEqual([
      201,
      '299 - "duplicate field \\"data.a\\""',
      { a: '2' },
    ]);
    const ignored = await cluster.put(`${maps}/twice?fieldValidation=Ignore`, '{"metadata":{"name":"twice"},"data":{"a":"1","a":"3"}}');
    expect([ignored.headers.get('warning'), ignored.body.data]).toEqual([null, { a: '3' }]);
  });

  test('a uid that is another: in a patch it can not change, in a PUT it names another object', async () => {
    await cluster.post(maps, map('same'));
    const other = { metadata: { name: 'same', uid: '11111111-1111-1111-1111-111111111111' } };
    const patched = await cluster.patch(`${maps}/same`, 'merge-patch+json', other);
    expect([patched.code, patched.body.message]).toEqual([
      422,
      'ConfigMap "same" is invalid: metadata.uid: Invalid value: "11111111-1111-1111-1111-111111111111": field is immutable',
    ]);
    expect((await cluster.put(`${maps}/same`, other)).body).toMatchObject({
      code: 409,
      message: expect.stringContaining('Precondition failed'),
    });
  });

  test('JSON that is none, a path that is none, and more than the server reads', async () => {
    expect((await cluster.post(maps, '{"a":')).code).toBe(400);
    expect((await cluster.post(maps, map('large', { data: { a: 'x'.repeat(4_000_000) } }))).code).toBe(413);
    expect((await cluster.patch(`${maps}/once`, 'json-patch+json', [{ op: 'remove', path: '/nothing' }])).code).toBe(422);
  });
});

describe('A list', () => {
  test('can be narrowed by labels and fields', async () => {
    await cluster.post(maps, { metadata: { name: 'red', labels: { color: 'red', size: 's' } } });
    await cluster.post(maps, { metadata: { name: 'blue', labels: { color: 'blue' } } });
    const names = async (query: string): Promise<string[]> =>
      (await cluster.get(`${maps}?${query}`)).body.items.map((item: { metadata: { name: string } }) => item.metadata.name);
    expect(await names(`labelSelector=${encodeURIComponent('color in (red,blue),size')}`)).toEqual(['red']);
    expect(await names(`labelSelector=${encodeURIComponent('color,color!=red')}`)).toEqual(['blue']);
    expect(await names('fieldSelector=metadata.name%3Dblue')).toEqual(['blue']);
  });

  test('says once of what kind its items are, as the real one does', async () => {
    const { body } = await cluster.get('/api/v1/namespaces');
    expect([body.kind, body.apiVersion, body.items[0].kind]).toEqual(['NamespaceList', 'v1', undefined]);
  });

  test('comes in pages that miss nothing', async () => {
    const all = (await cluster.get(maps)).body.items.length;
    let seen = 0;
    let next: string | undefined = '';
    while (next !== undefined) {
      const { body } = await cluster.get(`${maps}?limit=2${next && `&continue=${next}`}`);
      seen += body.items.length;
      next = body.metadata.continue;
    }
    expect(seen).toBe(all);
  });
});

describe('A watch', () => {
  test('from a resourceVersion misses nothing', async () => {
    const { body } = await cluster.get(maps);
    for (let number = 0; number < 10; number++) await cluster.post(maps, map(`seen-${number}`));
    await cluster.delete(`${maps}/seen-3`);
    const seen: string[] = [];
    for await (const { type, object } of watch(cluster.server, `${maps}?watch=1&resourceVersion=${body.metadata.resourceVersion}`)) {
      seen.push(`${type} ${object.metadata.name}`);
      if (type === 'DELETED') break;
    }
    expect(seen).toEqual([...Array.from({ length: 10 }, (_, number) => `ADDED seen-${number}`), 'DELETED seen-3']);
  });

  test('from a revision that is forgotten is told so', async () => {
    for (let number = 0; number < 120; number++) await cluster.post(maps, map(`old-${number}`));
    for await (const { type, object } of watch(cluster.server, `${maps}?watch=1&resourceVersion=2`)) {
      expect([type, object.code, object.reason]).toEqual(['ERROR', 410, 'Expired']);
      break;
    }
  });

  test('sees an object come and go as its labels change', async () => {
    await cluster.post(maps, map('changing'));
    const { body } = await cluster.get(maps);
    await cluster.patch(`${maps}/changing`, 'merge-patch+json', { metadata: { labels: { on: 'yes' } } });
    await cluster.patch(`${maps}/changing`, 'merge-patch+json', { metadata: { labels: { on: 'no' } } });
    const seen: string[] = [];
    for await (const { type } of watch(
      cluster.server,
      `${maps}?watch=1&labelSelector=on%3Dyes&resourceVersion=${body.metadata.resourceVersion}`,
    )) {
      seen.push(type);
      if (seen.length === 2) break;
    }
    expect(seen).toEqual(['ADDED', 'DELETED']);
  });

  test('is there before anything happens', async () => {
    const response = await fetch(
      `${cluster.server}${maps}?watch=1&resourceVersion=${(await cluster.get(maps)).body.metadata.resourceVersion}`,
    );
    expect(response.status).toBe(200);
    await response.body?.cancel();
  });

  test('that asks for the present first is told when it has it', async () => {
    for await (const { type, object } of watch(
      cluster.server,
      '/api/v1/namespaces?watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan',
    )) {
      if (type === 'ADDED') continue;
      expect([type, object.metadata.annotations]).toEqual(['BOOKMARK', { 'k8s.io/initial-events-end': 'true' }]);
      break;
    }
  });
});

describe('A deletion', () => {
  test('waits for finalizers', async () => {
    await cluster.post(maps, { metadata: { name: 'held', finalizers: ['konfig.dev/hold'] } });
    const marked = await cluster.delete(`${maps}/held`);
    expect(marked.body.metadata.deletionTimestamp).toEqual(expect.any(String));
    await cluster.patch(`${maps}/held`, 'merge-patch+json', { metadata: { finalizers: null } });
    expect((await cluster.get(`${maps}/held`)).code).toBe(404);
  });

  test('of another object under the same name is refused', async () => {
    await cluster.post(maps, map('guarded'));
    const { code, body } = await cluster.delete(`${maps}/guarded`, { preconditions: { uid: 'another' } });
    expect([code, body.message]).toEqual([
      409,
      expect.stringContaining('the UID in the precondition (another) does not match the UID in record'),
    ]);
  });

  test('as a dry run deletes nothing', async () => {
    await cluster.post(maps, map('spared'));
    await cluster.delete(`${maps}/spared?dryRun=All`);
    expect((await cluster.get(`${maps}/spared`)).code).toBe(200);
  });

  test('whose options are none deletes nothing', async () => {
    await cluster.post(maps, map('kept'));
    const refusals = [
      await cluster.delete(`${maps}/kept?dryRun=Some`),
      await cluster.delete(`${maps}?dryRun=Some`),
      await cluster.delete(`${maps}/kept`, { dryRun: ['Some'] }),
      await cluster.delete(`${maps}/kept`, { gracePeriodSeconds: 'soon' }),
    ];
    expect(refusals.map(({ code }) => code)).toEqual([422, 422, 422, 400]);
    expect((await cluster.get(`${maps}/kept`)).code).toBe(200);
  });

  test('of a collection takes what the selector fits', async () => {
    await cluster.post(maps, { metadata: { name: 'swept', labels: { sweep: 'me' } } });
    await cluster.delete(`${maps}?labelSelector=sweep%3Dme`);
    expect([(await cluster.get(`${maps}/swept`)).code, (await cluster.get(`${maps}/spared`)).code]).toEqual([404, 200]);
  });
});

describe('A Service', () => {
  const services = '/api/v1/namespaces/default/services';

  test('gets an address and the defaults of the real one', async () => {
    const { body } = await cluster.post(services, { metadata: { name: 'web' }, spec: { ports: [{ port: 80 }], selector: { app: 'web' } } });
    expect(body.spec).toEqual({
      clusterIP: expect.stringMatching(/^10\.96\./),
      clusterIPs: [body.spec.clusterIP],
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
      selector: { app: 'web' },
      sessionAffinity: 'None',
      type: 'ClusterIP',
    });
  });

  test('keeps its address', async () => {
    const { code, body } = await cluster.patch(`${services}/web`, 'merge-patch+json', {
      spec: { clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9'] },
    });
    expect([code, body.message]).toEqual([
      422,
      'Service "web" is invalid: spec.clusterIPs[0]: Invalid value: ["10.96.0.9"]: may not change once set',
    ]);
  });
});

test('An object may come as protobuf, as some commands of kubectl send it', async () => {
  const field = (number: number, bytes: Buffer): Buffer => Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
  const text = (number: number, value: string): Buffer => field(number, Buffer.from(value));
  const object = Buffer.concat([field(1, text(1, 'packed')), field(2, Buffer.concat([text(1, 'color'), text(2, 'red')]))]);
  const body = Buffer.concat([Buffer.from('k8s\0'), field(1, Buffer.concat([text(1, 'v1'), text(2, 'ConfigMap')])), field(2, object)]);
  const response = await fetch(`${cluster.server}${maps}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/vnd.kubernetes.protobuf' },
  });
  expect([response.status, ((await response.json()) as { data: object }).data]).toEqual([201, { color: 'red' }]);
});

describe('Faults of requests', () => {
  test('come as often as asked', async () => {
    cluster.inject([{ fault: 'request', method: 'GET', path: '/api/v1/namespaces/*/configmaps', status: 503, times: 1 }]);
    expect([(await cluster.get(maps)).code, (await cluster.get(maps)).code]).toEqual([503, 200]);
  });

  test('can cut the connection after the work was done', async () => {
    expect((await cluster.put('/simulation/faults', [{ fault: 'disconnect', method: 'POST', times: 1, afterHandling: true }])).code).toBe(
      200,
    );
    await expect(cluster.post(maps, map('unheard'))).rejects.toThrow();
    expect((await cluster.get(`${maps}/unheard`)).code).toBe(200);
  });
});

test('A client that hangs up in the middle of a watch leaves nothing behind', async () => {
  await new Promise<void>((resolve) => {
    const call = request(`${cluster.server}${maps}?watch=1`, (response) => {
      response.once('data', () => {
        response.destroy();
        resolve();
      });
    });
    call.end();
  });
  expect((await cluster.get('/readyz')).body).toBe('ok');
});

test('An eviction as a dry run, asked for in the query or in the body, leaves the pod', async () => {
  const pods = '/api/v1/namespaces/default/pods';
  await cluster.post(pods, { metadata: { name: 'one' }, spec: { containers: [{ name: 'web', image: 'web:1' }] } });
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'one' } };
  expect((await cluster.post(`${pods}/one/eviction?dryRun=All`, eviction)).code).toBe(201);
  expect((await cluster.post(`${pods}/one/eviction`, { ...eviction, deleteOptions: { dryRun: ['All'] } })).code).toBe(201);
  const { body } = await cluster.get(`${pods}/one`);
  expect(body.metadata.deletionTimestamp).toBeUndefined();
});

test('A scale of a wrong type is refused, in a PUT and in a patch', async () => {
  const deployments = '/apis/apps/v1/namespaces/default/deployments';
  await cluster.post(deployments, deployment('web', 'web:1', { replicas: 0 }));
  const put = (scale: object) => cluster.put(`${deployments}/web/scale`, { metadata: { name: 'web' }, ...scale });
  const said = 'json: cannot unmarshal string into Go struct field ScaleSpec.spec.replicas of type int32';
  expect((await put({ spec: { replicas: 'three' } })).body).toMatchObject({
    code: 400,
    message: `Scale in version "v1" cannot be handled as a Scale: ${said}`,
  });
  expect((await put({ spec: 7 })).code).toBe(400);
  expect((await put({ metadata: { name: 'api' } })).code).toBe(400);
  const patched = await cluster.patch(`${deployments}/web/scale`, 'merge-patch+json', { spec: { replicas: 'three' } });
  expect([patched.code, patched.body.message]).toEqual([422, expect.stringContaining(said)]);
});
