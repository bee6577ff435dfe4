// Programs with Terraform stacks, run to their end: the real terraform beside a real control plane, one plan and one release over both.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Monorepo, Ran } from '../scenarios/monorepo';
import { openRealCluster } from '../scenarios/real-cluster';
import { said, sceneOf, words } from '../scenarios/scene';
import { buildKept, type MotoServer, startMoto } from '../testbed/secrets/servers';
import { buildTerraformBed } from '../testbed/terraform/beds';

const password = 'canary-password';
const scene = sceneOf(openRealCluster);

async function must(running: Promise<Ran>): Promise<Ran> {
  const ran = await running;
  if (ran.code !== 0) throw new Error(`ended with ${ran.code}:\n${said(ran)}`);
  return ran;
}

test('a value goes from Kubernetes through Terraform and back into Kubernetes', async () => {
  const lines = [
    "const service = new KubernetesObject(this, 'front', { apiVersion: 'v1', kind: 'Service', spec: { ports: [{ port: 80 }] } });",
    "const cloud = new TerraformStack(this, 'dns');",
    "const record = new DataResource(cloud, 'record', { input: { web: terraformValue.text(cloud, service.output('spec.clusterIP')), words: 'say \"hi\"' } });",
    "const [web, words] = ['web', 'words'].map((key) => Fn.lookup(record.output, key, ''));",
    "new KubernetesObject(this, 'config', { apiVersion: 'v1', kind: 'ConfigMap', data: { URL: 'http://' + web + '/', JSON: JSON.stringify({ web, words }) } });",
  ];
  const above = ["import { DataResource, Fn, TerraformStack } from 'cdktf';"];
  const monorepo = scene.shop('loop', lines, { imports: 'KubernetesObject, terraformValue', above });

  expect(words(await must(monorepo.konfig('preview', 'loop/dev')))).toContain('terraform_data.record');
  await must(monorepo.konfig('apply', 'loop/dev', '--yes'));
  const front = await scene.cluster.get('/api/v1/namespaces/loop/services/front');
  const clusterIP = String(front?.spec?.clusterIP);
  const config = await scene.cluster.get('/api/v1/namespaces/loop/configmaps/config');
  expect(config?.data).toEqual({ URL: `http://${clusterIP}/`, JSON: JSON.stringify({ web: clusterIP, words: 'say "hi"' }) });
  expect(await monorepo.konfig('preview', 'loop/dev', '--exit-code')).toMatchObject({ code: 0 });
  await must(monorepo.konfig('destroy', 'loop/dev', '--yes'));
});

test('a secret stays one on its way through Terraform', async () => {
  const lines = [
    "const cloud = new TerraformStack(this, 'keys');",
    "const key = new DataResource(cloud, 'key', { input: { text: terraformValue.text(cloud, secret.env('KEY')) } });",
    "const text = Fn.lookup(key.output, 'text', '');",
    "new Service(this, 'web', { containers: { web: { image: 'registry.example/web:1.0.0', env: { KEY: text } } } });",
  ];
  const above = ["import { DataResource, Fn, TerraformStack } from 'cdktf';"];
  const monorepo = scene.shop('keys', lines, { imports: 'secret, Service, terraformValue', above });
  const workspace = monorepo.read('workspaces/here.ts').replace('{ kubernetes,', '{ kubernetes, secret, terraform,');
  const target = "targets: { terraform: terraform({ stateKey: secret.env('KONFIG_STATE_KEY') }) },";
  monorepo.write('workspaces/here.ts', workspace.replace('operations:', `${target}\n  operations:`));
  const env = { KEY: 'canary-key', KONFIG_STATE_KEY: randomBytes(32).toString('base64') };
  const run = (...args: string[]) => monorepo.start(args, env).ended;

  const shown = await must(run('preview', 'keys/dev'));
  const ran = await must(run('apply', 'keys/dev', '--yes'));
  const made = await scene.cluster.get('/api/v1/namespaces/keys/secrets/web-env');
  expect(Buffer.from(made?.data?.KEY ?? '', 'base64').toString()).toBe('canary-key');
  const destroyed = await must(run('destroy', 'keys/dev', '--yes'));
  for (const one of [shown, ran, destroyed]) expect(said(one)).not.toContain('canary');
});

test('a state moves into a backend of the program and back, and is mended by hand', async () => {
  const lines = [
    "const cloud = new TerraformStack(this, 'words');",
    "new DataResource(cloud, 'one', { input: { text: terraformValue.text(cloud, secret.env('KEY')) } });",
    "new DataResource(cloud, 'two', { input: 'two' });",
  ];
  const above = ["import { DataResource, LocalBackend, TerraformStack } from 'cdktf';"];
  const monorepo = scene.shop('moves', lines, { imports: 'secret, terraformValue', above });
  const workspace = monorepo.read('workspaces/here.ts').replace('{ kubernetes,', '{ kubernetes, secret, terraform,');
  const target = "targets: { terraform: terraform({ stateKey: secret.env('KONFIG_STATE_KEY') }) },";
  monorepo.write('workspaces/here.ts', workspace.replace('operations:', `${target}\n  operations:`));
  const env = { KEY: 'canary-key', KONFIG_STATE_KEY: randomBytes(32).toString('base64') };
  const run = (...args: string[]) => monorepo.start(args, env).ended;
  // That it has another backend is written down; nothing in the world changes.
  const settle = async () => {
    const { counts } = JSON.parse((await must(run('preview', 'moves/dev', '--output', 'json'))).stdout);
    expect(Object.keys(counts).filter((one) => one !== 'keep')).toEqual(['update']);
    await must(run('apply', 'moves/dev', '--yes'));
    expect(await run('preview', 'moves/dev', '--exit-code')).toMatchObject({ code: 0 });
  };
  const app = monorepo.read('projects/moves/app.ts');
  await must(run('apply', 'moves/dev', '--yes'));

  // Into a backend: the message says how, and Terraform itself takes the state in.
  const place = join(monorepo.folder, 'backend.tfstate');
  monorepo.write(
    'projects/moves/app.ts',
    app.replace("'words');", `'words'); new LocalBackend(cloud, { path: ${JSON.stringify(place)} });`),
  );
  const refused = await run('preview', 'moves/dev');
  expect(words(refused)).toMatch(/RECORD_OUTDATED.*konfig state pull moves\/dev Terraform\/words --out FILE/);
  const told = await must(run('state', 'pull', 'moves/dev', 'Terraform/words', '--out', 'words.tfstate'));
  expect(said(told)).not.toContain('canary');
  const pulled = join(monorepo.folder, 'words.tfstate');
  expect(statSync(pulled).mode & 0o777).toBe(0o600);
  expect((await run('state', 'pull', 'moves/dev', 'Terraform/words', '--out', 'words.tfstate')).code).toBe(1);
  await must(run('synth', 'moves/dev', '--format', 'terraform', '--to', 'out'));
  const folder = join(monorepo.folder, 'out', 'terraform', 'words');
  for (const args of [['init'], ['state', 'push', pulled]])
    execFileSync(process.env.KONFIG_TERRAFORM ?? 'terraform', args, { cwd: folder });
  await settle();

  // Back: Konfig goes on from its copy, and takes in what was mended in a file.
  monorepo.write('projects/moves/app.ts', app);
  await settle();
  const state = JSON.parse((await must(run('state', 'pull', 'moves/dev', 'Terraform/words'))).stdout);
  const without = { ...state, resources: state.resources.filter(({ name }: { name: string }) => name !== 'two') };
  const mended = (name: string, more: object) => monorepo.write(name, JSON.stringify({ ...without, ...more }));
  mended('old.tfstate', {});
  const old = await run('state', 'push', 'moves/dev', 'Terraform/words', 'old.tfstate', '--yes');
  expect(words(old)).toContain('RECORD_CONFLICT');
  mended('other.tfstate', { lineage: 'other', serial: 99 });
  expect((await run('state', 'push', 'moves/dev', 'Terraform/words', 'other.tfstate', '--yes')).code).toBe(1);
  mended('new.tfstate', { serial: state.serial + 1 });
  const unasked = await run('state', 'push', 'moves/dev', 'Terraform/words', 'new.tfstate');
  expect(words(unasked)).toContain('nobody is here to confirm');
  const taken = await must(run('state', 'push', 'moves/dev', 'Terraform/words', 'new.tfstate', '--yes'));
  expect(taken.stdout).toContain(`is serial ${state.serial + 1} with 1 resource now. It was serial ${state.serial} with 2 resources.`);
  expect((await must(run('preview', 'moves/dev'))).stdout).toMatch(/\+ terraform_data\.two/);
  await must(run('apply', 'moves/dev', '--yes'));
  await must(run('destroy', 'moves/dev', '--yes'));

  // What Terraform alone has made until now becomes the stack's own.
  await must(run('state', 'push', 'moves/dev', 'Terraform/words', 'new.tfstate', '--yes'));
  expect(words(await run('preview', 'moves/dev'))).toMatch(/RECORD_OUTDATED.*apply with --adopt/);
  const adopted = await must(run('apply', 'moves/dev', '--yes', '--adopt'));
  expect(adopted.stdout).not.toMatch(/\+ terraform_data\.one/);
  expect(await run('preview', 'moves/dev', '--exit-code')).toMatchObject({ code: 0 });
}, 180_000);

test('a state whose key is lost is given up by name: it lies aside in the cluster, and what it knew is made once more', async () => {
  const lines = ["const cloud = new TerraformStack(this, 'words');", "new DataResource(cloud, 'one', { input: 'one' });"];
  const above = ["import { DataResource, TerraformStack } from 'cdktf';"];
  const monorepo = scene.shop('keyless', lines, { above });
  const workspace = monorepo.read('workspaces/here.ts').replace('{ kubernetes,', '{ kubernetes, secret, terraform,');
  const target = "targets: { terraform: terraform({ stateKey: secret.env('KONFIG_STATE_KEY') }) },";
  monorepo.write('workspaces/here.ts', workspace.replace('operations:', `${target}\n  operations:`));
  const keys = [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64'));
  const run = (key: number, ...args: string[]) => monorepo.start(args, { KONFIG_STATE_KEY: keys[key] as string }).ended;

  await must(run(0, 'apply', 'keyless/dev', '--yes'));
  const refused = await run(1, 'apply', 'keyless/dev', '--yes');
  expect(words(refused)).toMatch(/TARGET_CONFIG.*--accept-state Terraform\/words puts what is there aside/);
  const ran = await must(run(1, 'apply', 'keyless/dev', '--yes', '--accept-state', 'Terraform/words'));
  expect(words(ran)).toMatch(/\+ terraform_data\.one/);
  const [, name = ''] = /cannot be read lies aside: Secret konfig\/(\S+) /.exec(words(ran)) ?? [];
  expect(await scene.cluster.get(`/api/v1/namespaces/konfig/secrets/${name}`)).toBeDefined();
  expect(await run(1, 'preview', 'keyless/dev', '--exit-code')).toMatchObject({ code: 0 });
  expect(said(await run(1, 'show', 'keyless/dev@2'))).toContain('lies aside');
  await must(run(1, 'destroy', 'keyless/dev', '--yes'));
}, 120_000);

describe('WordPress and its database in a cloud', () => {
  let moto: MotoServer;
  let mirror: string;
  beforeAll(async () => {
    const [kept, bed] = await Promise.all([buildKept(), buildTerraformBed('providers', 'aws')]);
    ({ mirror } = bed);
    moto = await startMoto(kept.moto as string);
  }, 1_800_000);
  afterAll(() => moto?.stop());

  function wordpress(): Monorepo & { run(...args: string[]): Promise<Ran> } {
    const monorepo = scene.company();
    const file = 'workspaces/sandbox.ts';
    const here = monorepo.read(file).replace('embeddedCluster()', scene.cluster.target).replace('{ embeddedCluster,', '{ kubernetes,');
    monorepo.write(file, here.replace('stateKey:', `mirror: ${JSON.stringify(mirror)}, stateKey:`));
    const env = { WORDPRESS_DB_PASSWORD: password, KONFIG_STATE_KEY: randomBytes(32).toString('base64'), CLOUD_ENDPOINT: moto.address };
    return { ...monorepo, run: (...args) => monorepo.start(args, env).ended };
  }

  test('are one plan, come up together and go together', async () => {
    const monorepo = wordpress();
    const shown = await must(monorepo.run('preview', 'wordpress/sandbox'));
    expect(words(shown)).toContain('aws_db_instance.instance');
    const ran = await must(monorepo.run('apply', 'wordpress/sandbox', '--yes'));

    const spec = JSON.stringify(
      (await scene.cluster.get('/apis/apps/v1/namespaces/wordpress-example/deployments/wordpress-deployment'))?.spec,
    );
    expect(spec).toMatch(/"name":"WORDPRESS_DB_HOST","value":"wordpress-example-sandbox\.[^"]*\.rds\.amazonaws\.com"/);
    const secret = await scene.cluster.get('/api/v1/namespaces/wordpress-example/secrets/mysql-pass');
    expect(Buffer.from(secret?.data?.password ?? '', 'base64').toString()).toBe(password);
    expect(await monorepo.run('preview', 'wordpress/sandbox', '--exit-code')).toMatchObject({ code: 0 });

    const destroyed = await must(monorepo.run('destroy', 'wordpress/sandbox', '--yes', '--include-data'));
    for (const one of [shown, ran, destroyed]) expect(said(one)).not.toContain(password);
  }, 600_000);
});
