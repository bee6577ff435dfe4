// One stack over two clusters, of which one goes away.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubeconfigOf, type ScenarioCluster, targetOf } from './cluster';
import { type EmbeddedCluster, openEmbeddedCluster } from './embedded-cluster';
import { service, workspaceFile } from './programs';
import { applied, type Scene, words } from './scene';

export function targets(scene: Scene): void {
  let east: EmbeddedCluster;
  beforeAll(async () => {
    east = await openEmbeddedCluster();
  });
  afterAll(() => east.stop());

  const lines = (image: string) => [
    `const web = ${service('web', { image: `registry.example/web:${image}` })}`,
    `const api = ${service('api', { image: `registry.example/api:${image}`, more: "target: 'east'" })}`,
    `const late = ${service('late', { image: `registry.example/late:${image}` })}`,
    'late.dependsOn(api);',
    'void web;',
  ];
  const wide = (image: string) => scene.shop('wide', lines(image));
  const bothClusters = () => workspaceFile(scene.cluster).replace('  operations:', `  targets: { east: ${east.target} },\n  operations:`);

  test('one plan goes over both; one that cannot be reached fails by itself and stops only what needs it', async () => {
    const monorepo = wide('1');
    monorepo.write('workspaces/here.ts', bothClusters());
    await applied(monorepo, 'wide/dev');
    const imageIn = async (cluster: ScenarioCluster, name: string) =>
      JSON.stringify((await cluster.get(`/apis/apps/v1/namespaces/wide/deployments/${name}`))?.spec ?? 'none').match(
        /registry\.example[^"]*/,
      )?.[0];
    expect(await imageIn(scene.cluster, 'web')).toBe('registry.example/web:1');
    expect(await imageIn(east, 'api')).toBe('registry.example/api:1');
    expect(await monorepo.konfig('preview', 'wide/dev', '--exit-code')).toMatchObject({ code: 0 });

    monorepo.write('projects/wide/app.ts', monorepo.read('projects/wide/app.ts').replace(/:1'/g, ":2'"));
    await east.pause();
    const cut = await monorepo.konfig('apply', 'wide/dev', '--yes');
    expect(cut.code).toBe(1);
    expect(words(cut)).toMatch(/TARGET_UNREACHABLE/);
    expect(words(cut)).toMatch(/Deployment\/api +skip \(target unreachable\)/);
    expect(words(cut)).toMatch(/Deployment\/late +skip \(needs what is skipped\)/);
    expect(await imageIn(scene.cluster, 'web')).toBe('registry.example/web:2');
    expect(await imageIn(scene.cluster, 'late')).toBe('registry.example/late:1');
    const drift = await monorepo.konfig('drift', 'wide/dev');
    expect(drift.code).toBe(1);
    expect(words(drift)).toMatch(/TARGET_UNREACHABLE/);
    const elsewhere = await monorepo.konfig('apply', 'wide/dev', '--yes', '--context', 'somewhere');
    expect(words(elsewhere)).toMatch(/USAGE +wide\/dev goes where the workspace of its program says; --context cannot change that/);
    const status = await monorepo.konfig('status', 'wide/dev');
    expect(words(status)).toMatch(/Deployment\/api +its target cannot be reached/);

    await east.resume();
    await applied(monorepo, 'wide/dev');
    expect(await imageIn(east, 'api')).toBe('registry.example/api:2');
    expect(await imageIn(scene.cluster, 'late')).toBe('registry.example/late:2');
    expect(await monorepo.konfig('destroy', 'wide/dev', '--yes')).toMatchObject({ code: 0 });
    expect(await east.get('/api/v1/namespaces/wide')).toBeUndefined();
  });

  test('a plan that was made for one cluster changes nothing in another one behind the same kubeconfig', async () => {
    const monorepo = scene.shop('moved', [service('web')]);
    const kubeconfig = join(monorepo.folder, 'kubeconfig');
    monorepo.write('workspaces/here.ts', workspaceFile({ target: targetOf(kubeconfig) }));
    copyFileSync(kubeconfigOf(scene.cluster), kubeconfig);
    expect(await monorepo.konfig('preview', 'moved/dev', '-o', 'plan.json')).toMatchObject({ code: 0 });
    copyFileSync(kubeconfigOf(east), kubeconfig);
    const refused = await monorepo.konfig('apply', 'plan.json');
    expect(refused.code).toBe(1);
    expect(words(refused)).toMatch(/TARGET_CHANGED +The target main is \S+, but the plan was made for \S+\. Looked at: https?:/);
    expect(await east.get('/api/v1/namespaces/moved')).toBeUndefined();
  });
}
