import { configMap, namespace } from '../world';
import type { AnyCluster } from './cluster';

export function endingNamespaces(cluster: AnyCluster): void {
  const { failure, apply } = cluster;
  describe('a namespace on its way out', () => {
    const close = async (name: string) => {
      await cluster.world.create(namespace(name));
      const held = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'held', finalizers: ['home.example/never'] } };
      expect((await cluster.world.send('POST', `/api/v1/namespaces/${name}/configmaps`, held)).status).toBe(201);
    };
    const free = (name: string) =>
      cluster.world.send(
        'PATCH',
        `/api/v1/namespaces/${name}/configmaps/held`,
        { metadata: { finalizers: null } },
        'application/merge-patch+json',
      );

    test('takes nothing new, which the plan says once, and since when', async () => {
      await close('closing');
      await cluster.world.send('DELETE', '/api/v1/namespaces/closing');
      const rows = await cluster.world.plan(
        configMap('one', 'closing', {}),
        configMap('two', 'closing', {}),
        configMap('other', 'default', {}),
      );
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
      await cluster.world.plan(configMap('one', 'midst', {}));
      await cluster.world.send('DELETE', '/api/v1/namespaces/midst');
      const [problem] = await failure(apply(configMap('one', 'midst', {}), 'create'));
      expect(problem?.message).toMatch(/^ConfigMap\/one cannot be made: namespace midst is being deleted since \d{4}-/);
      await free('midst');
    });
  });
}
