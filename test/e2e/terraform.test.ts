// Terraform stacks beside Kubernetes objects, with the real binaries and providers, a real PostgreSQL and the real control plane: one plan, one run, one record.
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Monorepo, Ran } from '../scenarios/monorepo';
import { openRealCluster } from '../scenarios/real-cluster';
import { said, sceneOf, words } from '../scenarios/scene';
import { filesWith, holds } from '../scenarios/secret-scan';
import { buildTerraformBed, type TerraformBed } from '../testbed/terraform/beds';
import { type Postgres, startPostgres } from '../testbed/terraform/postgres';

const bindings = join(__dirname, '..', 'testbed', 'terraform', 'bindings');
const canary = 'c4n4ry-of:the/database+"pass"';

describe.each(['terraform', 'tofu'] as const)('a stack over Kubernetes, and PostgreSQL through %s', (binary) => {
  const scene = sceneOf(openRealCluster);
  let bed: TerraformBed;
  let postgres: Postgres;
  let temp: string;

  beforeAll(async () => {
    [bed, postgres] = await Promise.all([buildTerraformBed('providers', 'provider-postgresql', 'tofu'), startPostgres()]);
  }, 900_000);
  beforeEach(() => {
    temp = mkdtempSync(join(tmpdir(), 'konfig-e2e-terraform-'));
  });
  afterEach(() => rmSync(temp, { recursive: true, force: true }));
  afterAll(() => postgres?.stop());

  const env = () => ({
    STATE_KEY: Buffer.alloc(32, 7).toString('base64'),
    DATABASE_PASSWORD: canary,
    SUPERUSER_PASSWORD: postgres.password,
    // What terraform leaves behind is looked for here.
    TMPDIR: temp,
  });
  const program = (name: string, { database, length = 2, protect = '' }: { database?: string; length?: number; protect?: string } = {}) => `
import { AppConfig, kubernetes, KubernetesObject, project, secret, Service, terraform, terraformValue, workspace } from '@konfig/sdk';
import { TerraformStack } from 'cdktf';
import { RandomProvider } from '../../imports/random/provider';
import { Pet } from '../../imports/random/pet';
import { PostgresqlProvider } from '../../imports/postgresql/provider';
import { Database } from '../../imports/postgresql/database';
import { Role } from '../../imports/postgresql/role';

const dev = workspace('dev', {
  kubernetes: ${scene.cluster.target},
  targets: {
    terraform: terraform({
      binary: ${JSON.stringify(bed[binary])},
      mirror: ${JSON.stringify(bed.mirror)},
      stateKey: secret.env('STATE_KEY'),
    }),
  },
});
export default project('${name}').stack('dev', dev, (stack) => {
  const app = new AppConfig(stack, 'app'${protect});
  const tf = new TerraformStack(app, 'database');
  new RandomProvider(tf, 'random');
  new PostgresqlProvider(tf, 'postgresql', { host: '127.0.0.1', port: ${postgres.port}, username: 'postgres', password: terraformValue.text(tf, secret.env('SUPERUSER_PASSWORD')) });
  const pet = new Pet(tf, 'pet', { length: ${length} });
  const role = new Role(tf, 'role', { name: '${name}', login: true, password: terraformValue.text(tf, secret.env('DATABASE_PASSWORD')) });
  const database = new Database(tf, 'main', { name: '${database ?? name}', owner: role.name });
  new KubernetesObject(app, 'names', { apiVersion: 'v1', kind: 'ConfigMap', data: { PET: pet.id, JSON: JSON.stringify({ database: database.name, url: \`https://\${pet.id}.example\` }) } });
  new Service(app, 'web', {
    containers: { web: { image: 'web:1', ports: { http: 80 }, env: { PGDATABASE: database.name, PGUSER: role.name, PGPASSWORD: role.password } } },
  });
}, { namespace: '${name}' });
`;

  async function shop(
    name: string,
    how?: Parameters<typeof program>[1],
  ): Promise<{ monorepo: Monorepo; run(...args: string[]): Promise<Ran> }> {
    const monorepo = scene.shop(name, []);
    for (const provider of ['random', 'postgresql'])
      cpSync(join(bindings, provider), join(monorepo.folder, 'imports', provider), { recursive: true });
    monorepo.write(`projects/${name}/konfig.ts`, program(name, how));
    return { monorepo, run: (...args) => monorepo.start(args, env()).ended };
  }

  test('is planned, applied, up to date and destroyed as one, and its secrets are nowhere', async () => {
    const name = `whole-${binary}`;
    const { monorepo, run } = await shop(name);
    const told: Ran[] = [];
    const tell = async (...args: string[]) => {
      const ran = await run(...args);
      told.push(ran);
      return ran;
    };
    const preview = await tell('preview', `${name}/dev`, '--verbose');
    expect(said(preview)).toMatch(/\+ Terraform\/database +3 to create/);
    expect(preview.stdout).toMatch(/\+ postgresql_database\.main/);
    expect(preview.stdout).toMatch(/PET: "\(after apply: Terraform\/database/);
    const applied = await tell('apply', `${name}/dev`, '--yes', '--output', 'ndjson');
    expect({ code: applied.code, stderr: applied.stderr }).toEqual({ code: 0, stderr: '' });
    const events = applied.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; related?: { name: string; message: string }[] });
    const parts = events.flatMap((event) => event.related ?? []).filter(({ message }) => message.startsWith('created'));
    expect(new Set(parts.map((part) => part.name))).toEqual(
      new Set(['random_pet.pet', 'postgresql_role.role', 'postgresql_database.main']),
    );

    const { cluster } = scene;
    const names = await cluster.get(`/api/v1/namespaces/${name}/configmaps/names`);
    const pet = names?.data?.PET as string;
    expect(pet).toMatch(/^[a-z]+-[a-z]+$/);
    expect(JSON.parse(names?.data?.JSON as string)).toEqual({ database: name, url: `https://${pet}.example` });
    expect(await postgres.query('select current_database()', { database: name, user: name, password: canary })).toBe(name);
    const secrets = await cluster.list(`/api/v1/namespaces/${name}/secrets`);
    const held = secrets.find(({ metadata }) => metadata.name === 'web-env');
    expect(Buffer.from(held?.data?.PGPASSWORD ?? '', 'base64').toString()).toBe(canary);

    expect(await tell('preview', `${name}/dev`, '--exit-code', '-o', 'plan.json')).toMatchObject({ code: 0 });
    expect(await tell('drift', `${name}/dev`, '--exit-code')).toMatchObject({ code: 0 });
    expect((await tell('status', `${name}/dev`)).stdout).toMatch(/✔ Terraform\/database +3 resources/);
    await tell('show', `${name}/dev@1`, '--output', 'json');
    await tell('history', `${name}/dev`);

    const records = await cluster.list('/api/v1/namespaces/konfig/secrets');
    const stored = records.flatMap((object) => Object.values(object.data ?? {})).map((value) => Buffer.from(value, 'base64'));
    const texts = [...told.map((ran) => Buffer.from(said(ran))), ...stored];
    expect(texts.some((text) => holds(text, canary))).toBe(false);
    expect(filesWith(canary, monorepo.folder)).toEqual([]);
    expect(readdirSync(temp)).toEqual([]);

    expect(said(await run('destroy', `${name}/dev`, '--yes', '--include-data'))).toContain('succeeded');
    expect(await postgres.query(`select count(*) from pg_roles where rolname = '${name}'`)).toBe('0');
    expect(await run('preview', `${name}/dev`, '--destroy', '--exit-code')).toMatchObject({ code: 0 });
  }, 180_000);

  test('shows a replace and what follows from it, and does just that', async () => {
    const name = `replace-${binary}`;
    const { monorepo, run } = await shop(name);
    expect((await run('apply', `${name}/dev`, '--yes')).code).toBe(0);
    const pet = (await scene.cluster.get(`/api/v1/namespaces/${name}/configmaps/names`))?.data?.PET;
    monorepo.write(`projects/${name}/konfig.ts`, program(name, { length: 3 }));
    const preview = await run('preview', `${name}/dev`);
    expect(preview.stdout).toMatch(/-\/\+ random_pet\.pet +replace \(length cannot be changed in place\)/);
    expect(preview.stdout).toMatch(new RegExp(`data\\.PET +${pet} → \\(known after apply\\)`));
    expect((await run('apply', `${name}/dev`, '--yes')).code).toBe(0);
    expect((await scene.cluster.get(`/api/v1/namespaces/${name}/configmaps/names`))?.data?.PET).not.toBe(pet);
    expect(await run('preview', `${name}/dev`, '--exit-code')).toMatchObject({ code: 0 });
  }, 180_000);

  test('tells what somebody changed in the database, and puts it back', async () => {
    const name = `drift-${binary}`;
    const { run } = await shop(name);
    expect((await run('apply', `${name}/dev`, '--yes')).code).toBe(0);
    await postgres.query(`alter database "${name}" owner to postgres`);
    const drift = await run('drift', `${name}/dev`, '--exit-code');
    expect(drift).toMatchObject({ code: 2 });
    expect(drift.stdout).toMatch(/postgresql_database\.main +changed outside of Terraform.*\n +owner/);
    expect((await run('apply', `${name}/dev`, '--yes')).code).toBe(0);
    expect(await postgres.query(`select pg_get_userbyid(datdba) from pg_database where datname = '${name}'`)).toBe(name);
  }, 180_000);

  test('takes over what is there already', async () => {
    const name = `import-${binary}`;
    const { run } = await shop(name);
    await postgres.query(`create role "${name}" login`);
    const refused = await run('apply', `${name}/dev`, '--yes');
    expect(refused.code).toBe(1);
    expect(said(refused)).toMatch(/already exists/);
    const imported = await run('import', `${name}/dev`, 'postgresql_role.role', name, '--yes');
    expect(said(imported)).toMatch(/postgresql_role\.role/);
    expect(imported.code).toBe(0);
    expect(await run('preview', `${name}/dev`, '--exit-code')).toMatchObject({ code: 0 });
  }, 180_000);

  test('a database is replaced, and goes with its stack, only where somebody says that its data may go', async () => {
    const name = `data-${binary}`;
    const { monorepo, run } = await shop(name);
    const there = () => postgres.query(`select string_agg(datname, ' ' order by datname) from pg_database where datname like '${name}%'`);
    expect((await run('apply', `${name}/dev`, '--yes')).code).toBe(0);
    monorepo.write(`projects/${name}/konfig.ts`, program(name, { database: `${name}-two` }));
    const refused = await run('apply', `${name}/dev`, '--yes', '--allow-mass-delete');
    expect(refused.code).toBe(1);
    expect(words(refused)).toMatch(/PLAN_LOSES_DATA.*postgresql_database\.main of Terraform\/database holds data, and would be replaced/);
    expect(words(refused)).toContain('add --include-data');
    expect(await there()).toBe(name);
    expect((await run('apply', `${name}/dev`, '--yes', '--include-data')).code).toBe(0);
    expect(await there()).toBe(`${name}-two`);

    const kept = await run('destroy', `${name}/dev`, '--yes');
    expect(kept.code).toBe(1);
    expect(words(kept)).toContain('Deleting Terraform/database loses what postgresql_database.main holds.');
    expect(await there()).toBe(`${name}-two`);
    expect((await run('destroy', `${name}/dev`, '--yes', '--include-data')).code).toBe(0);
    expect(await there()).toBe('');
  }, 180_000);

  test('a protected database is neither replaced nor deleted', async () => {
    const name = `protected-${binary}`;
    const protect = ", { onRemoval: 'protect' }";
    const { monorepo, run } = await shop(name, { protect });
    expect((await run('apply', `${name}/dev`, '--yes')).code).toBe(0);
    monorepo.write(`projects/${name}/konfig.ts`, program(name, { protect, database: `${name}-two` }));
    const preview = await run('preview', `${name}/dev`);
    expect(preview.code).toBe(3);
    expect(said(preview)).toMatch(/RESOURCE_PROTECTED[\s\S]*postgresql_database\.main/);
    expect((await run('destroy', `${name}/dev`, '--yes', '--include-data')).code).not.toBe(0);
    expect(await postgres.query(`select count(*) from pg_database where datname = '${name}'`)).toBe('1');
  }, 180_000);
});
