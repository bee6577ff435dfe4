import { base64, Component, KubernetesObject, kubernetes, outputOf, Service, type Stack, secret, text, workspace } from '@konfig/sdk';
import { ApiObject, App, Chart, Lazy } from 'cdk8s';
import * as kplus from 'cdk8s-plus-33';
import { Construct } from 'constructs';
import { at, manifestsOf, place, problemsIn, problemsOf, specOf } from './synth';

const config = (scope: Construct, id: string, more: object = {}) =>
  new ApiObject(scope, id, { apiVersion: 'v1', kind: 'ConfigMap', ...more });

test('Raw cdk8s objects, charts and cdk8s-plus constructs stand anywhere in the tree', () => {
  const spec = specOf((stack) => {
    config(stack, 'raw');
    config(new Chart(stack, 'chart'), 'in-chart');
    const deployment = new kplus.Deployment(new Construct(stack, 'part'), 'web', {
      containers: [{ image: 'web:1', port: 80 }],
      replicas: 2,
    });
    deployment.exposeViaService();
  });
  expect(spec.resources.map(({ id, type, path }) => [id, type, path])).toEqual([
    [expect.stringMatching(/^main:ConfigMap\/chart-in-chart-c8/), 'v1/ConfigMap', 'shop/dev/chart/in-chart'],
    ['main:ConfigMap/raw', 'v1/ConfigMap', 'shop/dev/raw'],
    ['main:Deployment.apps/part-web', 'apps/v1/Deployment', 'shop/dev/part/web/Resource'],
    ['main:Service/part-web-service', 'v1/Service', 'shop/dev/part/web/Service/Resource'],
  ]);
  expect(at(spec.resources[2]?.attributes, 'spec.replicas')).toBe(2);
});

test('The id of a resource has its group, its namespace when it has one, and its target', () => {
  const two = workspace('two', { kubernetes: kubernetes(), targets: { eu: kubernetes({ context: 'eu' }) } });
  const ids = (fill: (stack: Stack) => unknown, namespace?: string) =>
    specOf(fill, { workspace: two, ...(namespace !== undefined && { namespace, createNamespace: false }) }).resources.map(
      ({ id, target }) => `${id} ${target}`,
    );
  expect(ids((stack) => config(new Component(stack, 'c', { target: 'eu' }), 'a'))).toEqual(['eu:ConfigMap/c-a eu']);
  expect(ids((stack) => config(stack, 'a', { apiVersion: 'acme.io/v1', kind: 'Rocket' }), 'shop')).toEqual([
    'main:Rocket.acme.io/shop/a main',
  ]);
});

test("A stack's namespace is made, and holds all objects that have none and live in namespaces", () => {
  const fill = (stack: Stack) => {
    config(stack, 'mine');
    config(stack, 'other', { metadata: { namespace: 'other' } });
    config(new Chart(stack, 'chart'), 'in');
    config(stack, 'role', { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole' });
    config(stack, 'issuer', { apiVersion: 'cert-manager.io/v1', kind: 'ClusterIssuer' });
  };
  const spec = specOf(fill, { namespace: 'shop', clusterScoped: ['ClusterIssuer.cert-manager.io'] });
  expect(spec.resources.map((resource) => resource.id)).toEqual([
    'main:ClusterIssuer.cert-manager.io/issuer',
    'main:ClusterRole.rbac.authorization.k8s.io/role',
    'main:ConfigMap/other/other',
    expect.stringMatching(/^main:ConfigMap.shop.chart-in-c8/),
    'main:ConfigMap/shop/mine',
    'main:Namespace/shop',
  ]);
});

test('Names of objects that were given none: ids without Default and Resource, cut with a hash', () => {
  const names = Object.keys(
    manifestsOf((stack) => {
      config(new Construct(stack, 'Cache'), 'Default');
      config(new Construct(new Construct(stack, 'db'), 'db'), 'Config_Map');
      config(stack, `long-${'x'.repeat(80)}`);
    }),
  );
  expect(names).toEqual(['ConfigMap/cache', 'ConfigMap/db-configmap', expect.stringMatching(/^ConfigMap\/long-x{49}-[0-9a-f]{8}$/)]);
});

test('A raw chart keeps the names that its objects have under a cdk8s.App', () => {
  class Old extends Chart {
    constructor(scope: Construct, hashes: boolean) {
      super(scope, 'old', { disableResourceNameHashes: !hashes });
      config(new Construct(this, 'part'), 'map');
      config(this, 'cron', { kind: 'CronJob' });
    }
  }
  for (const hashes of [true, false]) {
    const inApp = new Old(new App(), hashes).node.findAll().flatMap((one) => (ApiObject.isApiObject(one) ? [one.name] : []));
    const inStack = specOf((stack) => new Old(stack, hashes)).resources.map(({ attributes }) => at(attributes, 'metadata.name'));
    expect(inStack.sort()).toEqual(inApp.sort());
  }
});

test('Nulls are dropped, Lazy values and empty maps and lists are kept as they are meant', () => {
  const { 'ConfigMap/a': manifest } = manifestsOf((stack) =>
    config(stack, 'a', { data: { x: Lazy.any({ produce: () => 'later' }), y: null, z: undefined }, spec: { emptyDir: {}, list: [] } }),
  );
  expect(manifest).toEqual({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a' },
    data: { x: 'later' },
    spec: { emptyDir: {}, list: [] },
  });
});

test('What no manifest can say is told with its path and line, all of it', () => {
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  const problems = problemsIn((stack) => {
    config(stack, 'numbers', { spec: { a: Number.NaN, b: [1, undefined], c: 10n, d: () => 1, e: Number.POSITIVE_INFINITY } });
    new ApiObject(stack, 'cycle', { apiVersion: 'v1', kind: 'ConfigMap', spec: { list: [cycle] } });
    config(stack, 'date', { spec: { at: new Date(0) } });
    config(stack, 'kind', { kind: '' });
  });
  expect(problems.map(({ code, at: where, message }) => `${code} ${where}: ${message}`)).toEqual([
    'SPEC_INVALID shop/dev/cycle.spec.list[0].self: spec.list[0].self is a part of itself (a cycle), which no manifest can say.',
    'SPEC_INVALID shop/dev/date.spec.at: spec.at is a Date, which no manifest can say.',
    'SPEC_INVALID shop/dev/kind: Its kind is "".',
    'SPEC_INVALID shop/dev/numbers.spec.a: spec.a is NaN, which no manifest can say.',
    'SPEC_INVALID shop/dev/numbers.spec.b[1]: spec.b[1] is undefined, which no manifest can say.',
    'SPEC_INVALID shop/dev/numbers.spec.c: spec.c is a bigint, which no manifest can say.',
    'SPEC_INVALID shop/dev/numbers.spec.d: spec.d is a function, which no manifest can say.',
    'SPEC_INVALID shop/dev/numbers.spec.e: spec.e is Infinity, which no manifest can say.',
  ]);
  expect(problems[0]?.source).toEqual(place(__filename, "'cycle'"));
});

test('Objects without a prototype are plain ones: of Object.groupBy, of a regular expression, of Object.create(null)', () => {
  const groups = /(?<value>\w+)-(?<more>\w+)/.exec('a-b')?.groups;
  const { 'ConfigMap/a': manifest } = manifestsOf((stack) =>
    config(stack, 'a', { data: groups, spec: { list: [Object.assign(Object.create(null), { value: 1, other: 2 })] } }),
  );
  expect(manifest).toMatchObject({ data: { value: 'a', more: 'b' }, spec: { list: [{ value: 1, other: 2 }] } });
});

test('What a manifest would lose is told with its path: holes, symbols, inherited keys, __proto__', () => {
  const problems = problemsIn((stack) => {
    // biome-ignore lint/suspicious/noSparseArray: it is what this test is of.
    config(stack, 'a', { spec: { list: [1, , 3] } });
    config(stack, 'b', {
      spec: { list: [{ [Symbol('x')]: 1 }], from: Object.create({ replicas: 1 }), data: JSON.parse('{"__proto__": {"a": 1}}') },
    });
    config(stack, 'c', { spec: new (class Own {})() });
  });
  expect(problems.map(({ code, at: where, message }) => `${code} ${where}: ${message}`).sort()).toEqual([
    'SPEC_INVALID shop/dev/a.spec.list[1]: spec.list[1] is undefined, which no manifest can say.',
    'SPEC_INVALID shop/dev/b.spec.data: spec.data has a key called __proto__, with which objects are forged, which no manifest can say.',
    'SPEC_INVALID shop/dev/b.spec.from: spec.from inherits replicas from its prototype, which no manifest can say.',
    'SPEC_INVALID shop/dev/b.spec.list[0]: spec.list[0] has a key that is the symbol Symbol(x), which no manifest can say.',
    'SPEC_INVALID shop/dev/c.spec: spec is an Own, which no manifest can say.',
  ]);
});

test('What constructs themselves find wrong is told, all of it', () => {
  const found = problemsOf((stack) => {
    for (const id of ['a', 'b']) new Construct(stack, id).node.addValidation({ validate: () => [`${id} is wrong`, `${id} is sad`] });
  });
  expect(found).toEqual([
    'PROPS_INVALID shop/dev/a: a is wrong',
    'PROPS_INVALID shop/dev/a: a is sad',
    'PROPS_INVALID shop/dev/b: b is wrong',
    'PROPS_INVALID shop/dev/b: b is sad',
  ]);
});

test('Labels that Kubernetes does not take are told', () => {
  const labels = { ok: 'a.b-c_d', empty: '', 'acme.io/x': 'y', 'bad key': 'a', long: 'x'.repeat(64), odd: 'a b', count: 1 };
  const found = problemsOf((stack) => {
    config(stack, 'a', { metadata: { labels } });
    new Service(stack, 'web', { containers: { main: { image: 'a:1' } }, podLabels: { team: 'the shop' } });
  });
  expect(found.map((line) => line.slice(0, 90))).toEqual([
    'PROPS_INVALID shop/dev/a.metadata.labels: The label bad key has a key that Kubernetes does',
    'PROPS_INVALID shop/dev/a.metadata.labels: The label count is the number 1, and must be a s',
    'PROPS_INVALID shop/dev/a.metadata.labels: The label long is longer than the 63 characters ',
    "PROPS_INVALID shop/dev/a.metadata.labels: The label odd is 'a b', and must be A-Z, a-z, 0-",
    "PROPS_INVALID shop/dev/web/Deployment.spec.template.metadata.labels: The label team is 'th",
  ]);
});

test('What happens on removal is said by a component for all that is in it', () => {
  const spec = specOf((stack) => {
    const kept = new Component(stack, 'kept', { onRemoval: 'protect' });
    config(kept, 'a');
    config(new Component(kept, 'left', { onRemoval: 'retain' }), 'b');
    config(stack, 'c');
  });
  expect(spec.resources.map(({ id, onRemoval }) => `${id} ${onRemoval}`)).toEqual([
    'main:ConfigMap/c undefined',
    'main:ConfigMap/kept-a protect',
    'main:ConfigMap/kept-left-b retain',
  ]);
});

test('An unknown target is told with those there are', () => {
  expect(problemsOf((stack) => config(new Component(stack, 'c', { target: 'us' }), 'a'))).toEqual([
    "SPEC_TARGET shop/dev/c/a: It goes to target 'us', which workspace 'dev' does not have.",
  ]);
});

test('Waits written in cdk8s and in ours become dependencies of every object', () => {
  const spec = specOf((stack) => {
    const database = new Construct(stack, 'db');
    config(database, 'one');
    config(database, 'two');
    const a = config(stack, 'a');
    a.addDependency(database);
    const app = new Component(stack, 'app');
    config(app, 'x');
    app.dependsOn(a, { until: 'present' });
    app.dependsOn(database);
    // Said twice: the longer wait holds.
    app.dependsOn(database, { until: 'present' });
  });
  expect(Object.fromEntries(spec.resources.map(({ id, dependsOn }) => [id, dependsOn?.map(({ on, until }) => `${on} ${until}`)]))).toEqual({
    'main:ConfigMap/a': ['main:ConfigMap/db-one ready', 'main:ConfigMap/db-two ready'],
    'main:ConfigMap/app-x': ['main:ConfigMap/a present', 'main:ConfigMap/db-one ready', 'main:ConfigMap/db-two ready'],
    'main:ConfigMap/db-one': undefined,
    'main:ConfigMap/db-two': undefined,
  });
});

test('A parent waits for its child with the rest of it, and a child for the rest of its parent', () => {
  const waits = (fill: (parent: Component, child: Component) => void) =>
    specOf((stack) => {
      const parent = new Component(stack, 'p');
      const child = new Component(parent, 'c');
      config(parent, 'rest');
      config(child, 'one');
      config(child, 'two');
      fill(parent, child);
    }).resources.map(({ id, dependsOn }) => `${id} waits for ${dependsOn?.map(({ on }) => on) ?? 'nothing'}`);
  expect(waits((parent, child) => parent.dependsOn(child))).toEqual([
    'main:ConfigMap/p-c-one waits for nothing',
    'main:ConfigMap/p-c-two waits for nothing',
    'main:ConfigMap/p-rest waits for main:ConfigMap/p-c-one,main:ConfigMap/p-c-two',
  ]);
  expect(waits((parent, child) => child.dependsOn(parent))).toEqual([
    'main:ConfigMap/p-c-one waits for main:ConfigMap/p-rest',
    'main:ConfigMap/p-c-two waits for main:ConfigMap/p-rest',
    'main:ConfigMap/p-rest waits for nothing',
  ]);
});

test('Outputs of raw objects and of cdk8s-plus constructs refer to their ids; one from elsewhere is told', () => {
  const spec = specOf((stack) => {
    const deployment = new kplus.Deployment(stack, 'web', { containers: [{ image: 'web:1' }] });
    config(stack, 'a', {
      data: { uid: outputOf(deployment, 'metadata.annotations["a/b"]'), port: outputOf(deployment, 'spec.ports[name=http].nodePort') },
    });
  });
  expect(spec.resources[0]?.attributes.data).toEqual({
    uid: { $ref: { resource: 'main:Deployment.apps/web', path: ['metadata', 'annotations', 'a/b'] } },
    port: { $ref: { resource: 'main:Deployment.apps/web', path: ['spec', 'ports', { name: 'http' }, 'nodePort'] } },
  });
  expect(problemsOf((stack) => config(stack, 'a', { data: { x: outputOf(new Construct(stack, 'empty'), 'status') } }))).toEqual([
    'SPEC_REFERENCE shop/dev/a.data.x: data.x refers to empty, which is no resource of this stack.',
  ]);
});

test('Secrets of raw objects may stand in a Secret and nowhere else', () => {
  const password = secret.env('PASSWORD');
  const { 'Secret/ok': ok } = manifestsOf(
    (stack) =>
      new KubernetesObject(stack, 'ok', { apiVersion: 'v1', kind: 'Secret', data: { a: base64(password) }, stringData: { b: password } }),
  );
  const value = { $secret: { from: 'env', name: 'PASSWORD' } };
  expect(ok).toMatchObject({ data: { a: { $base64: value } }, stringData: { b: value } });
  const wrong = problemsOf((stack) => {
    new KubernetesObject(stack, 'label', { apiVersion: 'v1', kind: 'Secret', metadata: { labels: { p: password as never } } });
    config(stack, 'a', { data: { p: base64(password) } });
  });
  expect(wrong).toEqual([
    'SPEC_SECRET_EXPOSED shop/dev/label.metadata.labels.p: A secret would stand in plain text in metadata.labels.p of this Secret.',
    'SPEC_SECRET_EXPOSED shop/dev/a.data.p: A secret would stand in plain text in data.p of this ConfigMap.',
  ]);
});

test('A secret in the data of a Secret is in base64, or an error at its field', () => {
  const password = secret.env('PASSWORD');
  const raw = (data: unknown) => (stack: Stack) =>
    new KubernetesObject(stack, 's', { apiVersion: 'v1', kind: 'Secret', data: data as never });
  const told = (field: string) =>
    `SPEC_INVALID shop/dev/s.${field}: ${field} of this Secret is a secret as it is, where Kubernetes wants base64.`;
  expect(problemsOf(raw({ a: password, b: text`x${password}`, c: base64(text`x${password}`) }))).toEqual([told('data.a'), told('data.b')]);
  expect(problemsOf(raw(password))).toEqual([told('data')]);
});

test("A workspace's image prefixes are rewritten in every pod, the longest match first", () => {
  const mirrored = workspace('m', { kubernetes: kubernetes(), images: { 'docker.io/': 'mirror/', 'docker.io/acme/': 'acme.mirror/' } });
  const manifests = manifestsOf(
    (stack) => {
      new Service(stack, 'a', {
        containers: { main: { image: 'docker.io/acme/a:1' } },
        initContainers: { init: { image: 'docker.io/b:1' } },
      });
      new kplus.CronJob(stack, 'c', { containers: [{ image: 'docker.io/c:1' }], schedule: { expressionString: '* * * * *' } as never });
      config(stack, 'd', { spec: { containers: [{ image: 'docker.io/d' }] } });
    },
    { workspace: mirrored },
  );
  const images = (manifest: unknown) => [...JSON.stringify(manifest).matchAll(/"image":"([^"]+)"/g)].map((match) => match[1]);
  expect(images(manifests['Deployment/a'])).toEqual(['acme.mirror/a:1', 'mirror/b:1']);
  expect(images(manifests['CronJob/c'])).toEqual(['mirror/c:1']);
  expect(images(manifests['ConfigMap/d'])).toEqual(['docker.io/d']);
});
