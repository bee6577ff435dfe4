// The runtime with a backend that the program writes: the state lies there, and what Konfig keeps of it is a copy.
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Connection, JsonObject, Keeper, KonfigError, PlannedRow } from '@konfig/core';
import { terraformRuntime } from '../../src';

const id = 'terraform:Terraform/shop';
const type = 'terraform/Stack';
const signal = new AbortController().signal;
const recorded = JSON.parse(readFileSync(join(__dirname, 'recorded/state.json'), 'utf8')) as JsonObject;
const lineage = String(recorded.lineage);
const attributes: JsonObject = {
  configuration: {
    terraform: { backend: { remote: {} }, required_providers: { random: { source: 'hashicorp/random' } } },
    resource: { random_pet: { pet: { length: 2 } }, random_password: { word: { length: 12, lower: true } } },
    output: { konfig_pet: { value: 'x', sensitive: true } },
  },
  outputs: { konfig_pet: { secret: false } },
};

let root: string;
let fake: string;
let connection: Connection;
const open: Connection[] = [];
const kept = new Map<string, { bytes: Uint8Array; version: string }>();

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'konfig-test-'));
  fake = join(root, 'fake');
  cpSync(join(__dirname, 'recorded'), fake, { recursive: true });
  kept.clear();
  connection = await connect();
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  rmSync(root, { recursive: true, force: true });
});

test('a stack of which there is no copy is destroyed where its state lies', async () => {
  inBackend(recorded);
  const row = await planGone();
  expect(row.live?.uid).toBe(lineage);
  willLeave({ ...recorded, serial: 4, resources: [] });
  expect(await destroy(row)).toBe('gone');
  expect(backend()).toMatchObject({ serial: 4, resources: [] });
});

test('a stack in the place of which another one stands in its backend is left alone', async () => {
  inBackend(recorded);
  await apply(await plan());
  const row = await planGone();
  inBackend({ ...recorded, lineage: 'another' });
  willLeave({ ...recorded, serial: 4, resources: [] });
  expect(await destroy(row)).toBe('gone');
  expect(backend()).toMatchObject({ lineage: 'another', resources: recorded.resources });
});

test('the state that a backend gives where there is none is none', async () => {
  inBackend({ version: 4, serial: 0, lineage: '', outputs: {}, resources: [] });
  const row = await plan();
  expect(row).toMatchObject({ problems: [], changes: [] });
  expect(row).not.toHaveProperty('live');
  expect(await apply(row)).toMatchObject({ uid: lineage });
  expect(await planGone()).toMatchObject({ live: { uid: lineage } });
});

test('what opens an http backend in the environment is for that of the program', async () => {
  await apply(await plan());
  for (const command of ['init', 'plan', 'state', 'apply']) {
    const env = JSON.parse(readFileSync(join(fake, `env-of-${command}.json`), 'utf8'));
    expect(env).toMatchObject({ TF_HTTP_USERNAME: 'anna', TF_HTTP_PASSWORD: 'word' });
  }
});

test('a state of which there is no copy, or an old one, is taken up by an apply that changes nothing else', async () => {
  willChangeNothing();
  for (const [serial, value] of [
    [3, 'first'],
    [4, 'second'],
  ] as const) {
    inBackend({ ...recorded, serial, outputs: { konfig_pet: { value, type: 'string', sensitive: true } } });
    const row = await plan();
    expect(row).toMatchObject({ parts: [], problems: [], changes: [{ path: ['state'], after: 'as in its backend' }] });
    const applied = await apply(row);
    expect(applied).toMatchObject({ uid: lineage, isUnchanged: true, live: { outputs: { konfig_pet: value } } });
    expect(await connection.read(id, type, signal)).toEqual(applied.live);
    expect(await connection.observe([{ id, type }], signal)).toMatchObject([{ exists: true, health: 'ready' }]);
    expect((await plan()).changes.filter(({ path }) => path[0] === 'state')).toEqual([]);
  }
});

test('a state that Terraform could not save is pushed', async () => {
  const row = await plan();
  willRefuse(1);
  expect(await apply(row)).toMatchObject({ uid: lineage });
  expect(backend()).toEqual(recorded);
  expect((await plan()).problems).toEqual([]);
});

test('what its backend takes at no time stays where Terraform has left it, and nothing is planned until it was pushed from there', async () => {
  const row = await plan();
  willRefuse(2);
  const error = await apply(row).catch((error: KonfigError) => error);
  const [, file = ''] = /Terraform has left it as (\S+errored\.tfstate)\./.exec(String(error)) ?? [];
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(recorded);
  expect((await plan()).problems).toMatchObject([{ code: 'RECORD_OUTDATED' }]);

  const later = await connect('later');
  const push = `cd ${dirname(file)} && terraform state push errored.tfstate.`;
  expect((await plan(later)).problems).toMatchObject([{ code: 'RECORD_OUTDATED', hint: expect.stringContaining(push) }]);
  inBackend(JSON.parse(readFileSync(file, 'utf8')));
  willChangeNothing();
  const next = await plan(later);
  expect(next).toMatchObject({ problems: [], changes: [{ path: ['state'] }] });
  await apply(next, later);
  expect(existsSync(file)).toBe(false);
  expect(await plan(later)).toMatchObject({ problems: [], changes: [] });
  expect(existsSync(dirname(file))).toBe(false);
});

test('nothing is planned on an older state than the last one, or on none where there was one', async () => {
  await apply(await plan());
  inBackend({ ...recorded, serial: 2 });
  const hint = expect.stringContaining('konfig state pull shop/dev Terraform/shop --out FILE gives it out');
  expect((await plan()).problems).toMatchObject([{ code: 'RECORD_OUTDATED', message: expect.stringContaining('(serial 3)'), hint }]);
  rmSync(join(fake, 'backend.tfstate'));
  expect((await plan()).problems).toMatchObject([
    {
      code: 'RECORD_OUTDATED',
      message: expect.stringContaining('has no state, and Konfig has one (serial 3, 2 resources)'),
      hint,
    },
  ]);
  await expect(destroy({ ...(await planGone()), live: { uid: lineage, version: '3' } })).rejects.toThrow('RECORD_OUTDATED');
  inBackend({ ...recorded, lineage: 'another', serial: 1 });
  expect((await plan()).problems).toEqual([]);
});

/** What lies in the backend. */
function backend(): JsonObject {
  return JSON.parse(readFileSync(join(fake, 'backend.tfstate'), 'utf8')) as JsonObject;
}

function inBackend(state: JsonObject): void {
  writeFileSync(join(fake, 'backend.tfstate'), JSON.stringify(state));
}

/** What the next run of Terraform makes of it. */
function willLeave(state: JsonObject): void {
  writeFileSync(join(fake, 'state.json'), JSON.stringify(state));
}

function willChangeNothing(): void {
  writeFileSync(join(fake, 'show.json'), JSON.stringify({ resource_changes: [], output_changes: {} }));
}

/** As often: Terraform's own save counts. */
function willRefuse(times: number): void {
  writeFileSync(join(fake, 'refuses'), String(times));
  const summary = 'Failed to persist state to backend';
  const diagnostic = { severity: 'error', summary, detail: 'It is not there.' };
  const line = { '@level': 'error', '@message': `Error: ${summary}`, type: 'diagnostic', diagnostic };
  appendFileSync(join(fake, 'apply.jsonl'), `${JSON.stringify(line)}\n`);
}

/** To a run that knows that the others have ended. */
async function connect(run = 'first'): Promise<Connection> {
  const mirror = join(root, 'mirror');
  const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
  cpSync(fake, join(mirror, 'registry.terraform.io/hashicorp/random/3.6.0', platform), { recursive: true });
  const runtime = terraformRuntime({
    root,
    env: { ...process.env, FAKE_TERRAFORM: fake, XDG_CACHE_HOME: root, TF_HTTP_USERNAME: 'anna', TF_HTTP_PASSWORD: 'word' },
    process: { machine: `${root} ${run}`, pid: process.pid },
    hasEnded: ({ machine }) => machine.startsWith(root) && machine !== `${root} ${run}`,
  });
  const stateKey = Buffer.alloc(32, 3).toString('base64');
  const config = { binary: join(__dirname, 'fake-terraform.js'), mirror, stateKey };
  const opened = await runtime.connect('terraform', { runtime: 'terraform', config }, signal);
  opened.attach?.(memoryKeeper());
  open.push(opened);
  return opened;
}

async function plan(by = connection): Promise<PlannedRow> {
  const resource = { id, target: 'terraform', runtime: 'terraform', type, path: 'shop', attributes };
  return (await by.plan({ stack: 'shop/dev', wished: [resource], removed: [] }, signal))[0] as PlannedRow;
}

async function planGone(): Promise<PlannedRow> {
  return (await connection.plan({ stack: 'shop/dev', wished: [], removed: [{ id, type, attributes }] }, signal))[0] as PlannedRow;
}

function apply({ changes, parts = [], live }: PlannedRow, by = connection) {
  const resource = { id, target: 'terraform', runtime: 'terraform', type, path: 'shop', attributes };
  return by.apply({ stack: 'shop/dev', resource, action: 'update', changes, parts, ...(live ? { live } : {}) }, signal);
}

function destroy({ parts = [], live }: PlannedRow) {
  return connection.delete({ id, type, attributes, parts, ...(live ? { uid: live.uid } : {}) }, signal);
}

function memoryKeeper(): Keeper {
  let writes = 0;
  return {
    stack: 'shop/dev',
    writer: 'anna@laptop',
    read: async (name) => kept.get(name),
    isGivenUp: () => false,
    async write(name, bytes) {
      const version = `v${++writes}`;
      kept.set(name, { bytes, version });
      return version;
    },
    async remove(name) {
      kept.delete(name);
    },
  };
}
