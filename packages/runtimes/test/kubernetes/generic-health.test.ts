// How kinds are that nobody here has heard of: by the words that controllers choose.
import { healthOf, type KubeObject, makeJudge, nothingRelated } from '../../src';

const thing = (status: unknown, more: Partial<KubeObject> = {}): KubeObject => ({
  apiVersion: 'acme.example/v1',
  kind: 'Widget',
  metadata: { name: 'w', namespace: 'shop', uid: 'w', generation: 2 },
  status,
  ...more,
});
const judged = (status: unknown, more?: Partial<KubeObject>) => healthOf(thing(status, more), nothingRelated);
const condition = (type: string, status: string, reason = '', message = '') => ({ type, status, reason, message });

test.each<[string, readonly object[], string]>([
  ['Ready', [condition('Ready', 'True')], 'ready'],
  ['Ready is False', [condition('Ready', 'False', 'Provisioning')], 'progressing'],
  ['Ready is not known', [condition('Ready', 'Unknown', 'ResourceMissing')], 'progressing'],
  ['Ready is False for an error', [condition('Ready', 'False', 'InvalidConfiguration')], 'degraded'],
  ['Ready is False, and the message tells of an error', [condition('Ready', 'False', '', 'could not find secret db')], 'degraded'],
  ['Ready, but not in step with the outside', [condition('Ready', 'True'), condition('Synced', 'False', 'ReconcileError')], 'degraded'],
  ['stalled', [condition('Ready', 'Unknown'), condition('Stalled', 'True', 'RetriesExceeded')], 'degraded'],
  ['a condition that names what is wrong', [condition('ConfigInvalid', 'True')], 'degraded'],
  ['a condition that names what is not wrong', [condition('Ready', 'True'), condition('Degraded', 'False', 'AsExpected')], 'ready'],
  ['no warnings', [condition('NoWarnings', 'True'), condition('Ready', 'True')], 'ready'],
  ['a warning is advice', [condition('Warning', 'True', 'Deprecated'), condition('Ready', 'True')], 'ready'],
  ['at work, while it serves', [condition('Ready', 'True'), condition('Updating', 'True')], 'progressing'],
  ['was at work', [condition('Available', 'True'), condition('Progressing', 'True', 'NewReplicaSetAvailable')], 'ready'],
  ['gave up', [condition('Available', 'True'), condition('Progressing', 'False', 'ProgressDeadlineExceeded')], 'degraded'],
  ['paused', [condition('Ready', 'True'), condition('Paused', 'True', 'ByUser')], 'suspended'],
  [
    'one of several parts, where nothing sums them up',
    [condition('AllNodesReady', 'False'), condition('DiskReady', 'True')],
    'progressing',
  ],
  ['what it does, while it serves', [condition('Ready', 'True'), condition('Replicating', 'True')], 'ready'],
  ['what could be done, while it serves', [condition('Ready', 'True'), condition('UpgradeAvailable', 'True')], 'ready'],
  ['what went wrong once, while it serves', [condition('Ready', 'True'), condition('LastBackupFailed', 'True')], 'ready'],
  ['what went wrong, while it serves', [condition('Ready', 'True'), condition('FetchFailed', 'True')], 'degraded'],
  ['what it does, where nothing sums up', [condition('Replicating', 'True'), condition('CopyReady', 'False')], 'progressing'],
  [
    'it may be scaled',
    [condition('AbleToScale', 'True'), condition('ScalingActive', 'True'), condition('ScalingLimited', 'True')],
    'ready',
  ],
  ['degraded by being deployed', [condition('Available', 'False'), condition('Degraded', 'True', 'DeploymentInProgress')], 'progressing'],
  ['it has begun and ended', [condition('Done', 'True'), condition('Started', 'False')], 'ready'],
  ['nothing is True, under a name of its own', [condition('InSync', 'False', 'x')], 'progressing'],
  ['nothing is True, and that is good', [condition('Upgrading', 'False'), condition('Error', 'False')], 'ready'],
  ['a part that is switched off', [condition('DiskReady', 'True'), condition('AutoRedeployReady', 'False', 'Stopped')], 'ready'],
  ['a part that nobody asks for', [condition('DiskReady', 'True'), condition('CacheReady', 'False', 'NotConfigured')], 'ready'],
  ['Ready is False, as nothing is configured', [condition('Ready', 'False', 'NotConfigured')], 'progressing'],
  ['what it may do', [condition('Available', 'True'), condition('Upgradeable', 'False', 'IncompatibleOperators')], 'ready'],
  ['its turn has not come', [condition('Ready', 'False', 'Pending', 'no room: insufficient quota, cannot place it')], 'progressing'],
  ['a grave one', [{ ...condition('Ready', 'False', 'Reconciling'), severity: 'Error' }], 'degraded'],
  ['a part, where Ready sums up', [condition('Ready', 'True'), condition('CanaryReady', 'False', 'NotUsed')], 'ready'],
  ['no conditions yet', [], 'progressing'],
])('by its conditions: %s', (_, conditions, health) => {
  expect(judged({ conditions }).health).toBe(health);
});

test('a condition about an older generation does not count as well, and an error about the newest one counts at once', () => {
  expect(judged({ conditions: [{ ...condition('Ready', 'True'), observedGeneration: 1 }] }).health).toBe('progressing');
  expect(judged({ observedGeneration: 1, conditions: [condition('Ready', 'True')] }).health).toBe('progressing');
  const failed = { ...condition('Ready', 'False', 'BuildFailed'), observedGeneration: 2 };
  expect(judged({ observedGeneration: -1, conditions: [failed] })).toMatchObject({
    health: 'degraded',
    message: 'Ready is False (BuildFailed)',
  });
});

test.each<[object, string]>([
  [{ phase: 'Running' }, 'ready'],
  [{ phase: 'Creating' }, 'progressing'],
  [{ state: 'IN_PROGRESS' }, 'progressing'],
  [{ health: 'red' }, 'degraded'],
  [{ clusterState: 'UpdateFailed' }, 'degraded'],
  [{ compliant: 'NonCompliant' }, 'degraded'],
  [{ applicationState: { state: 'FAILED' } }, 'degraded'],
  [{ phase: 'Ready', errorMessage: 'quota exceeded' }, 'degraded'],
  [{ error: { message: 'no such disk' } }, 'degraded'],
  [{ state: 'paused' }, 'suspended'],
  [{ state: 'New' }, 'progressing'],
  [{ state: 'Disabled' }, 'suspended'],
  [{ state: 'ROLLBACK_COMPLETE' }, 'degraded'],
  [{ state: 'TimedOut' }, 'degraded'],
  [{ state: 'Replicating' }, 'ready'],
  [{ result: 'Invalid' }, 'degraded'],
  [{ ready: 'False' }, 'progressing'],
  [{ ready: '1/3' }, 'progressing'],
  [{ scale: { statusReplicas: '3/3' } }, 'ready'],
  [{ ready: 1, desired: 3 }, 'progressing'],
  [{ readyMembers: 1, members: 3 }, 'progressing'],
  [{ provisioned: false }, 'progressing'],
  [{ applied: false, message: 'while creating database "x": permission denied' }, 'degraded'],
  [{ status: 'workflowTerminated' }, 'degraded'],
  [{ errors: ['no such disk'] }, 'degraded'],
  [{ error: 'None' }, 'ready'],
  [{ state: 'Ready', previousState: 'Failed', desiredState: 'Stopped' }, 'ready'],
  [{ statuses: { here: { state: 'Accepted' }, there: { state: 'Rejected' } } }, 'degraded'],
  [
    {
      members: [
        { name: 'a', state: 'Ready' },
        { name: 'b', state: 'Joining' },
      ],
      history: [{ state: 'Failed' }],
    },
    'progressing',
  ],
  [{ phase: 'Ready', members: [{ name: 'a', state: 'Failed' }] }, 'ready'],
  [{ lastOperation: { type: 'Reconcile', state: 'Processing' } }, 'progressing'],
  [{ ready: false }, 'progressing'],
  [{ readyToUse: false }, 'progressing'],
  [{ valid: false }, 'degraded'],
  [{ replicas: 3, readyReplicas: 2 }, 'progressing'],
  [{ address: '10.0.0.1' }, 'ready'],
  [{ ancestors: [] }, 'progressing'],
  [{ state: '' }, 'progressing'],
  [{ state: '', ready: true, conditions: [condition('Ready', 'True')] }, 'ready'],
  [{ conditionedStatus: { conditions: [condition('Ready', 'False', 'Creating')] } }, 'progressing'],
])('by its status %j: %s', (status, health) => {
  expect(judged(status).health).toBe(health);
});

describe('an object without a status', () => {
  const crd = (version: object) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.acme.example' },
    spec: {
      group: 'acme.example',
      scope: 'Namespaced',
      names: { kind: 'Widget', plural: 'widgets' },
      versions: [{ name: 'v1', served: true, storage: true, ...version }],
    },
  });
  const schema = (status: object) => ({
    schema: { openAPIV3Schema: { type: 'object', properties: { status: { type: 'object', ...status } } } },
  });
  const conditions = { properties: { conditions: { type: 'array' } } };

  test.each<[string, object, string]>([
    ['is waited for, where its definition has conditions', { subresources: { status: {} }, ...schema(conditions) }, 'progressing'],
    ['is there, where its definition has no status', {}, 'ready'],
    ['is there, where its definition has a status that tells nothing', { subresources: { status: {} }, ...schema({}) }, 'ready'],
    [
      'is waited for, where its definition names conditions and leaves open what else there is',
      { subresources: { status: {} }, ...schema({ ...conditions, 'x-kubernetes-preserve-unknown-fields': true }) },
      'progressing',
    ],
  ])('%s', (_, version, health) => {
    const judge = makeJudge();
    judge.put(thing(undefined, { spec: {} }));
    judge.put(crd(version));
    expect(judge.all().find(({ id }) => id === 'Widget.acme.example/shop/w')?.health).toBe(health);
  });

  test('is waited for in a file without its definition, unless it has data of its own instead of a spec', () => {
    expect(makeJudge().put(thing(undefined, { spec: {} }))[0]).toMatchObject({ health: 'progressing', message: 'has no status yet' });
    expect(makeJudge().put(thing(undefined))[0]?.health).toBe('progressing');
    expect(makeJudge().put(thing(undefined, { data: { a: 'b' } } as Partial<KubeObject>))[0]?.health).toBe('ready');
    expect(makeJudge().put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } })[0]?.health).toBe('ready');
  });

  test('is there, where nobody can say more', () => {
    expect(judged(undefined, { spec: {} }).health).toBe('ready');
  });
});

test('what ends is not ready while it runs', () => {
  expect(judged({ phase: 'Running' }, { kind: 'BackupJob' }).health).toBe('progressing');
  expect(judged({ phase: 'Succeeded' }, { kind: 'BackupJob' }).health).toBe('ready');
});

test('what its spec holds back is suspended', () => {
  expect(judged({ conditions: [condition('Ready', 'True')] }, { spec: { suspend: true } }).health).toBe('suspended');
});

test('a finding says the reason, and has a minute of grace', () => {
  const { findings } = judged({ conditions: [condition('Ready', 'False', 'AccessDenied', 'no \u001b[31mkey')] });
  expect(findings).toEqual([
    { code: 'AccessDenied', class: 'likely', message: 'Ready is False (AccessDenied: no key)', on: 'Widget/w', grace: 60 },
  ]);
});

describe('objects from anywhere', () => {
  const pod = (phase: string, ready: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'web-1',
      namespace: 'shop',
      uid: 'p',
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'r', controller: true }],
    },
    status: { phase, conditions: [{ type: 'Ready', status: ready }] },
  });

  test('are not waited for because of conditions of which none can be read, nor of an empty list, where a phase says how they are', () => {
    const unread = [{ type: 'Progressing', phase: 'False', reason: 'Completed' }];
    expect(makeJudge().put(thing({ phase: 'Successful', conditions: unread }))[0]?.health).toBe('ready');
    expect(makeJudge().put(thing({ phase: 'Running', conditions: [] }))[0]?.health).toBe('ready');
    for (const conditions of [unread, 'Ready', ['Ready'], { Ready: 'True' }, [null, 3]]) {
      expect(makeJudge().put(thing({ observedGeneration: 2, conditions }))[0]).toMatchObject({
        health: 'progressing',
        message: 'says nothing of itself yet',
      });
    }
  });

  test('are judged again when something changes that hangs from them, and told when that made a difference', () => {
    const judge = makeJudge();
    const set = {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'web', namespace: 'shop', uid: 'r' },
      spec: { replicas: 1 },
      status: { replicas: 1 },
    };
    expect(judge.put(set).map(({ id, health }) => [id, health])).toEqual([['ReplicaSet.apps/shop/web', 'progressing']]);
    expect(judge.put(pod('Pending', 'False')).map(({ id, health }) => [id, health])).toEqual([['Pod/shop/web-1', 'progressing']]);
    expect(judge.put(pod('Pending', 'False'))).toEqual([]);
    const done = { ...set, status: { replicas: 1, readyReplicas: 1, availableReplicas: 1, fullyLabeledReplicas: 1 } };
    expect(judge.put(done).map(({ id, health }) => [id, health])).toEqual([['ReplicaSet.apps/shop/web', 'ready']]);
    judge.gone(pod('Running', 'True'));
    expect(judge.all().map(({ id }) => id)).toEqual(['ReplicaSet.apps/shop/web']);
  });

  test('are told as such where they have not the shape of their kind, and the others are judged', () => {
    const judge = makeJudge();
    const halves = [
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: null },
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'b' }, spec: { containers: 'x' } },
      { apiVersion: 'acme.example/v1', kind: 'Widget', metadata: { name: 'c', ownerReferences: 'x' }, status: { phase: 'Ready' } },
    ];
    for (const half of halves) judge.put(half as unknown as KubeObject);
    expect(judge.all().map(({ id, health }) => [id, health])).toEqual([
      ['Pod/a', 'unknown'],
      ['Pod/b', 'unknown'],
      ['Widget.acme.example/c', 'ready'],
    ]);
    expect(judge.all()[0]?.message).toMatch(/^cannot be judged, as it has not the shape of its kind: /);
  });

  test.each<[string, unknown]>([
    ['no status', undefined],
    ['a status that is a text', 'fine'],
    ['conditions that are none', { conditions: { Ready: true } }],
    ['conditions with holes', { conditions: [null, 5, { type: 7 }, { type: 'Ready', status: 1 }] }],
    ['a status from the future', { observedGeneration: 99, conditions: [{ type: 'Ready', status: 'True', observedGeneration: 99 }] }],
    ['a message of a megabyte', { conditions: [{ type: 'Ready', status: 'False', message: 'x'.repeat(2 ** 20) }] }],
  ])('may have %s, of whatever kind', (_, status) => {
    for (const [apiVersion, kind] of [
      ['acme.example/v1', 'Widget'],
      ['apps/v1', 'Deployment'],
      ['v1', 'Pod'],
      ['batch/v1', 'Job'],
    ] as const) {
      const [found] = makeJudge().put(thing(status, { apiVersion, kind }));
      expect(found?.health).not.toBe('unknown');
      expect(found?.message.length).toBeLessThan(1000);
    }
  });
});
