// What our questions cost the server.
import type { Resource } from '@konfig/core';
import { configMap, eventually, impatient, namespace, resource, startWorld, type TestWorld, until } from './world';

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld({}, impatient);
});
afterAll(() => world.stop());
afterEach(() => jest.restoreAllMocks());

test('a webhook that does not answer is looked up once, however many objects it stops', async () => {
  const hook = resource({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'policy' },
    webhooks: [
      {
        name: 'deny.policy.example',
        clientConfig: { service: { namespace: 'policy', name: 'webhook', path: '/deny' } },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'hooked' } },
        failurePolicy: 'Fail',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  });
  await world.create(namespace('hooked'), hook);
  const asked = listen();
  const rows = await world.plan(...['a', 'b', 'c'].map((name) => configMap(name, 'hooked', {})));
  for (const { problems } of rows) expect(problems[0]?.message).toContain('ValidatingWebhookConfiguration/policy, which does not answer');
  expect(asked.filter((path) => path.endsWith('/validatingwebhookconfigurations'))).toHaveLength(1);
});

const lists = (path: string, name: string) => path.startsWith(`/api/v1/namespaces/${name}/secrets?`);

/** The paths of all that is asked from now on; grows. */
function listen(): readonly string[] {
  const asked: string[] = [];
  const { client } = world.connection;
  const request = client.request.bind(client);
  jest.spyOn(client, 'request').mockImplementation((one, signal) => {
    asked.push(one.path);
    return request(one, signal);
  });
  return asked;
}

/** Deleted in the foreground, each waits for the ConfigMap `of-<name>`, which has a finalizer. */
async function heldUp(names: readonly string[], inside: string): Promise<readonly Resource[]> {
  const owners = names.map((name) => configMap(name, inside, {}));
  await world.create(namespace(inside), ...owners);
  const path = `/api/v1/namespaces/${inside}/configmaps`;
  for (const name of names) {
    const { uid } = (await world.send('GET', `${path}/${name}`)).body.metadata as { readonly uid: string };
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name, uid, blockOwnerDeletion: true }];
    const metadata = { name: `of-${name}`, namespace: inside, ownerReferences, finalizers: ['home.example/never'] };
    await world.create(resource({ apiVersion: 'v1', kind: 'ConfigMap', metadata }));
    await world.send('DELETE', `${path}/${name}?propagationPolicy=Foreground`);
  }
  return owners;
}

const waitsFor = (name: string) => new RegExp(`ConfigMap/of-${name} has to go first`);

test('a namespace is listed once for all that it holds', async () => {
  const owners = await heldUp(['a', 'b', 'c'], 'many');
  for (const owner of owners) await until(world, owner, ({ findings }) => /has to go first/.test(JSON.stringify(findings)));
  const asked = listen();
  const seen = await world.connection.observe(owners, world.signal);
  expect(seen.map(({ findings }) => findings[0]?.details?.[1])).toEqual([
    expect.stringMatching(waitsFor('a')),
    expect.stringMatching(waitsFor('b')),
    expect.stringMatching(waitsFor('c')),
  ]);
  expect(asked.filter((path) => lists(path, 'many'))).toHaveLength(1);
});

test('what is gone is not asked about any more', async () => {
  const [goes] = (await heldUp(['goes'], 'one')) as [Resource];
  const [stays] = (await heldUp(['stays'], 'two')) as [Resource];
  const stop = new AbortController();
  const gone = new Set<string>();
  await world.connection.watch([goes, stays], ({ id, exists }) => void (exists || gone.add(id)), stop.signal);
  const before = listen();
  await eventually(
    () => before.some((path) => lists(path, 'one')),
    () => before,
  );
  const patch = { metadata: { finalizers: null } };
  await world.send('PATCH', '/api/v1/namespaces/one/configmaps/of-goes', patch, 'application/merge-patch+json');
  await eventually(
    () => gone.has(goes.id),
    () => [...gone],
  );
  jest.restoreAllMocks();
  const asked = listen();
  await eventually(
    () => asked.filter((path) => lists(path, 'two')).length >= 4,
    () => asked,
  );
  // One look may have been under way when it went.
  expect(asked.filter((path) => lists(path, 'one')).length).toBeLessThan(2);
  stop.abort();
});
