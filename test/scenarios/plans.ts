// Plans that are kept and reviewed, ways back, what has drifted, parts of a stack, stacks without a program.
import { project, service, unready } from './programs';
import { applied, phasesOf, type Scene, said, words } from './scene';

export function plans(scene: Scene): void {
  const image = (tag: string) => service('web', { image: `registry.example/web:${tag}` });
  const app = (name: string, ...lines: string[]) => project(name, lines)[`projects/${name}/app.ts`] as string;
  const imageOf = async (name: string) =>
    JSON.stringify((await scene.cluster.get(`/apis/apps/v1/namespaces/${name}/deployments/web`))?.spec).match(
      /registry\.example[^"]*/,
    )?.[0];

  test('a plan that is kept is shown for review and applied as it was reviewed; after that it is spent', async () => {
    const monorepo = scene.shop('kept', [image('1')]);
    await applied(monorepo, 'kept/dev');
    monorepo.write('projects/kept/app.ts', app('kept', image('2')));
    expect(await monorepo.konfig('preview', 'kept/dev', '-o', 'plan.json')).toMatchObject({ code: 0 });
    const shown = await monorepo.konfig('show', 'plan.json');
    expect(shown.stdout).toMatch(
      /Plan to apply kept\/dev[\s\S]*on top of release 1[\s\S]*registry\.example\/web:1 → registry\.example\/web:2/,
    );
    // What the program says by now does not matter.
    monorepo.write('projects/kept/app.ts', app('kept', image('3')));
    expect(await monorepo.konfig('apply', 'plan.json')).toMatchObject({ code: 0 });
    expect(await imageOf('kept')).toBe('registry.example/web:2');
    const again = await monorepo.konfig('apply', 'plan.json');
    expect(again.code).toBe(1);
    expect(words(again)).toMatch(/PLAN_STALE +kept\/dev is at release 2 by now; this plan was made at release 1/);
  });

  test('a plan that was edited, or that would do something else by now, changes nothing', async () => {
    const { cluster } = scene;
    const monorepo = scene.shop('reviewed', [image('1')]);
    await applied(monorepo, 'reviewed/dev');
    monorepo.write('projects/reviewed/app.ts', app('reviewed', image('2')));
    await monorepo.konfig('preview', 'reviewed/dev', '-o', 'plan.json');
    monorepo.write('edited.json', monorepo.read('plan.json').replaceAll('web:2', 'web:666'));
    expect(words(await monorepo.konfig('preview', 'reviewed/dev', '-o', 'plan.txt'))).toMatch(/USAGE +"plan\.txt" does not end in \.json/);
    const unconfirmed = await monorepo.konfig('apply', 'reviewed/dev', '--output', 'json');
    expect(unconfirmed.code).toBe(1);
    expect((JSON.parse(unconfirmed.stdout) as { problems: unknown }).problems).toEqual([expect.objectContaining({ code: 'USAGE' })]);
    const edited = await monorepo.konfig('apply', 'edited.json');
    expect(edited.code).toBe(1);
    expect(words(edited)).toMatch(/PLAN_INVALID +edited\.json is not as Konfig wrote it/);
    await cluster.patch('/apis/apps/v1/namespaces/reviewed/deployments/web', { spec: { replicas: 5 } }, 'kubectl-edit');
    expect(words(await monorepo.konfig('apply', 'plan.json', '--adopt'))).toMatch(
      /USAGE +plan\.json is a plan that was made already: --adopt/,
    );
    const refused = await monorepo.konfig('apply', 'plan.json');
    expect(refused.code).toBe(1);
    expect(words(refused)).toMatch(/PLAN_STALE +Deployment\/web would change spec\.replicas from 5 to 1 now, which the plan did not show/);
    expect(await imageOf('reviewed')).toBe('registry.example/web:1');
    expect(await phasesOf(monorepo, 'reviewed/dev')).toEqual(['succeeded']);
  });

  test('drift tells who changed what since the last release, and what was deleted', async () => {
    const { cluster } = scene;
    const monorepo = scene.shop('drifted', [image('1')]);
    await applied(monorepo, 'drifted/dev');
    expect(await monorepo.konfig('drift', 'drifted/dev', '--exit-code')).toMatchObject({ code: 0 });
    await cluster.patch('/apis/apps/v1/namespaces/drifted/deployments/web', { spec: { replicas: 5 } }, 'kubectl-edit');
    await cluster.remove('/api/v1/namespaces/drifted/services/web');
    // What the program says by now is not what was released.
    monorepo.write('projects/drifted/app.ts', app('drifted', image('2')));
    const drift = await monorepo.konfig('drift', 'drifted/dev', '--exit-code');
    expect(drift.code).toBe(2);
    expect(drift.stdout).toMatch(/~ Deployment\/web {2}changed by kubectl-edit, .*\n +spec\.replicas +1 → 5/);
    expect(drift.stdout).toMatch(/- Service\/web {2}deleted/);
    expect(drift.stdout).not.toContain('web:2');
    const { drifted } = JSON.parse((await monorepo.konfig('drift', 'drifted/dev', '--output', 'json')).stdout) as { drifted: unknown };
    expect(drifted).toEqual([
      expect.objectContaining({ how: 'deleted' }),
      expect.objectContaining({
        how: 'changed',
        changes: [expect.objectContaining({ by: expect.objectContaining({ name: 'kubectl-edit' }) })],
      }),
    ]);
  });

  test('a rollback goes back to what succeeded last, and is a release of its own', async () => {
    const monorepo = scene.shop('back', [image('1')]);
    await applied(monorepo, 'back/dev');
    monorepo.write('projects/back/app.ts', app('back', image('does-not-exist'), service('extra')));
    expect(await monorepo.konfig('apply', 'back/dev', '--yes')).toMatchObject({ code: 1 });
    const rollback = await monorepo.konfig('rollback', 'back/dev', '--yes');
    expect(rollback.code).toBe(0);
    expect(rollback.stdout).toMatch(/Back to release 1 of back\/dev[\s\S]*- Deployment\/extra/);
    expect(await imageOf('back')).toBe('registry.example/web:1');
    expect(await scene.cluster.get('/apis/apps/v1/namespaces/back/deployments/extra')).toBeUndefined();
    expect(await phasesOf(monorepo, 'back/dev')).toEqual(['succeeded', 'failed', 'succeeded']);
  });

  test('only what is named is changed, with what it needs; the rest stays as it was released', async () => {
    const { cluster } = scene;
    const monorepo = scene.shop('part', [service('web'), service('api')]);
    await applied(monorepo, 'part/dev', '--target', 'Deployment/web');
    expect((await cluster.list('/apis/apps/v1/namespaces/part/deployments')).map((one) => one.metadata.name)).toEqual(['web']);
    expect(await monorepo.konfig('drift', 'part/dev', '--exit-code')).toMatchObject({ code: 0 });
    await applied(monorepo, 'part/dev');
    expect((await cluster.list('/apis/apps/v1/namespaces/part/deployments')).map((one) => one.metadata.name)).toEqual(['api', 'web']);
    const unknown = await monorepo.konfig('preview', 'part/dev', '--target', 'Deployment/wbe');
    expect(unknown.code).toBe(1);
    expect(words(unknown)).toMatch(/USAGE +part\/dev has no resource "Deployment\/wbe"\. Did you mean Deployment\/web\?/);
  });

  test('a stack that has left its program is shown and destroyed by its records', async () => {
    const { cluster } = scene;
    const monorepo = scene.shop('left', [service('web')]);
    await applied(monorepo, 'left/dev');
    const konfig = monorepo.read('projects/left/konfig.ts');
    monorepo.write('projects/left/konfig.ts', konfig.replace(".stack('dev'", ".stack('next'"));
    expect((await monorepo.konfig('status', 'left/dev')).stdout).toMatch(/left\/dev {2}release 1 {2}✔ succeeded[\s\S]*Deployment\/web/);
    const destroyed = await monorepo.konfig('destroy', 'left/dev', '--yes');
    expect(destroyed.code).toBe(0);
    expect(destroyed.stderr).toContain('left/dev is not in its program any more');
    expect(await cluster.get('/api/v1/namespaces/left')).toBeUndefined();
    const gone = await monorepo.konfig('status', 'left/never');
    expect(gone.code).toBe(1);
    expect(words(gone)).toMatch(/STACK_UNKNOWN.*--via PROJECT\/STACK/);
  });

  test('a type error in the program does not keep what it made', async () => {
    const monorepo = scene.shop('untyped', [service('web')]);
    const compilerOptions = {
      strict: true,
      module: 'node20',
      moduleResolution: 'node16',
      target: 'es2023',
      skipLibCheck: true,
      noEmit: true,
    };
    monorepo.write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['workspaces', 'projects'] }));
    await applied(monorepo, 'untyped/dev');
    monorepo.write('projects/untyped/app.ts', app('untyped', service('web'), 'const wrong: number = "text"; void wrong;'));
    expect(await monorepo.konfig('apply', 'untyped/dev', '--yes')).toMatchObject({ code: 3 });
    expect(await monorepo.konfig('destroy', 'untyped/dev', '--yes')).toMatchObject({ code: 0 });
  });

  test('a lock that was taken away stops its run, which writes nothing more', async () => {
    const monorepo = scene.shop('stuck', [unready('slow')]);
    expect((await monorepo.konfig('unlock', 'stuck/dev')).stdout).toBe('Nobody holds the lock of stuck/dev.\n');
    const running = monorepo.start(['apply', 'stuck/dev', '--yes', '--output', 'ndjson']);
    await running.says(/"type":"step-observed".*0 of 1/);
    const asked = await monorepo.konfig('unlock', 'stuck/dev');
    expect(asked.code).toBe(1);
    expect(said(asked)).toMatch(/stuck\/dev is locked by .*pid \d+ since /);
    expect(await monorepo.konfig('unlock', 'stuck/dev', '--yes')).toMatchObject({ code: 0 });
    const ended = await running.ended;
    expect(ended.code).toBe(1);
    expect(said(ended)).toContain('LOCK_LOST');
    expect(await phasesOf(monorepo, 'stuck/dev')).toEqual(['interrupted']);
  });

  test('what somebody is deleting is drift, and is made anew as soon as it is gone', async () => {
    const { cluster } = scene;
    const above = ["import { ApiObject } from 'cdk8s';"];
    const held =
      "new ApiObject(this, 'held', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'held', finalizers: ['shop.example/backup'] } });";
    const path = '/api/v1/namespaces/going/configmaps/held';
    const monorepo = scene.shop('going', [held, service('web')], { above });
    await applied(monorepo, 'going/dev');
    const before = (await cluster.get(path))?.metadata.uid;
    await cluster.remove(path);
    expect((await monorepo.konfig('drift', 'going/dev', '--exit-code')).stdout).toMatch(/- ConfigMap\/held {2}deleted/);
    const running = monorepo.start(['apply', 'going/dev', '--yes', '--output', 'ndjson']);
    await running.says(/"type":"step-started","step":"main:ConfigMap\/going\/held","action":"replace"/);
    await cluster.patch(path, { metadata: { finalizers: null } }, 'backup');
    expect(await running.ended).toMatchObject({ code: 0 });
    const after = await cluster.get(path);
    expect(after?.metadata.uid).not.toBe(before);
    await cluster.patch(path, { metadata: { finalizers: null } }, 'backup');
  });

  test('a Namespace that leaves the program does not take along what is still wished in it', async () => {
    const { cluster } = scene;
    const monorepo = scene.shop('room', [service('web')]);
    await applied(monorepo, 'room/dev');
    const konfig = monorepo.read('projects/room/konfig.ts');
    // The same objects in the same namespace, which is no longer the stack's own.
    monorepo.write('projects/room/konfig.ts', konfig.replace("{ namespace: 'room' }", "{ namespace: 'room', createNamespace: false }"));
    const refused = await monorepo.konfig('apply', 'room/dev', '--yes');
    expect(refused.code).toBe(3);
    expect(words(refused)).toMatch(
      /RESOURCE_HOLDS_OTHERS +Namespace\/room is not in the program any more, but (Service|Deployment)\/web and (Service|Deployment)\/web of it are still wished/,
    );
    expect(await cluster.get('/apis/apps/v1/namespaces/room/deployments/web')).toBeDefined();
  });

  test('most of a stack is not deleted by --yes alone', async () => {
    const monorepo = scene.shop('mass', [service('web'), service('api'), service('db')]);
    await applied(monorepo, 'mass/dev');
    monorepo.write('projects/mass/app.ts', app('mass'));
    const refused = await monorepo.konfig('apply', 'mass/dev', '--yes');
    expect(refused.code).toBe(1);
    expect(words(refused)).toMatch(/PLAN_RISKY[\s\S]*--allow-mass-delete/);
    await applied(monorepo, 'mass/dev', '--allow-mass-delete');
    expect(await scene.cluster.list('/apis/apps/v1/namespaces/mass/deployments')).toEqual([]);
  });
}
