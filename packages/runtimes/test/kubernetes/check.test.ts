import type { JsonObject } from '@konfig/core';
import { checkResources } from '../../src/kubernetes/check';
import { configMap, resource } from './world';

const problems = (attributes: JsonObject) => checkResources([resource(attributes)]).map((problem) => problem.message);
const named = (name: string, kind = 'ConfigMap', apiVersion = 'v1') => problems({ apiVersion, kind, metadata: { name } });

test('a good manifest has no problems', () => {
  const labels = { 'app.kubernetes.io/name': 'web', tier: '', version: 'v1.2_3' };
  expect(
    problems({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop', labels, annotations: { 'a/B': 'any text: {}' } },
    }),
  ).toEqual([]);
});

test('all that is wrong is said at once', () => {
  const metadata = { name: 'Web_1', namespace: 'my.shop', labels: { 'bad key': 'x', app: 'a b', replicas: 3 } };
  expect(problems({ apiVersion: 'v1', kind: 'ConfigMap', metadata })).toEqual([
    'ConfigMap/Web_1: the name "Web_1" is not a DNS name.',
    'ConfigMap/Web_1: namespace "my.shop" is not a DNS label.',
    'ConfigMap/Web_1: the label "bad key" is not a valid key.',
    'ConfigMap/Web_1: the label app has the value "a b", which a label cannot have.',
    'ConfigMap/Web_1: the label replicas is 3, but must be a text.',
  ]);
});

test('names follow the rules of their kind', () => {
  expect(named('a.b-c.1')).toEqual([]);
  expect(named('system:node', 'ClusterRole', 'rbac.authorization.k8s.io/v1')).toEqual([]);
  expect(named('a.b', 'Service')).toEqual(['Service/a.b: the name "a.b" is not a DNS label.']);
  expect(named('1a', 'Service')).toEqual([]);
  expect(named('Web_1', 'PodDisruptionBudget', 'policy/v1')).toEqual([]);
  expect(named('2001:db8::1', 'IPAddress', 'networking.k8s.io/v1')).toEqual([]);
  expect(named('x'.repeat(64), 'Namespace')).toHaveLength(1);
});

test('what is missing is named', () => {
  const empty = { ...configMap('x', 'shop', {}), attributes: { kind: '', metadata: {} } };
  expect(checkResources([empty]).map(({ message, at }) => `${at}: ${message}`)).toEqual([
    'main:ConfigMap/shop/x apiVersion: ConfigMap/x: apiVersion is missing, but must be a text such as apps/v1.',
    'main:ConfigMap/shop/x kind: ConfigMap/x: kind is "", but must be a text such as Deployment.',
    'main:ConfigMap/shop/x metadata.name: ConfigMap/x: metadata.name is missing, but every object needs a name.',
  ]);
});

test('an id that means another object is an error', () => {
  const wrong = { ...configMap('x', 'shop', {}), id: 'main:ConfigMap/shop/y' };
  expect(checkResources([wrong]).map((problem) => problem.message)).toEqual([
    'ConfigMap/y: the manifest is ConfigMap/shop/x, but its id says ConfigMap/shop/y.',
  ]);
});

test('labels that are null are none, as to the server', () => {
  expect(problems({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', labels: { a: null }, annotations: null } })).toEqual([]);
});

test('the labels of pods that a CronJob makes are looked at too', () => {
  const template = { metadata: { labels: { app: 'a b' } } };
  const spec = { jobTemplate: { spec: { template } } };
  expect(problems({ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'x' }, spec })).toEqual([
    'CronJob/x: the label app has the value "a b", which a label cannot have.',
  ]);
});

test('a label that is known later is no problem', () => {
  const ref = { $ref: { resource: 'main:Service/shop/web', path: ['spec', 'clusterIP'] } };
  expect(problems({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', labels: { ip: ref } } })).toEqual([]);
});
