// Konfig, Terraform or both, killed at random moments of an apply: nothing that is secret lies there in clear afterwards, and the next run comes to the end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { JsonObject } from '@konfig/core';
import { filesWith } from '../scenarios/secret-scan';
import { buildTerraformBed, type TerraformBed } from '../testbed/terraform/beds';
import { type Postgres, startPostgres } from '../testbed/terraform/postgres';
import { newKey, type OpenStack, openStack, partsText } from './terraform-stack';

const seed = Number(process.env.KONFIG_SEED ?? Date.now() % 1_000_000);
const kills = 4;
/** Each run has names of its own: a provider may go on for a while when nobody waits for it any more. */
let run = 0;
const secret = 'canary-7f3k2-javelin';

let bed: TerraformBed;
let postgres: Postgres;
let root: string;
let folders: string;

beforeAll(async () => {
  bed = await buildTerraformBed('providers', 'provider-postgresql', 'tofu');
  postgres = await startPostgres();
  console.log(`Kills of Terraform and Konfig: seed ${seed} (KONFIG_SEED=${seed} draws the same moments again).`);
}, 1_800_000);
afterAll(() => postgres?.stop());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'konfig-test-'));
  folders = join(root, 'tmp');
  mkdirSync(folders);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe.each(['terraform', 'tofu'] as const)('%s', (tool) => {
  const drawn = moments(seed, kills);

  test.each(drawn)('Konfig is killed after %i ms: what was begun comes to its end, is sealed, and is taken up', async (moment) => {
    const apply = startApply(tool);
    await Promise.race([apply.ended, pause(moment)]);
    apply.worker.kill('SIGKILL');
    await apply.ended;
    await untilTidy();
    expect(filesWith(secret, root)).toEqual([]);

    const stack = await openStack(apply.place, apply.config);
    await finish(stack, apply.attributes);
    expect(await roles()).toEqual([`one-${run}`, `two-${run}`]);
    await stack.destroy(apply.attributes, await stack.planGone(apply.attributes));
    await stack.connection.close();
    expect(await roles()).toEqual([]);
    expect(filesWith(secret, root)).toEqual([]);
  });

  test.each(drawn)('both are killed after %i ms: nothing secret lies there in clear', async (moment) => {
    const apply = startApply(tool);
    await Promise.race([apply.ended, pause(moment)]);
    const pids = terraformPids();
    apply.worker.kill('SIGKILL');
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await apply.ended;
    await untilTidy();
    expect(filesWith(secret, root)).toEqual([]);
  });
});

/** Milliseconds: from before there is a folder until after the end. */
function moments(from: number, count: number): readonly number[] {
  let state = from;
  return Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return 200 + (state % 2500);
  });
}

function startApply(tool: 'terraform' | 'tofu') {
  const place = { root, binary: bed[tool] as string, mirror: bed.mirror };
  const config = { stateKey: newKey() };
  run++;
  const attributes = attributesOf();
  const job = JSON.stringify({ place, attributes, config });
  const worker = spawn(process.execPath, ['-r', 'esbuild-register', join(__dirname, 'terraform-worker.ts'), job], {
    stdio: 'ignore',
    env: { ...process.env, TMPDIR: folders },
  });
  return { worker, ended: once(worker, 'exit'), place, config, attributes };
}

/** Two roles, the one after the other, and a secret that is in the environment of Terraform, in its plan, in its state, and in a file. */
function attributesOf(): JsonObject {
  const { port, password } = postgres;
  const role = (name: string) => ({ name: `${name}-${run}`, login: false });
  return {
    configuration: {
      terraform: { required_providers: { postgresql: { source: 'konfig/postgresql' } } },
      provider: { postgresql: { port, password, delay: '300ms' } },
      variable: { small: { type: 'string', sensitive: true }, large: { type: 'string', sensitive: true } },
      resource: {
        postgresql_role: { one: role('one'), two: { ...role('two'), depends_on: ['postgresql_role.one'] } },
        terraform_data: { held: { input: ['$', '{[var.small, var.large]}'].join('') } },
      },
    },
    inputs: { small: secret, large: `${secret}${'.'.repeat(70_000)}` },
    outputs: {},
  };
}

/** Whoever puts things away has done so: the time limit of the test ends the waiting. */
async function untilTidy(): Promise<void> {
  while (ourFolders().length > 0) await pause(20);
}

/** Those that were ready for work: whoever was killed before has put nothing there. In that of cli.tfrc nothing secret lies, and the next run removes it. */
const ourFolders = () =>
  readdirSync(folders).filter((name) => existsSync(join(folders, name, 'konfig.json')) && !existsSync(join(folders, name, 'cli.tfrc')));

function terraformPids(): readonly number[] {
  return ourFolders().flatMap((name) => {
    try {
      const pid = Number(readFileSync(join(folders, name, 'konfig.pid'), 'utf8'));
      process.kill(pid, 0);
      return [pid];
    } catch {
      // It has not begun, or has ended.
      return [];
    }
  });
}

/** Goes on from what was left, as people do: plan, apply. */
async function finish(stack: OpenStack, attributes: JsonObject): Promise<void> {
  const row = await stack.plan(attributes);
  expect(row.problems).toEqual([]);
  await stack.apply(attributes, row);
  expect(partsText(await stack.plan(attributes))).toEqual([]);
}

async function roles(): Promise<readonly string[]> {
  const found = await postgres.query(`SELECT rolname FROM pg_roles WHERE rolname LIKE '%-${run}' ORDER BY 1`);
  return found === '' ? [] : found.split('\n');
}
