import { type Json, startTestCluster, type TestCluster } from './cluster';

let cluster: TestCluster;
beforeEach(async () => {
  cluster = await startTestCluster({ nodes: 3 });
});
afterEach(() => cluster.stop());

const sets = '/apis/apps/v1/namespaces/default/daemonsets';
const pods = '/api/v1/namespaces/default/pods';
const set = (image: string, spec: object = {}, pod: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent' },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'main', image }], ...pod } },
    ...spec,
  },
});
const isUp =
  (count: number) =>
  (one: Json): boolean =>
    one?.status.observedGeneration === one?.metadata.generation &&
    one.status.desiredNumberScheduled === count &&
    one.status.updatedNumberScheduled === count &&
    one.status.numberAvailable === count;

async function nodesWithPods(): Promise<string[]> {
  const { body } = await cluster.get(pods);
  return body.items.map((pod: Json) => pod.spec.nodeName).sort();
}

describe('A DaemonSet', () => {
  test('has one pod on each node, and says so', async () => {
    await cluster.post(sets, set('agent:1'));
    const { status } = await cluster.until(`${sets}/agent`, isUp(3));
    expect(status).toEqual({
      currentNumberScheduled: 3,
      desiredNumberScheduled: 3,
      numberMisscheduled: 0,
      numberReady: 3,
      numberAvailable: 3,
      updatedNumberScheduled: 3,
      observedGeneration: 1,
    });
    const nodes = (await cluster.get('/api/v1/nodes')).body.items.map((node: Json) => node.metadata.name);
    expect(await nodesWithPods()).toEqual(nodes);
  });

  test('goes only where its node selector and the taints of nodes let it, and follows their changes', async () => {
    const [first, second] = (await cluster.get('/api/v1/nodes')).body.items.map((node: Json) => node.metadata.name);
    await cluster.patch(`/api/v1/nodes/${first}`, 'merge-patch+json', { metadata: { labels: { disk: 'ssd' } } });
    await cluster.post(sets, set('agent:1', {}, { nodeSelector: { disk: 'ssd' } }));
    await cluster.until(`${sets}/agent`, isUp(1));
    await cluster.patch(`/api/v1/nodes/${second}`, 'merge-patch+json', { metadata: { labels: { disk: 'ssd' } } });
    await cluster.until(`${sets}/agent`, isUp(2));
    const taint = { key: 'only', value: 'gpu', effect: 'NoExecute' };
    await cluster.patch(`/api/v1/nodes/${first}`, 'merge-patch+json', { spec: { taints: [taint] } });
    await cluster.until(`${sets}/agent`, isUp(1));
    const tolerations = [{ key: 'only', operator: 'Exists' }];
    await cluster.patch(`${sets}/agent`, 'merge-patch+json', { spec: { template: { spec: { tolerations } } } });
    await cluster.until(`${sets}/agent`, isUp(2));
  });

  test('is not kept away from a node that is cordoned', async () => {
    for (const node of (await cluster.get('/api/v1/nodes')).body.items)
      await cluster.patch(`/api/v1/nodes/${node.metadata.name}`, 'merge-patch+json', { spec: { unschedulable: true } });
    await cluster.post(sets, set('agent:1'));
    await cluster.until(`${sets}/agent`, isUp(3));
  });

  test('rolls a new template out node by node, and stops where the new pods do not come up', async () => {
    await cluster.post(sets, set('agent:1'));
    await cluster.until(`${sets}/agent`, isUp(3));
    await cluster.patch(`${sets}/agent`, 'strategic-merge-patch+json', {
      spec: { template: { spec: { containers: [{ name: 'main', image: 'agent:2' }] } } },
    });
    await cluster.until(`${sets}/agent`, isUp(3));
    await cluster.patch(`${sets}/agent`, 'strategic-merge-patch+json', {
      spec: { template: { spec: { containers: [{ name: 'main', image: 'agent:does-not-exist' }] } } },
    });
    const stuck = await cluster.until(
      `${sets}/agent`,
      (one) => one.status.updatedNumberScheduled === 1 && one.status.numberUnavailable === 1,
    );
    expect(stuck.status).toMatchObject({ desiredNumberScheduled: 3, numberAvailable: 2 });
  });

  test('with a surge has the new pod beside the old one before that goes', async () => {
    await cluster.post(sets, set('agent:1', { updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } }));
    await cluster.until(`${sets}/agent`, isUp(3));
    cluster.inject([{ image: 'agent:2', fault: 'unready' }]);
    await cluster.patch(`${sets}/agent`, 'strategic-merge-patch+json', {
      spec: { template: { spec: { containers: [{ name: 'main', image: 'agent:2' }] } } },
    });
    const waiting = await cluster.until(`${sets}/agent`, (one) => one.status.updatedNumberScheduled === 1);
    expect(waiting.status).toMatchObject({ numberAvailable: 3, numberReady: 3 });
    cluster.inject([]);
    await cluster.until(`${sets}/agent`, isUp(3));
  });

  test('with OnDelete replaces only what somebody deletes', async () => {
    await cluster.post(sets, set('agent:1', { updateStrategy: { type: 'OnDelete' } }));
    await cluster.until(`${sets}/agent`, isUp(3));
    await cluster.patch(`${sets}/agent`, 'strategic-merge-patch+json', {
      spec: { template: { spec: { containers: [{ name: 'main', image: 'agent:2' }] } } },
    });
    await cluster.until(`${sets}/agent`, (one) => one.status.observedGeneration === 2 && !one.status.updatedNumberScheduled);
    const [pod] = (await cluster.get(pods)).body.items;
    await cluster.delete(`${pods}/${pod.metadata.name}`);
    await cluster.until(`${sets}/agent`, (one) => one.status.updatedNumberScheduled === 1 && one.status.numberAvailable === 3);
  });

  test('remembers its templates as revisions, as many as it is told to; one that comes back is the newest again', async () => {
    await cluster.post(sets, set('agent:1', { revisionHistoryLimit: 2 }));
    for (const image of ['agent:2', 'agent:3', 'agent:1', 'agent:4']) {
      await cluster.until(`${sets}/agent`, isUp(3));
      await cluster.patch(`${sets}/agent`, 'strategic-merge-patch+json', {
        spec: { template: { spec: { containers: [{ name: 'main', image }] } } },
      });
    }
    await cluster.until(`${sets}/agent`, isUp(3));
    const { body } = await cluster.get('/apis/apps/v1/namespaces/default/controllerrevisions');
    const images = body.items.map((one: Json) => `${one.revision} ${one.data.spec.template.spec.containers[0].image}`);
    expect(images.sort()).toEqual(['3 agent:3', '4 agent:1', '5 agent:4']);
  });

  test('takes its pods along when it goes', async () => {
    await cluster.post(sets, set('agent:1'));
    await cluster.until(`${sets}/agent`, isUp(3));
    const [pod] = (await cluster.get(pods)).body.items;
    await cluster.delete(`${sets}/agent`);
    await cluster.until(`${pods}/${pod.metadata.name}`, (one) => one === undefined);
  });
});

test('A pod goes where its affinity and its tolerations let it, and says why it goes nowhere', async () => {
  for (const node of (await cluster.get('/api/v1/nodes')).body.items)
    await cluster.patch(`/api/v1/nodes/${node.metadata.name}`, 'merge-patch+json', {
      spec: { taints: [{ key: 'only', value: 'gpu', effect: 'NoSchedule' }] },
    });
  const containers = [{ name: 'main', image: 'web:1' }];
  await cluster.post(pods, { metadata: { name: 'kept-out' }, spec: { containers } });
  const out = await cluster.until(`${pods}/kept-out`, (one) => one?.status.conditions?.length > 0);
  expect(out.status.conditions[0].message).toMatch(/^0\/3 nodes are available: 3 node\(s\) had untolerated taint\(s\)\./);
  await cluster.post(pods, { metadata: { name: 'let-in' }, spec: { containers, tolerations: [{ key: 'only', value: 'gpu' }] } });
  await cluster.until(`${pods}/let-in`, (one) => one?.status.phase === 'Running');
});
