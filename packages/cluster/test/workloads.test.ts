import { deployment, isRolledOut, type Json, pathOf, startTestCluster, type TestCluster, type TestObject, watch } from './cluster';

let cluster: TestCluster;
beforeEach(async () => {
  cluster = await startTestCluster();
});
afterEach(() => cluster.stop());

const pods = async (selector: string): Promise<Json[]> =>
  (await cluster.get(`/api/v1/namespaces/default/pods?labelSelector=${selector}`)).body.items;
const events = async (reason: string): Promise<Json[]> =>
  (await cluster.get(`/api/v1/namespaces/default/events?fieldSelector=reason%3D${reason}`)).body.items;
const condition = (object: Json, type: string): Json => object?.status?.conditions?.find((one: { type: string }) => one.type === type);

describe('A Deployment', () => {
  test('becomes available, with the conditions of the real one', async () => {
    const object = deployment('web', 'web:1', { replicas: 2 });
    await cluster.apply(object);
    const live = await cluster.until(pathOf(object), isRolledOut);
    expect(condition(live, 'Available')).toMatchObject({
      status: 'True',
      reason: 'MinimumReplicasAvailable',
      message: 'Deployment has minimum availability.',
    });
    expect(condition(live, 'Progressing')).toMatchObject({
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: expect.stringMatching(/^ReplicaSet "web-\S+" has successfully progressed\.$/),
    });
    expect(live.metadata).toMatchObject({ generation: 1, annotations: { 'deployment.kubernetes.io/revision': '1' } });
  });

  test('rolls a new image out within its limits', async () => {
    const object = deployment('web', 'web:1', { replicas: 4, strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } });
    await cluster.apply(object);
    const before = await cluster.until(pathOf(object), isRolledOut);
    const next = await cluster.apply({
      ...object,
      ...{
        spec: {
          ...(object.spec as object),
          template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'web:2' }] } },
        },
      },
    });
    expect(next.body.metadata.generation).toBe(2);
    for await (const { object: seen } of watch(
      cluster.server,
      `/apis/apps/v1/namespaces/default/deployments?watch=1&resourceVersion=${before.metadata.resourceVersion}`,
    )) {
      expect(seen.status.availableReplicas).toBeGreaterThanOrEqual(4);
      expect(seen.status.replicas).toBeLessThanOrEqual(5);
      if (isRolledOut(seen)) break;
    }
    const sets = (await cluster.get('/apis/apps/v1/namespaces/default/replicasets')).body.items;
    expect(sets.map((set: Json) => [set.metadata.annotations['deployment.kubernetes.io/revision'], set.spec.replicas]).sort()).toEqual([
      ['1', 0],
      ['2', 4],
    ]);
  });

  test('keeps the old pods serving when the new image can not be pulled, and misses its deadline', async () => {
    const object = deployment('web', 'web:1', { replicas: 2, progressDeadlineSeconds: 1 });
    await cluster.apply(object);
    await cluster.until(pathOf(object), isRolledOut);
    await cluster.apply(deployment('web', 'web:does-not-exist', { replicas: 2, progressDeadlineSeconds: 1 }));
    const live = await cluster.until(pathOf(object), (seen) => condition(seen, 'Progressing')?.reason === 'ProgressDeadlineExceeded');
    expect(live.status).toMatchObject({ availableReplicas: 2, updatedReplicas: 1, unavailableReplicas: 1 });
    const broken = (await pods('app%3Dweb')).filter((pod) => pod.spec.containers[0].image === 'web:does-not-exist');
    expect(broken.map((pod) => pod.status.containerStatuses[0].state.waiting.reason)).toEqual([
      expect.stringMatching(/^(ErrImagePull|ImagePullBackOff)$/),
    ]);
    expect((await events('Failed')).map((event) => event.message)).toContainEqual(
      expect.stringMatching(/^Failed to pull image "web:does-not-exist": .*not found$/),
    );
  });

  test('takes its ReplicaSets and pods along', async () => {
    const object = deployment('web', 'web:1', { replicas: 2 });
    await cluster.apply(object);
    const live = await cluster.until(pathOf(object), isRolledOut);
    const [pod] = await pods('app%3Dweb');
    await cluster.delete(pathOf(object), { propagationPolicy: 'Foreground' });
    await cluster.until(pathOf(object), (seen) => seen === undefined);
    await cluster.until(`/api/v1/namespaces/default/pods/${pod.metadata.name}`, (seen) => seen === undefined);
    expect(
      (await cluster.get(`/apis/apps/v1/namespaces/default/replicasets?labelSelector=app%3D${live.metadata.name}`)).body.items,
    ).toEqual([]);
  });

  test('leaves its pods when asked to orphan them, and the next of its name takes them over', async () => {
    const object = deployment('web', 'web:1');
    await cluster.apply(object);
    await cluster.until(pathOf(object), isRolledOut);
    await cluster.delete(pathOf(object), { propagationPolicy: 'Orphan' });
    await cluster.until(pathOf(object), (seen) => seen === undefined);
    const sets = (await cluster.get('/apis/apps/v1/namespaces/default/replicasets')).body.items;
    expect([sets.length, sets[0].metadata.ownerReferences, (await pods('app%3Dweb')).length]).toEqual([1, undefined, 1]);
    await cluster.apply(object);
    await cluster.until(pathOf(object), isRolledOut);
    expect((await cluster.get('/apis/apps/v1/namespaces/default/replicasets')).body.items.map((set: Json) => set.metadata.uid)).toEqual([
      sets[0].metadata.uid,
    ]);
  });

  test('scales through its subresource', async () => {
    const object = deployment('web', 'web:1');
    await cluster.apply(object);
    const { body } = await cluster.patch(`${pathOf(object)}/scale`, 'merge-patch+json', { spec: { replicas: 3 } });
    expect([body.kind, body.spec.replicas]).toEqual(['Scale', 3]);
    await cluster.until(pathOf(object), (seen) => isRolledOut(seen) && seen.status.replicas === 3);
  });
});

describe('A pod', () => {
  test('that crashes is restarted, waits longer each time, and leaves its last words', async () => {
    cluster.inject([{ image: 'web:*', fault: 'crash', exitCode: 3, log: 'panic: no database' }]);
    await cluster.apply(deployment('web', 'web:1'));
    const path = await podPath('app%3Dweb');
    const live = await cluster.until(path, ({ status } = {}) => {
      const [{ restartCount = 0, state = {} } = {}] = status?.containerStatuses ?? [];
      return restartCount >= 2 && state.waiting?.reason === 'CrashLoopBackOff';
    });
    expect(live.status.containerStatuses[0].lastState.terminated).toMatchObject({ exitCode: 3, reason: 'Error' });
    // It may run again by now.
    expect((await cluster.get(`${path}/log?previous=true`)).body).toContain('panic: no database');
  });

  test('that crashes has a log of each run: while it waits, both the last and the previous one are of the run that crashed', async () => {
    await cluster.stop();
    cluster = await startTestCluster({ backOffMillis: 60_000, maxBackOffMillis: 60_000 });
    cluster.inject([{ image: 'web:*', fault: 'crash', log: 'panic: no database' }]);
    await cluster.apply(deployment('web', 'web:1'));
    const path = await podPath('app%3Dweb');
    await cluster.until(path, (pod) => pod?.status.containerStatuses?.[0]?.state.waiting?.reason === 'CrashLoopBackOff');
    const logs = [await cluster.get(`${path}/log`), await cluster.get(`${path}/log?previous=true`)];
    expect(logs.map(({ body }) => body)).toEqual(['panic: no database\n', 'panic: no database\n']);
  });

  test('that never crashed has no previous log', async () => {
    await cluster.apply(deployment('web', 'web:1'));
    const path = await podPath('app%3Dweb');
    const { metadata } = await cluster.until(path, (pod) => pod?.status.phase === 'Running');
    expect((await cluster.get(`${path}/log?previous=true`)).body).toMatchObject({
      code: 400,
      message: `previous terminated container "main" in pod "${metadata.name}" not found`,
    });
  });

  test('that is not ready keeps its Deployment from being available, until the fault is gone', async () => {
    cluster.inject([{ image: 'web:1', fault: 'unready' }]);
    const object = deployment('web', 'web:1');
    await cluster.apply(object);
    await cluster.until(await podPath('app%3Dweb'), (pod) => pod?.status.phase === 'Running');
    expect((await events('Unhealthy')).map((event) => event.message)).toEqual([
      'Readiness probe failed: HTTP probe failed with statuscode: 503',
    ]);
    cluster.inject([]);
    await cluster.until(pathOf(object), isRolledOut);
  });

  test('that asks for more than a node has is not scheduled', async () => {
    const object = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'huge', namespace: 'default' },
      spec: { containers: [{ name: 'main', image: 'web:1', resources: { requests: { cpu: '17' } } }] },
    };
    await cluster.apply(object);
    const live = await cluster.until(pathOf(object), (pod) => condition(pod, 'PodScheduled') !== undefined);
    expect(condition(live, 'PodScheduled')).toMatchObject({
      status: 'False',
      reason: 'Unschedulable',
      message: expect.stringContaining('0/2 nodes are available: 2 Insufficient cpu.'),
    });
  });

  test('that refers to a ConfigMap waits until it is there', async () => {
    const container = { name: 'main', image: 'web:1', envFrom: [{ configMapRef: { name: 'settings' } }] };
    const object = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'waiting', namespace: 'default' },
      spec: { containers: [container] },
    };
    await cluster.apply(object);
    const waiting = await cluster.until(
      pathOf(object),
      (pod) => pod?.status.containerStatuses?.[0].state.waiting?.reason === 'CreateContainerConfigError',
    );
    expect(waiting.status.containerStatuses[0].state.waiting.message).toBe('configmap "settings" not found');
    await cluster.post('/api/v1/namespaces/default/configmaps', { metadata: { name: 'settings' } });
    await cluster.until(pathOf(object), (pod) => condition(pod, 'Ready')?.status === 'True');
  });

  async function podPath(selector: string): Promise<string> {
    for await (const { object } of watch(cluster.server, `/api/v1/namespaces/default/pods?watch=1&labelSelector=${selector}`)) {
      return `/api/v1/namespaces/default/pods/${object.metadata.name}`;
    }
    throw new Error('The watch ended.');
  }
});

describe('A Job', () => {
  const job = (spec: object, annotations: object = {}): TestObject => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'migrate', namespace: 'default' },
    spec: {
      ...spec,
      template: { metadata: { annotations }, spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'migrate:1' }] } },
    },
  });

  test('completes', async () => {
    await cluster.apply(job({ completions: 3, parallelism: 2 }));
    const live = await cluster.until(pathOf(job({})), (seen) => condition(seen, 'Complete')?.status === 'True');
    expect(live.status).toMatchObject({ succeeded: 3, completionTime: expect.any(String) });
    expect(condition(live, 'SuccessCriteriaMet')).toMatchObject({ reason: 'CompletionsReached' });
  });

  test('tries again as often as it may, and then fails', async () => {
    await cluster.apply(job({ backoffLimit: 2 }, { 'simulate.konfig.dev/crash': '1' }));
    const live = await cluster.until(pathOf(job({})), (seen) => condition(seen, 'Failed')?.status === 'True');
    expect([live.status.failed, condition(live, 'Failed').reason]).toEqual([3, 'BackoffLimitExceeded']);
  });

  test('can not change its template', async () => {
    await cluster.apply(job({}));
    const { code, body } = await cluster.apply({
      ...job({}),
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'migrate:2' }] } } },
    });
    expect([code, body.details.causes[0].field]).toEqual([422, 'spec.template']);
  });

  test('goes some time after its end, when it says so', async () => {
    await cluster.apply(job({ ttlSecondsAfterFinished: 0 }));
    await cluster.until(pathOf(job({})), (seen) => seen === undefined);
  });
});

test('A StatefulSet starts its pods one after another, each with its claim, and replaces them from the last', async () => {
  const set = (image: string): TestObject => ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db', namespace: 'default' },
    spec: {
      replicas: 2,
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'main', image }] } },
      volumeClaimTemplates: [
        { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
      ],
    },
  });
  await cluster.apply(set('db:1'));
  const first = await cluster.until(pathOf(set('')), (seen) => seen?.status.readyReplicas === 2 && seen.status.currentReplicas === 2);
  expect((await pods('app%3Ddb')).map((pod) => [pod.metadata.name, pod.spec.volumes[0]])).toEqual([
    ['db-0', { name: 'data', persistentVolumeClaim: { claimName: 'data-db-0' } }],
    ['db-1', { name: 'data', persistentVolumeClaim: { claimName: 'data-db-1' } }],
  ]);
  await cluster.apply(set('db:2'));
  const order: string[] = [];
  for await (const { type, object } of watch(
    cluster.server,
    `/api/v1/namespaces/default/pods?watch=1&labelSelector=app%3Ddb&resourceVersion=${first.metadata.resourceVersion}`,
  )) {
    if (type === 'DELETED') order.push(object.metadata.name);
    if (order.length === 2) break;
  }
  expect(order).toEqual(['db-1', 'db-0']);
});

describe('A PersistentVolumeClaim', () => {
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  };

  test('that is deleted stays as long as a pod uses it', async () => {
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'db', namespace: 'default' },
      spec: { containers: [{ name: 'main', image: 'db:1' }], volumes },
    };
    await cluster.apply(claim);
    await cluster.apply(pod);
    await cluster.until(pathOf(pod), (seen) => seen?.status.phase === 'Running');
    expect((await cluster.delete(pathOf(claim))).body.metadata).toMatchObject({
      finalizers: ['kubernetes.io/pvc-protection'],
      deletionTimestamp: expect.any(String),
    });
    await cluster.post('/api/v1/namespaces/default/configmaps', { metadata: { name: 'later' } });
    expect((await cluster.get(pathOf(claim))).code).toBe(200);
    await cluster.delete(pathOf(pod));
    await cluster.until(pathOf(claim), (seen) => seen === undefined);
    expect((await cluster.get(pathOf(pod))).code).toBe(404);
  });

  test('that nobody uses goes at once', async () => {
    await cluster.apply(claim);
    await cluster.delete(pathOf(claim));
    await cluster.until(pathOf(claim), (seen) => seen === undefined);
  });
});

test('A DaemonSet counts its templates, and a Job keeps labels of its own', async () => {
  const set = (image: string): TestObject => ({ ...deployment('agent', image), kind: 'DaemonSet' });
  const counted = 'deprecated.daemonset.template.generation';
  expect((await cluster.apply(set('agent:1'))).body.metadata.annotations).toEqual({ [counted]: '1' });
  expect((await cluster.apply(set('agent:1'))).body.metadata.annotations).toEqual({ [counted]: '1' });
  expect((await cluster.apply(set('agent:2'))).body.metadata.annotations).toEqual({ [counted]: '2' });
  const template = {
    metadata: { labels: { app: 'seed' } },
    spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'seed:1' }] },
  };
  const { body } = await cluster.post('/apis/batch/v1/namespaces/default/jobs', {
    metadata: { name: 'seed', labels: { own: 'yes' } },
    spec: { template },
  });
  expect([body.metadata.labels, body.spec.template.metadata.labels['job-name']]).toEqual([{ own: 'yes' }, 'seed']);
});

test('A Service knows its ready pods, and a LoadBalancer gets an address', async () => {
  await cluster.apply(deployment('web', 'web:1', { replicas: 2 }));
  const object = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
  };
  await cluster.apply(object);
  const live = await cluster.until(pathOf(object), (seen) => seen?.status.loadBalancer.ingress !== undefined);
  expect(live.status.loadBalancer.ingress).toEqual([{ ip: expect.stringMatching(/^192\.0\.2\./), ipMode: 'VIP' }]);
  await cluster.until(pathOf(deployment('web', '')), isRolledOut);
  const slices = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices';
  for await (const { object: slice } of watch(cluster.server, `${slices}?watch=1&labelSelector=kubernetes.io%2Fservice-name%3Dweb`)) {
    if ((slice.endpoints ?? []).filter((one: Json) => one.conditions.ready).length === 2) break;
  }
});

test('A namespace empties itself, takes nothing new meanwhile, and goes', async () => {
  await cluster.post('/api/v1/namespaces', { metadata: { name: 'shop' } });
  await cluster.post('/api/v1/namespaces/shop/configmaps', { metadata: { name: 'held', finalizers: ['konfig.dev/hold'] } });
  await cluster.delete('/api/v1/namespaces/shop');
  const terminating = await cluster.until(
    '/api/v1/namespaces/shop',
    (seen) => condition(seen, 'NamespaceFinalizersRemaining')?.status === 'True',
  );
  expect(terminating.status.phase).toBe('Terminating');
  const refused = await cluster.post('/api/v1/namespaces/shop/configmaps', { metadata: { name: 'late' } });
  expect([refused.code, refused.body.message]).toEqual([
    403,
    'configmaps "late" is forbidden: unable to create new content in namespace shop because it is being terminated',
  ]);
  await cluster.patch('/api/v1/namespaces/shop/configmaps/held', 'merge-patch+json', { metadata: { finalizers: null } });
  await cluster.until('/api/v1/namespaces/shop', (seen) => seen === undefined);
});

test('A budget says how many pods may be disturbed', async () => {
  await cluster.apply(deployment('web', 'web:1', { replicas: 3 }));
  const object = {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web', namespace: 'default' },
    spec: { minAvailable: 2, selector: { matchLabels: { app: 'web' } } },
  };
  await cluster.apply(object);
  const live = await cluster.until(pathOf(object), (seen) => seen?.status.disruptionsAllowed === 1);
  expect(live.status).toMatchObject({ currentHealthy: 3, desiredHealthy: 2, expectedPods: 3 });
  cluster.inject([{ image: 'web:1', fault: 'image-pull' }]);
  const [one, two] = await pods('app%3Dweb');
  const evict = (pod: Json, deleteOptions: object = {}) =>
    cluster.post(`/api/v1/namespaces/default/pods/${pod.metadata.name}/eviction`, { metadata: { name: pod.metadata.name }, deleteOptions });
  expect((await evict(one, { dryRun: ['All'] })).code).toBe(201);
  expect((await cluster.get(`/api/v1/namespaces/default/pods/${one.metadata.name}`)).body.metadata.deletionTimestamp).toBeUndefined();
  expect((await evict(one)).code).toBe(201);
  await cluster.until(pathOf(object), (seen) => seen.status.disruptionsAllowed === 0);
  expect((await evict(two)).body).toMatchObject({
    code: 429,
    reason: 'TooManyRequests',
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
  });
});
