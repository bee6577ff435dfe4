// What people read of a Deployment that does not come up: short, and the same while nothing changes.
import { healthOf, nothingRelated } from '../../src';

const image = 'registry.example/shop:1.4.x';
const pod = (reason: string, message: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-1', namespace: 'shop', uid: 'p' },
  spec: { containers: [{ name: 'app', image }] },
  status: {
    phase: 'Pending',
    containerStatuses: [{ name: 'app', image, ready: false, restartCount: 0, state: { waiting: { reason, message } } }],
  },
});
const rpc = `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;

test.each([
  ['ErrImagePull', rpc, 'app: cannot pull image "registry.example/shop:1.4.x": not found'],
  [
    'ImagePullBackOff',
    `Back-off pulling image "${image}": ErrImagePull: ${rpc}`,
    'app: cannot pull image "registry.example/shop:1.4.x": not found',
  ],
  ['ImagePullBackOff', `Back-off pulling image "${image}"`, 'app: cannot pull image "registry.example/shop:1.4.x"'],
  [
    'ErrImagePull',
    `failed to pull image "${image}": failed to do request: Head "https://registry.example/v2/": dial tcp: lookup registry.example: no such host`,
    'app: cannot pull image "registry.example/shop:1.4.x": failed to do request: Head "https://registry.example/v2/": dial tcp: lookup registry.example: no such host',
  ],
])('%s says why once: %s', (reason, message, told) => {
  expect(healthOf(pod(reason, message), nothingRelated).findings).toMatchObject([{ code: 'ImagePullBackOff', message: told }]);
});

test('a rolling update counts the new pods, not the old ones that still serve', () => {
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', uid: 'd', generation: 2 },
    spec: { replicas: 2 },
    status: { observedGeneration: 2, replicas: 4, updatedReplicas: 2, readyReplicas: 3, availableReplicas: 3 },
  };
  expect(healthOf(deployment, nothingRelated).message).toBe('1 of 2 new ready, 2 old pods left');
});

test('a pod that fits nowhere is no trouble yet while an autoscaler makes room', () => {
  const pending = {
    ...pod('', ''),
    status: {
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/4 nodes are available' }],
    },
  };
  const event = (reason: string) => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: reason },
    type: 'Normal',
    reason,
    message: 'pod triggered scale-up: 4→5',
  });
  const findings = (events: readonly string[]) => healthOf(pending, { ...nothingRelated, eventsOf: () => events.map(event) }).findings;
  expect(findings([])).toMatchObject([{ code: 'Unschedulable', class: 'likely' }]);
  expect(findings(['TriggeredScaleUp'])).toMatchObject([{ code: 'Unschedulable', class: 'transient' }]);
  expect(findings(['TriggeredScaleUp', 'FailedScheduling'])).toMatchObject([{ code: 'Unschedulable', class: 'transient' }]);
  // It has tried, and the group could not grow.
  expect(findings(['TriggeredScaleUp', 'NotTriggerScaleUp'])).toMatchObject([{ code: 'Unschedulable', class: 'likely' }]);
  expect(findings(['NotTriggerScaleUp', 'TriggeredScaleUp'])).toMatchObject([{ code: 'Unschedulable', class: 'transient' }]);
});

test('a Service that selects no Pod is not waited for, but told, unless something of the stack runs its Pods', () => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { selector: { app: 'web', tier: 'front' } } };
  const slices = [{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: 'web-1' }, endpoints: [] }];
  const alone = { ...nothingRelated, slicesOf: () => slices };
  const message = 'nobody answers at it: no Pod that is ready has the labels app=web, tier=front';
  const told = { code: 'NoEndpoints', class: 'transient', message, on: 'Service/web', field: 'spec.selector' };
  expect(healthOf(service, alone)).toMatchObject({ health: 'ready', message: '0 ready endpoints', findings: [told] });
  expect(healthOf({ ...service, spec: {} }, alone)).toMatchObject({ health: 'ready', findings: [] });
  expect(healthOf(service, nothingRelated)).toMatchObject({ health: 'ready', findings: [] });
  expect(healthOf(service, { ...alone, runnersOf: () => ['main:Deployment.apps/web'] })).toMatchObject({
    health: 'progressing',
    findings: [],
  });
});
