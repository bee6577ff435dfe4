// What must be so on every cluster: run on the embedded one with the unit tests, and on a real control plane.
import { isKonfigError, type JsonObject, type Observation, type PlannedRow, pathText, type Resource } from '@konfig/core';
import { type AnyWorld, changesText, configMap, deployment, namespace, resource, stack, until } from './world';

/** `isReal`: the cluster also decides what the embedded one does not (volumes, storage classes, addresses that are taken, rules in CEL, Jobs whose Pods are refused). */
export function describeAnyCluster(open: () => Promise<AnyWorld>, { isReal }: { readonly isReal: boolean }): void {
  let world: AnyWorld;
  beforeAll(async () => {
    world = await open();
  }, 120_000);
  afterAll(() => world?.stop(), 60_000);

  const failure = async (work: Promise<unknown>) => {
    const error: unknown = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!isKonfigError(error)) throw new Error(`no KonfigError: ${String(error)}`);
    return error.problems;
  };

  const apply = (wished: Resource, action: 'create' | 'update' | 'adopt' | 'replace', row?: PlannedRow) =>
    world.connection.apply(
      { stack, resource: wished, action, ...(row?.live ? { live: row.live } : {}), changes: row?.changes ?? [] },
      world.signal,
    );

  /** Waits until the server answers so; fails after twenty seconds. */
  const answers = async (path: string, isIt: (answer: { readonly status: number; readonly body: JsonObject }) => boolean) => {
    for (const end = performance.now() + 20_000; ; ) {
      const answer = await world.connection.client.request({ method: 'GET', path }, world.signal);
      if (isIt(answer)) return;
      if (performance.now() > end) throw new Error(`${path} answers ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
  };
  /** Waits until custom objects of the kind can be made. */
  const served = (path: string) => answers(path, ({ status }) => status === 200);

  describe('immutable fields', () => {
    const inside = (name: string) => ({ name, namespace: 'stone' });
    const claimSpec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    const workload = (kind: string, spec: JsonObject) => ({
      apiVersion: 'apps/v1',
      kind,
      metadata: inside('db'),
      spec: {
        selector: { matchLabels: { app: 'db' } },
        template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'db', image: 'db:1' }] } },
        ...spec,
      },
    });
    const set = (storage: string) =>
      workload('StatefulSet', {
        serviceName: 'db',
        volumeClaimTemplates: [
          { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } } },
        ],
      });
    const volume = (spec: JsonObject) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'stone' },
      spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/a' }, ...spec },
    });
    const service = (clusterIP: string) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: inside('web'),
      spec: { clusterIP, ports: [{ port: 80 }] },
    });
    const job = (image: string, labels: JsonObject = {}) => ({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { ...inside('seed'), labels },
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'seed', image }] } } },
    });
    const pod = (image: string, value: string) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: inside('single'),
      spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'app', image, env: [{ name: 'A', value }] }] },
    });
    const binding = (name: string) => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: inside('reads'),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [],
    });
    const storageClass = (provisioner: string) => ({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'stone' },
      provisioner,
    });
    const fixed = (kind: string, value: string) => ({
      apiVersion: 'v1',
      kind,
      metadata: inside('fixed'),
      immutable: true,
      data: { a: value },
    });

    beforeAll(() => world.create(namespace('stone')));

    type Case = [what: string, before: JsonObject, after: JsonObject, fields: readonly string[], replaceable: boolean];
    const realCases: readonly Case[] = [
      ['the source of a volume', volume({}), volume({ hostPath: { path: '/b' } }), ['spec.hostPath.path'], false],
      ['the mode of a volume', volume({}), volume({ volumeMode: 'Block' }), ['spec.volumeMode'], false],
      ['the address of a Service', service('10.96.77.1'), service('10.96.77.2'), ['spec.clusterIP'], true],
      ['the provisioner of a StorageClass', storageClass('a.example/one'), storageClass('a.example/two'), ['provisioner'], true],
    ];
    test.each<Case>([
      ...(isReal ? realCases : []),
      [
        'the access of a claim',
        { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: inside('disk'), spec: claimSpec },
        {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: inside('disk'),
          spec: { accessModes: ['ReadWriteMany'], resources: { requests: { storage: '2Gi' } } },
        },
        ['spec.accessModes'],
        false,
      ],
      ['the environment of a Pod', pod('app:1', '1'), pod('app:2', '2'), ['spec.containers[name=app].env[name=A].value'], true],
      ['the claims of a StatefulSet', set('1Gi'), set('2Gi'), ['spec.volumeClaimTemplates'], false],
      [
        'the Service of a StatefulSet',
        workload('StatefulSet', { serviceName: 'db' }),
        workload('StatefulSet', { serviceName: 'other' }),
        ['spec.serviceName'],
        true,
      ],
      [
        'the selector of a Deployment',
        workload('Deployment', {}),
        workload('Deployment', {
          selector: { matchLabels: { app: 'db', tier: 'data' } },
          template: { metadata: { labels: { app: 'db', tier: 'data' } }, spec: { containers: [{ name: 'db', image: 'db:1' }] } },
        }),
        ['spec.selector'],
        true,
      ],
      ['the template of a Job', job('seed:1'), job('seed:2'), ['spec.template.spec.containers[name=seed].image'], true],
      ['the role of a binding', binding('view'), binding('edit'), ['roleRef'], true],
      ['an immutable ConfigMap', fixed('ConfigMap', '1'), fixed('ConfigMap', '2'), ['data.a'], true],
      ['an immutable Secret', fixed('Secret', 'MQ=='), fixed('Secret', 'Mg=='), ['data.a'], true],
    ])('%s asks for a replace', async (_, before, after, fields, replaceable) => {
      const [old, next] = [resource(before), resource(after)];
      await apply(old, 'create');
      const [row] = await world.plan(next);
      expect(row).toMatchObject({ problems: [], replaceable });
      expect(row?.immutable.map(({ path }) => path)).toEqual(fields);
      await world.connection.delete({ id: old.id, type: old.type }, world.signal);
      await gone(old);
    });

    test('a Job is made anew only when its spec changes', async () => {
      await apply(resource(job('seed:1')), 'create');
      const [row] = await world.plan(resource(job('seed:1', { note: 'new' })));
      expect(row).toMatchObject({ problems: [], immutable: [] });
      expect(row && changesText(row)).toEqual(['metadata.labels.note: (none) → "new"']);
    });
  });

  const gone = async ({ id, type }: Pick<Resource, 'id' | 'type'>) => {
    for (const end = performance.now() + 20_000; (await world.connection.read(id, type, world.signal)) !== undefined; )
      if (performance.now() > end) throw new Error(`${id} does not go`);
  };

  describe('custom resources', () => {
    const watts = { type: 'integer', minimum: 1 };
    const definition = (kind: string, properties: JsonObject, version: JsonObject = {}, spec: JsonObject = {}) => {
      const plural = `${kind.toLowerCase()}s`;
      return resource({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: `${plural}.home.example` },
        spec: {
          group: 'home.example',
          scope: 'Namespaced',
          names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
          versions: [versionOf('v1', properties, version)],
          ...spec,
        },
      });
    };
    const versionOf = (name: string, properties: JsonObject, version: JsonObject = {}) => ({
      name,
      served: true,
      storage: true,
      schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', ...properties } } } },
      ...version,
    });
    const thing = (kind: string, spec: JsonObject, version = 'v1') =>
      resource({ apiVersion: `home.example/${version}`, kind, metadata: { name: 'one', namespace: 'default' }, spec });

    test('a resource whose definition comes with the plan is checked against its schema, field by field', async () => {
      const kind = definition('Stove', {
        required: ['watts', 'speed'],
        properties: {
          watts,
          speed: { type: 'string', default: 'slow' },
          color: { type: 'string', enum: ['red', 'blue'] },
          shelves: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' }, wide: { type: 'boolean' } } } },
        },
      });
      const [, good] = await world.plan(kind, thing('Stove', { watts: 5, shelves: [{ name: 'top', wide: true }] }));
      expect(good).toMatchObject({ checked: 'offline', problems: [] });
      const [, bad] = await world.plan(kind, thing('Stove', { color: 'green', shelves: [{ name: 'top', wide: 'yes' }], colour: 'red' }));
      expect(bad).toMatchObject({ checked: 'offline' });
      expect(bad?.problems.map(({ at, message }) => [at?.split(' ')[1], message])).toEqual([
        ['spec.color', 'Stove/one cannot have this spec.color: it must be one of "red", "blue".'],
        ['spec.shelves[name=top].wide', 'Stove/one cannot have this spec.shelves[name=top].wide: it must be boolean, but is string.'],
        ['spec.colour', 'Stove/one has a field spec.colour that its kind Stove does not have.'],
        ['spec.watts', 'Stove/one cannot have this spec.watts: it is required.'],
      ]);
      const [, old] = await world.plan(kind, thing('Stove', { watts: 5 }, 'v2'));
      expect(old?.problems).toMatchObject([{ code: 'KIND_UNKNOWN', hint: 'It serves v1: use one of these versions.' }]);
    });

    (isReal ? test : test.skip)('what a rule does not let change in place asks for a replace, with the words of the rule', async () => {
      const rule = { rule: 'self.watts >= oldSelf.watts', message: 'a lamp only becomes brighter' };
      const color = { type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf' }] };
      const kind = definition('Lamp', { 'x-kubernetes-validations': [rule], properties: { watts, color } });
      await world.create(kind);
      await served('/apis/home.example/v1/lamps');
      await world.create(thing('Lamp', { watts: 5, color: 'red' }));
      const [dimmer] = await world.plan(thing('Lamp', { watts: 4, color: 'red' }));
      expect(dimmer).toMatchObject({ problems: [], immutable: [{ path: 'spec.watts', message: 'a lamp only becomes brighter' }] });
      const [other] = await world.plan(thing('Lamp', { watts: 5, color: 'blue' }));
      expect(other).toMatchObject({ problems: [], immutable: [{ path: 'spec.color', message: 'failed rule: self == oldSelf' }] });
      const [both] = await world.plan(thing('Lamp', { watts: 0, color: 'blue' }));
      expect(both?.immutable).toEqual([]);
      expect(both?.problems.map(({ code }) => code)).toContain('RESOURCE_REJECTED');
    });

    test('a new version of a definition says what it takes from the objects that are there', async () => {
      const before = definition('Fan', { properties: { watts, color: { type: 'string' }, note: { type: 'string' } } });
      await world.create(before);
      await served('/apis/home.example/v1/fans');
      await world.create(thing('Fan', { watts: 500, color: 'red' }));
      const narrowed = definition('Fan', { properties: { watts: { ...watts, maximum: 100 } } });
      const [row] = await world.plan(narrowed);
      expect(row?.problems.map(({ severity, message }) => [severity, message])).toEqual([
        [
          'warning',
          'CustomResourceDefinition/fans.home.example: spec.color of version v1: goes; what objects have there is dropped when they are next written; Fan/one would be hit.',
        ],
        [
          'warning',
          'CustomResourceDefinition/fans.home.example: spec.watts of version v1: has the new limit maximum 100; Fan/one would be hit.',
        ],
      ]);
      const moved = definition('Fan', {}, {}, { versions: [versionOf('v2', {})] });
      const [renamed] = await world.plan(moved);
      expect(renamed?.problems).toMatchObject([{ code: 'RESOURCE_REJECTED', at: expect.stringMatching(/ spec\.versions\[name=v1\]$/) }]);
      const [unserved] = await world.plan(
        definition('Fan', {}, {}, { versions: [versionOf('v1', {}, { served: false, storage: false }), versionOf('v2', {})] }),
      );
      expect(unserved?.problems[0]).toMatchObject({
        severity: 'warning',
        message: expect.stringContaining('version v1 is no longer served; clients that ask for it will find nothing'),
      });
      const [wide] = await world.plan(definition('Fan', {}, {}, { scope: 'Cluster' }));
      expect(wide).toMatchObject({ replaceable: false, immutable: [{ path: 'spec.scope' }] });
    });

    test('a resource is checked by the definition that comes with the plan, not by the one that it replaces', async () => {
      const kind = (properties: JsonObject) => definition('Oven', { properties });
      await world.create(kind({ watts }));
      await served('/apis/home.example/v1/ovens');
      const rows = await world.plan(kind({ watts, color: { type: 'string' } }), thing('Oven', { color: 'red' }));
      expect(rows[1]).toMatchObject({ checked: 'offline', problems: [] });
      const [, bad] = await world.plan(kind({ watts: { type: 'string' } }), thing('Oven', { watts: 5 }));
      expect(bad?.problems.map(({ at }) => at)).toEqual(['main:Oven.home.example/default/one spec.watts']);
    });

    test('a definition that goes is not deleted unasked', async () => {
      const kind = definition('Tap', {});
      await world.create(kind);
      const rows = await world.connection.plan({ stack, wished: [], removed: [{ id: kind.id, type: kind.type }] }, world.signal);
      expect(rows).toMatchObject([{ deletable: false, replaceable: false }]);
    });

    test('a deprecated version is told once, with all that use it, and again when it is applied', async () => {
      const old = { deprecated: true, deprecationWarning: 'home.example/v1 Bulb is old, use v2' };
      await world.create(definition('Bulb', { properties: { watts } }, old));
      await served('/apis/home.example/v1/bulbs');
      const bulbs = ['a', 'b', 'c', 'd', 'e'].map((name) =>
        resource({ apiVersion: 'home.example/v1', kind: 'Bulb', metadata: { name, namespace: 'default' }, spec: { watts: 1 } }),
      );
      const rows = await world.plan(...bulbs);
      expect(rows.flatMap(({ notes }) => notes)).toEqual(['Bulb/a, Bulb/b, Bulb/c and 2 more: home.example/v1 Bulb is old, use v2']);
      const applied = [];
      for (const bulb of bulbs) applied.push(await apply(bulb, 'create'));
      expect(applied.flatMap(({ warnings }) => warnings)).toEqual(['home.example/v1 Bulb is old, use v2']);
    });
  });

  describe('what the server refuses for its fields', () => {
    const told = async (wished: Resource) =>
      (await world.plan(wished)).flatMap(({ problems }) =>
        problems.map(({ at, message, hint }) => [`${at?.split(' ')[1]}: ${message}`, hint ?? []].flat().join(' ')),
      );

    test('is told for all of them at once, with what was meant', async () => {
      const wished = deployment('default', { spec: { replica: 3, paused: 'true' }, container: { readynessProbe: {}, tty: 'no' } });
      expect((await told(wished)).sort()).toEqual([
        'spec.paused: Deployment/web: paused is "true", but must be true or false. Write it without quotes: true.',
        'spec.replica: Deployment/web: spec has no field replica. Did you mean replicas?',
        'spec.template.spec.containers[name=app].readynessProbe: Deployment/web: an entry of containers has no field readynessProbe. Did you mean readinessProbe?',
        'spec.template.spec.containers[name=app].tty: Deployment/web: tty is "no", but must be true or false.',
      ]);
    });

    test('of a custom kind too', async () => {
      const group = {
        group: 'home.example',
        scope: 'Namespaced',
        names: { kind: 'Vane', plural: 'vanes', singular: 'vane', listKind: 'VaneList' },
      };
      const schema = { type: 'object', properties: { spec: { type: 'object', properties: { blades: { type: 'integer' } } } } };
      const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }];
      const crd = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'vanes.home.example' } };
      await world.create(resource({ ...crd, spec: { ...group, versions } }));
      await served('/apis/home.example/v1/vanes');
      const vane = { apiVersion: 'home.example/v1', kind: 'Vane', metadata: { name: 'one', namespace: 'default' }, spec: { blade: 3 } };
      expect(await told(resource(vane))).toEqual([
        'spec.blade: Vane/one: blade is a field that its kind does not have. Did you mean blades?',
      ]);
    });
  });

  describe('a webhook that nobody answers', () => {
    const hook = resource({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'policy' },
      webhooks: [
        {
          name: 'deny.policy.example',
          clientConfig: { service: { namespace: 'policy', name: 'webhook', path: '/deny' } },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] }],
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'hooked' } },
          failurePolicy: 'Fail',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
        },
      ],
    });
    const maps = '/api/v1/namespaces/hooked/configmaps';

    beforeAll(async () => {
      await world.create(namespace('hooked'), configMap('here', 'hooked', { a: '1' }), hook);
      const probe = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'probe' } };
      for (const end = performance.now() + 20_000; (await world.send('POST', `${maps}?dryRun=All`, probe)).status !== 500; )
        if (performance.now() > end) throw new Error('the webhook is never asked');
    }, 30_000);
    afterAll(() => world.connection.delete({ id: hook.id, type: hook.type }, world.signal));

    test('is named in the rows of what it is about, which are compared without it; other objects go on', async () => {
      const rows = await world.plan(
        configMap('new', 'hooked', {}),
        configMap('here', 'hooked', { a: '2' }),
        configMap('free', 'default', {}),
      );
      expect(rows.map(({ checked, problems }) => [checked, problems.length])).toEqual([
        ['offline', 1],
        ['offline', 1],
        ['server', 0],
      ]);
      expect(rows[1] && changesText(rows[1])).toEqual(['data.a: "1" → "2"']);
      expect(rows[1]?.problems[0]).toMatchObject({
        severity: 'warning',
        message: expect.stringMatching(
          /^ConfigMap\/here: the cluster asks the admission webhook deny\.policy\.example of ValidatingWebhookConfiguration\/policy, which does not answer: ./,
        ),
        hint: expect.stringMatching(
          /^Bring Service policy\/webhook back, set failurePolicy: Ignore in ValidatingWebhookConfiguration\/policy, or /,
        ),
      });
    });

    test('is named by an apply that it stops', async () => {
      const [problem] = await failure(apply(configMap('new', 'hooked', {}), 'create'));
      expect(problem).toMatchObject({
        code: 'RESOURCE_REJECTED',
        message: expect.stringContaining('the admission webhook deny.policy.example'),
      });
    });
  });

  describe('a namespace on its way out', () => {
    const close = async (name: string) => {
      await world.create(namespace(name));
      const held = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'held', finalizers: ['home.example/never'] } };
      expect((await world.send('POST', `/api/v1/namespaces/${name}/configmaps`, held)).status).toBe(201);
    };
    const free = (name: string) =>
      world.send('PATCH', `/api/v1/namespaces/${name}/configmaps/held`, { metadata: { finalizers: null } }, 'application/merge-patch+json');

    test('takes nothing new, which the plan says once, and since when', async () => {
      await close('closing');
      await world.send('DELETE', '/api/v1/namespaces/closing');
      const rows = await world.plan(configMap('one', 'closing', {}), configMap('two', 'closing', {}), configMap('other', 'default', {}));
      expect(rows.map(({ problems }) => problems.length)).toEqual([1, 0, 0]);
      expect(rows[0]?.problems[0]).toMatchObject({
        code: 'RESOURCE_REJECTED',
        message: expect.stringMatching(
          /^ConfigMap\/one and ConfigMap\/two cannot be made: namespace closing is being deleted since \d{4}-/,
        ),
      });
      await free('closing');
    });

    test('refuses in the midst of an apply, with the same words', async () => {
      await close('midst');
      await world.plan(configMap('one', 'midst', {}));
      await world.send('DELETE', '/api/v1/namespaces/midst');
      const [problem] = await failure(apply(configMap('one', 'midst', {}), 'create'));
      expect(problem?.message).toMatch(/^ConfigMap\/one cannot be made: namespace midst is being deleted since \d{4}-/);
      await free('midst');
    });
  });

  describe('a delete that is held up', () => {
    const never = 'home.example/never';
    const detailsOf = ({ findings }: Observation) => findings.find(({ code }) => code === 'Terminating')?.details ?? [];
    const toldOf = async (watched: Resource, line: RegExp) =>
      detailsOf(await until(world, watched, (seen) => detailsOf(seen).some((one) => line.test(one))));
    const patch = (path: string, body: JsonObject) => world.send('PATCH', path, body, 'application/merge-patch+json');
    const remove = ({ id, type }: Resource) => world.connection.delete({ id, type }, world.signal);

    test('says whose finalizer it waits for, and takes none away', async () => {
      const wished = configMap('held', 'delays', {});
      await world.create(namespace('delays'), wished);
      const path = '/api/v1/namespaces/delays/configmaps/held';
      await patch(path, { metadata: { finalizers: [never] } });
      expect(await remove(wished)).toBe('deleting');
      const told = 'finalizer home.example/never: a controller of home.example takes it away; does it run?';
      expect(await toldOf(wished, /^finalizer/)).toEqual([told]);
      const [once] = await world.connection.observe([wished], world.signal);
      expect(once && detailsOf(once)).toEqual([told]);
      expect((await world.send('GET', path)).body.metadata).toMatchObject({ finalizers: [never] });
      await patch(path, { metadata: { finalizers: null } });
      await gone(wished);
    });

    test('of a namespace says what it still holds', async () => {
      await world.create(namespace('full'), configMap('held', 'full', {}));
      await patch('/api/v1/namespaces/full/configmaps/held', { metadata: { finalizers: [never] } });
      await remove(namespace('full'));
      await toldOf(namespace('full'), /^ConfigMap\/held has finalizer home\.example\/never: /);
      await toldOf(namespace('full'), /^Some resources are remaining: .* has 1 resource instances/);
      await patch('/api/v1/namespaces/full/configmaps/held', { metadata: { finalizers: null } });
      await gone(namespace('full'));
    });

    test('of a workload says which of its Pods have to go first', async () => {
      const wished = deployment('slow', { spec: { replicas: 1 } });
      await world.create(namespace('slow'), wished);
      await until(world, wished, ({ health }) => health === 'ready');
      const { body } = await world.send('GET', '/api/v1/namespaces/slow/pods');
      const [pod] = body.items as unknown as readonly { readonly metadata: { readonly name: string } }[];
      const path = `/api/v1/namespaces/slow/pods/${pod?.metadata.name}`;
      await patch(path, { metadata: { finalizers: [never] } });
      await remove(wished);
      const details = await toldOf(wished, /^ReplicaSet\/web-\w+ has to go first/);
      expect(details[0]).toBe('finalizer foregroundDeletion: the garbage collector takes it away when what the object owns is gone');
      await toldOf(wished, new RegExp(`^Pod/${pod?.metadata.name} has finalizer home.example/never: `));
      await patch(path, { metadata: { finalizers: null } });
      await gone(wished);
    });

    test('of a claim says which Pod uses it', async () => {
      const claim = resource({
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'disk', namespace: 'busy' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      });
      const pod = resource({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'user', namespace: 'busy' },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [{ name: 'app', image: 'app:1' }],
          volumes: [{ name: 'disk', persistentVolumeClaim: { claimName: 'disk' } }],
        },
      });
      await world.create(namespace('busy'), claim, pod);
      await until(world, pod, ({ health }) => health === 'ready');
      await remove(claim);
      expect(await toldOf(claim, /uses it/)).toEqual([
        'finalizer kubernetes.io/pvc-protection: Kubernetes takes it away when no Pod uses the claim',
        'Pod/user uses it',
      ]);
      await remove(pod);
      await gone(claim);
    });
  });

  describe('readiness', () => {
    const pods = (name: string, image = 'app:1') => ({
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'app', image }] } },
    });

    test('Pods that a quota refuses are found, whatever kind wants them', async () => {
      const quota = {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'none', namespace: 'quota' },
        spec: { hard: { pods: '0' } },
      };
      await world.create(namespace('quota'), resource(quota));
      await answers('/api/v1/namespaces/quota/resourcequotas/none', ({ body }) => JSON.stringify(body.status ?? {}).includes('used'));
      const metadata = (name: string) => ({ name, namespace: 'quota' });
      const job = { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'job', image: 'job:1' }] } } };
      const all = [
        resource({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: metadata('web'), spec: pods('web') }),
        resource({ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: metadata('db'), spec: { serviceName: 'db', ...pods('db') } }),
        resource({ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: metadata('agent'), spec: pods('agent') }),
        ...(isReal ? [resource({ apiVersion: 'batch/v1', kind: 'Job', metadata: metadata('seed'), spec: job })] : []),
      ];
      await world.create(...all);
      for (const one of all) {
        const { health, findings } = await until(world, one, (seen) => seen.findings.some(({ code }) => code === 'FailedCreate'));
        expect(health).toBe('degraded');
        expect(findings).toMatchObject([
          { code: 'FailedCreate', class: 'terminal', grace: 10, message: expect.stringContaining('exceeded quota: none') },
        ]);
      }
    });

    test('a claim that waits for its first consumer does not hold up whoever would be that', async () => {
      const claim = resource({
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'late', namespace: 'default' },
        spec: { storageClassName: 'late', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      });
      const late = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'late' }, provisioner: 'home.example/none' };
      await world.create(resource({ ...late, volumeBindingMode: 'WaitForFirstConsumer' }), claim);
      const seen = await until(world, claim, ({ health }) => health === 'ready');
      expect(seen.message).toBe('is bound when its first pod comes');
    });

    test('a StatefulSet with a partition is ready when the Pods above it are of the new revision', async () => {
      const set = (image: string) =>
        resource({
          apiVersion: 'apps/v1',
          kind: 'StatefulSet',
          metadata: { name: 'parted', namespace: 'parted' },
          spec: {
            serviceName: 'parted',
            replicas: 3,
            podManagementPolicy: 'Parallel',
            updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } },
            ...pods('parted', image),
          },
        });
      await world.create(namespace('parted'), set('app:1'));
      await until(world, set('app:1'), ({ health }) => health === 'ready');
      await world.update(set('app:2'));
      const seen = await until(world, set('app:2'), ({ generation, health }) => generation === 2 && health === 'ready');
      expect(seen.message).toBe('3 of 3 ready, 1 of the new revision (partition 2)');
    });
  });

  describe('owners', () => {
    const make = (path: string, object: JsonObject, manager = 'kubectl-client-side-apply') =>
      world.send('POST', `${path}?fieldManager=${manager}`, object);

    test('an object of somebody else shows its changes first, changes hands before its content, and is then ours', async () => {
      await world.create(namespace('hands'));
      const path = '/api/v1/namespaces/hands/configmaps';
      const metadata = {
        name: 'conf',
        labels: { 'app.kubernetes.io/managed-by': 'Helm' },
        annotations: { 'meta.helm.sh/release-name': 'web' },
      };
      await make(path, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: '1', b: '2' } }, 'helm');
      const wished = configMap('conf', 'hands', { a: '9' });
      const [row] = await world.plan(wished);
      expect(row).toMatchObject({ owner: { kind: 'helm', name: 'Helm release web' }, problems: [] });
      expect(row && changesText(row)).toEqual(['data.a: "1" → "9"']);
      // What the server refuses comes too late to keep it from being ours: only the content is as before.
      const refused = resource({ ...wished.attributes, dat: {} });
      await failure(apply(refused, 'adopt', row));
      expect((await world.send('GET', `${path}/conf`)).body).toMatchObject({
        metadata: { annotations: { 'konfig.dev/stack': stack } },
        data: { a: '1', b: '2' },
      });
      expect((await world.plan(wished))[0]?.owner).toBeUndefined();
      await world.connection.abandon({ id: wished.id, type: wished.type, stack }, world.signal);
      const again = (await world.plan(wished))[0];
      expect(again?.owner?.kind).toBe('helm');
      await apply(wished, 'adopt', again);
      expect((await world.plan(wished))[0]).toMatchObject({ changes: [], problems: [] });
      expect((await world.plan(wished))[0]?.owner).toBeUndefined();
      expect((await world.send('GET', `${path}/conf`)).body.data).toEqual({ a: '9', b: '2' });
    });

    test('what kubectl apply made loses a field that the program drops later', async () => {
      await world.create(namespace('folded'));
      const given = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'conf', namespace: 'folded' }, data: { a: '1', b: '2' } };
      const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(given) };
      await make('/api/v1/namespaces/folded/configmaps', { ...given, metadata: { ...given.metadata, annotations } });
      const both = configMap('conf', 'folded', { a: '1', b: '2' });
      const [row] = await world.plan(both);
      await apply(both, 'adopt', row);
      const one = configMap('conf', 'folded', { a: '1' });
      expect(await world.changes(one)).toEqual(['data.b: "2" → (none)']);
      await world.update(one);
      expect((await world.send('GET', '/api/v1/namespaces/folded/configmaps/conf')).body.data).toEqual({ a: '1' });
      expect(await world.changes(one)).toEqual([]);
    });

    test('what is given up can be taken by another stack, unchanged', async () => {
      const wished = configMap('conf', 'given', { a: '1' });
      await world.create(namespace('given'), wished);
      const read = async () =>
        (await world.send('GET', '/api/v1/namespaces/given/configmaps/conf')).body as { metadata: JsonObject; data: JsonObject };
      const before = await read();
      await world.connection.abandon({ id: wished.id, type: wished.type, uid: String(before.metadata.uid), stack }, world.signal);
      const after = await read();
      expect(after).toMatchObject({ data: { a: '1' }, metadata: { uid: before.metadata.uid } });
      expect(JSON.stringify(after.metadata)).not.toContain('konfig');
      const [row] = await world.connection.plan({ stack: 'other/prod', wished: [wished], removed: [] }, world.signal);
      expect(row).toMatchObject({ owner: { kind: 'nobody' }, changes: [], problems: [] });
    });

    const noted = { metadata: { labels: { app: 'web', note: 'ours' } }, spec: { containers: [{ name: 'app', image: 'shop:1' }] } };

    test('what a person changed says who, and when as far as the server knows', async () => {
      await world.create(namespace('scaled'), deployment('scaled'));
      const path = '/apis/apps/v1/namespaces/scaled/deployments/web';
      const patch = (where: string, body: JsonObject) => world.send('PATCH', where, body, 'application/merge-patch+json');
      await patch(`${path}/scale?fieldManager=kubectl`, { spec: { replicas: 3 } });
      await patch(`${path}?fieldManager=kubectl-edit`, { spec: { template: { metadata: { labels: { app: 'web', note: 'mine' } } } } });
      await patch(`${path}?fieldManager=k9s`, { spec: { minReadySeconds: 5 } });
      const [row] = await world.plan(deployment('scaled', { spec: { minReadySeconds: 0, template: noted } }));
      expect(row?.changes.map(({ path, by }) => [pathText(path), by])).toEqual([
        ['spec.minReadySeconds', { name: 'k9s', time: expect.stringMatching(/^\d{4}-.*Z$/) }],
        ['spec.replicas', expect.objectContaining({ name: 'kubectl' })],
        ['spec.template.metadata.labels.note', { name: 'kubectl-edit', time: expect.stringMatching(/^\d{4}-.*Z$/) }],
      ]);
    });
  });
}
