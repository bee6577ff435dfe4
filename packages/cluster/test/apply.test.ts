import fc from 'fast-check';
import { deployment, pathOf, startTestCluster, type TestCluster, type TestObject } from './cluster';

let cluster: TestCluster;
beforeAll(async () => {
  // Pods that never start: nobody but the test writes.
  cluster = await startTestCluster({ nodes: 0 });
});
afterAll(() => cluster.stop());

let count = 0;
function configMap(data: object, more: object = {}): TestObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `map-${count}`, namespace: 'default', ...more }, data };
}
beforeEach(() => {
  count++;
});

describe('Server-side apply', () => {
  test('creates what is not there, and says who owns what', async () => {
    const { code, body } = await cluster.apply(configMap({ color: 'red' }), 'konfig');
    expect(code).toBe(201);
    expect(body.metadata.managedFields).toEqual([
      {
        manager: 'konfig',
        operation: 'Apply',
        apiVersion: 'v1',
        time: expect.any(String),
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { 'f:color': {} } },
      },
    ]);
  });

  test('of the same again changes nothing, not even the resourceVersion', async () => {
    const object = configMap({ color: 'red' }, { labels: { a: 'b' } });
    const first = await cluster.apply(object);
    const second = await cluster.apply(object);
    expect(second).toMatchObject({ code: 200, body: { metadata: { resourceVersion: first.body.metadata.resourceVersion } } });
    expect(second.body.metadata.managedFields).toEqual(first.body.metadata.managedFields);
  });

  test('as a dry run answers as the real one would, and stores nothing', async () => {
    const object = deployment(`dry-${count}`, 'web:1');
    const { code, body } = await cluster.apply(object, 'konfig', '&dryRun=All');
    expect([code, body.spec.strategy, body.metadata.uid]).toEqual([
      201,
      { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      expect.any(String),
    ]);
    expect((await cluster.get(pathOf(object))).code).toBe(404);
  });

  test('refuses to take a field from its owner, and names both', async () => {
    const object = deployment(`mine-${count}`, 'web:1', { replicas: 3 });
    await cluster.apply(object, 'konfig');
    await cluster.patch(`${pathOf(object)}?fieldManager=kubectl`, 'merge-patch+json', { spec: { replicas: 5 } });
    const { code, body } = await cluster.apply(object, 'konfig');
    expect([code, body.reason, body.message]).toEqual([
      409,
      'Conflict',
      'Apply failed with 1 conflict: conflict with "kubectl" using apps/v1: .spec.replicas',
    ]);
    expect(body.details.causes).toEqual([
      { reason: 'FieldManagerConflict', message: 'conflict with "kubectl" using apps/v1', field: '.spec.replicas' },
    ]);
  });

  test('takes it when forced, and the other owns it no more', async () => {
    const object = deployment(`forced-${count}`, 'web:1', { replicas: 3 });
    await cluster.apply(object, 'konfig');
    await cluster.apply({ ...deployment(`forced-${count}`, 'web:1', { replicas: 5 }) }, 'other', '&force=true');
    const { body } = await cluster.apply(object, 'konfig', '&force=true');
    expect(body.spec.replicas).toBe(3);
    const other = body.metadata.managedFields.find((entry: { manager: string }) => entry.manager === 'other');
    expect(other.fieldsV1['f:spec']['f:replicas']).toBeUndefined();
  });

  test('shares a field that two managers want the same', async () => {
    await cluster.apply(configMap({ color: 'red' }), 'one');
    const { code, body } = await cluster.apply(configMap({ color: 'red' }), 'two');
    expect([code, body.metadata.managedFields.map((entry: { manager: string }) => entry.manager).sort()]).toEqual([200, ['one', 'two']]);
    const left = await cluster.apply(configMap({}), 'one');
    expect(left.body.data).toEqual({ color: 'red' });
  });

  test('joins containers by name, ports by number and protocol, and variables by name', async () => {
    const name = `joined-${count}`;
    const container = (fields: object) => ({
      ...deployment(name, 'web:1'),
      spec: {
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', ...fields }] } },
      },
    });
    await cluster.apply(container({ image: 'web:1', env: [{ name: 'A', value: '1' }], ports: [{ containerPort: 80 }] }), 'one');
    const { body } = await cluster.apply(
      container({ env: [{ name: 'B', value: '2' }], ports: [{ containerPort: 81, protocol: 'UDP' }] }),
      'two',
    );
    expect(body.spec.template.spec.containers[0]).toMatchObject({
      image: 'web:1',
      env: [{ name: 'A' }, { name: 'B' }],
      ports: [
        { containerPort: 80, protocol: 'TCP' },
        { containerPort: 81, protocol: 'UDP' },
      ],
    });
  });

  test('takes fields away that their only manager has dropped', async () => {
    const name = `dropped-${count}`;
    await cluster.apply(deployment(name, 'web:1', { replicas: 3, minReadySeconds: 5 }), 'konfig');
    const { body } = await cluster.apply(deployment(name, 'web:1', { replicas: 3 }), 'konfig');
    expect(body.spec.minReadySeconds).toBeUndefined();
    const back = await cluster.apply(deployment(name, 'web:1'), 'konfig');
    expect(back.body.spec.replicas).toBe(1);
  });

  test('asks for a manager', async () => {
    const object = configMap({});
    const { code, body } = await cluster.patch(pathOf(object), 'apply-patch+yaml', object);
    expect([code, body.message]).toEqual([
      422,
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    ]);
  });

  test('reads YAML', async () => {
    const text = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: map-${count}\ndata:\n  on: "yes"\n`;
    const { body } = await cluster.patch(`/api/v1/namespaces/default/configmaps/map-${count}?fieldManager=x`, 'apply-patch+yaml', text);
    expect(body.data).toEqual({ on: 'yes' });
  });

  test('does not know fields that the schema does not know', async () => {
    const { code, body } = await cluster.apply(deployment(`unknown-${count}`, 'web:1', { replica: 3 }));
    expect([code, body.message]).toEqual([
      500,
      `failed to create typed patch object (default/unknown-${count}; apps/v1, Kind=Deployment): .spec.replica: field not declared in schema`,
    ]);
  });

  test('records other writes as updates, by the name of the client', async () => {
    const object = configMap({ a: '1' });
    await cluster.post('/api/v1/namespaces/default/configmaps', object);
    const { body } = await cluster.patch(pathOf(object), 'merge-patch+json', { data: { b: '2' } });
    expect(body.metadata.managedFields).toMatchObject([
      { manager: 'test', operation: 'Update', fieldsV1: { 'f:data': { '.': {}, 'f:a': {}, 'f:b': {} } } },
    ]);
  });
});

describe('For any data', () => {
  const keys = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  const data = fc.dictionary(keys, fc.constantFrom('1', '2', '3'), { maxKeys: 6 });
  const fresh = (): string => `any-${++count}`;
  // An empty map would be a field of its own, and one that both want to own.
  const named = (name: string, values: object): TestObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default' },
    ...(Object.keys(values).length > 0 && { data: values }),
  });

  test('applying twice is the same as once', () =>
    fc.assert(
      fc.asyncProperty(data, data, async (before, after) => {
        const name = fresh();
        await cluster.apply(named(name, before), 'one');
        const first = await cluster.apply(named(name, after), 'one');
        const second = await cluster.apply(named(name, after), 'one');
        expect(second.body).toEqual(first.body);
      }),
      { numRuns: 40 },
    ));

  test('managers of disjoint fields never meet', () =>
    fc.assert(
      fc.asyncProperty(data, data, async (left, right) => {
        const name = fresh();
        const others = Object.fromEntries(Object.entries(right).map(([key, value]) => [`${key}2`, value]));
        await cluster.apply(named(name, left), 'one');
        const { code, body } = await cluster.apply(named(name, others), 'two');
        expect([code, body.data ?? {}]).toEqual([200, { ...left, ...others }]);
      }),
      { numRuns: 40 },
    ));

  test('dropping takes away what nobody else owns, and only that', () =>
    fc.assert(
      fc.asyncProperty(data, data, data, async (mine, theirs, later) => {
        const name = fresh();
        await cluster.apply(named(name, mine), 'one');
        await cluster.apply(named(name, theirs), 'two', '&force=true');
        const { body } = await cluster.apply(named(name, later), 'one', '&force=true');
        expect(body.data ?? {}).toEqual({ ...theirs, ...later });
      }),
      { numRuns: 60 },
    ));
});
