import { healthOf } from '../../src/kubernetes/health';
import type { KubeObject } from '../../src/kubernetes/objects';
import { nothingRelated, type Related } from '../../src/kubernetes/related';
import { servingOf } from '../../src/kubernetes/serving';

const owning = (...children: readonly KubeObject[]): Related => ({
  ...nothingRelated,
  childrenOf: (_, kind) => children.filter((child) => child.kind === kind),
});

const meta = (name: string, more: object = {}) => ({ name, namespace: 'shop', uid: name, ...more });

function deployment(replicas?: number): KubeObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: meta('web'), spec: { replicas } } as KubeObject;
}

function replicaSet(revision: number, readyReplicas?: number): KubeObject {
  const annotations = { 'deployment.kubernetes.io/revision': String(revision) };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: meta(`web-${revision}`, { annotations }),
    status: { readyReplicas },
  } as KubeObject;
}

function pod(
  name: string,
  { labels = {}, isReady = true, more = {} }: { labels?: object; isReady?: boolean; more?: object } = {},
): KubeObject {
  const conditions = [{ type: 'Ready', status: isReady ? 'True' : 'False' }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: meta(name, { labels, ...more }),
    status: { phase: 'Running', conditions },
  } as KubeObject;
}

test.each<readonly [string, readonly KubeObject[]]>([
  ['no Pod serves', []],
  ['no Pod serves', [replicaSet(1)]],
  ['2 of 3 Pods serve', [replicaSet(1, 2)]],
  ['old Pods serve on: 3 of 3 of revision 4', [replicaSet(5, 0), replicaSet(4, 3)]],
  ['1 new and 3 old Pods of revision 4 serve, of 3 that are wished', [replicaSet(4, 3), replicaSet(5, 1), replicaSet(2, 0)]],
])('a Deployment: %s', (text, sets) => {
  expect(servingOf(deployment(3), owning(...sets))).toBe(text);
});

test('a StatefulSet: Pods of another revision than the one it updates to are old, those that go serve no more', () => {
  const set = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: meta('db'),
    spec: { replicas: 3 },
    status: { updateRevision: 'db-2' },
  } as KubeObject;
  const of = (revision: string) => ({ labels: { 'controller-revision-hash': revision } });
  const pods = [
    pod('db-0', of('db-1')),
    pod('db-1', { ...of('db-1'), more: { deletionTimestamp: '2026-11-22T06:00:00Z' } }),
    pod('db-2', { ...of('db-2'), isReady: false }),
  ];
  expect(servingOf(set, owning(...pods))).toBe('old Pods serve on: 1 of 3');
});

test('a DaemonSet: by the generation of its template', () => {
  const annotations = { 'deprecated.daemonset.template.generation': '2' };
  const set = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: meta('agent', { annotations }),
    status: { desiredNumberScheduled: 2 },
  } as KubeObject;
  const of = (generation: string) => ({ labels: { 'pod-template-generation': generation } });
  expect(servingOf(set, owning(pod('a', of('1')), pod('b', of('2'))))).toBe('1 new and 1 old Pods serve, of 2 that are wished');
});

test('what has no Pods of its own that serve says nothing of it', () => {
  expect(servingOf({ apiVersion: 'v1', kind: 'ConfigMap', metadata: meta('settings') } as KubeObject, nothingRelated)).toBeUndefined();
});

describe('a container that is backing off says when it is tried again', () => {
  const crashed = (message: string, finishedAt: unknown = '2026-11-22T06:00:00Z'): KubeObject =>
    ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: meta('web-1'),
      status: {
        phase: 'Running',
        containerStatuses: [
          {
            name: 'app',
            restartCount: 3,
            state: { waiting: { reason: 'CrashLoopBackOff', message } },
            lastState: { terminated: { exitCode: 1, finishedAt } },
          },
        ],
      },
    }) as KubeObject;
  const ended = Date.parse('2026-11-22T06:00:00Z');
  const retriesAt = (object: KubeObject) => healthOf(object, nothingRelated).findings[0]?.retriesAt;

  test.each([
    ['back-off 40s restarting failed container=app pod=web-1', ended + 40_000],
    ['back-off 2m40s restarting failed container=app pod=web-1', ended + 160_000],
    ['back-off 5m0s restarting failed container=app pod=web-1', ended + 300_000],
    ['back-off restarting failed container=app', undefined],
    ['', undefined],
  ])('by «%s»', (message, at) => {
    expect(retriesAt(crashed(message))).toBe(at);
  });

  test('not where nobody knows when it ended', () => {
    expect(retriesAt(crashed('back-off 40s restarting failed container=app', 'soon'))).toBeUndefined();
  });
});
