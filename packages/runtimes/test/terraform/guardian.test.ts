// What is left of a run that was killed, when nobody runs Konfig again. On the built code: a guardian is a process of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { keptText, nothingKept, parseKept } from '../../src/terraform/kept';
import { readKeys, unseal } from '../../src/terraform/seal';

const id = 'terraform:Terraform/db';
const key = Buffer.alloc(32, 7).toString('base64');
const keys = readKeys(key, undefined, (why) => new Error(why) as never);
const state = JSON.stringify({ version: 4, lineage: 'l', serial: 3, resources: [{ name: 'hunter2' }] });

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'konfig-test-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Opens a guarded folder, fills it as a Terraform does that works for as long as its standard input is open, and waits. */
const run = `
  const { writeFileSync, writeSync } = require('node:fs');
  const { spawn } = require('node:child_process');
  const { notePid, openGuardedFolder } = require('${join(__dirname, '../../dist/terraform/folder.js')}');
  const { root, id, state, charge, keptLength, isKilledAtOnce } = JSON.parse(process.argv[1]);
  const folder = openGuardedFolder({ process: { machine: 'here', pid: process.pid, born: 'now' }, root, stack: 'shop/dev', id }, keptLength ? { kept: 'x'.repeat(keptLength) } : charge);
  const put = (name, text) => writeFileSync(folder + '/' + name, text);
  put('tfplan', 'hunter2');
  if (state) put('errored.tfstate', state);
  if (isKilledAtOnce) {
    writeSync(1, folder);
    process.kill(process.pid, 'SIGKILL');
  }
  const work = spawn('cat', [], { cwd: folder, detached: true, stdio: [3, 'ignore', 'ignore'] });
  notePid(folder, work.pid);
  process.on('SIGTERM', () => process.exit(130));
  console.log(folder);
  setInterval(() => {}, 1000);
`;

async function start(given: object) {
  const child = spawn(process.execPath, ['-e', run, JSON.stringify({ root, id, ...given })], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await once(child, 'exit');
  };
  return { folder: line.toString().trim(), end, finishWork: () => child.stdio[3]?.destroy() };
}

/** Until it is so: the test's own time limit ends the waiting. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(20);
}

const rescued = () => {
  const home = join(root, '.konfig/terraform/rescued');
  return existsSync(home) ? readdirSync(home).map((name) => readFileSync(join(home, name))) : [];
};

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'the state that a Terraform leaves is sealed when it has ended, and nothing lies there in clear, though Konfig was ended by %s',
  async (signal) => {
    const { folder, end, finishWork } = await start({
      state,
      charge: { key, kept: keptText({ stack: 'shop/dev', id }, nothingKept) },
    });
    await end(signal);
    expect(existsSync(join(folder, 'errored.tfstate'))).toBe(true);
    finishWork();
    await until(() => !existsSync(folder));
    expect(rescued()).toHaveLength(1);
    const [bytes] = rescued() as [Buffer];
    expect(bytes.includes('hunter2')).toBe(false);
    expect(parseKept({ stack: 'shop/dev', id }, unseal({ stack: 'shop/dev', id }, bytes, keys)).text).toBe(state);
  },
);

test('a state that OpenTofu has encrypted stays as it is for who can open it, and the plan beside it goes', async () => {
  const encrypted = JSON.stringify({ serial: 3, lineage: 'l', encrypted_data: 'iMpbrDDMr8Y=', encryption_version: 'v0' });
  const charge = { key, kept: keptText({ stack: 'shop/dev', id }, nothingKept) };
  const { folder, end, finishWork } = await start({ state: encrypted, charge });
  await end('SIGKILL');
  finishWork();
  await until(() => !existsSync(join(folder, 'tfplan')));
  expect(readFileSync(join(folder, 'errored.tfstate'), 'utf8')).toBe(encrypted);
  expect(rescued()).toEqual([]);
  rmSync(folder, { recursive: true });
});

test('the plan of a preview that was killed does not stay', async () => {
  const { folder, end, finishWork } = await start({});
  await end('SIGKILL');
  finishWork();
  await until(() => !existsSync(folder));
  expect(rescued()).toEqual([]);
});

describe('killed before its guardian has heard all of a large charge', () => {
  const given = { keptLength: 1_000_000, isKilledAtOnce: true };

  test('a run leaves nothing', async () => {
    const { folder } = await start(given);
    await until(() => !existsSync(folder));
    expect(rescued()).toEqual([]);
  });

  test('a run leaves a state where the next one finds it, and no plan beside it', async () => {
    const { folder } = await start({ ...given, state });
    await until(() => !existsSync(join(folder, 'tfplan')));
    expect(readFileSync(join(folder, 'errored.tfstate'), 'utf8')).toBe(state);
    rmSync(folder, { recursive: true });
  });
});
