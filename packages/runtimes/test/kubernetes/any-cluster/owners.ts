import { type JsonObject, pathText } from '@konfig/core';
import { changesText, configMap, deployment, namespace, resource, stack } from '../world';
import type { AnyCluster } from './cluster';

export function owners(cluster: AnyCluster): void {
  const { failure, apply } = cluster;
  describe('owners', () => {
    const make = (path: string, object: JsonObject, manager = 'kubectl-client-side-apply') =>
      cluster.world.send('POST', `${path}?fieldManager=${manager}`, object);

    test('an object of somebody else shows its changes first, changes hands before its content, and is then ours', async () => {
      await cluster.world.create(namespace('hands'));
      const path = '/api/v1/namespaces/hands/configmaps';
      const metadata = {
        name: 'conf',
        labels: { 'app.kubernetes.io/managed-by': 'Helm' },
        annotations: { 'meta.helm.sh/release-name': 'web' },
      };
      await make(path, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: '1', b: '2' } }, 'helm');
      const wished = configMap('conf', 'hands', { a: '9' });
      const [row] = await cluster.world.plan(wished);
      expect(row).toMatchObject({ owner: { kind: 'helm', name: 'Helm release web' }, problems: [] });
      expect(row && changesText(row)).toEqual(['data.a: "1" → "9"']);
      // What the server refuses comes too late to keep it from being ours: only the content is as before.
      const refused = resource({ ...wished.attributes, dat: {} });
      await failure(apply(refused, 'adopt', row));
      expect((await cluster.world.send('GET', `${path}/conf`)).body).toMatchObject({
        metadata: { annotations: { 'konfig.dev/stack': stack } },
        data: { a: '1', b: '2' },
      });
      expect((await cluster.world.plan(wished))[0]?.owner).toBeUndefined();
      await cluster.world.connection.abandon({ id: wished.id, type: wished.type, stack }, cluster.world.signal);
      const again = (await cluster.world.plan(wished))[0];
      expect(again?.owner?.kind).toBe('helm');
      await apply(wished, 'adopt', again);
      expect((await cluster.world.plan(wished))[0]).toMatchObject({ changes: [], problems: [] });
      expect((await cluster.world.plan(wished))[0]?.owner).toBeUndefined();
      expect((await cluster.world.send('GET', `${path}/conf`)).body.data).toEqual({ a: '9', b: '2' });
    });

    test('what kubectl apply made loses a field that the program drops later', async () => {
      await cluster.world.create(namespace('folded'));
      const given = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'conf', namespace: 'folded' }, data: { a: '1', b: '2' } };
      const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(given) };
      await make('/api/v1/namespaces/folded/configmaps', { ...given, metadata: { ...given.metadata, annotations } });
      const both = configMap('conf', 'folded', { a: '1', b: '2' });
      const [row] = await cluster.world.plan(both);
      await apply(both, 'adopt', row);
      const one = configMap('conf', 'folded', { a: '1' });
      expect(await cluster.world.changes(one)).toEqual(['data.b: "2" → (none)']);
      await cluster.world.update(one);
      expect((await cluster.world.send('GET', '/api/v1/namespaces/folded/configmaps/conf')).body.data).toEqual({ a: '1' });
      expect(await cluster.world.changes(one)).toEqual([]);
    });

    test('what is given up can be taken by another stack, unchanged', async () => {
      const wished = configMap('conf', 'given', { a: '1' });
      await cluster.world.create(namespace('given'), wished);
      const read = async () =>
        (await cluster.world.send('GET', '/api/v1/namespaces/given/configmaps/conf')).body as { metadata: JsonObject; data: JsonObject };
      const before = await read();
      await cluster.world.connection.abandon(
        { id: wished.id, type: wished.type, uid: String(before.metadata.uid), stack },
        cluster.world.signal,
      );
      const after = await read();
      expect(after).toMatchObject({ data: { a: '1' }, metadata: { uid: before.metadata.uid } });
      expect(JSON.stringify(after.metadata)).not.toContain('konfig');
      const [row] = await cluster.world.connection.plan({ stack: 'other/prod', wished: [wished], removed: [] }, cluster.world.signal);
      expect(row).toMatchObject({ owner: { kind: 'nobody' }, changes: [], problems: [] });
    });

    const noted = { metadata: { labels: { app: 'web', note: 'ours' } }, spec: { containers: [{ name: 'app', image: 'shop:1' }] } };

    test('what a person changed says who, and when as far as the server knows', async () => {
      await cluster.world.create(namespace('scaled'), deployment('scaled'));
      const path = '/apis/apps/v1/namespaces/scaled/deployments/web';
      const patch = (where: string, body: JsonObject) => cluster.world.send('PATCH', where, body, 'application/merge-patch+json');
      await patch(`${path}/scale?fieldManager=kubectl`, { spec: { replicas: 3 } });
      await patch(`${path}?fieldManager=kubectl-edit`, { spec: { template: { metadata: { labels: { app: 'web', note: 'mine' } } } } });
      await patch(`${path}?fieldManager=k9s`, { spec: { minReadySeconds: 5 } });
      const [row] = await cluster.world.plan(deployment('scaled', { spec: { minReadySeconds: 0, template: noted } }));
      expect(row?.changes.map(({ path, by }) => [pathText(path), by])).toEqual([
        ['spec.minReadySeconds', { name: 'k9s', time: expect.stringMatching(/^\d{4}-.*Z$/) }],
        ['spec.replicas', expect.objectContaining({ name: 'kubectl' })],
        ['spec.template.metadata.labels.note', { name: 'kubectl-edit', time: expect.stringMatching(/^\d{4}-.*Z$/) }],
      ]);
    });
  });
}
