import { type Json, pathText, type Resource } from '@konfig/core';
import { changesText, configMap, deployment, namespace, resource, startWorld, type TestWorld } from './world';

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const problems = async (...wished: readonly Resource[]) => (await world.plan(...wished)).flatMap((row) => row.problems);

test('a preview right after an apply is empty', async () => {
  const all = [
    namespace('quiet'),
    configMap('conf', 'quiet', { a: 'b' }),
    deployment('quiet', {
      container: { resources: { limits: { cpu: '1000m' } }, ports: [{ containerPort: 80 }], env: [{ name: 'A', value: '1' }] },
    }),
    resource({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'quiet' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    }),
    resource({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'quiet' }, stringData: { password: 'hunter22' } }),
  ];
  await world.create(...all);
  const rows = await world.plan(...all);
  expect(
    rows.map(({ live, changes, problems, notes, checked }) => ({ there: live !== undefined, changes, problems, notes, checked })),
  ).toEqual(all.map(() => ({ there: true, changes: [], problems: [], notes: [], checked: 'server' })));
});

test('a change of the program is a change of the plan, by the names of list items', async () => {
  await world.create(namespace('change'), deployment('change'));
  expect(await world.changes(deployment('change', { container: { image: 'shop:2' }, spec: { replicas: 5 } }))).toEqual([
    'spec.replicas: 2 → 5',
    'spec.template.spec.containers[name=app].image: "shop:1" → "shop:2"',
  ]);
});

test('a field that goes from the program goes from the cluster', async () => {
  await world.create(namespace('gone'), configMap('conf', 'gone', { a: '1', b: '2' }));
  const wished = configMap('conf', 'gone', { a: '1' });
  expect(await world.changes(wished)).toEqual(['data.b: "2" → (none)']);
  await world.update(wished);
  expect(await world.changes(wished)).toEqual([]);
  expect((await world.connection.read(wished.id, wished.type, world.signal))?.data).toEqual({ a: '1' });
});

test('the values of a Secret never leave the runtime', async () => {
  const secret = (password: string) =>
    resource({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'hush' }, stringData: { password } });
  await world.create(namespace('hush'), secret('hunter22'));
  const rows = await world.plan(secret('hunter33'));
  expect(rows.flatMap(changesText)).toEqual(['data.password: secret']);
  expect(JSON.stringify(rows)).not.toMatch(/hunter|aHVudGVy/);
});

test('what is no text in the stringData of a Secret is refused by its name, and nothing of it printed', async () => {
  const secret = (stringData: Json) =>
    resource({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'odd' }, stringData });
  const refused = async (stringData: Json) => (await problems(namespace('odd'), secret(stringData))).map(({ code, at }) => `${code} ${at}`);
  expect(await refused({ a: 'fine', b: 8354, c: { d: 'hunter22' } })).toEqual([
    'RESOURCE_REJECTED main:Secret/odd/s stringData.b',
    'RESOURCE_REJECTED main:Secret/odd/s stringData.c',
  ]);
  expect(await refused('hunter22')).toEqual(['RESOURCE_REJECTED main:Secret/odd/s stringData']);
  expect(JSON.stringify(await problems(namespace('odd'), secret({ b: 8354, c: { d: 'hunter22' } })))).not.toMatch(/hunter22|8354/);
});

test('a field that its kind does not have is an error that names it', async () => {
  const [problem, ...others] = await problems(namespace('typo'), deployment('typo', { spec: { replica: 3 } }));
  expect(problem).toMatchObject({ code: 'RESOURCE_REJECTED', at: 'main:Deployment.apps/typo/web spec.replica' });
  expect(others).toEqual([]);
});

test('all that the server has against a resource is said at once', async () => {
  const wished = deployment('typo', { container: { image: '', ports: [{ containerPort: 99999 }] } });
  expect((await problems(namespace('typo'), wished)).map(({ code, at }) => `${code} ${at}`)).toEqual([
    'RESOURCE_REJECTED main:Deployment.apps/typo/web spec.template.spec.containers[name=app].image',
    'RESOURCE_REJECTED main:Deployment.apps/typo/web spec.template.spec.containers[name=app].ports[0].containerPort',
  ]);
});

test('a create is checked by the server even while its namespace is only planned', async () => {
  const rows = await world.plan(
    namespace('planned'),
    configMap('conf', 'planned', { a: 'b' }),
    deployment('planned', { spec: { replica: 3 } }),
  );
  expect(rows.map(({ checked, problems }) => [checked, problems.length])).toEqual([
    ['server', 0],
    ['server', 0],
    ['server', 1],
  ]);
});

test('a namespace that nobody makes is an error', async () => {
  expect(await problems(configMap('conf', 'nowhere', {}))).toMatchObject([
    { code: 'RESOURCE_REJECTED', message: 'ConfigMap/conf is for namespace nowhere, which is not there.' },
  ]);
});

test('an immutable field asks for a replace, with the changes that a replace would bring', async () => {
  await world.create(namespace('stone'), deployment('stone'));
  const labels = { app: 'web', tier: 'front' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'shop:1' }] } };
  const [row] = await world.plan(deployment('stone', { spec: { selector: { matchLabels: labels }, template } }));
  expect(row).toMatchObject({
    immutable: [{ path: 'spec.selector', message: 'field is immutable' }],
    replaceable: true,
    problems: [],
    checked: 'server',
  });
  expect(row && changesText(row)).toEqual([
    'spec.selector: {"matchLabels":{"app":"web"}} → {"matchLabels":{"app":"web","tier":"front"}}',
    'spec.template.metadata.labels.tier: (none) → "front"',
  ]);
});

test('a claim is not replaced without being told so', async () => {
  const claim = (mode: string) =>
    resource({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: 'disk' },
      spec: { accessModes: [mode], resources: { requests: { storage: '1Gi' } } },
    });
  await world.create(namespace('disk'), claim('ReadWriteOnce'));
  const [row] = await world.plan(claim('ReadWriteMany'));
  expect(row).toMatchObject({ replaceable: false, immutable: [{ path: 'spec.accessModes' }] });
});

test('replicas that an autoscaler set are left to it, and said', async () => {
  await world.create(namespace('scaled'), deployment('scaled'));
  const path = '/apis/apps/v1/namespaces/scaled/deployments/web/scale?fieldManager=kube-controller-manager';
  expect((await world.send('PATCH', path, { spec: { replicas: 7 } }, 'application/merge-patch+json')).status).toBe(200);
  const [row] = await world.plan(deployment('scaled'));
  expect(row).toMatchObject({
    changes: [],
    problems: [],
    notes: ['Deployment/web: spec.replicas is left to kube-controller-manager, which scales it'],
  });
});

test('what a person changed by hand is drift, and is taken back', async () => {
  await world.create(namespace('hand'), deployment('hand'));
  const path = '/apis/apps/v1/namespaces/hand/deployments/web?fieldManager=kubectl-edit';
  await world.send('PATCH', path, { spec: { replicas: 7 } }, 'application/merge-patch+json');
  const [row] = await world.plan(deployment('hand'));
  expect(row && changesText(row)).toEqual(['spec.replicas: 7 → 2']);
  expect(row?.changes[0]?.by).toEqual({ name: 'kubectl-edit', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+Z$/) });
  expect(row?.notes).toEqual(['Deployment/web: spec.replicas was changed by hand (kubectl-edit) and is taken back']);
  await world.update(deployment('hand'));
  expect(await world.changes(deployment('hand'))).toEqual([]);
});

test('a change of the program has no author but the program, also beside one by hand', async () => {
  await world.create(namespace('author'), deployment('author'));
  const path = '/apis/apps/v1/namespaces/author/deployments/web/scale?fieldManager=kubectl';
  await world.send('PATCH', path, { spec: { replicas: 7 } }, 'application/merge-patch+json');
  const [row] = await world.plan(deployment('author', { container: { image: 'shop:2' } }));
  expect(row?.changes.map((change) => [pathText(change.path), change.by?.name])).toEqual([
    ['spec.replicas', 'kubectl'],
    ['spec.template.spec.containers[name=app].image', undefined],
  ]);
});

test('an object whose webhook knows no dry run is checked without the server, alone and with a note', async () => {
  await world.create(namespace('hook'), configMap('asked', 'hook', { a: '1' }), configMap('other', 'hook', { a: '1' }));
  // No server since 1.22 takes such a webhook, but those that were there before still answer so.
  const message = 'admission webhook "old.example" does not support dry run';
  const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'BadRequest', code: 400, message };
  world.cluster.inject([{ fault: 'request', method: 'PATCH', path: '/api/v1/namespaces/hook/configmaps/asked', status: 400, body }]);
  const rows = await world.plan(configMap('asked', 'hook', { a: '2' }), configMap('other', 'hook', { a: '2' }));
  world.cluster.inject([]);
  expect(rows.map((row) => ({ checked: row.checked, changes: changesText(row), notes: row.notes, problems: row.problems }))).toEqual([
    {
      checked: 'offline',
      changes: ['data.a: "1" → "2"'],
      notes: ['ConfigMap/asked: checked without the server, since admission webhook "old.example" does not support dry run'],
      problems: [],
    },
    { checked: 'server', changes: ['data.a: "1" → "2"'], notes: [], problems: [] },
  ]);
});

test('a field of another tool is an error that names the tool', async () => {
  await world.create(namespace('tool'), deployment('tool'));
  const path = '/apis/apps/v1/namespaces/tool/deployments/web?fieldManager=rollout-operator';
  await world.send('PATCH', path, { spec: { replicas: 7 } }, 'application/merge-patch+json');
  expect(await problems(deployment('tool'))).toMatchObject([
    { code: 'RESOURCE_CONFLICT', message: 'Deployment/web: spec.replicas is set by rollout-operator, which wants another value.' },
  ]);
});

test('an object of somebody else says whose it is', async () => {
  await world.create(namespace('owned'));
  const make = (name: string, metadata: object) =>
    world.send('POST', '/api/v1/namespaces/owned/configmaps?fieldManager=x', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, ...metadata },
    });
  await make('konfig', { annotations: { 'konfig.dev/stack': 'other/prod' } });
  await make('helm', { labels: { 'app.kubernetes.io/managed-by': 'Helm' }, annotations: { 'meta.helm.sh/release-name': 'web' } });
  await make('argo', { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:/ConfigMap:owned/argo' } });
  await make('flux', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } });
  await make('nobody', {});
  const rows = await world.plan(...['konfig', 'helm', 'argo', 'flux', 'nobody'].map((name) => configMap(name, 'owned', { a: 'b' })));
  expect(rows.map((row) => row.owner?.name)).toEqual([
    'Konfig stack other/prod',
    'Helm release web',
    'Argo CD application shop',
    'Flux kustomization apps',
    'nobody',
  ]);
});

test('a value that is not known yet is shown as such', async () => {
  const unknown = { $unknown: { resource: 'main:Service/shop/web', path: ['spec', 'clusterIP'] } };
  await world.create(namespace('later'), configMap('conf', 'later', { address: '10.0.0.1', a: 'b' }));
  const [row] = await world.plan(configMap('conf', 'later', { address: unknown, a: 'b' }));
  expect(row).toMatchObject({
    problems: [],
    checked: 'server',
    changes: [{ path: ['data', 'address'], before: '10.0.0.1', after: unknown }],
  });
});

test('where nothing else of a map is known, it is not shown as going', async () => {
  const unknown = { $unknown: { resource: 'main:Service/shop/web', path: ['spec', 'clusterIP'] } };
  await world.create(namespace('all-later'), configMap('conf', 'all-later', { address: '10.0.0.1', old: 'x' }));
  const [row] = await world.plan(configMap('conf', 'all-later', { address: unknown }));
  expect(row?.changes).toEqual([
    { path: ['data'], before: { old: 'x' } },
    { path: ['data', 'address'], before: '10.0.0.1', after: unknown },
  ]);
  const [only] = await world.plan(configMap('conf', 'all-later', { address: unknown, old: unknown }));
  expect(only?.changes.map(({ path }) => path)).toEqual([
    ['data', 'address'],
    ['data', 'old'],
  ]);
});

test('what is planned once more for a namespace that this plan makes is no error', async () => {
  const again = { stack: 'shop/dev', wished: [configMap('conf', 'not-yet', { a: 'b' })], beside: [namespace('not-yet')], removed: [] };
  const [row] = await world.connection.plan(again, world.signal);
  expect(row).toMatchObject({ id: 'main:ConfigMap/not-yet/conf', problems: [] });
  const [alone] = await world.connection.plan({ ...again, beside: [] }, world.signal);
  expect(alone?.problems[0]?.message).toContain('is for namespace not-yet, which is not there');
});

test('what is no longer wished is looked at, and what is gone is not there', async () => {
  await world.create(namespace('removed'), configMap('here', 'removed', {}));
  const owned = (name: string) => ({ id: `main:ConfigMap/removed/${name}`, type: 'v1/ConfigMap' });
  const rows = await world.connection.plan({ stack: 'shop/dev', wished: [], removed: [owned('here'), owned('gone')] }, world.signal);
  expect(rows.map((row) => row.live !== undefined)).toEqual([true, false]);
});
