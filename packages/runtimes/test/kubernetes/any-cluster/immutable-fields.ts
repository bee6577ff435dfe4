import type { JsonObject } from '@konfig/core';
import { changesText, namespace, resource } from '../world';
import type { AnyCluster } from './cluster';

export function immutableFields(cluster: AnyCluster): void {
  const { apply, gone, isReal } = cluster;
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

    beforeAll(() => cluster.world.create(namespace('stone')));

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
      const [row] = await cluster.world.plan(next);
      expect(row).toMatchObject({ problems: [], replaceable });
      expect(row?.immutable.map(({ path }) => path)).toEqual(fields);
      await cluster.world.connection.delete({ id: old.id, type: old.type }, cluster.world.signal);
      await gone(old);
    });

    test('a Job is made anew only when its spec changes', async () => {
      await apply(resource(job('seed:1')), 'create');
      const [row] = await cluster.world.plan(resource(job('seed:1', { note: 'new' })));
      expect(row).toMatchObject({ problems: [], immutable: [] });
      expect(row && changesText(row)).toEqual(['metadata.labels.note: (none) → "new"']);
    });
  });
}
