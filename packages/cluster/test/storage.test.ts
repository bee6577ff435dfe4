import { startTestCluster, type TestCluster } from './cluster';

let cluster: TestCluster;
beforeEach(async () => {
  cluster = await startTestCluster();
});
afterEach(() => cluster.stop());

const claims = '/api/v1/namespaces/default/persistentvolumeclaims';
const pods = '/api/v1/namespaces/default/pods';
const claim = (storageClassName?: string) => ({
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...(storageClassName && { storageClassName }) },
});
const isBound = (one: { status: { phase: string } } | undefined): boolean => one?.status.phase === 'Bound';

test('A claim of the standard class is bound at once', async () => {
  await cluster.post(claims, claim());
  const { spec } = await cluster.until(`${claims}/data`, isBound);
  expect(spec.storageClassName).toBe('standard');
});

test('A claim of the late class waits for the first pod that uses it, and is bound for its node', async () => {
  await cluster.post(claims, claim('standard-late'));
  const event = '/api/v1/namespaces/default/events?fieldSelector=reason%3DWaitForFirstConsumer';
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
  const containers = [{ name: 'main', image: 'db:1', volumeMounts: [{ name: 'data', mountPath: '/data' }] }];
  expect((await cluster.get(`${claims}/data`)).body.status.phase).toBe('Pending');
  await cluster.post(pods, { metadata: { name: 'db' }, spec: { containers, volumes } });
  const { spec } = await cluster.until(`${pods}/db`, (one) => one?.status.phase === 'Running');
  const { body } = await cluster.get(`${claims}/data`);
  expect([body.status.phase, body.metadata.annotations]).toEqual(['Bound', { 'volume.kubernetes.io/selected-node': spec.nodeName }]);
  expect((await cluster.get(event)).body.items.length).toBe(1);
});

test.each([
  ['a class that is not there', 'fast', 'ProvisioningFailed', 'storageclass.storage.k8s.io "fast" not found'],
  ['no class', '', 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set'],
])('A claim of %s waits, and says why', async (_, storageClassName, reason, message) => {
  await cluster.post(claims, { ...claim(), spec: { ...claim().spec, storageClassName } });
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
  await cluster.post(pods, { metadata: { name: 'db' }, spec: { containers: [{ name: 'main', image: 'db:1' }], volumes } });
  await cluster.until(`${pods}/db`, (one) =>
    one?.status.conditions?.[0]?.message.includes('pod has unbound immediate PersistentVolumeClaims'),
  );
  const { body } = await cluster.get(`/api/v1/namespaces/default/events?fieldSelector=reason%3D${reason}`);
  expect(body.items.map((event: { message: string }) => event.message)).toEqual([message]);
  expect((await cluster.get(`${claims}/data`)).body.status.phase).toBe('Pending');
});

test('A claim is bound when its class comes', async () => {
  await cluster.post(claims, claim('fast'));
  await cluster.post('/apis/storage.k8s.io/v1/storageclasses', { metadata: { name: 'fast' }, provisioner: 'simulated' });
  await cluster.until(`${claims}/data`, isBound);
});

test('A claim of the late class whose pod finds no room stays as it is', async () => {
  await cluster.post(claims, claim('standard-late'));
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
  const containers = [{ name: 'main', image: 'db:1', resources: { requests: { cpu: '1000' } } }];
  await cluster.post(pods, { metadata: { name: 'db' }, spec: { containers, volumes } });
  await cluster.until(`${pods}/db`, (one) => one?.status.conditions?.[0]?.reason === 'Unschedulable');
  expect((await cluster.get(`${claims}/data`)).body.status.phase).toBe('Pending');
});

test('A namespace that is held back says by what, and goes when that goes', async () => {
  await cluster.post('/api/v1/namespaces', { metadata: { name: 'shed' } });
  const maps = '/api/v1/namespaces/shed/configmaps';
  await cluster.post(maps, { metadata: { name: 'held', finalizers: ['home.example/wait'] } });
  await cluster.delete('/api/v1/namespaces/shed');
  const held = await cluster.until('/api/v1/namespaces/shed', (one) =>
    one.status.conditions?.some((condition: { message: string }) => condition.message.includes('configmaps. has 1 resource instances')),
  );
  expect(
    held.status.conditions.map((one: { type: string; status: string; message: string }) => `${one.type} ${one.status}: ${one.message}`),
  ).toEqual([
    'NamespaceDeletionDiscoveryFailure False: All resources successfully discovered',
    'NamespaceDeletionGroupVersionParsingFailure False: All legacy kube types successfully parsed',
    'NamespaceDeletionContentFailure False: All content successfully deleted, may be waiting on finalization',
    'NamespaceContentRemaining True: Some resources are remaining: configmaps. has 1 resource instances',
    'NamespaceFinalizersRemaining True: Some content in the namespace has finalizers remaining: home.example/wait in 1 resource instances',
  ]);
  await cluster.patch(`${maps}/held`, 'merge-patch+json', { metadata: { finalizers: null } });
  await cluster.until('/api/v1/namespaces/shed', (one) => one === undefined);
});
