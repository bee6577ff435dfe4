// What hangs from custom resources, of whatever kind, and from what else has something behind it.
import type { JsonObject, RelatedNode } from '@konfig/core';
import { deployment, namespace, openWorld, resource, startWorld, type TestWorld, until } from './world';

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
  await world.create(definition('Database', 'Namespaced'), definition('Replica', 'Namespaced'), definition('Disk', 'Cluster'));
});
afterAll(() => world.stop());

test('what a custom resource owns is followed down to its Pods, and what is wrong there is told of it', async () => {
  await world.create(namespace('owned'), custom('Database', 'main', 'owned', { spec: {} }));
  const database = await uidOf('databases', 'owned', 'main');
  const made = deployment('owned', { container: { image: 'shop:does-not-exist' }, spec: { replicas: 1 } });
  await world.create(ownedBy(made, { kind: 'Database', name: 'main', uid: database }));
  const seen = await until(world, custom('Database', 'main', 'owned', {}), ({ findings }) => findings.length > 0);
  expect(seen.related.map(lines)).toEqual([
    [expect.stringMatching(/^Deployment\/web/), [expect.stringMatching(/^ReplicaSet\/web-/), [expect.stringMatching(/^Pod\/web-/)]]],
  ]);
  expect(seen.findings).toEqual([
    expect.objectContaining({ code: 'ImagePullBackOff', class: 'likely', on: expect.stringMatching(/^Pod\/web-/) }),
  ]);
  expect(seen.findings[0]).not.toHaveProperty('field');
  expect(seen.health).toBe('degraded');
  expect(seen.message).toMatch(/^Deployment\/web: 0 of 1 ready/);
});

test('a custom resource that says itself that it is ready is believed, whatever it owns', async () => {
  await world.create(namespace('believed'), custom('Database', 'main', 'believed', { spec: {} }));
  const database = { kind: 'Database', name: 'main', uid: await uidOf('databases', 'believed', 'main') };
  await world.create(ownedBy(deployment('believed', { container: { image: 'shop:does-not-exist' } }), database));
  const status = { conditions: [{ type: 'Ready', status: 'True' }] };
  await world.send(
    'PATCH',
    '/apis/eg.example.org/v1/namespaces/believed/databases/main/status',
    { status },
    'application/merge-patch+json',
  );
  const seen = await until(world, custom('Database', 'main', 'believed', {}), ({ related }) => related[0]?.health === 'degraded');
  expect(seen).toMatchObject({ health: 'ready', findings: [] });
});

test('so is what custom resources own of each other, found when it is looked at once too', async () => {
  await world.create(namespace('nested'), custom('Database', 'main', 'nested', { spec: {} }));
  const owner = { kind: 'Database', name: 'main', uid: await uidOf('databases', 'nested', 'main') };
  await world.create(ownedBy(custom('Replica', 'main-0', 'nested', { spec: {} }), owner));
  const replica = { kind: 'Replica', name: 'main-0', uid: await uidOf('replicas', 'nested', 'main-0') };
  await world.create(ownedBy(deployment('nested', { spec: { replicas: 0 } }), replica));
  const [seen] = await world.connection.observe([custom('Database', 'main', 'nested', {})], world.signal);
  expect(seen?.related).toMatchObject([{ name: 'Replica/main-0', children: [{ name: 'Deployment/web' }] }]);
});

test('one without a status is waited for where its definition says that it will tell how it is', async () => {
  const conditions = { type: 'array', items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  // A status that may hold anything beside them, as of Crossplane, is no other.
  const properties = { status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { conditions } } };
  await world.create(definition('Queue', 'Namespaced', { properties }), namespace('awaited'));
  const [queue, database] = [custom('Queue', 'q', 'awaited', { spec: {} }), custom('Database', 'db', 'awaited', { spec: {} })];
  await world.create(queue, database);
  const [awaited, other] = await world.connection.observe([queue, database], world.signal);
  expect(awaited).toMatchObject({ health: 'progressing', message: 'has no status yet' });
  expect(other).toMatchObject({ health: 'ready', message: 'is there' });
  const status = { conditions: [{ type: 'Ready', status: 'True' }] };
  await world.send('PATCH', '/apis/eg.example.org/v1/namespaces/awaited/queues/q/status', { status }, 'application/merge-patch+json');
  expect((await until(world, queue, ({ health }) => health === 'ready')).message).toBe('Ready');
});

test("a target's health rules are asked, and those that cannot be asked are told before the cluster is", async () => {
  const queue = custom('Database', 'asleep', 'ruled', { spec: { mode: 'Asleep' } });
  await world.create(namespace('ruled'), queue);
  const cases = [{ when: "spec.mode == 'Asleep'", health: 'suspended', message: 'sleeps' }];
  const config = (kind: string) => ({ server: world.cluster.server, healthRules: [{ kind, cases }] });
  const ruled = await openWorld(config('Database.eg.example.org'), async () => undefined);
  expect(await ruled.connection.observe([queue], ruled.signal)).toMatchObject([{ health: 'suspended', message: 'sleeps' }]);
  await ruled.stop();
  await expect(openWorld(config('Database.'), async () => undefined)).rejects.toMatchObject({
    problems: [{ code: 'HEALTH_RULE_INVALID', message: 'Target main: rules[0]: The kind is "Database.".' }],
  });
});

test('what a custom resource names is followed wherever it lies', async () => {
  const spec = { parts: [{ diskRef: { apiVersion: 'eg.example.org/v1', kind: 'Disk', name: 'fast' } }] };
  await world.create(namespace('named'), custom('Disk', 'fast', undefined, {}), custom('Database', 'main', 'named', { spec }));
  await world.send('PATCH', '/apis/eg.example.org/v1/disks/fast/status', { status: stalled }, 'application/merge-patch+json');
  const seen = await until(world, custom('Database', 'main', 'named', {}), ({ related }) => related[0]?.health === 'degraded');
  expect(seen.related).toEqual([{ name: 'Disk/fast', health: 'degraded', message: 'Stalled is True (NoRoom: no room is left)' }]);
});

test('the endpoints of a Service are listed', async () => {
  const service = resource({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'ends' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  });
  await world.create(namespace('ends'), deployment('ends', { spec: { replicas: 2 } }), service);
  const seen = await until(world, service, ({ message }) => message.startsWith('2 ready endpoints'));
  expect(seen.related.map(({ name, health }) => [name, health])).toEqual([
    [expect.stringMatching(/^Pod\/web-/), 'ready'],
    [expect.stringMatching(/^Pod\/web-/), 'ready'],
  ]);
});

test('the volume of a claim is told', async () => {
  const volume = { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/data' } };
  const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, volumeName: 'data-1', storageClassName: '' };
  const wished = resource({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data', namespace: 'claim' }, spec: claim });
  await world.create(
    namespace('claim'),
    resource({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'data-1' }, spec: volume }),
    wished,
  );
  const [seen] = await world.connection.observe([wished], world.signal);
  expect(seen?.related).toMatchObject([{ name: 'PersistentVolume/data-1' }]);
});

const stalled = { conditions: [{ type: 'Stalled', status: 'True', reason: 'NoRoom', message: 'no room is left' }] };

function definition(kind: string, scope: 'Namespaced' | 'Cluster', more: JsonObject = {}) {
  const [singular, plural] = [kind.toLowerCase(), `${kind.toLowerCase()}s`];
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, ...more } };
  return resource({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.eg.example.org` },
    spec: {
      group: 'eg.example.org',
      scope,
      names: { kind, singular, plural },
      versions: [{ name: 'v1', served: true, storage: true, schema, subresources: { status: {} } }],
    },
  });
}

function custom(kind: string, name: string, namespace: string | undefined, content: JsonObject) {
  return resource({ apiVersion: 'eg.example.org/v1', kind, metadata: { name, ...(namespace ? { namespace } : {}) }, ...content });
}

type Owner = { readonly kind: string; readonly name: string; readonly uid: string };

/** As an operator makes things for a custom resource of its own. */
function ownedBy(made: ReturnType<typeof resource>, owner: Owner) {
  const metadata = made.attributes.metadata as JsonObject;
  return {
    ...made,
    attributes: {
      ...made.attributes,
      metadata: { ...metadata, ownerReferences: [{ apiVersion: 'eg.example.org/v1', controller: true, ...owner }] },
    },
  };
}

async function uidOf(plural: string, namespace: string, name: string): Promise<string> {
  const { body } = await world.send('GET', `/apis/eg.example.org/v1/namespaces/${namespace}/${plural}/${name}`);
  return (body.metadata as { readonly uid: string }).uid;
}

function lines({ name, children = [] }: RelatedNode): unknown {
  return children.length > 0 ? [name, ...children.map(lines)] : [name];
}
