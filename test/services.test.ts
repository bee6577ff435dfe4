// A company's own service in one graph with Kubernetes: the konfig command, the embedded cluster, and a registry made with the kit.
import { spawnSync } from 'node:child_process';
import { openEmbeddedCluster } from './scenarios/embedded-cluster';
import { type Monorepo, makeMonorepo, type Ran } from './scenarios/monorepo';
import { project, workspaceFile } from './scenarios/programs';
import { entryConstruct, keyOf, type Registry, startRegistry, token } from './scenarios/registry-service';
import { said, sceneOf, words } from './scenarios/scene';

const scene = sceneOf(openEmbeddedCluster);
let registry: Registry;
beforeEach(async () => {
  registry = await startRegistry();
});
const monorepos: Monorepo[] = [];
afterEach(async () => {
  await registry.stop();
  for (const monorepo of monorepos.splice(0)) monorepo.remove();
});

/** A stack on the cluster and on the registry. */
function shop(name: string, lines: readonly string[]): Monorepo & { run(...args: string[]): Promise<Ran> } {
  const workspace = workspaceFile(scene.cluster, '')
    .replace('{ kubernetes,', '{ httpService, kubernetes, secret,')
    .replace(
      'operations:',
      `targets: { registry: httpService({ url: '${registry.url}', token: secret.env('REGISTRY_TOKEN') }) },\n  operations:`,
    );
  const monorepo = makeMonorepo({
    'workspaces/here.ts': workspace,
    'imports/registry.ts': entryConstruct,
    ...project(name, lines, { imports: 'expose, secret, Service, text', above: ["import { Entry } from '../../imports/registry';"] }),
  });
  monorepos.push(monorepo);
  return { ...monorepo, run: (...args) => monorepo.start(args, { REGISTRY_TOKEN: token, REGISTRY_PIN: 'canary-pin-4711' }).ended };
}

async function must(running: Promise<Ran>): Promise<Ran> {
  const ran = await running;
  if (ran.code !== 0) throw new Error(`ended with ${ran.code}:\n${said(ran)}`);
  return ran;
}

const web = (env: string) => `new Service(this, 'web', { containers: { web: { image: 'web:1.0.0', env: { ${env} } } } });`;

test('an entry of the registry is planned, applied, used by a Deployment, unchanged by a second apply, changed, and gone after destroy', async () => {
  const monorepo = shop('both', [
    "const entry = new Entry(this, 'entry', { config: { team: 'shop', pin: secret.env('REGISTRY_PIN') } });",
    web(
      `ID: entry.output('id'), PORT: entry.output('port'), KEY: entry.secret('key'), URL: text\`http://\${entry.output('id')}.example/\``,
    ),
  ]);
  const planned = await must(monorepo.run('preview', 'both/dev'));
  expect(words(planned)).toContain('+ Entry/entry');
  expect(registry.done).toEqual([]);

  await must(monorepo.run('apply', 'both/dev', '--yes'));
  expect(registry.done).toEqual(['create entry']);
  const deployment = await scene.cluster.get('/apis/apps/v1/namespaces/both/deployments/web');
  const env = JSON.stringify(deployment?.spec);
  expect(env).toContain('{"name":"ID","value":"svc-entry"}');
  expect(env).toContain('{"name":"PORT","value":"8080"}');
  expect(env).toContain('{"name":"URL","value":"http://svc-entry.example/"}');
  expect(env).not.toContain(keyOf('entry'));
  const secrets = await scene.cluster.list('/api/v1/namespaces/both/secrets');
  expect(secrets.map(({ data }) => Buffer.from(data?.KEY ?? '', 'base64').toString())).toEqual([keyOf('entry')]);

  expect(await monorepo.run('preview', 'both/dev', '--exit-code')).toMatchObject({ code: 0 });
  await must(monorepo.run('apply', 'both/dev', '--yes'));
  expect(registry.done).toEqual(['create entry']);

  const file = 'projects/both/app.ts';
  monorepo.write(file, monorepo.read(file).replace("team: 'shop',", "team: 'shop', port: 9090,"));
  expect(words(await must(monorepo.run('preview', 'both/dev')))).toContain('8080 → 9090');
  await must(monorepo.run('apply', 'both/dev', '--yes'));
  expect(registry.done).toEqual(['create entry', 'update entry']);
  expect(JSON.stringify((await scene.cluster.get('/apis/apps/v1/namespaces/both/deployments/web'))?.spec)).toContain(
    '{"name":"PORT","value":"9090"}',
  );

  expect(words(await must(monorepo.run('status', 'both/dev')))).toMatch(/Entry\/entry is there/);
  await must(monorepo.run('destroy', 'both/dev', '--yes'));
  expect(registry.done).toEqual(['create entry', 'update entry', 'delete entry']);
});

test('neither the token, nor what is given to the registry as a secret, nor what it keeps secret is written anywhere', async () => {
  const monorepo = shop('quiet', [
    "const entry = new Entry(this, 'entry', { config: { team: 'shop', pin: secret.env('REGISTRY_PIN') } });",
    web("KEY: entry.secret('key')"),
  ]);
  const outputs = [
    await must(monorepo.run('preview', 'quiet/dev', '--output', 'json')),
    await must(monorepo.run('apply', 'quiet/dev', '--yes', '--output', 'json')),
    await must(monorepo.run('preview', 'quiet/dev', '--output', 'json')),
    await must(monorepo.run('synth', 'quiet/dev', '--format', 'spec')),
    await must(monorepo.run('explain', 'quiet/dev', 'Secret/web-env', '--live')),
    await must(monorepo.run('explain', 'quiet/dev', 'Entry/entry', '--live')),
    await must(monorepo.run('status', 'quiet/dev', '--output', 'json')),
    await must(monorepo.run('show', 'quiet/dev@1', '--manifests')),
    await must(monorepo.run('destroy', 'quiet/dev', '--yes', '--output', 'json')),
  ];
  const records = await scene.cluster.list('/api/v1/namespaces/konfig/secrets');
  const texts = records.map(({ data = {} }) =>
    Object.values(data)
      .map((value) => Buffer.from(value, 'base64').toString('latin1'))
      .join('\n'),
  );
  const { stdout: files } = spawnSync('grep', ['-rlE', `${token}|canary`, monorepo.folder], { encoding: 'utf8' });
  for (const text of [...outputs.map(said), ...texts]) expect(text).not.toMatch(/hunter2|canary/);
  expect(files).toBe('');
});

test('a plan that is kept in a file holds no secret, and does just what it showed', async () => {
  const monorepo = shop('kept', [
    "const entry = new Entry(this, 'entry', { config: { team: 'shop', pin: secret.env('REGISTRY_PIN') } });",
    web("ID: entry.output('id')"),
  ]);
  await must(monorepo.run('preview', 'kept/dev', '--out', 'kept.plan.json'));
  expect(monorepo.read('kept.plan.json')).not.toMatch(/hunter2|canary/);
  await must(monorepo.run('apply', 'kept.plan.json', '--yes'));
  expect(registry.done).toEqual(['create entry']);
  const again = await monorepo.run('apply', 'kept.plan.json', '--yes');
  expect(again.code).not.toBe(0);
  expect(words(again)).toContain('PLAN_STALE');
});

test('what is no longer in the program is deleted, or let go where it is to stay', async () => {
  const monorepo = shop('less', [
    "new Entry(this, 'goes', { config: { team: 'shop' } });",
    "new Entry(this, 'stays', { config: { team: 'shop' }, onRemoval: 'retain' });",
    web("A: 'b'"),
  ]);
  await must(monorepo.run('apply', 'less/dev', '--yes'));
  const file = 'projects/less/app.ts';
  monorepo.write(file, monorepo.read(file).replace(/new Entry.*/g, ''));
  await must(monorepo.run('apply', 'less/dev', '--yes', '--allow-mass-delete'));
  expect(registry.done.slice(2)).toEqual(['delete goes']);
  const listing = await fetch(`${registry.url}/v1/resources`, { headers: { authorization: `Bearer ${token}` } });
  expect(await listing.json()).toMatchObject({ resources: [{ name: 'stays', owner: null }] });
});

test('what the schema does not allow is told at its line before anything is asked, with what was meant', async () => {
  const monorepo = shop('wrong', [
    "new Entry(this, 'entry', { config: { team: 'shop', prt: 99999 } as never });",
    "new Entry(this, 'other', { config: { team: 'shopp', port: 99999 } as never });",
  ]);
  const ran = await monorepo.run('validate', 'wrong/dev');
  expect(ran.code).toBe(3);
  expect(words(ran)).toMatch(/Entry\/entry: prt is not known here\. Did you mean port\?/);
  expect(words(ran)).toMatch(/Entry\/other: port is 99999, and must be <= 65535/);
  expect(words(ran)).toMatch(/Entry\/other: team is "shopp", and must be one of "shop", "billing"\. Did you mean shop\?/);
  expect(words(ran)).toContain('projects/wrong/app.ts:8');
});

test('a secret stands only where the registry keeps it', async () => {
  const monorepo = shop('open', [
    "const entry = new Entry(this, 'entry', { config: { team: 'shop', address: secret.env('REGISTRY_PIN') } });",
    "new Entry(this, 'other', { config: { team: 'shop', address: entry.secret('key') } });",
    "new Entry(this, 'third', { config: { team: 'shop', address: expose(entry.secret('key'), 'it is public') } });",
  ]);
  const ran = await monorepo.run('synth', 'open/dev');
  expect(ran.code).not.toBe(0);
  expect(words(ran)).toMatch(/A secret would stand in plain text in config\.address of this Entry.*projects\/open\/app\.ts:7/);
  expect(words(ran)).toMatch(/projects\/open\/app\.ts:8/);
  expect(words(ran)).not.toMatch(/projects\/open\/app\.ts:9/);
});

test('a secret that is written out in the program, and a manifest of what no cluster keeps, are told', async () => {
  const monorepo = shop('plain', ["new Entry(this, 'entry', { config: { team: 'shop', pin: '4711' } });"]);
  const written = await monorepo.run('synth', 'plain/dev');
  expect(words(written)).toMatch(
    /SPEC_SECRET_EXPOSED config\.pin of this Entry is a secret, and is written out in the program\..*app\.ts:7/,
  );
  const file = 'projects/plain/app.ts';
  monorepo.write(file, monorepo.read(file).replace(", pin: '4711'", ''));
  expect(words(await monorepo.run('synth', 'plain/dev'))).toMatch(/Entry\/entry is kept by a service, not by a cluster/);
  await must(monorepo.run('synth', 'plain/dev', '--format', 'spec'));
});

test('a value of the cluster goes into the registry once it is known, and the plan says so', async () => {
  const monorepo = shop('back', [
    "const web = new Service(this, 'web', { containers: { web: { image: 'web:1.0.0', ports: { http: 8080 } } } });",
    `new Entry(this, 'entry', { config: { team: 'shop', address: text\`\${web.deployment.output('metadata.uid')}\` } });`,
  ]);
  await must(monorepo.run('preview', 'back/dev'));
  await must(monorepo.run('apply', 'back/dev', '--yes'));
  expect(registry.done).toEqual(['create entry']);
  expect(await monorepo.run('preview', 'back/dev', '--exit-code')).toMatchObject({ code: 0 });
});

test('what cannot change in place is replaced; what is protected is not', async () => {
  const monorepo = shop('again', ["new Entry(this, 'entry', { config: { team: 'shop' } });"]);
  await must(monorepo.run('apply', 'again/dev', '--yes'));
  const file = 'projects/again/app.ts';
  monorepo.write(file, monorepo.read(file).replace("config: { team: 'shop' }", "config: { team: 'billing' }, onRemoval: 'protect'"));
  const refused = await monorepo.run('preview', 'again/dev');
  expect(words(refused)).toMatch(/RESOURCE_PROTECTED.*config\.team can only change by replacing it/);
  monorepo.write(file, monorepo.read(file).replace(", onRemoval: 'protect'", ''));
  expect(words(await must(monorepo.run('preview', 'again/dev')))).toContain('config.team is immutable');
  await must(monorepo.run('apply', 'again/dev', '--yes'));
  expect(registry.done).toEqual(['create entry', 'delete entry', 'create entry']);
});

test('two stacks do not fight for one entry: the second is refused, and takes it over only when told so', async () => {
  const lines = ["new Entry(this, 'entry', { config: { team: 'shop' }, name: 'shared' });"];
  await must(shop('mine', lines).run('apply', 'mine/dev', '--yes'));
  const other = shop('theirs', lines);
  const refused = await other.run('apply', 'theirs/dev', '--yes');
  expect(refused.code).not.toBe(0);
  expect(words(refused)).toMatch(/RESOURCE_OWNED.*belongs to Konfig stack mine\/dev/);
  await must(other.run('apply', 'theirs/dev', '--yes', '--adopt'));
  expect(registry.done).toEqual(['create shared']);
  expect(words(await must(other.run('preview', 'theirs/dev')))).not.toContain('RESOURCE_OWNED');
});

test('an entry that is not ready yet is waited for', async () => {
  registry.slow.add('entry');
  const monorepo = shop('slow', ["const entry = new Entry(this, 'entry', { config: { team: 'shop' } });", web("ID: entry.output('id')")]);
  const running = monorepo.start(['apply', 'slow/dev', '--yes', '--output', 'ndjson'], { REGISTRY_TOKEN: token });
  await running.says(/waits for its owner/);
  expect(await scene.cluster.get('/apis/apps/v1/namespaces/slow/deployments/web')).toBeUndefined();
  await registry.service.report('Entry', 'entry', { health: { status: 'ready', message: 'is approved' } });
  await must(running.ended);
  expect(await scene.cluster.get('/apis/apps/v1/namespaces/slow/deployments/web')).toBeDefined();
});

test('a token that is missing or wrong is told as such, and never shown', async () => {
  const monorepo = shop('keys', ["new Entry(this, 'entry', { config: { team: 'shop' } });"]);
  const missing = await monorepo.start(['preview', 'keys/dev'], {}).ended;
  expect(words(missing)).toMatch(
    /SECRET_MISSING.*Target registry needs a secret in token from the environment variable REGISTRY_TOKEN, which is not there/,
  );
  const wrong = await monorepo.start(['preview', 'keys/dev'], { REGISTRY_TOKEN: 'wrong-but-secret' }).ended;
  expect(words(wrong)).toMatch(/TARGET_CREDENTIALS.*refuses the token \(401\)/);
  expect(said(wrong)).not.toContain('wrong-but-secret');
});
