import { namespace, resource, until } from '../world';
import type { AnyCluster } from './cluster';

export function readiness(cluster: AnyCluster): void {
  const { answers, isReal } = cluster;
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
      await cluster.world.create(namespace('quota'), resource(quota));
      await answers('/api/v1/namespaces/quota/resourcequotas/none', ({ body }) => JSON.stringify(body.status ?? {}).includes('used'));
      const metadata = (name: string) => ({ name, namespace: 'quota' });
      const job = { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'job', image: 'job:1' }] } } };
      const all = [
        resource({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: metadata('web'), spec: pods('web') }),
        resource({ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: metadata('db'), spec: { serviceName: 'db', ...pods('db') } }),
        resource({ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: metadata('agent'), spec: pods('agent') }),
        ...(isReal ? [resource({ apiVersion: 'batch/v1', kind: 'Job', metadata: metadata('seed'), spec: job })] : []),
      ];
      await cluster.world.create(...all);
      for (const one of all) {
        const { health, findings } = await until(cluster.world, one, (seen) => seen.findings.some(({ code }) => code === 'FailedCreate'));
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
      await cluster.world.create(resource({ ...late, volumeBindingMode: 'WaitForFirstConsumer' }), claim);
      const seen = await until(cluster.world, claim, ({ health }) => health === 'ready');
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
      await cluster.world.create(namespace('parted'), set('app:1'));
      await until(cluster.world, set('app:1'), ({ health }) => health === 'ready');
      await cluster.world.update(set('app:2'));
      const seen = await until(cluster.world, set('app:2'), ({ generation, health }) => generation === 2 && health === 'ready');
      expect(seen.message).toBe('3 of 3 ready, 1 of the new revision (partition 2)');
    });
  });
}
