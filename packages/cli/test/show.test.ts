// konfig show: releases as they were shown and as they went.
import { openEmbeddedCluster } from '../../../test/scenarios/embedded-cluster';
import { service } from '../../../test/scenarios/programs';
import { applied, said, sceneOf } from '../../../test/scenarios/scene';

const scene = sceneOf(openEmbeddedCluster);

/** What differs from run to run. */
const still = (text: string) =>
  text.replace(/by \S+@\S+( from \S+)?, [-\d]+ [:\d]+ \(.*?\), took [\d.]+s/, 'by WHO, WHEN, took TIME').replace(/\d+(\.\d+)?s$/gm, 'TIME');

test('the last release: who, when, the plan as it was shown, what became of each step', async () => {
  const monorepo = scene.shop('last', [service('web')]);
  await applied(monorepo, 'last/dev');
  monorepo.write('projects/last/app.ts', monorepo.read('projects/last/app.ts').replace('web:1.0.0', 'web:1.1.0'));
  await applied(monorepo, 'last/dev');
  // The program may have changed since: a release is told from its record.
  monorepo.write('projects/last/app.ts', monorepo.read('projects/last/app.ts').replace('web:1.1.0', 'web:1.2.0'));
  const { code, stdout } = await monorepo.konfig('show', 'last/dev');
  expect(code).toBe(0);
  expect(still(stdout)).toBe(`last/dev@2  apply  ✔ succeeded
by WHO, WHEN, took TIME

~ Deployment/web
    spec.template.spec.containers[name=web].image  registry.example/web:1.0.0 → registry.example/web:1.1.0   projects/last/app.ts:6

Plan: 0 to create, 1 to change, 0 to replace, 0 to delete, 2 unchanged.

✔ Deployment/web  changed, ready  1 of 1 ready, TIME
`);
});

test('a release that failed says which step, and why', async () => {
  const monorepo = scene.shop('failed', [service('web', { image: 'registry.example/web:does-not-exist' })]);
  const ran = await monorepo.konfig('apply', 'failed/dev', '--yes');
  expect(ran.code).toBe(1);
  const { stdout } = await monorepo.konfig('show', 'failed/dev@1');
  expect(still(stdout)).toMatch(/^failed\/dev@1 {2}apply {2}✖ failed\nby WHO, WHEN, took TIME\n/);
  expect(stdout).toMatch(/^✔ Namespace\/failed +created, ready +active, /m);
  expect(stdout).toMatch(/^✖ Deployment\/web +failed +will not become ready: Pod\/web-\S+: ImagePullBackOff, web: cannot pull/m);
  expect(stdout).toMatch(/^RESOURCE_FAILED {2}Deployment\/web will not become ready[\s\S]*projects\/failed\/app\.ts:6\)$/m);
});

test('as data, and as the manifests that were wished', async () => {
  const monorepo = scene.shop('data', [service('web', { container: "env: { PASSWORD: secret.env('PASSWORD') }" })], {
    imports: 'Service, secret',
  });
  const env = { PASSWORD: 'c4n4ry-in-the-mine' };
  expect((await monorepo.start(['apply', 'data/dev', '--yes'], env).ended).code).toBe(0);
  const { stdout } = await monorepo.konfig('show', 'data/dev@1', '--output', 'json');
  expect(JSON.parse(stdout)).toMatchObject({ number: 1, kind: 'apply', phase: 'succeeded', plan: { stack: 'data/dev' } });
  const manifests = await monorepo.konfig('show', 'data/dev@1', '--manifests');
  expect(manifests.stdout).toMatch(/^---\napiVersion: v1\nkind: Namespace\n/m);
  expect(manifests.stdout).toMatch(/PASSWORD: "\(secret: environment variable PASSWORD\)"/);
  expect(stdout + manifests.stdout).not.toContain(env.PASSWORD);
});

test('what is no release is said, with those that there are', async () => {
  const monorepo = scene.shop('none', [service('web')]);
  expect(said(await monorepo.konfig('show', 'none/dev'))).toMatch(/USAGE {2}none\/dev was never applied/);
  expect(said(await monorepo.konfig('show', 'none/dev@latest'))).toMatch(/USAGE {2}"none\/dev@latest" is not the name of a release/);
  expect(await monorepo.konfig('show', 'none/dev@latest')).toMatchObject({ code: 1 });
});
