// Programs with Terraform stacks, run to their end: the real terraform beside a real control plane, one plan and one release over both.
import { randomBytes } from 'node:crypto';
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
