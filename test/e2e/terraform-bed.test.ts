// The parts that the Terraform runtime is tested on are real: both binaries, the providers of the mirror, PostgreSQL, and AWS as moto plays it.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import * as cdktn from 'cdktn';
import { DbInstance } from '../../konfig/imports/aws/db-instance';
import { AwsProvider } from '../../konfig/imports/aws/provider';
import { SecurityGroup } from '../../konfig/imports/aws/security-group';
import { buildKept, startMoto } from '../testbed/secrets/servers';
import { buildTerraformBed, type TerraformBed } from '../testbed/terraform/beds';
import { makeBindings } from '../testbed/terraform/bindings';
import { File } from '../testbed/terraform/bindings/local/file';
import { LocalProvider } from '../testbed/terraform/bindings/local/provider';
import { Database } from '../testbed/terraform/bindings/postgresql/database';
import { Grant } from '../testbed/terraform/bindings/postgresql/grant';
import { PostgresqlProvider } from '../testbed/terraform/bindings/postgresql/provider';
import { Role } from '../testbed/terraform/bindings/postgresql/role';
import { Password } from '../testbed/terraform/bindings/random/password';
import { RandomProvider } from '../testbed/terraform/bindings/random/provider';
import { Pet } from '../testbed/terraform/bindings/random-cdktn/pet';
import { RandomProvider as RandomProviderOfCdktn } from '../testbed/terraform/bindings/random-cdktn/provider';
import { TimeProvider } from '../testbed/terraform/bindings/time/provider';
import { Sleep } from '../testbed/terraform/bindings/time/sleep';
import { PrivateKey } from '../testbed/terraform/bindings/tls/private-key';
import { TlsProvider } from '../testbed/terraform/bindings/tls/provider';
import { type Postgres, startPostgres } from '../testbed/terraform/postgres';

const run = promisify(execFile);
const tools = ['terraform', 'tofu'] as const;
type Tool = (typeof tools)[number];

let bed: TerraformBed;
let postgres: Postgres;
let folder: string;

beforeAll(async () => {
  bed = await buildTerraformBed();
  postgres = await startPostgres();
}, 1_800_000);
afterAll(() => postgres?.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'konfig-terraform-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.each(tools)('%s, without init', (tool) => {
  test('makes a database and all that it needs on a real PostgreSQL, sees nothing to change, and takes it away again', async () => {
    const stack = newStack();
    new RandomProvider(stack, 'random');
    new TlsProvider(stack, 'tls');
    new TimeProvider(stack, 'time');
    new LocalProvider(stack, 'local');
    new PostgresqlProvider(stack, 'postgresql', { port: postgres.port, password: postgres.password });
    const password = new Password(stack, 'password', { length: 16, special: false });
    const pause = new Sleep(stack, 'pause', { createDuration: '10ms' });
    const owner = new Role(stack, 'owner', { name: `shop-${tool}`, password: password.result, connectionLimit: 5, dependsOn: [pause] });
    const database = new Database(stack, 'database', { name: `shop-${tool}`, owner: owner.name });
    const reader = new Role(stack, 'reader', { name: `reader-${tool}`, login: false });
    new Grant(stack, 'grant', { database: database.name, role: reader.name, privileges: ['CONNECT', 'TEMPORARY'] });
    const key = new PrivateKey(stack, 'key', { algorithm: 'ED25519' });
    new File(stack, 'public', { filename: `\${path.module}/public.txt`, content: key.publicKeyOpenssh });
    new TerraformOutput(stack, 'word', { value: password.result, sensitive: true, staticId: true });
    const at = rootModule(tool, stack.toTerraform());

    expect(await at('plan', '-out=tfplan')).toContain('Plan: 8 to add, 0 to change, 0 to destroy.');
    await at('apply', 'tfplan');
    expect(await at('plan', '-detailed-exitcode')).toContain('No changes.');
    expect(readFileSync(join(folder, 'public.txt'), 'utf8')).toMatch(/^ssh-ed25519 /);
    const held = `SELECT privilege_type FROM pg_database, aclexplode(datacl) WHERE datname = 'shop-${tool}' AND grantee = '"reader-${tool}"'::regrole`;
    expect((await postgres.query(held)).split('\n').sort()).toEqual(['CONNECT', 'TEMPORARY']);
    const word = JSON.parse(await at('output', '-json')).word.value;
    const asOwner = { database: `shop-${tool}`, user: `shop-${tool}` };
    expect(await postgres.query('SELECT current_user', { ...asOwner, password: word })).toBe(`shop-${tool}`);
    await expect(postgres.query('SELECT 1', { ...asOwner, password: 'another' })).rejects.toThrow('password authentication failed');

    expect(await at('destroy', '-auto-approve')).toContain('Destroy complete! Resources: 8 destroyed.');
    expect(await postgres.query(`SELECT count(*) FROM pg_roles WHERE rolname LIKE '%-${tool}'`)).toBe('0');
  });

  test('sees what was changed by hand, and imports a role by its name', async () => {
    await postgres.query(`CREATE ROLE "found-${tool}" LOGIN`);
    const stack = newStack();
    new PostgresqlProvider(stack, 'postgresql', { port: postgres.port, password: postgres.password });
    new Role(stack, 'role', { name: `found-${tool}` }).importFrom(`found-${tool}`);
    const at = rootModule(tool, stack.toTerraform());

    expect(await at('apply', '-auto-approve')).toContain('Resources: 1 imported, 0 added, 0 changed, 0 destroyed.');
    await postgres.query(`ALTER ROLE "found-${tool}" CONNECTION LIMIT 3`);
    expect(await at('plan')).toMatch(/connection_limit\s+= 3 -> -1/);
    await at('destroy', '-auto-approve');
  });

  test('leaves nothing behind when it is told to stop while a provider that listens is waiting', async () => {
    const { code, said } = await applyRole(tool, `listens-${tool}`, { delay: '1m' }, 'SIGINT');
    expect(code).toBe(1);
    expect(said).toContain('Error: Cancelled');
    expect(said).toContain('Error: execution halted');
    expect(await isRole(`listens-${tool}`)).toBe(false);
  });

  test('finishes what is under way when a provider does not listen, and says that it was halted', async () => {
    const { code, said } = await applyRole(tool, `deaf-${tool}`, { delay: '3s', ignoreCancel: true }, 'SIGINT');
    expect(code).toBe(1);
    expect(said).toContain('postgresql_role.role: Creation complete after');
    expect(said).toContain('Error: execution halted');
    expect(await isRole(`deaf-${tool}`)).toBe(true);
    await postgres.query(`DROP ROLE "deaf-${tool}"`);
  });

  test('survives a provider that crashes', async () => {
    const { code, said } = await applyRole(tool, `crash-${tool}`, {});
    expect(code).toBe(1);
    // Which of the two depends on what gRPC notices first, the answer that stays away or the connection that closes.
    expect(said).toMatch(/Error: (Plugin did not respond|Request cancelled)/);
    expect(await isRole(`crash-${tool}`)).toBe(false);
  });

  test('says in the words of the server that a role is there already, and shows nobody its password', async () => {
    await postgres.query(`CREATE ROLE "there-${tool}"`);
    const stack = newStack();
    new PostgresqlProvider(stack, 'postgresql', { port: postgres.port, password: postgres.password });
    new Role(stack, 'role', { name: `there-${tool}`, password: `canary-${tool}` });

    const said = rootModule(tool, stack.toTerraform())('apply', '-auto-approve').catch(({ stdout, stderr }) => `${stdout}${stderr}`);

    expect(await said).toContain(`ERROR: role "there-${tool}" already exists (SQLSTATE 42710)`);
    expect(postgres.log()).toContain(`CREATE ROLE "there-${tool}" LOGIN CONNECTION LIMIT -1 PASSWORD 'SCRAM-SHA-256$`);
    expect(`${await said}${postgres.log()}`).not.toContain(`canary-${tool}`);
    await postgres.query(`DROP ROLE "there-${tool}"`);
  });

  test('plans a stack that is written with cdktn', async () => {
    const stack = new cdktn.TerraformStack(new cdktn.App(), 'stack');
    new RandomProviderOfCdktn(stack, 'random');
    new Pet(stack, 'pet', { length: 2 });
    expect(await rootModule(tool, stack.toTerraform())('plan')).toContain('random_pet.pet will be created');
  });
});

test('WordPress gets its security group and database from AWS as moto plays it, with both binaries', async () => {
  const { moto: program } = await buildKept();
  if (!program) {
    if (process.env.CI) throw new Error('CI needs Python 3 for moto.');
    console.warn('skipped: there is no Python 3 for moto');
    return;
  }
  const moto = await startMoto(program);
  try {
    await Promise.all(tools.map((tool) => wordpress(tool, moto.address)));
  } finally {
    await moto.stop();
  }
});

test('the bindings are what the generator writes', async () => {
  for (const [path, content] of await makeBindings())
    expect({ path, content: readFileSync(join(__dirname, '..', '..', path), 'utf8') }).toEqual({ path, content });
});

async function wordpress(tool: Tool, address: string): Promise<void> {
  const stack = newStack();
  new AwsProvider(stack, 'aws', {
    region: 'us-east-1',
    accessKey: 'AKIAIOSFODNN7EXAMPLE',
    secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    skipCredentialsValidation: true,
    skipMetadataApiCheck: true,
    skipRequestingAccountId: true,
    skipRegionValidation: true,
    endpoints: [{ ec2: address, rds: address, elb: address, iam: address, sts: address }],
  });
  const everybody = { cidrBlocks: ['0.0.0.0/0'], description: '', self: false };
  const group = new SecurityGroup(stack, 'group', {
    name: `wordpress-${tool}`,
    ingress: [{ ...everybody, protocol: 'tcp', fromPort: 3306, toPort: 3306 }],
    egress: [{ ...everybody, protocol: '-1', fromPort: 0, toPort: 0 }],
  });
  const database = new DbInstance(stack, 'database', {
    identifier: `wordpress-${tool}`,
    allocatedStorage: 10,
    // AWS takes MySQL too, moto only this.
    engine: 'mysql',
    engineVersion: '5.7',
    instanceClass: 'db.t3.micro',
    username: 'root',
    password: 'only-at-moto',
    publiclyAccessible: true,
    skipFinalSnapshot: true,
    vpcSecurityGroupIds: [group.id],
  });
  new TerraformOutput(stack, 'address', { value: database.address, staticId: true });
  const at = rootModule(tool, stack.toTerraform(), join(folder, tool));

  await at('apply', '-auto-approve');
  expect(JSON.parse(await at('output', '-json')).address.value).toMatch(new RegExp(`^wordpress-${tool}\\..*\\.rds\\.amazonaws\\.com$`));
  expect(await at('destroy', '-auto-approve')).toContain('Destroy complete! Resources: 2 destroyed.');
}

function newStack(): TerraformStack {
  return new TerraformStack(new App(), 'stack');
}

interface Configuration {
  readonly terraform: { readonly required_providers: { readonly [name: string]: { readonly source: string; readonly version: string } } };
}

/** Puts a configuration where a binary finds all that `init` would have put there; gives what runs it. */
function rootModule(tool: Tool, configuration: Configuration, at = folder): (...words: readonly string[]) => Promise<string> {
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, 'cdk.tf.json'), JSON.stringify(configuration, null, 2));
  const host = tool === 'tofu' ? 'registry.opentofu.org' : 'registry.terraform.io';
  const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const locked = Object.values(configuration.terraform.required_providers).map(({ source, version }) => {
    const place = join(host, source, version, platform);
    const link = join(at, '.terraform', 'providers', place);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(bed.mirror, place), link);
    return `provider "${host}/${source}" {\n  version = "${version}"\n}\n`;
  });
  writeFileSync(join(at, '.terraform.lock.hcl'), locked.join(''));
  return async (command, ...words) => {
    const options = command === 'output' ? [] : ['-input=false', '-no-color'];
    const { stdout } = await run(program(tool), [command as string, ...options, ...words], { cwd: at, env: environment(at) });
    return stdout;
  };
}

function environment(at: string): NodeJS.ProcessEnv {
  return { ...process.env, ...bed.cliConfig(join(at, 'cli.tfrc')) };
}

function program(tool: Tool): string {
  const found = bed[tool];
  if (!found) throw new Error(`There is no ${tool}: put Terraform on the PATH, or its place into KONFIG_TERRAFORM.`);
  return found;
}

/** Applies two roles, one after the other, and gives the signal, if there is one, while the first is being made. */
async function applyRole(tool: Tool, name: string, faults: { delay?: string; ignoreCancel?: boolean }, signal?: NodeJS.Signals) {
  const stack = newStack();
  new PostgresqlProvider(stack, 'postgresql', { port: postgres.port, password: postgres.password, ...faults });
  const role = new Role(stack, 'role', { name });
  new Role(stack, 'next', { name: `after-${name}`, dependsOn: [role] });
  rootModule(tool, stack.toTerraform());
  const child = spawn(program(tool), ['apply', '-json', '-auto-approve'], {
    cwd: folder,
    env: environment(folder),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let said = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    said += `${JSON.parse(line)['@message']}\n`;
  });
  const ended = once(child, 'close');
  if (signal) {
    while (child.exitCode === null && (await postgres.query(`SELECT 1 FROM pg_stat_activity WHERE application_name = '${name}'`)) === '');
    child.kill(signal);
  }
  const [code] = await ended;
  return { code, said };
}

async function isRole(name: string): Promise<boolean> {
  return (await postgres.query(`SELECT count(*) FROM pg_roles WHERE rolname = '${name}'`)) === '1';
}
