import { openEmbeddedCluster } from './scenarios/embedded-cluster';
import { faults } from './scenarios/faults';
import { applied, phasesOf, sceneOf, seen } from './scenarios/scene';

describe('on the embedded cluster', () => {
  const scene = sceneOf(openEmbeddedCluster);
  faults(scene, { kills: 4 });

  test('the second ^C leaves at once, whatever is in flight; the next apply goes on from there', async () => {
    const { cluster } = scene;
    const configs =
      "for (let i = 0; i < 20; i++) new ApiObject(this, 'c-' + i, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c-' + i } });";
    const monorepo = scene.shop('twice-c', [configs], {
      imports: 'input',
      above: ["import { ApiObject } from 'cdk8s';"],
      operations: 'concurrency: 1',
    });
    const running = monorepo.start(['apply', 'twice-c/dev', '--yes', '--output', 'ndjson']);
    await running.says(seen('step-done', 'ConfigMap/twice-c/c-1'));
    // What is in flight from here on gets no answer, and is sent again and again.
    await cluster.pause();
    running.child.kill('SIGINT');
    await running.says(/"type":"cancelling"/);
    running.child.kill('SIGINT');
    const ended = await running.ended;
    expect(ended.code).toBe(130);
    expect(ended.stdout).not.toContain('"type":"operation-finished"');
    await cluster.resume();
    expect(await phasesOf(monorepo, 'twice-c/dev')).toEqual(['interrupted']);
    await applied(monorepo, 'twice-c/dev');
    expect(await phasesOf(monorepo, 'twice-c/dev')).toEqual(['succeeded', 'failed']);
    const made = await cluster.list('/api/v1/namespaces/twice-c/configmaps');
    expect(made.filter(({ metadata }) => metadata.name.startsWith('c-'))).toHaveLength(20);
  });
});
