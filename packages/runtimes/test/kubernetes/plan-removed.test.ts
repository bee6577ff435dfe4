import type { JsonObject, Resource } from '@konfig/core';
import { configMap, deployment, namespace, resource, stack, startWorld, type TestWorld, until } from './world';

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const removed = async (onRemoval: Resource['onRemoval'], ...resources: readonly Resource[]) => {
  const owned = resources.map(({ id, type }) => ({ id, type, ...(onRemoval ? { onRemoval } : {}) }));
  return world.connection.plan({ stack, wished: [], removed: owned }, world.signal);
};

const reading = (name: string) => ({ envFrom: [{ configMapRef: { name } }] });

test('what holds data is not replaceable, and everything else is', async () => {
  const claim = resource({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'disk', namespace: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  const set = (name: string, spec: JsonObject) =>
    resource({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name, namespace: 'data' },
      spec: {
        serviceName: name,
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'db', image: 'db:1' }] } },
        ...spec,
      },
    });
  const leaves = set('leaves', {});
  const takes = set('takes', { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' } });
  await world.create(namespace('data'), claim, leaves, takes, configMap('conf', 'data', {}));
  const rows = await removed(undefined, namespace('data'), claim, leaves, takes, configMap('conf', 'data', {}));
  expect(rows.map(({ replaceable, deletable, usedBy }) => ({ replaceable, deletable, usedBy }))).toEqual([
    { replaceable: false, deletable: true },
    { replaceable: false, deletable: true },
    { replaceable: true, deletable: true },
    { replaceable: false, deletable: true },
    { replaceable: true, deletable: true },
  ]);
});

test('a ConfigMap that is collected is used as long as an old ReplicaSet would start Pods with it', async () => {
  const maps = [configMap('one', 'used', {}), configMap('two', 'used', {}), configMap('free', 'used', {})];
  const first = deployment('used', { container: reading('one') });
  await world.create(namespace('used'), ...maps, first);
  await until(world, first, (seen) => seen.health === 'ready');
  const second = deployment('used', { container: reading('two') });
  await world.update(second);
  await until(world, second, (seen) => seen.generation === 2 && seen.health === 'ready');
  const rows = await removed('collect', ...maps);
  // The last Pod of the old one may still be on its way out.
  const sets = rows.map(({ usedBy = [] }) => usedBy.filter((user) => user.startsWith('ReplicaSet/')).length);
  expect(sets).toEqual([1, 1, 0]);
  expect(rows[1]?.usedBy?.filter((user) => user.startsWith('Pod/'))).toHaveLength(2);
  expect(rows[2]?.usedBy).toEqual([]);
  expect((await removed(undefined, ...maps)).map(({ usedBy }) => usedBy)).toEqual([undefined, undefined, undefined]);
});

test('a Secret is used by a claim of a volume, a pull of images, and the certificate of an Ingress; not by a Job that has ended', async () => {
  const secret = (name: string) => resource({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'secrets' } });
  const job = (name: string, spec: JsonObject, podSpec: JsonObject) =>
    resource({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name, namespace: 'secrets' },
      spec: { ...spec, template: { spec: { restartPolicy: 'Never', containers: [{ name: 'job', image: 'job:1' }], ...podSpec } } },
    });
  const volume = { name: 'all', projected: { sources: [{ secret: { name: 'projected' } }] } };
  const waiting = job('waiting', { suspend: true }, { imagePullSecrets: [{ name: 'pull' }], volumes: [volume] });
  const ended = job('ended', {}, { volumes: [{ name: 'one', secret: { secretName: 'over' } }] });
  const ingress = resource({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web', namespace: 'secrets' },
    spec: {
      tls: [{ secretName: 'tls' }],
      defaultBackend: { service: { name: 'web', port: { number: 80 } } },
    },
  });
  const names = ['pull', 'projected', 'tls', 'over'];
  await world.create(namespace('secrets'), ...names.map(secret), waiting, ended, ingress);
  await until(world, ended, (seen) => seen.health === 'ready');
  expect((await removed('collect', ...names.map(secret))).map(({ usedBy }) => usedBy)).toEqual([
    ['Job/waiting'],
    ['Job/waiting'],
    ['Ingress/web'],
    [],
  ]);
});

test('the delete of a Namespace would take along what is wished in it, and what others have put there', async () => {
  const web = deployment('shared', {});
  await world.create(namespace('shared'), web, configMap('ours', 'shared', {}));
  await until(world, web, (seen) => seen.health === 'ready');
  const post = (path: string, body: object) => world.send('POST', path, body);
  const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  await post('/api/v1/namespaces/shared/persistentvolumeclaims', {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'theirs' },
    spec: claim,
  });
  await post('/api/v1/namespaces/shared/persistentvolumeclaims', {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data-db-0' },
    spec: claim,
  });
  await post('/api/v1/namespaces/shared/configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'theirs' } });
  const { id, type } = namespace('shared');
  const set = { id: 'main:StatefulSet.apps/shared/db', type: 'apps/v1/StatefulSet' };
  const kept = { ...configMap('ours', 'shared', {}), onRemoval: 'retain' as const };
  const rows = await world.connection.plan({ stack, wished: [web], removed: [{ id, type }, set, kept] }, world.signal);
  expect(rows.find((row) => row.id === id)).toMatchObject({
    contains: [web.id],
    keeps: [kept.id],
    takesAlong: ['PersistentVolumeClaim/theirs', 'ConfigMap/theirs'],
  });
});
