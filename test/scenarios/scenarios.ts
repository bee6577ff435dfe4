// The main job and its ways to fail, as a user meets them: the same on the embedded cluster and on a real control plane.

import type { ScenarioCluster } from './cluster';
import { type Monorepo, makeMonorepo, type Ran } from './monorepo';
import { project, workspaceFile } from './programs';

export function describeScenarios(where: string, open: () => Promise<ScenarioCluster>): void {
  describe(where, () => {
    let cluster: ScenarioCluster;
    const monorepos: Monorepo[] = [];

    beforeAll(async () => {
      cluster = await open();
    }, 120_000);
    afterAll(async () => {
      for (const monorepo of monorepos) monorepo.remove();
      await cluster?.stop();
    }, 60_000);

    /** A monorepo with one project, `<name>/dev`, whose AppConfig has these lines. */
    function shop(
      name: string,
      lines: readonly string[],
      options: { readonly imports?: string; readonly settings?: string } = {},
    ): Monorepo {
      const monorepo = makeMonorepo({
        'workspaces/here.ts': workspaceFile(cluster, options.settings),
        ...project(name, lines, options.imports),
      });
      monorepos.push(monorepo);
      return monorepo;
    }

    /** Its pods run, but never get ready. */
    const unready = `new Service(this, 'slow', { containers: { web: { image: 'registry.example/web:1.0.0', ports: { http: 8080 } } }, override: { deployment: { spec: { template: { metadata: { annotations: { 'simulate.konfig.dev/unready': 'true' } } } } } } });`;

    const web = (replicas = 1, image = 'registry.example/web:1.0.0', more = '') =>
      `new Service(this, 'web', { containers: { web: { image: '${image}', ports: { http: 8080 }${more} } }, replicas: ${replicas} });`;

    test('a service is previewed, applied, ready, unchanged by a second apply, and gone after destroy', async () => {
      const monorepo = shop('first', [web()]);
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
      const monorepo = shop('change', [web(1)]);
      await applied(monorepo, 'change/dev');
      monorepo.write('projects/change/app.ts', monorepo.read('projects/change/app.ts').replace('web:1.0.0', 'web:1.1.0'));
      const { stdout } = await monorepo.konfig('preview', 'change/dev');
      expect(changedLines(stdout)).toEqual([
        expect.stringMatching(
          /containers\[name=web\]\.image +registry\.example\/web:1\.0\.0 → registry\.example\/web:1\.1\.0 +~projects\/change\/app\.ts:6$/,
        ),
      ]);
      expect(stdout).toContain('1 to change');
      expect(await monorepo.konfig('apply', 'change/dev', '--yes')).toMatchObject({ code: 0 });
      expect(await monorepo.konfig('history', 'change/dev', '--output', 'json')).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/"number": 2[\s\S]*"number": 1/),
      });
    });

    test('a broken image fails within its grace, names the finding and the source line; the old pods serve on; the next apply mends it', async () => {
      const monorepo = shop('broken', [web(2)]);
      await applied(monorepo, 'broken/dev');
      const good = monorepo.read('projects/broken/app.ts');
      monorepo.write('projects/broken/app.ts', good.replace('web:1.0.0', 'web:does-not-exist'));
      const failed = await monorepo.konfig('apply', 'broken/dev', '--yes');
      expect(failed).toMatchObject({ code: 1, stdout: expect.stringMatching(/ErrImagePull|ImagePullBackOff/) });
      expect(said(failed)).toMatch(/RESOURCE_FAILED[\s\S]*projects\/broken\/app\.ts:6/);
      expect(await cluster.get('/apis/apps/v1/namespaces/broken/deployments/web')).toMatchObject({ status: { availableReplicas: 2 } });
      monorepo.write('projects/broken/app.ts', good);
      await applied(monorepo, 'broken/dev');
      const releases = JSON.parse((await monorepo.konfig('history', 'broken/dev', '--output', 'json')).stdout) as { phase: string }[];
      expect(releases.map((release) => release.phase)).toEqual(['succeeded', 'failed', 'succeeded']);
    });

    test('what left the program is deleted, and nothing else', async () => {
      const monorepo = shop('prune', [web(), web().replaceAll("'web'", "'api'")]);
      await applied(monorepo, 'prune/dev');
      expect(await cluster.get('/apis/apps/v1/namespaces/prune/deployments/api')).toBeDefined();
      monorepo.write('projects/prune/app.ts', project('prune', [web()])['projects/prune/app.ts'] as string);
      expect(await monorepo.konfig('preview', 'prune/dev')).toMatchObject({ stdout: expect.stringMatching(/- Deployment\/api/) });
      await applied(monorepo, 'prune/dev', '--yes');
      expect(await cluster.get('/apis/apps/v1/namespaces/prune/deployments/api')).toBeUndefined();
      expect(await cluster.get('/apis/apps/v1/namespaces/prune/deployments/web')).toBeDefined();
    });

    test('what a person changed by hand is shown, and taken back by the next apply', async () => {
      const monorepo = shop('drift', [web(1)]);
      await applied(monorepo, 'drift/dev');
      await cluster.patch('/apis/apps/v1/namespaces/drift/deployments/web', { spec: { replicas: 4 } }, 'kubectl-edit');
      const { stdout } = await monorepo.konfig('preview', 'drift/dev');
      expect(changedLines(stdout)).toEqual([expect.stringMatching(/spec\.replicas +4 → 1/)]);
      await applied(monorepo, 'drift/dev');
      expect(await cluster.get('/apis/apps/v1/namespaces/drift/deployments/web')).toMatchObject({ spec: { replicas: 1 } });
    });

    test('an object that the API server rejects is told with its field and source line, before anything is changed', async () => {
      const monorepo = shop('rejected', [
        web(),
        "new ApiObject(this, 'bad', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'bad' }, spec: { ports: [{ port: 99999 }] } });",
      ]);
      monorepo.write('projects/rejected/app.ts', `import { ApiObject } from 'cdk8s';\n${monorepo.read('projects/rejected/app.ts')}`);
      const ran = await monorepo.konfig('apply', 'rejected/dev', '--yes');
      expect(ran.code).toBe(3);
      expect(said(ran)).toMatch(/RESOURCE_REJECTED[\s\S]*Service\/bad[\s\S]*port[\s\S]*projects\/rejected\/app\.ts:8/);
      expect(await cluster.get('/api/v1/namespaces/rejected')).toBeUndefined();
    });

    test('^C starts nothing new, releases the lock and writes a truthful record; the next apply does the rest', async () => {
      const monorepo = shop('cancel', [unready]);
      const running = monorepo.start(['apply', 'cancel/dev', '--yes']);
      await running.says(/Deployment\/slow.*0 of 1/);
      running.child.kill('SIGINT');
      expect(await running.ended).toMatchObject({ code: 130 });
      const releases = JSON.parse((await monorepo.konfig('history', 'cancel/dev', '--output', 'json')).stdout) as { phase: string }[];
      expect(releases.map((release) => release.phase)).toEqual(['cancelled']);
      monorepo.write(
        'projects/cancel/app.ts',
        project('cancel', [unready.replace("'true'", "'false'")])['projects/cancel/app.ts'] as string,
      );
      await applied(monorepo, 'cancel/dev');
    });

    test('a run that is killed leaves nothing behind that stops the next one, and no object that nobody knows', async () => {
      const monorepo = shop('killed', [unready], { settings: '' });
      const running = monorepo.start(['apply', 'killed/dev', '--yes']);
      await running.says(/Deployment\/slow.*0 of 1/);
      running.child.kill('SIGKILL');
      await running.ended;
      monorepo.write('projects/killed/app.ts', project('killed', [web()])['projects/killed/app.ts'] as string);
      await applied(monorepo, 'killed/dev', '--lock-wait', '30');
      expect((await cluster.list('/apis/apps/v1/namespaces/killed/deployments')).map((object) => object.metadata.name)).toEqual(['web']);
      const releases = JSON.parse((await monorepo.konfig('history', 'killed/dev', '--output', 'json')).stdout) as { phase: string }[];
      expect(releases.map((release) => release.phase)).toEqual(['succeeded', 'failed']);
    });

    test('a second run is told who holds the lock, and changes nothing; it may wait for it instead', async () => {
      const monorepo = shop('twice', [unready]);
      const first = monorepo.start(['apply', 'twice/dev', '--yes']);
      await first.says(/Deployment\/slow.*0 of 1/);
      const second = await monorepo.konfig('apply', 'twice/dev', '--yes');
      expect(second.code).toBe(1);
      expect(said(second)).toMatch(/LOCK_HELD\s+twice\/dev is being changed by .*pid \d+/);
      const third = monorepo.start(['apply', 'twice/dev', '--yes', '--lock-wait', '60']);
      await third.says(/is being changed by/);
      first.child.kill('SIGINT');
      expect(await first.ended).toMatchObject({ code: 130 });
      await third.says(/apply, release 2/);
      third.child.kill('SIGINT');
      expect(await third.ended).toMatchObject({ code: 130 });
    });

    test('an API server that goes away and comes back does not fail an apply', async () => {
      const monorepo = shop('lost', [unready]);
      const running = monorepo.start(['apply', 'lost/dev', '--yes']);
      await running.says(/Deployment\/slow.*0 of 1/);
      await cluster.interrupt();
      await cluster.patch(
        '/apis/apps/v1/namespaces/lost/deployments/slow',
        { spec: { template: { metadata: { annotations: { 'simulate.konfig.dev/unready': 'false' } } } } },
        'konfig',
      );
      expect(await running.ended).toMatchObject({ code: 0 });
    });

    test('a secret reaches the container and nothing else: not the plan, the events, the records', async () => {
      const secret = 'c4n4ry-p4ssw0rd-in-the-mine';
      const monorepo = shop('secret', [web(1, 'registry.example/web:1.0.0', ", env: { PASSWORD: secret.env('SHOP_PASSWORD') }")], {
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
      expect(
        secrets.flatMap((object) => Object.values(object.data ?? {})).map((value) => Buffer.from(value, 'base64').toString()),
      ).toContain(secret);
      const records = await cluster.list('/api/v1/namespaces/konfig/secrets');
      expect(records.length).toBeGreaterThan(0);
      const { gunzipSync } = await import('node:zlib');
      const kept = records
        .flatMap((object) => Object.values(object.data ?? {}))
        .map((value) => unpacked(Buffer.from(value, 'base64'), gunzipSync));
      for (const text of [said(previewed), said(ran), ...kept]) {
        expect(text).not.toContain(secret);
        expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(0, 20));
      }
      const rolled = await monorepo.start(['preview', 'secret/dev'], { SHOP_PASSWORD: 'an0ther-p4ssw0rd' }).ended;
      expect(rolled.stdout).toMatch(/Secret\/[\s\S]*\(secret, changed\)/);
      expect(rolled.stdout).toMatch(/Deployment\/web/);
    });

    async function applied(monorepo: Monorepo, stack: string, ...more: string[]): Promise<Ran> {
      const ran = await monorepo.konfig('apply', stack, '--yes', ...more);
      if (ran.code !== 0) throw new Error(`konfig apply ${stack} ended with ${ran.code}:\n${said(ran)}`);
      return ran;
    }
  });
}

export function said({ stdout, stderr }: Ran): string {
  return `${stdout}\n${stderr}`;
}

/** The lines of a preview that show a field's change. */
function changedLines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.includes(' → '));
}

function unpacked(bytes: Buffer, gunzip: (bytes: Buffer) => Buffer): string {
  try {
    return gunzip(bytes).toString();
  } catch {
    return bytes.toString();
  }
}
