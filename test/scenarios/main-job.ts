// Write, preview, apply, change, remove: what everybody does every day.
import { gunzipSync } from 'node:zlib';
import { project, service } from './programs';
import { applied, changedLines, releasesOf, type Scene, said } from './scene';

export function mainJob(scene: Scene): void {
  test('a service is previewed, applied, ready, unchanged by a second apply, and gone after destroy', async () => {
    const { cluster } = scene;
    const monorepo = scene.shop('first', [service('web')]);
    expect(await monorepo.konfig('preview', 'first/dev', '--exit-code')).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('+ Deployment/web'),
    });
    expect(await monorepo.konfig('apply', 'first/dev', '--yes')).toMatchObject({ code: 0 });
    expect(await cluster.get('/apis/apps/v1/namespaces/first/deployments/web')).toMatchObject({
      status: { readyReplicas: 1, observedGeneration: 1 },
    });
    expect(await monorepo.konfig('preview', 'first/dev', '--exit-code')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing to do'),
    });
    expect(await monorepo.konfig('apply', 'first/dev')).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to do') });
    expect(await monorepo.konfig('status', 'first/dev')).toMatchObject({ code: 0, stdout: expect.stringContaining('Deployment/web') });
    expect(await monorepo.konfig('destroy', 'first/dev', '--yes')).toMatchObject({ code: 0 });
    expect(await cluster.get('/apis/apps/v1/namespaces/first/deployments/web')).toBeUndefined();
    expect(await cluster.get('/api/v1/namespaces/first')).toBeUndefined();
  });

  test('one changed value is one line of the preview, with the line of TypeScript that set it', async () => {
    const monorepo = scene.shop('change', [service('web')]);
    await applied(monorepo, 'change/dev');
    monorepo.write('projects/change/app.ts', monorepo.read('projects/change/app.ts').replace('web:1.0.0', 'web:1.1.0'));
    const { stdout } = await monorepo.konfig('preview', 'change/dev');
    expect(changedLines(stdout)).toEqual([
      expect.stringMatching(
        /containers\[name=web\]\.image +registry\.example\/web:1\.0\.0 → registry\.example\/web:1\.1\.0 +projects\/change\/app\.ts:6$/,
      ),
    ]);
    expect(stdout).toContain('1 to change');
    await applied(monorepo, 'change/dev');
    expect((await releasesOf(monorepo, 'change/dev')).map((release) => release.number)).toEqual([2, 1]);
  });

  test('what left the program is deleted, and nothing else', async () => {
    const { cluster } = scene;
    const monorepo = scene.shop('prune', [service('web'), service('api')]);
    await applied(monorepo, 'prune/dev');
    expect(await cluster.get('/apis/apps/v1/namespaces/prune/deployments/api')).toBeDefined();
    monorepo.write('projects/prune/app.ts', project('prune', [service('web')])['projects/prune/app.ts'] as string);
    expect(await monorepo.konfig('preview', 'prune/dev')).toMatchObject({ stdout: expect.stringMatching(/- Deployment\/api/) });
    await applied(monorepo, 'prune/dev');
    expect(await cluster.get('/apis/apps/v1/namespaces/prune/deployments/api')).toBeUndefined();
    expect(await cluster.get('/apis/apps/v1/namespaces/prune/deployments/web')).toBeDefined();
  });

  test('a file of a ConfigMap that changes rolls its pods out', async () => {
    const { cluster } = scene;
    const program = (text: string) => service('web', { container: `files: { '/etc/web/motd.txt': '${text}' }` });
    const monorepo = scene.shop('files', [program('Hello')]);
    await applied(monorepo, 'files/dev');
    const before = await cluster.list('/apis/apps/v1/namespaces/files/replicasets');
    monorepo.write('projects/files/app.ts', monorepo.read('projects/files/app.ts').replace('Hello', 'Good evening'));
    await applied(monorepo, 'files/dev');
    const after = await cluster.list('/apis/apps/v1/namespaces/files/replicasets');
    expect([before.length, after.length]).toEqual([1, 2]);
    expect(await cluster.get('/apis/apps/v1/namespaces/files/deployments/web')).toMatchObject({
      status: { observedGeneration: 2, updatedReplicas: 1, readyReplicas: 1 },
    });
  });

  test('raw cdk8s objects and cdk8s-plus workloads are applied, watched and shown like our own', async () => {
    const { cluster } = scene;
    const lines = [
      service('web'),
      "new ApiObject(this, 'raw', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'raw' }, data: { mood: 'calm' } });",
      "new plus.Deployment(this, 'plus', { metadata: { name: 'plus' }, replicas: 2, containers: [{ image: 'registry.example/plus:2.0.0', portNumber: 9000 }] });",
    ];
    const above = ["import { ApiObject } from 'cdk8s';", "import * as plus from 'cdk8s-plus-33';"];
    const monorepo = scene.shop('raw', lines, { above });
    await applied(monorepo, 'raw/dev');
    expect(await cluster.get('/api/v1/namespaces/raw/configmaps/raw')).toMatchObject({ data: { mood: 'calm' } });
    expect(await cluster.get('/apis/apps/v1/namespaces/raw/deployments/plus')).toMatchObject({ status: { readyReplicas: 2 } });
    expect(await monorepo.konfig('preview', 'raw/dev', '--exit-code')).toMatchObject({ code: 0 });
    const { stdout } = await monorepo.konfig('status', 'raw/dev');
    for (const name of ['Deployment/web', 'Deployment/plus', 'ConfigMap/raw']) expect(stdout).toContain(name);
    monorepo.write(
      'projects/raw/app.ts',
      monorepo.read('projects/raw/app.ts').replace("'calm'", "'busy'").replace('plus:2.0.0', 'plus:2.1.0'),
    );
    expect(changedLines((await monorepo.konfig('preview', 'raw/dev')).stdout)).toEqual([
      expect.stringMatching(/data\.mood +calm → busy +~?projects\/raw\/app\.ts:9$/),
      expect.stringMatching(/\.image +registry\.example\/plus:2\.0\.0 → registry\.example\/plus:2\.1\.0 +~?projects\/raw\/app\.ts:10$/),
    ]);
  });

  test('a secret reaches the container and nothing else: not the plan, the events, the records', async () => {
    const { cluster } = scene;
    const secret = 'c4n4ry-p4ssw0rd-in-the-mine';
    const monorepo = scene.shop('secret', [service('web', { container: "env: { PASSWORD: secret.env('SHOP_PASSWORD') }" })], {
      imports: 'Service, secret',
    });
    const missing = await monorepo.konfig('preview', 'secret/dev');
    expect(missing.code).toBe(1);
    expect(said(missing)).toMatch(/SECRET_MISSING[\s\S]*SHOP_PASSWORD[\s\S]*projects\/secret\/app\.ts:6/);
    const env = { SHOP_PASSWORD: secret };
    const previewed = await monorepo.start(['preview', 'secret/dev', '--output', 'json'], env).ended;
    const ran = await monorepo.start(['apply', 'secret/dev', '--yes', '--output', 'ndjson'], env).ended;
    expect(ran.code).toBe(0);
    const secrets = await cluster.list('/api/v1/namespaces/secret/secrets');
    expect(secrets.flatMap((object) => Object.values(object.data ?? {})).map((value) => Buffer.from(value, 'base64').toString())).toContain(
      secret,
    );
    const records = await cluster.list('/api/v1/namespaces/konfig/secrets');
    expect(records.length).toBeGreaterThan(0);
    const kept = records.flatMap((object) => Object.values(object.data ?? {})).map((value) => unpacked(Buffer.from(value, 'base64')));
    for (const text of [said(previewed), said(ran), ...kept]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(0, 20));
    }
    const rolled = await monorepo.start(['preview', 'secret/dev'], { SHOP_PASSWORD: 'an0ther-p4ssw0rd' }).ended;
    expect(rolled.stdout).toMatch(/Secret\/[\s\S]*\(secret, changed\)/);
    expect(rolled.stdout).toMatch(/Deployment\/web/);
  });
}

function unpacked(bytes: Buffer): string {
  try {
    return gunzipSync(bytes).toString();
  } catch {
    return bytes.toString();
  }
}
