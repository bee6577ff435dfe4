// Config that is named by its content, and YAML within a program.
import { askUntil } from './ask-until';
import type { HttpAnswer } from './http';
import { project, service } from './programs';
import { applied, type Scene } from './scene';

export function versioned(scene: Scene): void {
  const web = (level: string, tag: string) =>
    service('web', {
      image: `registry.example/web:${tag}`,
      container: `files: { '/etc/level': '${level}' }`,
      more: 'versionedConfig: true, defaults: { revisionHistoryLimit: 0 }',
    });
  const app = (level: string, tag: string) => project('versioned', [web(level, tag)])['projects/versioned/app.ts'] as string;

  test('a rollout that goes wrong leaves the old pods their old config, which goes when no pod uses it any more', async () => {
    const { cluster } = scene;
    const configMaps = async () =>
      (await cluster.list('/api/v1/namespaces/versioned/configmaps')).filter(({ metadata }) => metadata.name.startsWith('web-files-'));
    const levels = async () => (await configMaps()).map(({ data }) => data?.level).sort();
    const monorepo = scene.shop('versioned', [web('info', '1')]);
    await applied(monorepo, 'versioned/dev');
    expect(await levels()).toEqual(['info']);

    monorepo.write('projects/versioned/app.ts', app('wrong', 'does-not-exist'));
    expect(await monorepo.konfig('apply', 'versioned/dev', '--yes')).toMatchObject({ code: 1 });
    expect(await levels()).toEqual(['info', 'wrong']);
    expect(await cluster.get('/apis/apps/v1/namespaces/versioned/deployments/web')).toMatchObject({ status: { availableReplicas: 1 } });

    monorepo.write('projects/versioned/app.ts', app('debug', '2'));
    await applied(monorepo, 'versioned/dev');
    // Which may still have found a pod of the older ones on its way out.
    const pods = { method: 'GET', path: '/api/v1/namespaces/versioned/pods' } as const;
    const areNew = ({ body }: HttpAnswer) => imagesIn(body).every((image) => image === 'registry.example/web:2');
    await askUntil(cluster.server, pods, { wish: 'pods of the newest image only', holds: areNew });
    await applied(monorepo, 'versioned/dev');
    expect(await levels()).toEqual(['debug']);
    expect(await monorepo.konfig('preview', 'versioned/dev', '--exit-code')).toMatchObject({ code: 0 });
  });

  test('YAML in a program: its lines are told, its objects are changed and waited for', async () => {
    const { cluster } = scene;
    const yaml = (image: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: legacy }
spec:
  selector: { matchLabels: { app: legacy } }
  template:
    metadata: { labels: { app: legacy } }
    spec:
      containers:
        - name: app
          image: registry.example/legacy:${image}
`;
    const monorepo = scene.shop(
      'included',
      [
        "const legacy = new Manifest(this, 'legacy', { file: 'k8s/legacy.yaml', override: { 'Deployment/legacy': { spec: { replicas: 2 } } } });",
        `const web = ${service('web')}`,
        "web.dependsOn(legacy.object('Deployment', 'legacy'));",
      ],
      { imports: 'Manifest, Service' },
    );
    monorepo.write('projects/included/k8s/legacy.yaml', yaml('1'));
    const { stdout } = await applied(monorepo, 'included/dev', '--output', 'ndjson');
    expect(stdout.indexOf('"type":"step-done","step":"main:Deployment.apps/included/legacy"')).toBeLessThan(
      stdout.indexOf('"type":"step-started","step":"main:Deployment.apps/included/web"'),
    );
    expect(await cluster.get('/apis/apps/v1/namespaces/included/deployments/legacy')).toMatchObject({ spec: { replicas: 2 } });
    monorepo.write('projects/included/k8s/legacy.yaml', yaml('2'));
    const changed = await monorepo.konfig('preview', 'included/dev');
    expect(changed.stdout).toMatch(/containers\[name=app\]\.image\b.* projects\/included\/k8s\/legacy\.yaml:11\n/);
  });
}

function imagesIn(podList: string): readonly string[] {
  const { items } = JSON.parse(podList) as {
    readonly items: readonly { readonly spec: { readonly containers: readonly { image: string }[] } }[];
  };
  return items.flatMap(({ spec }) => spec.containers.map(({ image }) => image));
}
