// One secret in every kind of place where somebody may speak of it, and every command in every form: it is in nothing that they say, and in no file.
import { randomBytes } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from '@konfig/cluster';
import { openEmbeddedCluster } from './scenarios/embedded-cluster';
import type { Monorepo } from './scenarios/monorepo';
import { service } from './scenarios/programs';
import { said, sceneOf } from './scenarios/scene';
import { filesWith, holds } from './scenarios/secret-scan';
import { openWebhook, takesIt } from './scenarios/webhook-server';

/** As short as a secret may be that is looked for: what a cut leaves of it is never found by its beginning. */
const canary = 'QZ7xwk';
/** Its first letters, which stand in no other word: not even as much may be left where a text is cut. */
const beginning = 'QZ';

const scene = sceneOf(openEmbeddedCluster);
afterEach(() => scene.cluster.inject([]));

const env = { SHOP_PASSWORD: canary, KONFIG_STATE_KEY: randomBytes(32).toString('base64') };

/** Longer than any line: wherever it is cut, that is in the middle of one. */
const words = `It says ${Array.from({ length: 300 }, () => canary).join(' ')}`;

const forms = ['text', 'json', 'ndjson'] as const;

/** Runs commands in each of the forms, and looks through all that they say. Those that quoted somebody who spoke of the secret. */
async function sayNothing(monorepo: Monorepo, commands: readonly string[], order: 'together' | 'in turn'): Promise<readonly string[]> {
  const quoting = new Set<string>();
  const run = async (command: string, form: string) => {
    const text = said(await monorepo.start([...command.split(' '), '--output', form], env).ended);
    expect({ command, form, leak: leak.exec(text)?.[0] }).toEqual({ command, form });
    if (text.includes('says (secret)')) quoting.add(command.split(' ')[0] as string);
  };
  for (const command of commands) {
    if (order === 'together') await Promise.all(forms.map((form) => run(command, form)));
    else for (const form of forms) await run(command, form);
  }
  return [...quoting];
}

const leak = new RegExp(`.{0,60}${beginning}.{0,30}`);

/** The records of all stacks that hold the secret, packed as they are. */
async function recordsWith(secret: string): Promise<readonly string[]> {
  const records = await scene.cluster.list('/api/v1/namespaces/konfig/secrets');
  const values = (data: Readonly<Record<string, string>>) => Object.values(data).map((value) => Buffer.from(value, 'base64'));
  return records.filter(({ data = {} }) => values(data).some((bytes) => holds(bytes, secret))).map(({ metadata }) => metadata.name);
}

/** Commands that change nothing of a stack. */
const looking = [
  'preview STACK',
  'status STACK',
  'logs STACK',
  'logs STACK --previous',
  'drift STACK',
  'history STACK',
  'show STACK',
  'show STACK --manifests',
  'diff STACK@1 STACK',
  'explain STACK Deployment/web --live',
  'settings STACK',
  'validate STACK',
  'doctor STACK',
  'unlock STACK --yes',
];

const on = (stack: string, commands: readonly string[]) => commands.map((command) => command.replaceAll('STACK', stack));

const invalid = {
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  code: 422,
  reason: 'Invalid',
  message: words,
  details: { causes: [{ field: 'metadata.annotations', message: `Invalid value: "${words}"` }] },
};
const denied = { kind: 'Status', status: 'Failure', code: 403, message: `admission webhook "policy" denied the request: ${words}` };

const refusing = (path: string, body: { readonly code: number }): Fault => ({
  fault: 'request',
  method: 'PATCH',
  path,
  status: body.code,
  body,
});

const config = "new KubernetesObject(this, 'config', { apiVersion: 'v1', kind: 'ConfigMap', data: { LEVEL: 'info' } });";

test('a secret that a cluster speaks of is in nothing that any command says or leaves', async () => {
  const web = (image: string) => service('web', { image, container: "env: { PASSWORD: secret.env('SHOP_PASSWORD') }" });
  const lines = [web('web:1'), service('api', { image: 'api:1' }), service('mail', { image: 'mail:1' }), config];
  const monorepo = scene.shop('spoken', lines, { imports: 'KubernetesObject, secret, Service', operations: "noProgressTimeout: '1s'" });
  const stack = 'spoken/dev';
  expect(await sayNothing(monorepo, on(stack, ['apply STACK --yes']), 'in turn')).toEqual([]);

  // What runs fails: an event, an image that is not there, a log.
  scene.cluster.inject([
    { fault: 'crash', image: 'web:2', log: `${words}\nno entry with ${canary}` },
    { fault: 'image-pull', image: 'api:2', message: words },
    { fault: 'unready', image: 'mail:2', message: words },
  ]);
  const file = 'projects/spoken/app.ts';
  monorepo.write(
    file,
    monorepo
      .read(file)
      .replaceAll(/(web|api|mail):1/g, '$1:2')
      .replace('info', 'debug'),
  );
  const hook = await openWebhook(takesIt);
  const summed = `apply STACK --yes --notify ${hook.url} ${['md', 'xml', 'json'].map((form) => `--summary run.${form}`).join(' ')}`;
  expect(await sayNothing(monorepo, on(stack, [summed]), 'in turn')).toEqual(['apply']);
  await hook.stop();
  for (const summary of [monorepo.read('run.md'), monorepo.read('run.xml'), monorepo.read('run.json'), ...hook.told]) {
    expect(summary).toContain('(secret)');
    expect(leak.exec(summary)).toBeNull();
  }
  expect(await sayNothing(monorepo, on(stack, looking), 'together')).toEqual(['status', 'logs', 'show']);

  // What is wished is refused: an annotation, and all that a policy is about.
  scene.cluster.inject([refusing('*/deployments/*', invalid), refusing('*/configmaps/*', denied)]);
  const planning = ['preview STACK', 'drift STACK', 'explain STACK Deployment/web --live', 'apply STACK --yes', 'rollback STACK 1 --yes'];
  expect(await sayNothing(monorepo, on(stack, planning), 'together')).toEqual(['preview', 'drift', 'explain', 'apply', 'rollback']);
  scene.cluster.inject([]);
  await sayNothing(monorepo, on(stack, ['destroy STACK --yes']), 'in turn');
  expect(await recordsWith(canary)).toEqual([]);
  expect(filesWith(canary, monorepo.folder)).toEqual([]);
}, 300_000);

test('a secret in an error of Terraform is in nothing that any command says or leaves', async () => {
  const lines = [
    "const cloud = new TerraformStack(this, 'keys');",
    "new DataResource(cloud, 'key', { input: { text: terraformValue.text(cloud, secret.env('SHOP_PASSWORD')) } });",
    service('web'),
  ];
  const above = ["import { DataResource, TerraformStack } from 'cdktf';"];
  const monorepo = scene.shop('terraformed', lines, { imports: 'secret, Service, terraformValue', above });
  monorepo.write('terraform.js', complaining);
  const binary = join(monorepo.folder, 'terraform.js');
  chmodSync(binary, 0o755);
  const workspace = monorepo.read('workspaces/here.ts').replace('{ kubernetes,', '{ kubernetes, secret, terraform,');
  const target = `targets: { terraform: terraform({ binary: '${binary}', stateKey: secret.env('KONFIG_STATE_KEY') }) },`;
  monorepo.write('workspaces/here.ts', workspace.replace('operations:', `${target}\n  operations:`));
  const stack = 'terraformed/dev';
  const commands = ['preview STACK', 'apply STACK --yes', 'status STACK', 'drift STACK', 'import STACK terraform_data.key key --yes'];
  const quoting = await sayNothing(monorepo, on(stack, commands), 'together');
  expect(quoting).toEqual(['preview', 'apply', 'import']);
  expect(filesWith(canary, monorepo.folder)).toEqual([]);
}, 300_000);

/** A terraform that quotes its secrets, whatever it is asked. */
const complaining = `#!${process.execPath}
if (process.argv[2] === 'version') {
  console.log('Terraform v1.11.4\\non linux_amd64');
} else {
  const words = 'It says ' + Array.from({ length: 300 }, () => process.env.SHOP_PASSWORD).join(' ');
  const diagnostic = { severity: 'error', summary: words, detail: words };
  console.log(JSON.stringify({ '@level': 'error', '@message': words, type: 'diagnostic', diagnostic }));
  console.error(words);
  process.exitCode = 1;
}
`;
