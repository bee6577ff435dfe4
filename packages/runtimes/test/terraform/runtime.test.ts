// The runtime with a binary that plays recorded streams: what it keeps, hands over, and leaves behind.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Connection, type JsonObject, type Keeper, KonfigError, type Observation, type PlannedRow, type Resource } from '@konfig/core';
import { terraformRuntime } from '../../src';

const id = 'terraform:Terraform/shop';
const signal = new AbortController().signal;
const stateKey = Buffer.alloc(32, 3).toString('base64');
const pet = { lineage: JSON.parse(readFileSync(join(__dirname, 'recorded/state.json'), 'utf8')).lineage as string };

let root: string;
let fake: string;
let keeper: Keeper & { isLocked: boolean; failsFrom: number; worksFrom: number };
const open: Connection[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'konfig-test-'));
  fake = join(root, 'fake');
  cpSync(join(__dirname, 'recorded'), fake, { recursive: true });
  keeper = memoryKeeper();
});
afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
  rmSync(root, { recursive: true, force: true });
});

test('a plan shows each resource, and its apply keeps the state sealed and tells how it goes', async () => {
  const connection = await connect({ stateKey });
  const row = await plan(connection);
  expect(row.parts?.map(({ name, action }) => `${action} ${name}`)).toEqual(['create random_password.word', 'create random_pet.pet']);
  expect(row.live).toBeUndefined();
  expect(JSON.stringify(row.parts?.[0]?.changes)).toContain('{"path":["result"],"sensitive":true}');

  const told: Observation[] = [];
  const applied = await apply(connection, row, (observation) => told.push(observation));
  expect(applied).toMatchObject({ uid: pet.lineage, live: { outputs: { konfig_pet: expect.any(String) }, secrets: {} } });
  expect(told.at(-1)?.message).toBe('2 of 2');
  const bytes = Buffer.from((await keeper.read(id))?.bytes ?? []);
  expect(bytes.subarray(0, 4).toString()).toBe('KFS1');
  expect(await connection.read(id, 'terraform/Stack', signal)).toEqual(applied.live);
  expect(await connection.observe([{ id, type: 'terraform/Stack' }], signal)).toMatchObject([
    { exists: true, health: 'ready', message: '2 resources' },
  ]);
});

test('a watch tells how it is, and what an apply has made of it', async () => {
  const connection = await connect({ stateKey });
  const seen: string[] = [];
  const watching = new AbortController();
  const watch = await connection.watch(
    [{ id, type: 'terraform/Stack' }],
    ({ exists, message }) => seen.push(`${exists} ${message}`),
    watching.signal,
  );
  await apply(connection, await plan(connection));
  watching.abort();
  await watch.ended;
  expect(seen).toEqual(['false is not there', 'true 2 resources']);
});

test('the saved plan, which holds secrets, lies in no folder once it is read', async () => {
  const connection = await connect({ stateKey });
  const before = new Set(folders());
  const row = await plan(connection);
  await apply(connection, row);
  expect(folders().filter((name) => !before.has(name))).toEqual([]);
});

test('without the lock nothing is begun; what was planned without it stands all the same', async () => {
  const connection = await connect({ stateKey });
  keeper.isLocked = false;
  const row = await plan(connection);
  await expect(apply(connection, row)).rejects.toThrow('LOCK_LOST');
  expect(existsSync(join(fake, 'env-of-apply.json'))).toBe(false);
});

test('when the store goes, the state is kept beside: sealed, for nobody else to read, and named in the problem', async () => {
  const connection = await connect({ stateKey });
  const row = await plan(connection);
  keeper.failsFrom = 2;
  const folder = join(root, '.konfig', 'terraform', 'rescued');
  await expect(apply(connection, row)).rejects.toThrow(`its state could not be kept: the store is gone. It was saved as ${folder}`);
  const [file] = readdirSync(folder);
  expect(statSync(join(folder, file as string)).mode & 0o777).toBe(0o600);
  expect(
    readFileSync(join(folder, file as string))
      .subarray(0, 4)
      .toString(),
  ).toBe('KFS1');

  keeper.failsFrom = Number.POSITIVE_INFINITY;
  expect((await plan(connection)).live?.uid).toBe(pet.lineage);
});

test('when not even that can be written, the state stays where Terraform has left it, and the problem says so', async () => {
  const connection = await connect({ stateKey });
  const row = await plan(connection);
  keeper.failsFrom = 2;
  // A file stands where the folder would be.
  writeFileSync(join(root, '.konfig'), '');
  const error = await apply(connection, row).catch((error: KonfigError) => error);
  const [, file] = /Terraform has left it as (\S+errored\.tfstate)\./.exec(String(error)) ?? [];
  expect(JSON.parse(readFileSync(String(file), 'utf8')).lineage).toBe(pet.lineage);
  rmSync(dirname(String(file)), { recursive: true });
});

test('what Terraform has left on a full disk is empty: where the store takes the state in the end, nothing is amiss', async () => {
  const connection = await connect({ stateKey });
  const row = await plan(connection);
  writeFileSync(join(fake, 'full'), '');
  writeFileSync(join(root, '.konfig'), '');
  keeper.failsFrom = 2;
  keeper.worksFrom = 3;
  await apply(connection, row);
  expect((await plan(connection)).live?.uid).toBe(pet.lineage);
});

test('where no place takes it, no empty file is named, and what was made can be found', async () => {
  const connection = await connect({ stateKey });
  const row = await plan(connection);
  writeFileSync(join(fake, 'full'), '');
  writeFileSync(join(root, '.konfig'), '');
  keeper.failsFrom = 2;
  const error: KonfigError = await apply(connection, row).then(
    () => Promise.reject(new Error('It went well.')),
    (error) => error,
  );
  expect(error.problems).toEqual([
    {
      code: 'RECORD_WRITE',
      message: expect.stringMatching(/^Terraform\/shop was changed, and its state could be kept nowhere: .*ENOTDIR/),
      hint: expect.stringContaining('konfig import takes it over.'),
      at: 'terraform:Terraform/shop',
    },
  ]);
});

test('the binary sees credentials and proxies, and neither our own settings nor what steers it behind our back', async () => {
  const given = {
    AWS_PROFILE: 'prod',
    HTTPS_PROXY: 'http://proxy',
    KONFIG_STATE_KEY: 'k',
    TF_VAR_x: '1',
    TF_CLI_ARGS_plan: '-refresh=false',
    TF_LOG: 'TRACE',
    TF_HTTP_ADDRESS: 'http://elsewhere',
  };
  const connection = await connect({ stateKey, env: { PGHOST: 'db' } }, given);
  await plan(connection, { inputs: { word: `a \${b}`, list: [`\${c}`, '%{d}'], many: 3 } });
  const seen = JSON.parse(readFileSync(join(fake, 'env-of-plan.json'), 'utf8'));
  expect(seen).toMatchObject({
    AWS_PROFILE: 'prod',
    HTTPS_PROXY: 'http://proxy',
    PGHOST: 'db',
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
  });
  expect(seen).toMatchObject({ TF_VAR_word: `a \${b}`, TF_VAR_list: `["$\${c}","%%{d}"]`, TF_VAR_many: '3' });
  for (const name of ['KONFIG_STATE_KEY', 'TF_VAR_x', 'TF_CLI_ARGS_plan', 'TF_LOG']) expect(seen).not.toHaveProperty(name);
  expect(seen.TF_HTTP_ADDRESS).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
});

test('a plan that does not stop when it is told to is killed: it changes nothing', async () => {
  const connection = await connect({ stateKey });
  writeFileSync(join(fake, 'hang'), '');
  const stop = new AbortController();
  const planning = connection.plan({ stack: 'shop/dev', wished: [stack()], removed: [] }, stop.signal);
  while (!existsSync(join(fake, 'hangs')) || readFileSync(join(fake, 'hangs'), 'utf8') === '')
    await new Promise((resolve) => setImmediate(resolve));
  const pid = Number(readFileSync(join(fake, 'hangs'), 'utf8'));
  stop.abort();
  await expect(planning).rejects.toThrow('aborted');
  expect(existsSync(join(fake, 'interrupted'))).toBe(true);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
}, 20_000);

test('a plan that is given up since it takes too long is told of its stack', async () => {
  const connection = await connect({ stateKey });
  const limit = AbortSignal.abort(new KonfigError({ code: 'RESOURCE_TIMEOUT', message: 'It took longer than 60 s.' }));
  const [row] = await connection.plan({ stack: 'shop/dev', wished: [stack()], removed: [] }, limit);
  expect(row).toMatchObject({ isUnseen: true, problems: [{ code: 'RESOURCE_TIMEOUT', at: stack().id }] });
});

test('a binary that is not there, too old, or another program is told with what to install', async () => {
  await expect(connect({ binary: '/nowhere/terraform' })).rejects.toThrow(
    'TARGET_CONFIG  Target terraform: there is no program /nowhere/terraform.',
  );
  const old = readFileSync(join(fake, 'plan.jsonl'), 'utf8').replace('"terraform":"1.11.4"', '"terraform":"1.4.6"');
  writeFileSync(join(fake, 'plan.jsonl'), old);
  const [row] = await (await connect({})).plan({ stack: 'shop/dev', wished: [stack()], removed: [] }, signal);
  expect(row?.problems).toMatchObject([
    { code: 'TARGET_CONFIG', message: expect.stringContaining('is Terraform 1.4.6, which is too old.') },
  ]);
  writeFileSync(join(fake, 'version'), 'Helm v3\n');
  await expect(connect({})).rejects.toThrow('is neither Terraform nor OpenTofu.');
});

test('a target that says what means nothing is refused', async () => {
  await expect(connect({ stateKeys: 'x' })).rejects.toThrow('it has stateKeys, which means nothing.');
  await expect(connect({ parallelism: 0 })).rejects.toThrow('its parallelism is 0.');
  await expect(connect({ env: { A: 1 } })).rejects.toThrow('its env is not understood.');
  await expect(
    connect({ env: { AWS_REGION: 'x', TF_LOG: 'trace', TF_CLI_ARGS_plan: '-target=a', TF_HTTP_PASSWORD: 'x' } }),
  ).rejects.toThrow('its env sets TF_LOG, TF_CLI_ARGS_plan, which would change what Terraform does');
});

test('a stack whose form is wrong is told before any binary runs', () => {
  const runtime = runtimeOf({});
  const wrong = { ...stack(), attributes: { configuration: {}, inputs: { a: 1 }, outputs: { b: { secret: false } } } };
  expect(runtime.check([wrong]).map(({ message }) => message)).toEqual([
    'Terraform/shop speaks of the variable a, which its configuration does not have.',
    'Terraform/shop speaks of the output b, which its configuration does not have.',
  ]);
  expect(runtime.partNames?.(stack())).toEqual(['random_pet.pet', 'random_password.word']);
});

function runtimeOf(env: NodeJS.ProcessEnv) {
  return terraformRuntime({ root, env: { ...process.env, ...env }, process: { machine: 'here', pid: process.pid }, hasEnded: () => false });
}

async function connect(config: JsonObject, env: NodeJS.ProcessEnv = {}): Promise<Connection> {
  const binary = join(__dirname, 'fake-terraform.js');
  const connection = await runtimeOf({ FAKE_TERRAFORM: fake, XDG_CACHE_HOME: root, ...env }).connect(
    'terraform',
    { runtime: 'terraform', config: { binary, mirror: mirror(), ...config } },
    signal,
  );
  open.push(connection);
  connection.attach?.(keeper);
  return connection;
}

/** Nothing of it is looked at but the names. */
function mirror(): string {
  const folder = join(root, 'mirror');
  const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
  cpSync(fake, join(folder, 'registry.terraform.io/hashicorp/random/3.6.0', platform), { recursive: true });
  return folder;
}

function stack(more: JsonObject = {}): Resource {
  const variable = { word: { type: 'string' }, list: { type: 'list(string)' }, many: { type: 'number' } };
  const configuration = {
    terraform: { required_providers: { random: { source: 'hashicorp/random' } } },
    variable,
    resource: { random_pet: { pet: { length: 2 } }, random_password: { word: { length: 12, lower: true } } },
    output: { konfig_pet: { value: 'x', sensitive: true } },
  };
  return {
    id,
    target: 'terraform',
    runtime: 'terraform',
    type: 'terraform/Stack',
    path: 'shop',
    attributes: { configuration, inputs: {}, outputs: { konfig_pet: { secret: false } }, ...more },
  };
}

async function plan(connection: Connection, more: JsonObject = {}): Promise<PlannedRow> {
  const [row] = await connection.plan({ stack: 'shop/dev', wished: [stack(more)], removed: [] }, signal);
  if (!row) throw new Error('There is no row.');
  expect(row.problems).toEqual([]);
  return row;
}

function apply(connection: Connection, { changes, parts = [], live }: PlannedRow, tell: (observation: Observation) => void = () => {}) {
  return connection.apply(
    { stack: 'shop/dev', resource: stack(), action: 'create', changes, parts, tell, ...(live ? { live } : {}) },
    signal,
  );
}

function memoryKeeper(): typeof keeper {
  const kept = new Map<string, { bytes: Uint8Array; version: string }>();
  let writes = 0;
  return {
    stack: 'shop/dev',
    isLocked: true,
    failsFrom: Number.POSITIVE_INFINITY,
    worksFrom: Number.POSITIVE_INFINITY,
    read: async (name) => kept.get(name),
    isGivenUp: () => false,
    async write(name, bytes, before) {
      if (!this.isLocked) throw new KonfigError({ code: 'LOCK_LOST', message: 'nobody holds it' });
      writes++;
      if (writes >= this.failsFrom && writes < this.worksFrom)
        throw new KonfigError({ code: 'RECORD_WRITE', message: 'the store is gone.' });
      if (kept.get(name)?.version !== before) throw new KonfigError({ code: 'RECORD_CONFLICT', message: 'was changed' });
      kept.set(name, { bytes, version: `v${writes}` });
      return `v${writes}`;
    },
    async remove(name) {
      kept.delete(name);
    },
    get writer() {
      return this.isLocked ? 'anna@laptop' : undefined;
    },
  };
}

function folders(): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => {
    const file = join(tmpdir(), name, 'konfig.json');
    return name.startsWith('konfig-terraform-') && existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).root === root;
  });
}
