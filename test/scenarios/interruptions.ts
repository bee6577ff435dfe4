// Runs that are stopped, killed, cut off, or in each other's way. Driven by what the run says, never by time.
import type { Running } from './monorepo';
import { project, service, unready } from './programs';
import { applied, lockIsFree, phasesOf, type Scene, said, seen } from './scene';

export function interruptions(scene: Scene): void {
  /** The moments of a run at which somebody presses ^C; what waits for `slow`, which never gets ready, is not begun. */
  const moments: readonly (readonly [string, RegExp])[] = [
    ['before the first object', /"type":"operation-started"/],
    ['while the namespace is made', seen('step-started', 'Namespace/NAME')],
    ['after the first Deployment is ready', seen('step-done', 'Deployment.apps/NAME/web')],
    ['while waiting', seen('step-observed', 'Deployment.apps/NAME/slow', '0 of 1')],
  ];
  test.each(moments)(
    '^C %s starts nothing new, leaves a truthful record and no lock; the next apply does the rest',
    async (moment, pattern) => {
      const name = `cancel-${moments.findIndex(([one]) => one === moment)}`;
      const lines = (slow: string) => [
        `const web = ${service('web')}`,
        `const slow = ${slow}`,
        `const last = ${service('last')}`,
        'slow.dependsOn(web);',
        'last.dependsOn(slow);',
      ];
      const monorepo = scene.shop(name, lines(unready('slow')));
      const running = monorepo.start(['apply', `${name}/dev`, '--yes', '--output', 'ndjson']);
      await running.says(new RegExp(pattern.source.replace('NAME', name)));
      running.child.kill('SIGINT');
      const ended = await running.ended;
      expect(ended.code).toBe(130);
      expect(ended.stdout).toMatch(/"type":"operation-finished","phase":"cancelled"/);
      const afterCancel = ended.stdout.slice(ended.stdout.indexOf('"type":"cancelling"'));
      expect(afterCancel).not.toContain('"type":"step-started"');
      expect(await phasesOf(monorepo, `${name}/dev`)).toEqual(['cancelled']);
      expect(await lockIsFree(scene, `${name}/dev`)).toBe(true);
      monorepo.write(`projects/${name}/app.ts`, project(name, lines(service('slow')))[`projects/${name}/app.ts`] as string);
      await applied(monorepo, `${name}/dev`);
      expect(await phasesOf(monorepo, `${name}/dev`)).toEqual(['succeeded', 'cancelled']);
      expect(await namesOf(scene, name)).toEqual(['last', 'slow', 'web']);
      expect(await monorepo.konfig('destroy', `${name}/dev`, '--yes')).toMatchObject({ code: 0 });
      expect(await scene.cluster.get(`/api/v1/namespaces/${name}`)).toBeUndefined();
    },
  );

  test('a run that is killed leaves nothing behind that stops the next one, and no object that nobody knows', async () => {
    const monorepo = scene.shop('killed', [unready('slow')]);
    const running = await started('killed', monorepo.start(['apply', 'killed/dev', '--yes', '--output', 'ndjson']));
    running.child.kill('SIGKILL');
    await running.ended;
    expect(await phasesOf(monorepo, 'killed/dev')).toEqual(['interrupted']);
    monorepo.write('projects/killed/app.ts', project('killed', [service('web')])['projects/killed/app.ts'] as string);
    await applied(monorepo, 'killed/dev', '--allow-mass-delete');
    expect(await namesOf(scene, 'killed')).toEqual(['web']);
    expect(await phasesOf(monorepo, 'killed/dev')).toEqual(['succeeded', 'failed']);
  }, 90_000);

  test('a second run is told who holds the lock, and changes nothing; it may wait for it instead', async () => {
    const monorepo = scene.shop('twice', [unready('slow')]);
    const first = await started('twice', monorepo.start(['apply', 'twice/dev', '--yes', '--output', 'ndjson']));
    const second = await monorepo.konfig('apply', 'twice/dev', '--yes');
    expect(second.code).toBe(1);
    expect(said(second)).toMatch(/LOCK_HELD\s+twice\/dev is being changed by .*pid \d+/);
    const third = monorepo.start(['apply', 'twice/dev', '--yes', '--output', 'ndjson', '--lock-wait', '60']);
    await third.says(/"type":"lock-held"/);
    first.child.kill('SIGINT');
    expect(await first.ended).toMatchObject({ code: 130 });
    await third.says(/"type":"operation-started".*"release":2/);
    third.child.kill('SIGINT');
    expect(await third.ended).toMatchObject({ code: 130 });
  });

  test('an API server that goes away and comes back does not fail an apply that waits', async () => {
    const { cluster } = scene;
    const monorepo = scene.shop('lost', [unready('slow')]);
    const running = await started('lost', monorepo.start(['apply', 'lost/dev', '--yes', '--output', 'ndjson']));
    await cluster.interrupt();
    const mended = { spec: { template: { metadata: { annotations: { 'simulate.konfig.dev/unready': 'false' } } } } };
    await cluster.patch('/apis/apps/v1/namespaces/lost/deployments/slow', mended, 'konfig');
    expect(await running.ended).toMatchObject({ code: 0 });
    expect(await phasesOf(monorepo, 'lost/dev')).toEqual(['succeeded']);
  });

  test('an API server that goes away half-way through the changes does not fail an apply, nor make anything twice', async () => {
    const { cluster } = scene;
    const configs =
      "for (let i = 0; i < 60; i++) new ApiObject(this, 'settings-' + i, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings-' + i }, data: { i: String(i) } });";
    const monorepo = scene.shop('halfway', [configs, service('web')], {
      above: ["import { ApiObject } from 'cdk8s';"],
      // One after the other, so that many are still to come.
      operations: 'concurrency: 1',
    });
    const running = monorepo.start(['apply', 'halfway/dev', '--yes', '--output', 'ndjson']);
    await running.says(/"type":"step-done","step":"main:ConfigMap\//);
    await cluster.interrupt();
    expect(await running.ended).toMatchObject({ code: 0 });
    const made = (await cluster.list('/api/v1/namespaces/halfway/configmaps')).filter(({ metadata }) =>
      metadata.name.startsWith('settings-'),
    );
    expect(made).toHaveLength(60);
    expect(await namesOf(scene, 'halfway')).toEqual(['web']);
    expect(await phasesOf(monorepo, 'halfway/dev')).toEqual(['succeeded']);
    expect(await monorepo.konfig('preview', 'halfway/dev', '--exit-code')).toMatchObject({ code: 0 });
  });
}

/** Resolves once the Deployment `slow` is made and waited for. */
async function started(namespace: string, running: Running): Promise<Running> {
  await running.says(seen('step-observed', `Deployment.apps/${namespace}/slow`, '0 of 1'));
  return running;
}

async function namesOf({ cluster }: Scene, namespace: string): Promise<readonly string[]> {
  return (await cluster.list(`/apis/apps/v1/namespaces/${namespace}/deployments`)).map(({ metadata }) => metadata.name).sort();
}
