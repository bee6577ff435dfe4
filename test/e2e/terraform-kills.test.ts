// Konfig, Terraform or both, killed at random moments of an apply: nothing that is secret lies there in clear afterwards, and the next run comes to the end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { JsonObject } from '@konfig/core';
import { filesWith } from '../scenarios/secret-scan';
import { expression, stackOf } from './terraform-configuration';
import { rolesOfPostgres } from './terraform-roles';
import { type Tool, terraformScene, tools } from './terraform-scene';
import { newKey, type OpenStack, partsText } from './terraform-stack';

const seed = Number(process.env.KONFIG_SEED ?? Date.now() % 1_000_000);
const kills = 4;
/** Each run has names of its own: a provider may go on for a while when nobody waits for it any more. */
let run = 0;
const secret = 'canary-7f3k2-javelin';

const scene = terraformScene('provider-postgresql');
const roles = rolesOfPostgres();
let folders: string;

beforeAll(() => console.log(`Kills of Terraform and Konfig: seed ${seed} (KONFIG_SEED=${seed} draws the same moments again).`));
beforeEach(() => {
  folders = join(scene.root, 'tmp');
  mkdirSync(folders);
});

describe.each(tools)('%s', (tool) => {
  const drawn = moments(seed, kills);

  test.each(drawn)('Konfig is killed after %i ms: what was begun comes to its end, is sealed, and is taken up', async (moment) => {
    const apply = startApply(tool);
    await Promise.race([apply.ended, pause(moment)]);
    apply.worker.kill('SIGKILL');
    await apply.ended;
    await untilTidy();
    expect(filesWith(secret, scene.root)).toEqual([]);

    const stack = await scene.open(tool, apply.config);
    await finish(stack, apply.attributes);
    expect(await roles.like(`%-${run}`)).toEqual([`one-${run}`, `two-${run}`]);
    await stack.destroy(apply.attributes, await stack.planGone(apply.attributes));
    expect(await roles.like(`%-${run}`)).toEqual([]);
    expect(filesWith(secret, scene.root)).toEqual([]);
  });

  test.each(drawn)('both are killed after %i ms: nothing secret lies there in clear', async (moment) => {
    const apply = startApply(tool);
    await Promise.race([apply.ended, pause(moment)]);
    const pids = terraformPids();
    apply.worker.kill('SIGKILL');
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await apply.ended;
    await untilTidy();
    expect(filesWith(secret, scene.root)).toEqual([]);
    // Providers that are left alone remove nothing.
    expect(readdirSync(folders).filter((name) => name.startsWith('plugin'))).toEqual([]);
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

function startApply(tool: Tool) {
  const config = { stateKey: newKey() };
  run++;
  const attributes = attributesOf();
  const job = JSON.stringify({ place: scene.place(tool), attributes, config });
  const worker = spawn(process.execPath, ['-r', 'esbuild-register', join(__dirname, 'terraform-worker.ts'), job], {
    stdio: 'ignore',
    env: { ...process.env, TMPDIR: folders },
  });
  return { worker, ended: once(worker, 'exit'), config, attributes };
}

/** Two roles, the one after the other, and a secret that is in the environment of Terraform, in its plan, in its state, and in a file. */
function attributesOf(): JsonObject {
  const held = { terraform_data: { held: { input: expression('[var.small, var.large]') } } };
  const text = { type: 'string', sensitive: true };
  return {
    ...stackOf(
      { ...roles.chain({ first: `one-${run}`, next: `two-${run}` }, { delay: '300ms' }), ...held },
      {},
      { small: text, large: text },
    ),
    inputs: { small: secret, large: `${secret}${'.'.repeat(70_000)}` },
  };
}

/** Whoever puts things away has done so: the time limit of the test ends the waiting. */
async function untilTidy(): Promise<void> {
  while (ourFolders().length > 0) await pause(20);
}

/** Those in which something secret may lie. Where Konfig was killed before, the next run removes them. */
const ourFolders = () => readdirSync(folders).filter((name) => namesIn(join(folders, name)).some((file) => !harmless.has(file)));
const harmless = new Set(['konfig.json', 'cli.tfrc']);

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // It has gone meanwhile.
    return [];
  }
}

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

/** Goes on from what was left, as people do: plan, apply. Killed before Terraform could begin, Konfig has left word of what was to be made: none of it is there. */
async function finish(stack: OpenStack, attributes: JsonObject): Promise<void> {
  const row = await stack.plan(attributes);
  if (row.problems.length > 0) {
    expect(row.problems).toMatchObject([{ code: 'PLAN_ORPHANS', severity: 'warning' }]);
    expect(await roles.like(`%-${run}`)).toEqual([]);
  }
  await stack.apply(attributes, row);
  expect(partsText(await stack.plan(attributes))).toEqual([]);
}
