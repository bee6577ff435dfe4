// What people ask without changing anything: what a release did, what differs, what waits for what, where a value comes from, what it says.
import { lastWords, service } from './programs';
import { applied, changedLines, type Scene, said } from './scene';

export function looking(scene: Scene): void {
  test('releases are shown, compared and drawn from their records, whatever the program says by now', async () => {
    const monorepo = scene.shop('looked', [service('web')]);
    const app = 'projects/looked/app.ts';
    const change = (from: string, to: string) => monorepo.write(app, monorepo.read(app).replace(from, to));
    await applied(monorepo, 'looked/dev');
    change('web:1.0.0', 'web:1.1.0');
    await applied(monorepo, 'looked/dev');
    change('web:1.1.0', 'web:1.2.0');
    const shown = await monorepo.konfig('show', 'looked/dev');
    expect(changedLines(shown.stdout)).toEqual([
      expect.stringMatching(/image +registry\.example\/web:1\.0\.0 → registry\.example\/web:1\.1\.0/),
    ]);
    expect(shown.stdout).toMatch(/^looked\/dev@2 {2}apply {2}✔ succeeded$/m);
    expect(shown.stdout).toMatch(/^✔ Deployment\/web +changed, ready/m);
    expect((await monorepo.konfig('show', 'looked/dev@1', '--manifests')).stdout).toContain('image: registry.example/web:1.0.0');
    const between = await monorepo.konfig('diff', 'looked/dev@1', 'looked/dev@2', '--exit-code');
    expect(between.code).toBe(2);
    expect(changedLines(between.stdout).slice(1)).toEqual([
      expect.stringMatching(/image +.*1\.0\.0 → .*1\.1\.0 +projects\/looked\/app\.ts:6$/),
    ]);
    const since = await monorepo.konfig('diff', 'looked/dev@2', 'looked/dev');
    expect(changedLines(since.stdout).slice(1)).toEqual([expect.stringMatching(/image +.*1\.1\.0 → .*1\.2\.0/)]);
    expect((await monorepo.konfig('graph', 'looked/dev@1')).stdout).toMatch(/^2 {2}Deployment\/web {4}← Namespace\/looked$/m);
  });

  test('a status is watched until ^C: whatever changes is told, and what is applied meanwhile', async () => {
    const { cluster } = scene;
    const monorepo = scene.shop('watched', [service('web')]);
    await applied(monorepo, 'watched/dev');
    const [plain, data] = [[], ['--output', 'ndjson']].map((more) => monorepo.start(['status', 'watched/dev', '--watch', ...more]));
    if (!plain || !data) throw new Error('Both were started.');
    await Promise.all([plain.says(/3 of 3 ready\./), data.says(/"id":"main:Deployment\.apps\/watched\/web"/)]);
    await cluster.patch('/apis/apps/v1/namespaces/watched/deployments/web', { spec: { replicas: 3 } }, 'kubectl-scale');
    await Promise.all([plain.says(/Deployment\/web {2}3 of 3 ready/), data.says(/"message":"3 of 3 ready"/)]);
    monorepo.write(
      'projects/watched/app.ts',
      monorepo.read('projects/watched/app.ts').replace(/^( *)new Service.*$/m, (line) => `${line}\n${line.replaceAll('web', 'api')}`),
    );
    await applied(monorepo, 'watched/dev');
    await Promise.all([plain.says(/Deployment\/api/), data.says(/"number":2/)]);
    for (const { child } of [plain, data]) child.kill('SIGINT');
    expect(await plain.ended).toMatchObject({ code: 130, stderr: '' });
    expect(await data.ended).toMatchObject({ code: 130, stderr: '' });
  });

  test('a field is explained with its line, its value in the cluster, and who set that', async () => {
    const { cluster } = scene;
    const monorepo = scene.shop('explained', [service('web')]);
    await applied(monorepo, 'explained/dev');
    await cluster.patch('/apis/apps/v1/namespaces/explained/deployments/web', { spec: { replicas: 3 } }, 'kubectl-edit');
    const { stdout, code } = await monorepo.konfig('explain', 'explained/dev', 'web', 'replicas', '--live');
    expect(stdout).toMatch(/^spec\.replicas\n {2}value +1\n {2}set at +projects\/explained\/app\.ts:6\n {2}live +3, set by kubectl-edit /m);
    expect(code).toBe(0);
  });

  test('what containers say is told with who said it', async () => {
    const monorepo = scene.shop('spoken', [service('web', { pods: { 'simulate.konfig.dev/log': lastWords } })]);
    await applied(monorepo, 'spoken/dev');
    const { stdout, code, stderr } = await monorepo.konfig('logs', 'spoken/dev', 'web', '--tail', '1');
    expect([stdout.replace(/^web-\w+-\w+/, 'POD'), stderr, code]).toEqual([`POD/web  ${lastWords}\n`, '', 0]);
  });

  test('the doctor finds nothing in the way', async () => {
    const monorepo = scene.shop('examined', [service('web')]);
    const ran = await monorepo.konfig('doctor');
    expect(said(ran)).toMatch(/^ {2}✔ workspace here \(kubernetes\) +.*, v1\.\d+\.\S+, for examined\/dev$/m);
    expect(said(ran)).toMatch(/^ {2}✔ workspace here \(kubernetes\) +may do what the stacks and their records need$/m);
    expect(ran.code).toBe(0);
  });
}
