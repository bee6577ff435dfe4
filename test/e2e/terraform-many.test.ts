// Many Terraform stacks at once, and many resources in one, with both real binaries.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stackOf } from './terraform-configuration';
import { ourFolders } from './terraform-folders';
import { terraformScene, tools } from './terraform-scene';
import { partsText, resourceOf, stackId } from './terraform-stack';

const scene = terraformScene();

describe.each(tools)('%s', (tool) => {
  test('without a mirror providers are fetched once for all stacks that need the same, and modules by each', async () => {
    const env = { ...scene.bed.cliConfig(join(scene.root, 'cli.tfrc')), XDG_CACHE_HOME: join(scene.root, 'cache') };
    const stack = await scene.open(tool, {}, { mirror: undefined, env });
    mkdirSync(join(scene.root, 'module'));
    writeFileSync(join(scene.root, 'module', 'main.tf'), 'resource "random_pet" "inner" {}\n');
    const of = (i: number) =>
      resourceOf(
        stackOf({ random_pet: { pet: { length: 2 } } }, {}, {}, i === 0 ? { module: { m: { source: join(scene.root, 'module') } } } : {}),
        `${stackId}-${i}`,
      );
    const wished = [0, 1, 2, 3].map(of);
    const rows = await stack.connection.plan({ stack: 'shop/dev', wished, removed: [] }, new AbortController().signal);
    expect(rows.flatMap(({ problems }) => problems)).toEqual([]);
    expect(rows.map(partsText)).toEqual([
      ['create random_pet.pet', 'create module.m.random_pet.inner'],
      ...Array.from({ length: 3 }, () => ['create random_pet.pet']),
    ]);
    expect(readdirSync(join(scene.root, 'cache', 'konfig', 'terraform'))).toHaveLength(1);
  });

  test('ten stacks at once do not get into each other’s way, and leave no folder', async () => {
    const stack = await scene.open(tool);
    const ids = Array.from({ length: 10 }, (_, i) => `terraform:Terraform/shop-${i}`);
    const wished = ids.map((id, i) => resourceOf(stackOf({ random_pet: { pet: { length: (i % 3) + 1 } } }), id));
    const signal = new AbortController().signal;
    const rows = await stack.connection.plan({ stack: 'shop/dev', wished, removed: [] }, signal);
    const applied = await Promise.all(
      wished.map((resource, i) =>
        stack.connection.apply({ stack: 'shop/dev', resource, action: 'create', changes: [], parts: rows[i]?.parts ?? [] }, signal),
      ),
    );
    expect(new Set(applied.map(({ uid }) => uid)).size).toBe(10);
    const again = await stack.connection.plan({ stack: 'shop/dev', wished, removed: [] }, signal);
    expect(again.flatMap(partsText)).toEqual([]);
    await stack.connection.close();
    expect(ourFolders()).toEqual([]);
  }, 120_000);

  test('a hundred resources of one stack have a row each', async () => {
    const stack = await scene.open(tool);
    const names = Array.from({ length: 100 }, (_, i) => `n${i}`);
    const attributes = stackOf({ random_pet: Object.fromEntries(names.map((each) => [each, { length: 2 }])) });
    const row = await stack.plan(attributes);
    expect(row.parts).toHaveLength(100);
    const { observation } = await stack.apply(attributes, row);
    expect(observation?.related).toHaveLength(100);
    expect(partsText(await stack.plan(attributes))).toEqual([]);
  }, 120_000);
});
