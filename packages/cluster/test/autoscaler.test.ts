import { deployment, type Json, pathOf, startTestCluster, type TestCluster } from './cluster';

let cluster: TestCluster;
beforeEach(async () => {
  cluster = await startTestCluster();
});
afterEach(() => cluster.stop());

const autoscalers = '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers';
const oldAutoscalers = autoscalers.replace('v2', 'v1');
const load = (text: string) => ({ 'simulate.konfig.dev/load': text });
const autoscaler = (spec: object = {}, annotations: object = {}) => ({
  metadata: { name: 'web', annotations },
  spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, minReplicas: 2, maxReplicas: 10, ...spec },
});
const web = deployment('web', 'web:1');

const conditions = (object: Json): string[] => object.status.conditions.map((one: Json) => `${one.type} ${one.status} ${one.reason}`);

describe('A HorizontalPodAutoscaler', () => {
  test('keeps its target between its bounds, and says that it knows no metrics', async () => {
    await cluster.apply(web);
    await cluster.post(autoscalers, autoscaler());
    await cluster.until(pathOf(web), (one) => one?.spec.replicas === 2);
    const seen = await cluster.until(`${autoscalers}/web`, (one) => one?.status.conditions?.length === 2);
    expect([conditions(seen), seen.status.currentReplicas]).toEqual([
      ['AbleToScale True SucceededGetScale', 'ScalingActive False FailedGetResourceMetric'],
      2,
    ]);
    await cluster.patch(`${pathOf(web)}/scale`, 'merge-patch+json', { spec: { replicas: 12 } });
    await cluster.until(pathOf(web), (one) => one.spec.replicas === 10);
  });

  test('scales by the load that it is told, up and down, and notes what it saw', async () => {
    await cluster.apply(web);
    await cluster.post(autoscalers, autoscaler({}, load('cpu=450')));
    await cluster.until(pathOf(web), (one) => one?.spec.replicas === 6);
    const calm = await cluster.until(`${autoscalers}/web`, (one) => one?.status.currentReplicas === 6);
    expect([conditions(calm), calm.status.desiredReplicas, calm.status.currentMetrics]).toEqual([
      ['AbleToScale True ReadyForNewScale', 'ScalingActive True ValidMetricFound', 'ScalingLimited False DesiredWithinRange'],
      6,
      [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 75, averageValue: '0' } } }],
    ]);
    await cluster.patch(`${autoscalers}/web`, 'merge-patch+json', { metadata: { annotations: load('cpu=40') } });
    await cluster.until(pathOf(web), (one) => one.spec.replicas === 2);
    const least = await cluster.until(`${autoscalers}/web`, (one) => one.status.currentReplicas === 2);
    expect(conditions(least)).toContain('ScalingLimited True TooFewReplicas');
    const { body } = await cluster.get('/api/v1/namespaces/default/events');
    expect(body.items.filter((one: Json) => one.reason === 'SuccessfulRescale').map((one: Json) => one.message)).toContain(
      'New size: 6; reason: cpu resource utilization (percentage of request) above target',
    );
  });

  const defineLamps = async (bulbs: object): Promise<string> => {
    const scale = { specReplicasPath: '.spec.bulbs', statusReplicasPath: '.status.bulbs' };
    const spec = { type: 'object', properties: { bulbs } };
    const status = { type: 'object', properties: { bulbs: { type: 'integer' } } };
    const schema = { openAPIV3Schema: { type: 'object', properties: { spec, status } } };
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await cluster.post(definitions, {
      metadata: { name: 'lamps.home.example' },
      spec: {
        group: 'home.example',
        scope: 'Namespaced',
        names: { kind: 'Lamp', plural: 'lamps' },
        versions: [{ name: 'v1', served: true, storage: true, schema, subresources: { scale } }],
      },
    });
    await cluster.until(`${definitions}/lamps.home.example`, (one) => JSON.stringify(one?.status).includes('InitialNamesAccepted'));
    return '/apis/home.example/v1/namespaces/default/lamps';
  };
  const lampScaler = autoscaler({ scaleTargetRef: { apiVersion: 'home.example/v1', kind: 'Lamp', name: 'web' } });

  test('scales what a definition says can be scaled', async () => {
    const lamps = await defineLamps({ type: 'integer' });
    await cluster.post(lamps, { apiVersion: 'home.example/v1', kind: 'Lamp', metadata: { name: 'web' }, spec: { bulbs: 1 } });
    await cluster.post(autoscalers, lampScaler);
    await cluster.until(`${lamps}/web`, (one) => one.spec.bulbs === 2);
  });

  test('says why its target refuses to be scaled, in a condition and an event', async () => {
    const lamps = await defineLamps({ type: 'integer', maximum: 1 });
    await cluster.post(lamps, { apiVersion: 'home.example/v1', kind: 'Lamp', metadata: { name: 'web' }, spec: { bulbs: 1 } });
    await cluster.post(autoscalers, lampScaler);
    const seen = await cluster.until(`${autoscalers}/web`, (one) => one?.status.conditions?.length > 0);
    const why = 'Lamp.home.example "web" is invalid: spec.bulbs: Invalid value: 2: spec.bulbs in body should be less than or equal to 1';
    expect(seen.status).toMatchObject({ currentReplicas: 1, desiredReplicas: 0 });
    expect(seen.status.conditions).toEqual([
      {
        type: 'AbleToScale',
        status: 'False',
        lastTransitionTime: expect.any(String),
        reason: 'FailedUpdateScale',
        message: `the HPA controller was unable to update the target scale: ${why}`,
      },
    ]);
    const { body } = await cluster.get('/api/v1/namespaces/default/events');
    expect(body.items.filter((one: Json) => one.reason === 'FailedRescale').map((one: Json) => one.message)).toEqual([
      `New size: 2; reason: Current number of replicas below Spec.MinReplicas; error: ${why}`,
    ]);
  });

  test('whose target is not there says so', async () => {
    await cluster.post(autoscalers, autoscaler());
    const seen = await cluster.until(`${autoscalers}/web`, (one) => one?.status.conditions?.length > 0);
    expect(seen.status.conditions[0]).toMatchObject({
      type: 'AbleToScale',
      status: 'False',
      reason: 'FailedGetScale',
      message: 'the HPA controller was unable to get the target\'s current scale: deployments.apps "web" not found',
    });
  });

  test('is the same object in both versions', async () => {
    const memory = { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } } };
    await cluster.post(oldAutoscalers, autoscaler({ targetCPUUtilizationPercentage: 60 }));
    const { body: now } = await cluster.get(`${autoscalers}/web`);
    const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } };
    expect([now.apiVersion, now.spec.metrics]).toEqual(['autoscaling/v2', [cpu]]);
    await cluster.patch(`${autoscalers}/web`, 'merge-patch+json', { spec: { metrics: [memory, cpu] } });
    await cluster.until(`${autoscalers}/web`, (one) => one.status.conditions?.length > 0);
    const { body: old } = await cluster.get(`${oldAutoscalers}/web`);
    expect([old.apiVersion, old.spec.targetCPUUtilizationPercentage]).toEqual(['autoscaling/v1', 60]);
    const idle = await cluster.patch(`${oldAutoscalers}/web`, 'merge-patch+json', { spec: { maxReplicas: 10 } });
    expect(idle.body.metadata.resourceVersion).toBe(old.metadata.resourceVersion);
    await cluster.patch(`${oldAutoscalers}/web`, 'merge-patch+json', { spec: { maxReplicas: 5 } });
    const { body: after } = await cluster.get(`${autoscalers}/web`);
    expect([after.spec.maxReplicas, after.spec.metrics]).toEqual([5, [memory, cpu]]);
    expect((await cluster.get(oldAutoscalers)).body.items.length).toBe(1);
    expect((await cluster.get('/apis/autoscaling')).body.versions.map((one: Json) => one.version)).toEqual(['v2', 'v1']);
  });
});
