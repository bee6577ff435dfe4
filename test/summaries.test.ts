// Who is told of a run when it is over: files for CI, and webhooks.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedCluster } from './scenarios/embedded-cluster';
import { lastWords, service, unready } from './scenarios/programs';
import { said, sceneOf, words } from './scenarios/scene';
import { type Answer, neverAnswers, openWebhook, takesIt, type WebhookServer } from './scenarios/webhook-server';

const scene = sceneOf(openEmbeddedCluster);
const webhooks: WebhookServer[] = [];

async function webhook(answer: Answer): Promise<WebhookServer> {
  const opened = await openWebhook(answer);
  webhooks.push(opened);
  return opened;
}

afterAll(async () => {
  await Promise.all(webhooks.map((one) => one.stop()));
});

const toldTo = ({ told }: WebhookServer) => JSON.parse(told[0] as string) as { text: string; konfig: Record<string, unknown> };

test('an apply that succeeds is summed up in every form, and told to a webhook whose address nobody gets to see', async () => {
  const hook = await webhook(takesIt);
  const monorepo = scene.shop('summed', [service('web')]);
  writeFileSync(join(monorepo.folder, 'step_summary'), 'What was there.\n');
  const files = ['step_summary', 'run.md', 'run.xml', 'run.json'].flatMap((file) => ['--summary', file]);
  const ran = await monorepo.konfig('apply', 'summed/dev', '--yes', ...files, '--notify', hook.url);
  expect(ran.code).toBe(0);
  expect(said(ran)).not.toContain(hook.token);
  const markdown = monorepo.read('run.md');
  expect(markdown).toMatch(/^### ✔ summed\/dev: release 1 succeeded in .*: 3 created\.\n/);
  expect(markdown).toMatch(/\| ✔ \| Deployment\/web \| created \| [\d.]+s \| projects\/summed\/app\.ts:6 \|/);
  expect(monorepo.read('step_summary')).toBe(`What was there.\n${markdown}`);
  expect(monorepo.read('run.xml')).toMatch(/<testsuite name="konfig apply summed\/dev" .*tests="4" failures="0" errors="0" skipped="0"/);
  expect(JSON.parse(monorepo.read('run.json'))).toMatchObject({ version: 1, outcome: 'succeeded', release: 1, counts: { create: 3 } });
  expect(toldTo(hook)).toMatchObject({
    text: expect.stringMatching(/^✔ summed\/dev: release 1 succeeded in .*: 3 created\.$/),
    konfig: { version: 1, command: 'apply', outcome: 'succeeded' },
  });
  const release = await monorepo.konfig('show', 'summed/dev@1', '--output', 'json');
  expect(release.stdout).not.toContain(hook.token);
});

test('a run that fails says why: the cause, the field, the line; so does one that is refused before it begins', async () => {
  const hook = await webhook(takesIt);
  const monorepo = scene.shop('sick', [
    service('web', { pods: { 'simulate.konfig.dev/crash': '3', 'simulate.konfig.dev/log': lastWords } }),
  ]);
  const told = { KONFIG_NOTIFY: hook.url };
  const failed = await monorepo.start(['apply', 'sick/dev', '--yes', '--summary', 'run.md', '--summary', 'run.xml'], told).ended;
  expect(failed.code).toBe(1);
  expect(monorepo.read('run.md')).toMatch(
    /### ✖ sick\/dev: release 1 failed after[\s\S]*\| ✖ \| Deployment\/web \| create failed[\s\S]*\*\*RESOURCE&#95;FAILED\*\*: .*main:Deployment\.apps\/sick\/web, projects\/sick\/app\.ts:6\n\n```text\nDeployment\/web will not become ready: Pod\/web-\S+: web: CrashLoopBackOff, exit 3[\s\S]*panic: no database/,
  );
  expect(monorepo.read('run.xml')).toMatch(
    /<testcase name="Deployment\/web" classname="sick\/dev" time="[\d.]+">\n +<failure message="Deployment\/web will not[^"]*" type="RESOURCE_FAILED">/,
  );
  expect(toldTo(hook).text).toMatch(/^✖ sick\/dev: release 1 failed after .*\nRESOURCE_FAILED: Deployment\/web will not become ready/);
  monorepo.write('projects/sick/app.ts', 'nonsense(');
  const refused = await monorepo.start(['apply', 'sick/dev', '--yes', '--summary', 'run.md', '--summary', 'run.xml'], told).ended;
  expect(refused.code).toBe(3);
  expect(monorepo.read('run.md')).toMatch(
    /^### ✖ sick\/dev: Nothing was changed\.\n\n\*\*PROGRAM&#95;INVALID\*\*: projects\/sick\/app\.ts:1/,
  );
  expect(monorepo.read('run.xml')).toMatch(/tests="1" failures="0" errors="1"[\s\S]*<error message="[^"]+" type="PROGRAM_INVALID">/);
  expect(hook.told).toHaveLength(2);
});

test('^C is summed up as a cancel, also where it ends the command at once, while its program is read', async () => {
  const monorepo = scene.shop('stopped', [unready('slow')]);
  const running = monorepo.start(['apply', 'stopped/dev', '--yes', '--output', 'ndjson', '--summary', 'run.json']);
  await running.says(/"type":"step-observed","step":"main:Deployment/);
  running.child.kill('SIGINT');
  expect((await running.ended).code).toBe(130);
  expect(JSON.parse(monorepo.read('run.json'))).toMatchObject({ outcome: 'cancelled', release: 1 });
  monorepo.write('projects/stopped/app.ts', "console.log('for ever'); for (;;);");
  const reading = monorepo.start(['apply', 'stopped/dev', '--yes', '--no-type-check', '--summary', 'run.json']);
  await reading.says(/for ever/);
  reading.child.kill('SIGINT');
  expect((await reading.ended).code).toBe(130);
  const { outcome, headline } = JSON.parse(monorepo.read('run.json')) as { outcome: string; headline: string };
  expect({ outcome, headline }).toEqual({ outcome: 'cancelled', headline: 'Cancelled; nothing was changed.' });
});

test('a preview is summed up as what it would do, and told to nobody', async () => {
  const hook = await webhook(takesIt);
  const monorepo = scene.shop('wished', [service('web')]);
  const ran = await monorepo.start(['preview', 'wished/dev', '--summary', 'plan.md'], { KONFIG_NOTIFY: hook.url }).ended;
  expect(ran.code).toBe(0);
  expect(monorepo.read('plan.md')).toMatch(/^### · wished\/dev: Plan: 3 to create[\s\S]*\| · \| Service\/web \| create \|/);
  expect(hook.told).toEqual([]);
});

test('a webhook that fails is asked three times, one that hangs is given up by ^C; neither changes how the run ended', async () => {
  const failing = await webhook((response) => void response.writeHead(503).end());
  const monorepo = scene.shop('untold', [service('web')]);
  const first = await monorepo.konfig('apply', 'untold/dev', '--yes', '--notify', failing.url);
  expect(first.code).toBe(0);
  expect(failing.told).toHaveLength(3);
  expect(words(first)).toContain('warning: the webhook of --notify was not told: it answered 503');
  const hanging = await webhook(neverAnswers);
  const running = monorepo.start(['destroy', 'untold/dev', '--yes', '--notify', hanging.url]);
  await hanging.heard(1);
  running.child.kill('SIGINT');
  const second = await running.ended;
  expect(second.code).toBe(0);
  expect(words(second)).toContain('warning: the webhook of --notify was not told: it was broken off');
  expect(said(first) + said(second)).not.toMatch(/xoxtokenxox/);
});

test('what cannot be written or told is said before anything begins; what fails only then is a warning', async () => {
  const monorepo = scene.shop('nowhere', [service('web')]);
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['--summary', 'no/such/run.md'], /USAGE +--summary is no\/such\/run\.md, but the folder \S+ does not exist/],
    [['--summary', '.'], /USAGE +--summary is \., which is a folder/],
    [['--summary', ''], /USAGE +--summary names no file/],
    [['--notify', 'hooks.example/T0123'], /USAGE +--notify is no address/],
    [['--notify', 'file:///T0123'], /USAGE +--notify is no address/],
  ];
  for (const [options, said] of wrong) {
    const ran = await monorepo.konfig('apply', 'nowhere/dev', '--yes', ...options);
    expect(ran.code).toBe(1);
    expect(words(ran)).toMatch(said);
    expect(words(ran)).not.toContain('T0123');
  }
  expect(await scene.cluster.get('/api/v1/namespaces/nowhere')).toBeUndefined();
  // A file on a full disk: nobody can write there.
  const full = await monorepo.konfig('apply', 'nowhere/dev', '--yes', '--summary', '/dev/full');
  expect(full.code).toBe(0);
  expect(words(full)).toMatch(/warning: the summary could not be written to \/dev\/full: ENOSPC/);
  expect(existsSync(join(monorepo.folder, 'no'))).toBe(false);
});
