import { changesText, configMap, namespace, resource } from '../world';
import type { AnyCluster } from './cluster';

export function deadWebhooks(cluster: AnyCluster): void {
  const { failure, apply } = cluster;
  describe('a webhook that nobody answers', () => {
    const hook = resource({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'policy' },
      webhooks: [
        {
          name: 'deny.policy.example',
          clientConfig: { service: { namespace: 'policy', name: 'webhook', path: '/deny' } },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] }],
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'hooked' } },
          failurePolicy: 'Fail',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
        },
      ],
    });
    const maps = '/api/v1/namespaces/hooked/configmaps';

    beforeAll(async () => {
      await cluster.world.create(namespace('hooked'), configMap('here', 'hooked', { a: '1' }), hook);
      const probe = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'probe' } };
      for (const end = performance.now() + 20_000; (await cluster.world.send('POST', `${maps}?dryRun=All`, probe)).status !== 500; )
        if (performance.now() > end) throw new Error('the webhook is never asked');
    }, 30_000);
    afterAll(() => cluster.world.connection.delete({ id: hook.id, type: hook.type }, cluster.world.signal));

    test('is named in the rows of what it is about, which are compared without it; other objects go on', async () => {
      const rows = await cluster.world.plan(
        configMap('new', 'hooked', {}),
        configMap('here', 'hooked', { a: '2' }),
        configMap('free', 'default', {}),
      );
      expect(rows.map(({ checked, problems }) => [checked, problems.length])).toEqual([
        ['offline', 1],
        ['offline', 1],
        ['server', 0],
      ]);
      expect(rows[1] && changesText(rows[1])).toEqual(['data.a: "1" → "2"']);
      expect(rows[1]?.problems[0]).toMatchObject({
        severity: 'warning',
        message: expect.stringMatching(
          /^ConfigMap\/here: the cluster asks the admission webhook deny\.policy\.example of ValidatingWebhookConfiguration\/policy, which does not answer: ./,
        ),
        hint: expect.stringMatching(
          /^Bring Service policy\/webhook back, set failurePolicy: Ignore in ValidatingWebhookConfiguration\/policy, or /,
        ),
      });
    });

    test('is named by an apply that it stops', async () => {
      const [problem] = await failure(apply(configMap('new', 'hooked', {}), 'create'));
      expect(problem).toMatchObject({
        code: 'RESOURCE_REJECTED',
        message: expect.stringContaining('the admission webhook deny.policy.example'),
      });
    });
  });
}
