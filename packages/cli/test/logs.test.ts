// konfig logs: what containers say, each line with who said it.
import { openEmbeddedCluster } from '../../../test/scenarios/embedded-cluster';
import { service } from '../../../test/scenarios/programs';
import { applied, said, sceneOf } from '../../../test/scenarios/scene';

const scene = sceneOf(openEmbeddedCluster);

const speaking = (id: string, log: string) => service(id, { pods: { 'simulate.konfig.dev/log': log } });
const lines = (text: string) =>
  text
    .replace(/^(\w+)-\w+-\w+\//gm, '$1-POD/')
    .trimEnd()
    .split('\n')
    .sort();

test('all containers, one resource, the last lines, one container', async () => {
  const monorepo = scene.shop('said', [speaking('web', 'one\ntwo'), speaking('api', 'three')]);
  await applied(monorepo, 'said/dev');
  const all = await monorepo.konfig('logs', 'said/dev');
  expect(lines(all.stdout)).toEqual(['api-POD/api  three', 'web-POD/web  one', 'web-POD/web  two']);
  expect(all.code).toBe(0);
  expect(lines((await monorepo.konfig('logs', 'said/dev', 'api')).stdout)).toEqual(['api-POD/api  three']);
  expect(lines((await monorepo.konfig('logs', 'said/dev', 'deployment/web', '--tail', '1')).stdout)).toEqual(['web-POD/web  two']);
  expect(lines((await monorepo.konfig('logs', 'said/dev', '--container', 'api')).stdout)).toEqual(['api-POD/api  three']);
  const json = JSON.parse((await monorepo.konfig('logs', 'said/dev', 'api', '--output', 'json')).stdout);
  expect(json).toEqual([
    { id: 'main:Deployment.apps/said/api', from: expect.stringMatching(/^api-/), time: expect.stringMatching(/Z$/), text: 'three' },
  ]);
});

test('--follow tells lines as they come, and ^C ends it with 130 and nothing more', async () => {
  const monorepo = scene.shop('follow', [speaking('web', 'hello')]);
  await applied(monorepo, 'follow/dev');
  const running = monorepo.start(['logs', 'follow/dev', '--follow', '--output', 'ndjson']);
  await running.says(/"text":"hello"/);
  monorepo.write('projects/follow/app.ts', monorepo.read('projects/follow/app.ts').replace('hello', 'hello again'));
  await applied(monorepo, 'follow/dev');
  await running.says(/"text":"hello again"/);
  running.child.kill('SIGINT');
  const { code, stderr } = await running.ended;
  expect([code, stderr]).toEqual([130, '']);
});

test('a reader that has heard enough ends it', async () => {
  const monorepo = scene.shop('head', [speaking('web', 'hello')]);
  await applied(monorepo, 'head/dev');
  const running = monorepo.start(['logs', 'head/dev', '--follow']);
  await running.says(/hello/);
  running.child.stdout?.destroy();
  // It notices when it has something to say.
  monorepo.write('projects/head/app.ts', monorepo.read('projects/head/app.ts').replace('hello', 'hello again'));
  await applied(monorepo, 'head/dev');
  expect(await running.ended).toMatchObject({ code: 0, stderr: '' });
});

test('secrets are masked', async () => {
  const monorepo = scene.shop(
    'mask',
    [
      service('web', {
        container: "env: { PASSWORD: secret.env('PASSWORD') }",
        pods: { 'simulate.konfig.dev/log': 'login with c4n4ry-in-the-mine' },
      }),
    ],
    { imports: 'Service, secret' },
  );
  const env = { PASSWORD: 'c4n4ry-in-the-mine' };
  expect((await monorepo.start(['apply', 'mask/dev', '--yes'], env).ended).code).toBe(0);
  expect((await monorepo.start(['logs', 'mask/dev'], env).ended).stdout).toMatch(/ {2}login with \(secret\)$/m);
});

test('what cannot be is said', async () => {
  const monorepo = scene.shop('wrong', [speaking('web', 'hello')]);
  expect(said(await monorepo.konfig('logs', 'wrong/dev'))).toMatch(/USAGE {2}wrong\/dev was never applied/);
  await applied(monorepo, 'wrong/dev');
  expect(said(await monorepo.konfig('logs', 'wrong/dev', 'wbe'))).toMatch(
    /USAGE {2}wrong\/dev has no resource "wbe"\.\s+Did you mean web\? It has Deployment\/web, Namespace\/wrong, Service\/web\./,
  );
  expect(said(await monorepo.konfig('logs', 'wrong/dev', '--since', 'yesterday'))).toMatch(
    /USAGE {2}--since is "yesterday", which is no duration/,
  );
  expect(said(await monorepo.konfig('logs', 'wrong/dev', '--follow', '--previous'))).toMatch(/USAGE[\s\S]*do not go together/);
});
