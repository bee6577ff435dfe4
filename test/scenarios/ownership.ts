// What belongs to the stack, to a person, to nobody any more.
import { project, service } from './programs';
import { applied, changedLines, phasesOf, type Scene, words } from './scene';

export function ownership(scene: Scene): void {
  test('what a person changed by hand is shown, and taken back by the next apply', async () => {
    const { cluster } = scene;
    const monorepo = scene.shop('drift', [service('web')]);
    await applied(monorepo, 'drift/dev');
    await cluster.patch('/apis/apps/v1/namespaces/drift/deployments/web', { spec: { replicas: 4 } }, 'kubectl-edit');
    const { stdout } = await monorepo.konfig('preview', 'drift/dev');
    expect(changedLines(stdout)).toEqual([expect.stringMatching(/spec\.replicas +4 → 1/)]);
    await applied(monorepo, 'drift/dev');
    expect(await cluster.get('/apis/apps/v1/namespaces/drift/deployments/web')).toMatchObject({ spec: { replicas: 1 } });
  });

  test('what is retained leaves the program and the record, and stays in the cluster', async () => {
    const { cluster } = scene;
    const monorepo = scene.shop('retain', [service('web'), service('kept', { more: "onRemoval: 'retain'" })]);
    await applied(monorepo, 'retain/dev');
    const before = await cluster.get('/apis/apps/v1/namespaces/retain/deployments/kept');
    monorepo.write('projects/retain/app.ts', project('retain', [service('web')])['projects/retain/app.ts'] as string);
    expect((await monorepo.konfig('preview', 'retain/dev')).stdout).toMatch(/Deployment\/kept +give up, leave it there \(retained\)/);
    await applied(monorepo, 'retain/dev');
    expect((await cluster.get('/apis/apps/v1/namespaces/retain/deployments/kept'))?.metadata.uid).toBe(before?.metadata.uid);
    expect(await monorepo.konfig('preview', 'retain/dev', '--exit-code')).toMatchObject({ code: 0 });
  });

  test('what is retained keeps the Namespace that it is in, and a delete that would take along what is of others asks first', async () => {
    const { cluster } = scene;
    const monorepo = scene.shop('stay', [service('web'), service('kept', { more: "onRemoval: 'retain'" })]);
    await applied(monorepo, 'stay/dev');
    const destroy = await monorepo.konfig('destroy', 'stay/dev', '--yes');
    expect(destroy.code).toBe(0);
    expect(words(destroy)).toMatch(/Namespace\/stay +give up, leave it there \(holds what stays\)/);
    expect(await cluster.get('/apis/apps/v1/namespaces/stay/deployments/kept')).toBeDefined();
    expect(await cluster.get('/apis/apps/v1/namespaces/stay/deployments/web')).toBeUndefined();

    const shared = scene.shop('shared', [service('web')]);
    await applied(shared, 'shared/dev');
    await cluster.create('/api/v1/namespaces/shared/configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'theirs' } });
    const refused = await shared.konfig('destroy', 'shared/dev', '--yes');
    expect(refused.code).toBe(1);
    expect(words(refused)).toMatch(
      /RESOURCE_HOLDS_OTHERS +warning: Deleting Namespace\/shared takes along what is not of this stack: ConfigMap\/theirs/,
    );
    expect(await cluster.get('/apis/apps/v1/namespaces/shared/deployments/web')).toBeDefined();
    expect(await shared.konfig('destroy', 'shared/dev', '--yes', '--allow-mass-delete')).toMatchObject({ code: 0 });
  });

  test('what is protected is not deleted, not by a change of the program nor by destroy', async () => {
    const { cluster } = scene;
    const guarded = service('kept', { more: "onRemoval: 'protect'" });
    const monorepo = scene.shop('protect', [service('web'), guarded]);
    await applied(monorepo, 'protect/dev');
    const app = (...lines: string[]) => project('protect', lines)['projects/protect/app.ts'] as string;
    monorepo.write('projects/protect/app.ts', app(service('web')));
    const refused = await monorepo.konfig('apply', 'protect/dev', '--yes');
    expect(refused.code).toBe(3);
    expect(words(refused)).toMatch(/RESOURCE_PROTECTED +Deployment\/kept is protected, but it is not in the program any more/);
    const destroy = await monorepo.konfig('destroy', 'protect/dev', '--yes');
    expect(destroy.code).toBe(3);
    expect(words(destroy)).toMatch(/RESOURCE_PROTECTED +Deployment\/kept is protected, but its stack is destroyed/);
    expect(await cluster.get('/apis/apps/v1/namespaces/protect/deployments/kept')).toBeDefined();
    expect(await phasesOf(monorepo, 'protect/dev')).toEqual(['succeeded']);
    monorepo.write('projects/protect/app.ts', app(service('web'), service('kept', { more: "onRemoval: 'delete'" })));
    expect(words(await monorepo.konfig('preview', 'protect/dev'))).toMatch(/Deployment\/kept: from now on, onRemoval is "delete"/);
    await applied(monorepo, 'protect/dev');
    monorepo.write('projects/protect/app.ts', app(service('web')));
    await applied(monorepo, 'protect/dev');
    expect(await cluster.get('/apis/apps/v1/namespaces/protect/deployments/kept')).toBeUndefined();
  });
}
