// The programs of konfig/, as they are, the whole way.
import type { KubernetesObject } from './cluster';
import { applied, changedLines, phasesOf, type Scene, seen } from './scene';

export function boutique(scene: Scene): void {
  test('Online Boutique: 36 objects, all ready, one changed value, and gone without a trace', async () => {
    const { cluster } = scene;
    const before = await everythingIn(scene, 'default');
    const monorepo = scene.company();
    expect((await monorepo.konfig('preview', 'boutique/demo')).stdout).toContain('Plan: 36 to create, 0 to change');

    const running = monorepo.start(['apply', 'boutique/demo', '--yes', '--output', 'ndjson']);
    if (!cluster.hasCloud) {
      await running.says(seen('step-observed', 'Service/frontend-external', 'waits for an address'));
      await giveAddress(scene, '/api/v1/namespaces/default/services/frontend-external');
    }
    expect(await running.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('"phase":"succeeded"') });
    const deployments = await cluster.list('/apis/apps/v1/namespaces/default/deployments');
    expect(deployments.map(({ metadata, spec, status }) => `${metadata.name} ${status?.readyReplicas}/${spec?.replicas}`)).toEqual([
      'adservice 1/1',
      'cartservice 1/1',
      'checkoutservice 1/1',
      'currencyservice 1/1',
      'emailservice 1/1',
      'frontend 2/2',
      'loadgenerator 1/1',
      'paymentservice 1/1',
      'productcatalogservice 1/1',
      'recommendationservice 1/1',
      'redis-cart 1/1',
      'shippingservice 1/1',
    ]);
    expect(await cluster.get('/api/v1/namespaces/default/services/frontend-external')).toMatchObject({
      status: { loadBalancer: { ingress: [{ ip: expect.stringMatching(/^192\.0\.2\./) }] } },
    });
    expect(await monorepo.konfig('preview', 'boutique/demo', '--exit-code')).toMatchObject({ code: 0 });
    expect((await monorepo.konfig('status', 'boutique/demo')).stdout).toContain('36 of 36 ready.');

    monorepo.write(
      'projects/boutique/konfig.ts',
      monorepo.read('projects/boutique/konfig.ts').replace('frontendReplicas: 2', 'frontendReplicas: 3'),
    );
    const changed = await monorepo.konfig('preview', 'boutique/demo');
    expect(changedLines(changed.stdout)).toEqual([
      expect.stringMatching(/spec\.replicas +2 → 3 +~?projects\/boutique\/(app|konfig)\.ts:\d+$/),
    ]);
    expect(changed.stdout).toContain('Plan: 0 to create, 1 to change, 0 to replace, 0 to delete, 35 unchanged.');
    await applied(monorepo, 'boutique/demo');
    expect(await cluster.get('/apis/apps/v1/namespaces/default/deployments/frontend')).toMatchObject({ status: { readyReplicas: 3 } });
    expect(await phasesOf(monorepo, 'boutique/demo')).toEqual(['succeeded', 'succeeded']);

    expect(await monorepo.konfig('destroy', 'boutique/demo', '--yes')).toMatchObject({ code: 0 });
    expect(await everythingIn(scene, 'default')).toEqual(before);
  }, 180_000);

  test('the guestbook comes up, stays as it is, and goes', async () => {
    const { cluster } = scene;
    const monorepo = scene.company();
    await applied(monorepo, 'guestbook/dev');
    const deployments = await cluster.list('/apis/apps/v1/namespaces/guestbook/deployments');
    expect(deployments.map(({ metadata, status }) => `${metadata.name} ${status?.readyReplicas}`)).toEqual([
      'frontend 1',
      'redis-follower 1',
      'redis-leader 1',
    ]);
    expect(await monorepo.konfig('preview', 'guestbook/dev', '--exit-code')).toMatchObject({ code: 0 });
    expect(await monorepo.konfig('destroy', 'guestbook/dev', '--yes')).toMatchObject({ code: 0 });
    expect(await cluster.get('/api/v1/namespaces/guestbook')).toBeUndefined();
  }, 90_000);

  test('http-echo comes up behind its ingress, and goes', async () => {
    const { cluster } = scene;
    const monorepo = scene.company();
    await applied(monorepo, 'http-echo/dev');
    expect(await cluster.get('/apis/apps/v1/namespaces/http-echo/deployments/http-echodev')).toMatchObject({
      status: { readyReplicas: 1 },
    });
    expect(await monorepo.konfig('preview', 'http-echo/dev', '--exit-code')).toMatchObject({ code: 0 });
    expect(await monorepo.konfig('destroy', 'http-echo/dev', '--yes')).toMatchObject({ code: 0 });
    expect(await cluster.get('/api/v1/namespaces/http-echo')).toBeUndefined();
  }, 90_000);

  test('the job runs five times, and runs again only when it has changed', async () => {
    const { cluster } = scene;
    const job = async () => await cluster.get('/apis/batch/v1/namespaces/job-example/jobs/job-example-dev');
    const monorepo = scene.company();
    await applied(monorepo, 'job-example/dev');
    const first = await job();
    expect(first).toMatchObject({ status: { succeeded: 5 } });
    expect(await monorepo.konfig('preview', 'job-example/dev', '--exit-code')).toMatchObject({ code: 0 });
    const program = monorepo.read('projects/job-example/konfig.ts');
    monorepo.write('projects/job-example/konfig.ts', program.replace('digits: 2000', 'digits: 3000'));
    expect((await applied(monorepo, 'job-example/dev')).stdout).toMatch(/Job\/job-example-dev {2}replace/);
    const second = await job();
    expect(second).toMatchObject({ status: { succeeded: 5 } });
    expect(second?.metadata.uid).not.toBe(first?.metadata.uid);
    expect(await monorepo.konfig('destroy', 'job-example/dev', '--yes')).toMatchObject({ code: 0 });
  }, 90_000);
}

/** Plays the cloud, where the cluster has none. */
async function giveAddress({ cluster }: Scene, path: string): Promise<void> {
  await cluster.patch(`${path}/status`, { status: { loadBalancer: { ingress: [{ ip: '192.0.2.7' }] } } }, 'cloud');
}

/** What a namespace holds, kind by kind, but for Events and for the slices that the control plane clears away in its own time. */
async function everythingIn({ cluster }: Scene, namespace: string): Promise<readonly string[]> {
  const groups = (await readJson<{ groups: { preferredVersion: { groupVersion: string } }[] }>(cluster, '/apis')).groups;
  const roots = ['/api/v1', ...groups.map((group) => `/apis/${group.preferredVersion.groupVersion}`)];
  const found: string[] = [];
  for (const root of roots) {
    const { resources } = await readJson<{ resources: Resource[] }>(cluster, root);
    for (const { name, namespaced, verbs } of resources) {
      if (!namespaced || !verbs.includes('list') || ['events', 'endpointslices', 'endpoints'].includes(name)) continue;
      const objects = await cluster.list(`${root}/namespaces/${namespace}/${name}`);
      found.push(...objects.map(({ metadata }) => `${name}/${metadata.name}`));
    }
  }
  return found.sort();
}

interface Resource {
  readonly name: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

async function readJson<T>(cluster: Scene['cluster'], path: string): Promise<T> {
  return (await cluster.get(path)) as unknown as T & KubernetesObject;
}
