import type { JsonObject, Observation, Resource } from '@konfig/core';
import { configMap, deployment, namespace, resource, until } from '../world';
import type { AnyCluster } from './cluster';

export function heldUpDeletes(cluster: AnyCluster): void {
  const { gone } = cluster;
  describe('a delete that is held up', () => {
    const never = 'home.example/never';
    const detailsOf = ({ findings }: Observation) => findings.find(({ code }) => code === 'Terminating')?.details ?? [];
    const toldOf = async (watched: Resource, line: RegExp) =>
      detailsOf(await until(cluster.world, watched, (seen) => detailsOf(seen).some((one) => line.test(one))));
    const patch = (path: string, body: JsonObject) => cluster.world.send('PATCH', path, body, 'application/merge-patch+json');
    const remove = ({ id, type }: Resource) => cluster.world.connection.delete({ id, type }, cluster.world.signal);

    test('says whose finalizer it waits for, and takes none away', async () => {
      const wished = configMap('held', 'delays', {});
      await cluster.world.create(namespace('delays'), wished);
      const path = '/api/v1/namespaces/delays/configmaps/held';
      await patch(path, { metadata: { finalizers: [never] } });
      expect(await remove(wished)).toBe('deleting');
      const told = 'finalizer home.example/never: a controller of home.example takes it away; does it run?';
      expect(await toldOf(wished, /^finalizer/)).toEqual([told]);
      const [once] = await cluster.world.connection.observe([wished], cluster.world.signal);
      expect(once && detailsOf(once)).toEqual([told]);
      expect((await cluster.world.send('GET', path)).body.metadata).toMatchObject({ finalizers: [never] });
      await patch(path, { metadata: { finalizers: null } });
      await gone(wished);
    });

    test('of a namespace says what it still holds', async () => {
      await cluster.world.create(namespace('full'), configMap('held', 'full', {}));
      await patch('/api/v1/namespaces/full/configmaps/held', { metadata: { finalizers: [never] } });
      await remove(namespace('full'));
      await toldOf(namespace('full'), /^ConfigMap\/held has finalizer home\.example\/never: /);
      await toldOf(namespace('full'), /^Some resources are remaining: .* has 1 resource instances/);
      await patch('/api/v1/namespaces/full/configmaps/held', { metadata: { finalizers: null } });
      await gone(namespace('full'));
    });

    test('of a workload says which of its Pods have to go first', async () => {
      const wished = deployment('slow', { spec: { replicas: 1 } });
      await cluster.world.create(namespace('slow'), wished);
      await until(cluster.world, wished, ({ health }) => health === 'ready');
      const { body } = await cluster.world.send('GET', '/api/v1/namespaces/slow/pods');
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
      await cluster.world.create(namespace('busy'), claim, pod);
      await until(cluster.world, pod, ({ health }) => health === 'ready');
      await remove(claim);
      expect(await toldOf(claim, /uses it/)).toEqual([
        'finalizer kubernetes.io/pvc-protection: Kubernetes takes it away when no Pod uses the claim',
        'Pod/user uses it',
      ]);
      await remove(pod);
      await gone(claim);
    });
  });
}
