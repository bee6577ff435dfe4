import { deployment, type Json, pathOf, startTestCluster, type TestCluster } from './cluster';

let cluster: TestCluster;
beforeEach(async () => {
  cluster = await startTestCluster();
});
afterEach(() => cluster.stop());

const core = '/api/v1/namespaces/default';
const pod = (name: string, resources: object = {}) => ({
  metadata: { name },
  spec: { containers: [{ name: 'main', image: 'web:1', resources }] },
});

describe('A ResourceQuota', () => {
  const quota = (hard: object) => cluster.post(`${core}/resourcequotas`, { metadata: { name: 'all' }, spec: { hard } });

  test('counts what is used, and refuses what would be too much', async () => {
    await quota({ pods: '1', 'requests.memory': '2Gi', 'count/deployments.apps': '1' });
    const memory = { requests: { memory: '1536Mi' } };
    expect((await cluster.post(`${core}/pods`, pod('one', memory))).code).toBe(201);
    const { status } = await cluster.until(`${core}/resourcequotas/all`, (one) => one?.status.used?.pods === '1');
    expect(status.used).toEqual({ pods: '1', 'requests.memory': '1536Mi', 'count/deployments.apps': '0' });
    const refused = await cluster.post(`${core}/pods`, pod('two', memory));
    expect([refused.code, refused.body.message]).toEqual([
      403,
      'pods "two" is forbidden: exceeded quota: all, requested: pods=1,requests.memory=1536Mi, used: pods=1,requests.memory=1536Mi, limited: pods=1,requests.memory=2Gi',
    ]);
    await cluster.delete(`${core}/pods/one`);
    await cluster.until(`${core}/resourcequotas/all`, (one) => one.status.used.pods === '0');
    expect((await cluster.post(`${core}/pods`, pod('two', memory))).code).toBe(201);
  });

  test('of cpu or memory wants every container to say what it takes', async () => {
    await quota({ 'requests.cpu': '4', 'limits.memory': '4Gi' });
    expect((await cluster.post(`${core}/pods`, pod('one'))).body.message).toBe(
      'pods "one" is forbidden: failed quota: all: must specify limits.memory for: main; requests.cpu for: main',
    );
  });

  test('counts init containers that end by the highest, and those that go on by their sum', async () => {
    const container = (name: string, cpu: string, more: object = {}) => ({
      name,
      image: 'web:1',
      resources: { requests: { cpu } },
      ...more,
    });
    await quota({ 'requests.cpu': '4' });
    const spec = {
      containers: [container('main', '500m')],
      initContainers: [container('beside', '1', { restartPolicy: 'Always' }), container('first', '2')],
    };
    await cluster.post(`${core}/pods`, { metadata: { name: 'one' }, spec });
    await cluster.until(`${core}/resourcequotas/all`, (one) => one?.status.used?.['requests.cpu'] === '3');
  });

  test('follows what changes and what goes', async () => {
    await quota({ 'services.nodeports': '3', 'count/configmaps': '3' });
    const used = (configMaps: string, nodePorts: string) =>
      cluster.until(`${core}/resourcequotas/all`, (one) => {
        const { 'count/configmaps': maps, 'services.nodeports': ports } = one?.status.used ?? {};
        return maps === configMaps && ports === nodePorts;
      });
    await used('1', '0');
    await cluster.post(`${core}/services`, { metadata: { name: 'web' }, spec: { type: 'NodePort', ports: [{ port: 80 }] } });
    await cluster.post(`${core}/configmaps`, { metadata: { name: 'one' } });
    await used('2', '1');
    await cluster.patch(`${core}/services/web`, 'merge-patch+json', { spec: { type: 'ClusterIP' } });
    await cluster.delete(`${core}/configmaps/one`);
    await used('1', '0');
  });

  test('holds a Deployment back, which says so', async () => {
    await quota({ pods: '1' });
    await cluster.apply(deployment('web', 'web:1', { replicas: 2 }));
    const held = await cluster.until(pathOf(deployment('web', 'web:1')), (one) =>
      one?.status.conditions?.some((condition: Json) => condition.type === 'ReplicaFailure'),
    );
    const failure = held.status.conditions.find((condition: Json) => condition.type === 'ReplicaFailure');
    expect(failure.message).toMatch(/^pods "web-.*" is forbidden: exceeded quota: all, requested: pods=1, used: pods=1, limited: pods=1$/);
  });
});

describe('A LimitRange', () => {
  const limit = (item: object) => cluster.post(`${core}/limitranges`, { metadata: { name: 'all' }, spec: { limits: [item] } });

  test('gives containers what they do not say, and notes it', async () => {
    await limit({ type: 'Container', default: { cpu: '500m' }, defaultRequest: { cpu: '100m', memory: '64Mi' } });
    const { body } = await cluster.post(`${core}/pods`, pod('one', { requests: { memory: '32Mi' } }));
    expect([body.spec.containers[0].resources, body.metadata.annotations]).toEqual([
      { requests: { cpu: '100m', memory: '32Mi' }, limits: { cpu: '500m' } },
      { 'kubernetes.io/limit-ranger': 'LimitRanger plugin set: cpu request for container main; cpu limit for container main' },
    ]);
  });

  test('takes its bounds for defaults where it has none', async () => {
    const { body } = await limit({ type: 'Container', max: { cpu: '2' }, min: { cpu: '100m' } });
    expect(body.spec.limits[0]).toEqual({
      type: 'Container',
      max: { cpu: '2' },
      min: { cpu: '100m' },
      default: { cpu: '2' },
      defaultRequest: { cpu: '2' },
    });
  });

  test('refuses what is beyond its bounds', async () => {
    await limit({ type: 'Container', max: { memory: '1Gi' }, min: { memory: '64Mi' } });
    const { body } = await cluster.post(`${core}/pods`, pod('one', { requests: { memory: '32Mi' }, limits: { memory: '2Gi' } }));
    expect(body.message).toBe(
      'pods "one" is forbidden: [minimum memory usage per Container is 64Mi, but request is 32Mi, maximum memory usage per Container is 1Gi, but limit is 2Gi]',
    );
    await cluster.post(`${core}/limitranges`, {
      metadata: { name: 'disks' },
      spec: { limits: [{ type: 'PersistentVolumeClaim', max: { storage: '1Gi' } }] },
    });
    const claim = { metadata: { name: 'big' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } } };
    expect((await cluster.post(`${core}/persistentvolumeclaims`, claim)).body.message).toBe(
      'persistentvolumeclaims "big" is forbidden: maximum storage usage per PersistentVolumeClaim is 1Gi, but request is 2Gi',
    );
  });
});
