// What can be said of a whole stack without a cluster.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, Problem, Resource } from '@konfig/core';
import { readManifests } from '@konfig/sdk';
import { versionsOf } from '../../src/kubernetes/schema/version';
import { validateResources } from '../../src/kubernetes/validate';
import { configMap, deployment, resource } from './world';

const main = { runtime: 'kubernetes', config: {} };

const problemsIn = (resources: readonly Resource[], definitions: readonly JsonObject[] = []): readonly Problem[] =>
  validateResources(resources, { targets: { main }, definitions: () => definitions });

/** One line each: `W` for a warning, where, what, and what to do. */
function found(resources: readonly Resource[], definitions: readonly JsonObject[] = []): readonly string[] {
  return problemsIn(resources, definitions).map(({ severity, at = '', message, hint }) =>
    [severity === 'warning' ? 'W' : 'E', at.split(' ')[1] ?? '', message, hint].filter(Boolean).join(' | '),
  );
}

const service = (spec: JsonObject, name = 'web') =>
  resource({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' }, spec: { ports: [{ port: 80 }], ...spec } });

const ingress = (port: JsonObject) =>
  resource({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { defaultBackend: { service: { name: 'web', port } } },
  });

const http = { ports: [{ name: 'http', containerPort: 8080 }] };

describe('what is not in the stack', () => {
  test('may be in the cluster, which is a warning, once for each object, with the name that was meant', () => {
    const env = [
      { name: 'A', valueFrom: { configMapKeyRef: { name: 'confg', key: 'a' } } },
      { name: 'B', valueFrom: { configMapKeyRef: { name: 'confg', key: 'b' } } },
    ];
    expect(found([deployment('shop', { container: { env } }), configMap('config', 'shop', { a: '1' })])).toEqual([
      'W | spec.template.spec.containers[name=app].env[name=A].valueFrom.configMapKeyRef.name | Deployment/web needs ConfigMap confg in shop, which is not in this stack. | Did you mean config? If it is in the cluster already, all is well; else add it.',
    ]);
  });

  test('is fine where it is optional, in every cluster, or made by something of the stack', () => {
    const volumes = [
      { name: 'a', configMap: { name: 'maybe', optional: true } },
      { name: 'b', configMap: { name: 'kube-root-ca.crt' } },
      { name: 'c', secret: { secretName: 'web-tls' } },
      { name: 'd', persistentVolumeClaim: { claimName: 'data-db-0' } },
    ];
    const containers = [{ name: 'app', image: 'a' }];
    const stack = [
      deployment('shop', {
        spec: { template: { metadata: { labels: { app: 'web' } }, spec: { serviceAccountName: 'default', containers, volumes } } },
      }),
      resource({
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata: { name: 'web', namespace: 'shop' },
        spec: { secretName: 'web-tls' },
      }),
      resource({
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'db', namespace: 'shop' },
        spec: { selector: { matchLabels: { app: 'db' } }, template: { metadata: { labels: { app: 'db' } }, spec: { containers } } },
      }),
    ];
    expect(found(stack).filter((line) => line.includes('needs'))).toEqual([]);
  });

  test('is told of the target of an autoscaler that does not say its apiVersion', () => {
    const scaler = (scaleTargetRef: JsonObject) =>
      resource({
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'web', namespace: 'shop' },
        spec: { maxReplicas: 3, scaleTargetRef },
      });
    expect(found([deployment('shop'), scaler({ kind: 'Deployment', name: 'web' })])).toEqual([
      'W | spec.scaleTargetRef | HorizontalPodAutoscaler/web does not say of which group its Deployment web is: scaleTargetRef has no apiVersion. | Write apiVersion: apps/v1.',
    ]);
    expect(found([deployment('shop'), scaler({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' })])).toEqual([]);
  });

  test('is another matter in another namespace, and on another target', () => {
    const container = { envFrom: [{ configMapRef: { name: 'config' } }] };
    const elsewhere = configMap('config', 'other', {});
    expect(found([deployment('shop', { container }), elsewhere])).toHaveLength(1);
    expect(
      found([deployment('shop', { container }), { ...configMap('config', 'shop', {}), target: 'eu', id: 'eu:ConfigMap/shop/config' }]),
    ).toHaveLength(1);
  });
});

test('a key that a ConfigMap of the stack does not have is an error', () => {
  const env = [{ name: 'URL', valueFrom: { configMapKeyRef: { name: 'config', key: 'urls' } } }];
  const volumes = [{ name: 'files', configMap: { name: 'config', items: [{ key: 'nginx.conf', path: 'nginx.conf' }] } }];
  const spec = { template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'a', env }], volumes } } };
  expect(found([deployment('shop', { spec }), configMap('config', 'shop', { url: 'x' })])).toEqual([
    'E | spec.template.spec.containers[name=app].env[name=URL].valueFrom.configMapKeyRef.key | Deployment/web reads the key urls of ConfigMap/config, which does not have it. | Did you mean url? It has url.',
    'E | spec.template.spec.volumes[name=files].configMap.items[0].key | Deployment/web reads the key nginx.conf of ConfigMap/config, which does not have it. | It has url.',
  ]);
});

describe('a port that nobody has', () => {
  test('is an error in a probe', () => {
    const container = { ...http, livenessProbe: { httpGet: { port: 'htp' } }, readinessProbe: { tcpSocket: { port: 9999 } } };
    expect(found([deployment('shop', { container })])).toEqual([
      'E | spec.template.spec.containers[name=app].livenessProbe.httpGet.port | Deployment/web wants the port htp of container app, which does not have it. | Did you mean http? It has http.',
    ]);
  });

  test('is an error in a Service, and in an Ingress to it', () => {
    const pods = deployment('shop', { container: http });
    const selector = { app: 'web' };
    expect(found([pods, service({ selector, ports: [{ port: 80, targetPort: 'web' }] })])).toEqual([
      'E | spec.ports[0].targetPort | Service/web wants the port web of the pods that it selects, which do not have it. | They have http.',
    ]);
    expect(found([pods, service({ selector }), ingress({ number: 8080 })])).toEqual([
      'E | spec.defaultBackend.service.port.number | Ingress/web wants the port 8080 of Service/web, which does not have it. | It has 80.',
    ]);
    expect(found([pods, service({ selector }), ingress({ number: 80 })])).toEqual([]);
  });
});

describe('a selector that selects nothing', () => {
  test('is an error where pods of the stack come close, else a warning: they may come from elsewhere', () => {
    const pods = deployment('shop', { container: http });
    expect(found([pods, service({ selector: { app: 'webb' } })])).toEqual([
      'E | spec.selector | Service/web selects no pods of this stack (app: webb). | The nearest have app: web: give selector and pods the same labels.',
    ]);
    expect(found([pods, service({ selector: { 'strimzi.io/name': 'kafka' } })])[0]).toMatch(/^W \| spec\.selector/);
    expect(found([service({ selector: { app: 'web' } })])).toEqual([]);
    expect(found([pods, service({ selector: { app: 'web' } }), service({ clusterIP: 'None' }, 'none')])).toEqual([]);
  });
});

describe('a kind that is not built in', () => {
  const lamp = (spec: JsonObject, apiVersion = 'home.example/v1') =>
    resource({ apiVersion, kind: 'Lamp', metadata: { name: 'desk', namespace: 'shop' }, spec });
  const definition: JsonObject = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'lamps.home.example' },
    spec: {
      group: 'home.example',
      scope: 'Namespaced',
      names: { kind: 'Lamp', plural: 'lamps' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  type: 'object',
                  required: ['watts'],
                  properties: {
                    watts: { type: 'integer' },
                    bulb: { type: 'object', properties: { color: { type: 'string', enum: ['red', 'blue'] } } },
                  },
                },
              },
            },
          },
        },
      ],
    },
  };

  test('is a warning where nobody knows it', () => {
    expect(found([lamp({})])).toEqual([
      'W | Lamp/desk is of the kind home.example/v1/Lamp, which nobody here knows: its fields are not checked. | Put its CustomResourceDefinition into the folder crds/ of the monorepo, as YAML, or into the stack.',
    ]);
  });

  test('is told once, however many there are', () => {
    const another = resource({ apiVersion: 'home.example/v1', kind: 'Lamp', metadata: { name: 'floor', namespace: 'shop' } });
    expect(found([lamp({}), another])).toEqual([
      expect.stringContaining(
        'Lamp/desk and 1 more are of the kind home.example/v1/Lamp, which nobody here knows: their fields are not checked.',
      ),
    ]);
  });

  test.each([
    ['the stack', [resource(definition)], []],
    ['the monorepo', [], [definition]],
  ] as const)('is checked by a definition of %s', (_, beside, known) => {
    const ref = { $ref: { resource: 'main:Service/x', path: ['spec', 'clusterIP'] } };
    expect(found([lamp({ watts: 60, bulb: { color: ref } }), ...beside], known)).toEqual([]);
    expect(found([lamp({ wats: '60', color: 'red', bulb: { color: 'green' } }), ...beside], known)).toEqual([
      'E | spec.wats | Lamp/desk: wats is a field that its kind does not have. | Did you mean watts?',
      'E | spec.color | Lamp/desk: color is a field that its kind does not have. | It belongs into spec.bulb.',
      'E | spec.bulb.color | Lamp/desk: color is "green", but must be one of "red", "blue".',
      'E | spec.watts | Lamp/desk: watts is required.',
    ]);
    expect(found([lamp({}, 'home.example/v2'), ...beside], known)).toEqual([
      'E | apiVersion | Lamp/desk: CustomResourceDefinition/lamps.home.example does not serve home.example/v2/Lamp. | It serves v1: use one of these versions.',
    ]);
  });

  test('is told of its values as those of built-in kinds are', () => {
    const properties = {
      speed: { type: 'string', enum: ['fast', 'slow'] },
      count: { type: 'integer', multipleOf: 5 },
      at: { type: 'string', format: 'date-time' },
      every: { type: 'string', format: 'duration' },
      tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
      ports: {
        type: 'array',
        items: { type: 'object', properties: { port: { type: 'integer' }, protocol: { type: 'string', default: 'TCP' } } },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['port', 'protocol'],
      },
      inner: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
    };
    const openAPIV3Schema = { type: 'object', properties: { spec: { type: 'object', properties } } };
    const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }];
    const known: JsonObject = { ...definition, spec: { ...(definition.spec as JsonObject), versions } };
    const good = {
      speed: 'fast',
      count: 10,
      at: '2026-02-28T12:00:00.5+01:00',
      every: '1h30m',
      tags: ['a', 'b'],
      ports: [{ port: 80 }, { port: 80, protocol: 'UDP' }],
      inner: { apiVersion: 'v1', kind: 'Pod', metadata: {} },
    };
    const bad = {
      speed: 'Fast',
      count: 7,
      at: '2026-02-30T12:00:00Z',
      every: 'soon',
      tags: ['a', 'a'],
      ports: [{ port: 80 }, { port: 80, protocol: 'TCP' }],
      inner: {},
    };
    expect(found([lamp(good)], [known])).toEqual([]);
    expect(found([lamp({ ...good, every: '5 minutes', count: -5 })], [known])).toEqual([]);
    expect(found([lamp(bad)], [known])).toEqual([
      'E | spec.speed | Lamp/desk: speed is "Fast", but must be one of "fast", "slow". | Did you mean fast?',
      'E | spec.count | Lamp/desk: count is 7, but must be a multiple of 5.',
      'E | spec.at | Lamp/desk: at is "2026-02-30T12:00:00Z", but must be a time such as 2026-01-31T12:00:00Z.',
      'E | spec.every | Lamp/desk: every is "soon", but must be a duration such as 90s or 1h30m.',
      'E | spec.tags[1] | Lamp/desk: an entry of tags is there twice: "a".',
      'E | spec.ports[1] | Lamp/desk: an entry of ports is there twice: the port 80 and the protocol "TCP".',
      'E | spec.inner.apiVersion | Lamp/desk: apiVersion is required.',
      'E | spec.inner.kind | Lamp/desk: kind is required.',
    ]);
    expect(found([lamp({ count: '5' })], [known])).toEqual([
      'E | spec.count | Lamp/desk: count is "5", but must be integer, not string. | Write it without quotes: 5.',
    ]);
  });

  test('of a kind that is misspelt is told with the one that was meant', () => {
    const misspelt = resource({ apiVersion: 'home.example/v1', kind: 'Lmap', metadata: { name: 'desk', namespace: 'shop' } });
    expect(found([misspelt], [definition])).toEqual([expect.stringMatching(/Lmap, which nobody here knows.* \| Did you mean Lamp\?$/)]);
  });

  test('has the metadata of every object', () => {
    const odd = resource({
      apiVersion: 'home.example/v1',
      kind: 'Lamp',
      metadata: { name: 'desk', lables: { a: 'b' } },
      spec: { watts: 1 },
    });
    expect(found([odd], [definition])).toEqual(['E | metadata.lables | Lamp/desk: metadata has no field lables. | Did you mean labels?']);
  });
});

test('each target is checked for its own version', () => {
  const budget = (target: string) => ({
    ...resource({ apiVersion: 'resource.k8s.io/v1', kind: 'DeviceClass', metadata: { name: 'x' }, spec: {} }),
    target,
    id: `${target}:DeviceClass.resource.k8s.io/x`,
  });
  const targets = {
    old: { runtime: 'kubernetes', config: { version: '1.33' } },
    main,
    odd: { runtime: 'kubernetes', config: { version: '2' } },
  };
  expect(validateResources([budget('old'), budget('main')], { targets, definitions: () => [] })).toEqual([
    expect.objectContaining({
      code: 'TARGET_CONFIG',
      severity: 'warning',
      message: 'Target odd: version is "2", which Konfig does not know.',
    }),
    expect.objectContaining({ code: 'KIND_UNKNOWN', at: 'old:DeviceClass.resource.k8s.io/x apiVersion' }),
  ]);
});

test('a name that every preview complains of is told once', () => {
  expect(found([configMap('Web_1', 'shop', {})])).toEqual([]);
});

const shared = join(__dirname, '../../../../../shared/cases/online-boutique/kubernetes-manifests.yaml');
if (!existsSync(shared)) process.stderr.write('No manifests of others at ../shared: nothing is validated of them.\n');

(existsSync(shared) ? test : test.skip)('nothing is wrong with Online Boutique, in no version', () => {
  const resources = readManifests(readFileSync(shared, 'utf8'), 'boutique.yaml').objects.map(({ manifest }) =>
    resource({ ...manifest, metadata: { ...(manifest.metadata as JsonObject), namespace: 'shop' } }),
  );
  expect(resources.length).toBeGreaterThan(30);
  const found = versionsOf('1.30-1.36').flatMap((version) =>
    validateResources(resources, { targets: { main: { ...main, config: { version } } }, definitions: () => [] }),
  );
  expect(found).toEqual([]);
});
