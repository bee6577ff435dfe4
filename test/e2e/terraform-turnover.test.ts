// A state that one of the two binaries has made, and a run with the other one.
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JsonObject } from '@konfig/core';
import { type Tool, terraformScene } from './terraform-scene';
import { changing, newKey, partsText, resourceOf, stackId } from './terraform-stack';

const scene = terraformScene();
const stateKey = newKey();

const open = (tool: Tool, isNamed: boolean) => scene.open(tool, { stateKey }, { isNamed });

const pets = (length: number): JsonObject => ({ configuration: { resource: { random_pet: { pet: { length } } } } });

test('OpenTofu takes a state of Terraform over only where the workspace names it, says so before, and there is a way back', async () => {
  const terraform = await open('terraform', false);
  await terraform.apply(pets(2), await terraform.plan(pets(2)));

  const chance = await open('tofu', false);
  expect(chance.connection.identity).not.toBe(terraform.connection.identity);
  const refused = { code: 'TARGET_CONFIG', message: expect.stringContaining('Terraform has made the state') };
  expect((await chance.plan(pets(3))).problems).toMatchObject([refused]);
  expect((await chance.planGone(pets(2))).problems).toMatchObject([refused]);
  expect(partsText(await terraform.plan(pets(2)))).toEqual([]);

  const named = await open('tofu', true);
  expect(await named.plan(pets(2))).toMatchObject({ problems: [] });
  const row = await named.plan(pets(3));
  expect(row.problems).toMatchObject([{ severity: 'warning', hint: expect.stringContaining('state replace-provider -state=FILE') }]);
  await named.apply(pets(3), row);
  expect((await named.plan(pets(3))).problems).toEqual([]);
  expect((await terraform.plan(pets(3))).problems).toMatchObject([
    { code: 'TARGET_CONFIG', hint: expect.stringContaining('state replace-provider -state=FILE') },
  ]);

  const file = join(scene.root, 'back.tfstate');
  writeFileSync(file, (await named.connection.pullState?.(stackId)) ?? '');
  const replace = ['state', 'replace-provider', '-auto-approve', `-state=${file}`];
  const hosts = ['registry.opentofu.org', 'registry.terraform.io'].map((host) => `${host}/hashicorp/random`);
  await promisify(execFile)(scene.place('terraform').binary, [...replace, ...hosts], { cwd: scene.root });
  await terraform.connection.pushState?.({
    id: stackId,
    resource: resourceOf(pets(3)),
    text: readFileSync(file, 'utf8'),
    name: file,
    isForced: false,
  });
  expect(changing(await terraform.plan(pets(3)))).toMatchObject({ parts: [], problems: [] });
});
