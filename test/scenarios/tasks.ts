// Resources that run and end, on their way between others.
import { lastWords, project, service } from './programs';
import { applied, type Scene } from './scene';

export function tasks(scene: Scene): void {
  const job = (image: string, more = '') =>
    `const seed = new Job(this, 'seed', { containers: { seed: { image: 'registry.example/seed:${image}' } }, podAnnotations: { 'simulate.konfig.dev/log': '${lastWords}' }, ${more} });`;
  const lines = (image: string, more?: string) => [job(image, more), `const web = ${service('web')}`, 'web.dependsOn(seed);'];
  const imports = 'Job, Service';
  const app = (name: string, image: string, more?: string) =>
    project(name, lines(image, more), { imports })[`projects/${name}/app.ts`] as string;

  test('a task runs before what depends on it, tells what it prints, and counts as done when it has gone after its success', async () => {
    const { cluster } = scene;
    const monorepo = scene.shop('tasks', lines('1'), { imports });
    const { stdout } = await applied(monorepo, 'tasks/dev', '--output', 'ndjson');
    expect(stdout).toMatch(/"type":"step-log","step":"main:Job\.batch\/tasks\/seed","from":"seed-[^"]+\/seed","text":"panic: no database"/);
    expect(stdout.indexOf('"type":"step-log"')).toBeLessThan(stdout.indexOf('"type":"step-done","step":"main:Job.batch/tasks/seed"'));
    await cluster.remove('/apis/batch/v1/namespaces/tasks/jobs/seed');
    expect(await monorepo.konfig('preview', 'tasks/dev', '--exit-code')).toMatchObject({ code: 0 });
    expect((await monorepo.konfig('status', 'tasks/dev')).stdout).toMatch(/✔ Job\/seed +has run; its object is gone/);
    monorepo.write('projects/tasks/app.ts', app('tasks', '2'));
    expect((await monorepo.konfig('preview', 'tasks/dev')).stdout).toMatch(/\+ Job\/seed/);
  });

  test('a task that runs always runs with each apply; one that runs once is left alone after its success', async () => {
    const { cluster } = scene;
    const uidOf = async () => (await cluster.get('/apis/batch/v1/namespaces/again/jobs/seed'))?.metadata.uid;
    const monorepo = scene.shop('again', lines('1', "runWhen: 'always'"), { imports });
    await applied(monorepo, 'again/dev');
    const first = await uidOf();
    expect((await applied(monorepo, 'again/dev')).stdout).toMatch(/Job\/seed {2}replace \(runs always\)/);
    const second = await uidOf();
    expect(second).not.toBe(first);
    monorepo.write('projects/again/app.ts', app('again', '2', "runWhen: 'once'"));
    expect(await monorepo.konfig('preview', 'again/dev', '--exit-code')).toMatchObject({ code: 0 });
    expect(await uidOf()).toBe(second);
  });
}
