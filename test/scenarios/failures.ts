// What does not come up, and what Konfig says of it: the finding, its cause, the line of TypeScript.
import { lastWords, service } from './programs';
import { applied, phasesOf, type Scene, words } from './scene';

export function failures(scene: Scene): void {
  test('a broken image fails within its grace, names the finding and the source line; the old pods serve on; the next apply mends it', async () => {
    const { cluster } = scene;
    const monorepo = scene.shop('broken', [service('web', { replicas: 2 })]);
    await applied(monorepo, 'broken/dev');
    const good = monorepo.read('projects/broken/app.ts');
    monorepo.write('projects/broken/app.ts', good.replace('web:1.0.0', 'web:does-not-exist'));
    const failed = await monorepo.konfig('apply', 'broken/dev', '--yes');
    expect(failed.code).toBe(1);
    expect(words(failed)).toMatch(/RESOURCE_FAILED +Deployment\/web[\s\S]*ImagePullBackOff[\s\S]*projects\/broken\/app\.ts:6/);
    expect(await cluster.get('/apis/apps/v1/namespaces/broken/deployments/web')).toMatchObject({ status: { availableReplicas: 2 } });
    monorepo.write('projects/broken/app.ts', good);
    await applied(monorepo, 'broken/dev');
    expect(await phasesOf(monorepo, 'broken/dev')).toEqual(['succeeded', 'failed', 'succeeded']);
  });

  test('an object that the API server rejects is told with its field and source line, before anything is changed', async () => {
    const lines = [
      service('web'),
      "new ApiObject(this, 'bad', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'bad' }, spec: { ports: [{ port: 99999 }] } });",
    ];
    const monorepo = scene.shop('rejected', lines, { above: ["import { ApiObject } from 'cdk8s';"] });
    const ran = await monorepo.konfig('apply', 'rejected/dev', '--yes');
    expect(ran.code).toBe(3);
    expect(words(ran)).toMatch(/RESOURCE_REJECTED[\s\S]*Service\/bad[\s\S]*port[\s\S]*projects\/rejected\/app\.ts:8/);
    expect(await scene.cluster.get('/api/v1/namespaces/rejected')).toBeUndefined();
  });

  test('a container that crashes is told with its exit code, its restarts and its last words, and where it was written', async () => {
    const monorepo = scene.shop('crash', [
      service('web', { pods: { 'simulate.konfig.dev/crash': '3', 'simulate.konfig.dev/log': lastWords } }),
    ]);
    const failed = await monorepo.konfig('apply', 'crash/dev', '--yes');
    expect(failed.code).toBe(1);
    expect(words(failed)).toMatch(
      /RESOURCE_FAILED +Deployment\/web will not become ready: Pod\/web-\S+: web: CrashLoopBackOff, exit 3, \d+ restarts log panic: no database Look at[\s\S]*projects\/crash\/app\.ts:6/,
    );
    // Its Service gets no endpoint any more, and nobody waits for one.
    expect(words(failed)).not.toContain('RESOURCE_TIMEOUT');
  });

  test('an init container without its image is told as such', async () => {
    const more = "initContainers: { wait: { image: 'registry.example/wait:does-not-exist' } }";
    const monorepo = scene.shop('init', [service('web', { more })]);
    const failed = await monorepo.konfig('apply', 'init/dev', '--yes');
    expect(failed.code).toBe(1);
    expect(words(failed)).toMatch(
      /RESOURCE_FAILED Deployment\/web .*ImagePullBackOff, wait: cannot pull image "registry\.example\/wait:does-not-exist"[\s\S]*initContainers\[name=wait\]\.image[\s\S]*projects\/init\/app\.ts:6/,
    );
  });

  test('a Job that fails stops what depends on it, and only that; once it succeeds the rest comes up behind it', async () => {
    const { cluster } = scene;
    const lines = [
      "const seed = new Job(this, 'seed', { containers: { seed: { image: 'registry.example/seed:1.0.0' } }, backoffLimit: 0, podAnnotations: { 'simulate.konfig.dev/crash': '7' } });",
      `const reports = ${service('reports')}`,
      'reports.dependsOn(seed);',
      service('web'),
    ];
    const monorepo = scene.shop('gate', lines, { imports: 'Job, Service' });
    const failed = await monorepo.konfig('apply', 'gate/dev', '--yes');
    expect(failed.code).toBe(1);
    expect(words(failed)).toMatch(
      /RESOURCE_FAILED +Job\/seed will not become ready: Job\/seed: BackoffLimitExceeded, .*exit 7[\s\S]*projects\/gate\/app\.ts:6/,
    );
    expect(failed.stdout).toMatch(/Deployment\/reports skipped: .*Job\/seed/);
    expect(await cluster.get('/apis/apps/v1/namespaces/gate/deployments/reports')).toBeUndefined();
    expect(await cluster.get('/apis/apps/v1/namespaces/gate/deployments/web')).toMatchObject({ status: { readyReplicas: 1 } });
    monorepo.write('projects/gate/app.ts', monorepo.read('projects/gate/app.ts').replace(/, podAnnotations: \{.*?\}/, ''));
    const { stdout } = await applied(monorepo, 'gate/dev', '--output', 'ndjson');
    const order = [
      ...stdout.matchAll(/"type":"(step-done|step-started)","step":"main:(Job\.batch|Deployment\.apps)\/gate\/(seed|reports)"/g),
    ];
    expect(order.map(([, type, , name]) => `${type} ${name}`)).toEqual([
      'step-started seed',
      'step-done seed',
      'step-started reports',
      'step-done reports',
    ]);
  });
}
