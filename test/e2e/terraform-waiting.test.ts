// Terraform stacks that wait for a value, with both real binaries: listed from what the program writes, and planned at their turn within what was listed.
import { join } from 'node:path';
import type { JsonObject } from '@konfig/core';
import { expression, stackOf } from './terraform-configuration';
import { rolesOfPostgres } from './terraform-roles';
import { terraformScene, tools } from './terraform-scene';
import { partsText, problemsOfCall, resourceOf, stackId } from './terraform-stack';

const scene = terraformScene('provider-postgresql');
const roles = rolesOfPostgres();

describe.each(tools)('%s', (tool) => {
  const name = (what: string) => `${what}-${tool}`;

  test('a stack that waits for a value is listed, and does at its turn only what was listed', async () => {
    const stack = await scene.open(tool);
    const unknown = { $unknown: { resource: 'main:Service/shop/web', path: ['status', 'loadBalancer', 'ingress', 0, 'ip'] } };
    const attributes = (length: JsonObject[string]) => ({
      ...stackOf(
        { random_pet: { pet: { length: expression('var.length') } }, terraform_data: { each: { count: expression('var.length') } } },
        {},
        { length: { type: 'number' } },
      ),
      inputs: { length },
    });
    const listed = await stack.plan(attributes(unknown));
    expect(listed).toMatchObject({
      checked: 'none',
      parts: [
        { name: 'random_pet.pet', action: 'create', plannedWhen: 'Service/shop/web status.loadBalancer.ingress[0].ip' },
        { name: 'terraform_data.each', action: 'create' },
      ],
    });
    const planned: string[] = [];
    await stack.apply(attributes(2), listed, {
      planned: (parts) => planned.push(...parts.map((part) => `${part.action} ${part.name}`)),
    });
    expect(planned).toEqual(['create random_pet.pet', 'create terraform_data.each[0]', 'create terraform_data.each[1]']);
    const again = await stack.plan(attributes(unknown));
    expect(partsText(again)).toEqual(['update random_pet.pet', 'update terraform_data.each']);
    expect(await problemsOfCall(stack.apply(attributes(3), again))).toMatchObject([
      {
        code: 'PLAN_STALE',
        message:
          'Terraform/shop would replace random_pet.pet now, since length cannot be changed in place, which could not be known when the plan was made.',
        at: `${stackId} configuration.resource.random_pet.pet`,
      },
    ]);
    await stack.apply(attributes(2), again);
  });

  test('a stack that waits for a value shows what a field of its own does to what is there', async () => {
    const stack = await scene.open(tool);
    const unknown = { $unknown: { resource: 'main:Service/shop/web', path: ['status'] } };
    const attributes = (word: JsonObject[string], { prefix, note }: { readonly prefix: string; readonly note: string }) => ({
      ...stackOf(
        {
          random_pet: { pet: { prefix, keepers: { word: expression('var.word') } } },
          terraform_data: { note: { input: note }, word: { input: expression('var.word') } },
        },
        {},
        { word: { type: 'string' } },
      ),
      inputs: { word },
    });
    const first = attributes('a', { prefix: 'old', note: 'old' });
    await stack.apply(first, await stack.plan(first));
    const listed = await stack.plan(attributes(unknown, { prefix: 'new', note: 'new' }));
    expect(partsText(listed)).toEqual([
      'replace random_pet.pet (prefix cannot be changed in place)',
      'update terraform_data.note',
      'update terraform_data.word',
    ]);
    expect(listed.parts?.map(({ changes }) => changes.map(({ path }) => path.join('.')))).toEqual([
      ['id', 'prefix'],
      ['input', 'output'],
      [],
    ]);
    await stack.apply(attributes('b', { prefix: 'new', note: 'new' }), listed);
    expect(partsText(await stack.plan(attributes('b', { prefix: 'new', note: 'new' })))).toEqual([]);
  });

  test('a stack with a backend of its own is listed from what lies there, and told what is wrong with it before its turn', async () => {
    const stack = await scene.open(tool);
    const unknown = { $unknown: { resource: 'main:Service/shop/web', path: ['status'] } };
    const backend = { local: { path: join(scene.root, 'waits.tfstate') } };
    const attributes = (word: JsonObject[string], pet: JsonObject) => {
      const resources = { random_pet: { pet }, terraform_data: { word: { input: expression('var.word') } } };
      const { configuration, ...rest } = stackOf(resources, {}, { word: { type: 'string' } });
      return { ...rest, configuration: { ...configuration, terraform: { ...configuration.terraform, backend } }, inputs: { word } };
    };
    const first = attributes('a', { prefix: 'old' });
    await stack.apply(first, await stack.plan(first));
    const wrong = await stack.plan(attributes(unknown, { lenght: 3 }));
    expect(wrong.problems).toMatchObject([{ code: 'SPEC_INVALID', at: `${stackId} configuration.resource.random_pet.pet.lenght` }]);
    const listed = await stack.plan(attributes(unknown, { prefix: 'new' }));
    expect(partsText(listed)).toEqual(['replace random_pet.pet (prefix cannot be changed in place)', 'update terraform_data.word']);
    await stack.apply(attributes('b', { prefix: 'new' }), listed);
    expect(partsText(await stack.plan(attributes('b', { prefix: 'new' })))).toEqual([]);
  });

  test('what is protected is not replaced by a field of its own, whatever the stack waits for', async () => {
    const stack = await scene.open(tool);
    const unknown = { $unknown: { resource: 'main:Service/shop/web', path: ['status'] } };
    const attributes = (word: JsonObject[string], prefix: string) => ({
      ...stackOf(
        { random_pet: { pet: { prefix } }, terraform_data: { word: { input: expression('var.word') } } },
        {},
        { word: { type: 'string' } },
      ),
      inputs: { word },
      protected: ['random_pet.pet'],
    });
    await stack.apply(attributes('a', 'old'), await stack.plan(attributes('a', 'old')));
    expect((await stack.plan(attributes(unknown, 'new'))).problems).toMatchObject([
      {
        code: 'RESOURCE_PROTECTED',
        message: 'random_pet.pet of Terraform/shop is protected, but would be replaced (prefix cannot be changed in place).',
        at: `${stackId} configuration.resource.random_pet.pet`,
      },
    ]);
  });

  test('a stack that waits for a value lists what goes by a count and by keys that the program writes out, and deletes that at its turn', async () => {
    const stack = await scene.open(tool);
    const unknown = { $unknown: { resource: 'main:Service/shop/web', path: ['status'] } };
    const attributes = (input: JsonObject[string], count: number, names: readonly string[]) => ({
      ...stackOf(
        {
          terraform_data: {
            each: { count, input: expression('var.word') },
            named: { for_each: expression(`toset(${JSON.stringify(names)})`), input: expression('var.word') },
          },
        },
        {},
        { word: { type: 'string' } },
      ),
      inputs: { word: input },
    });
    await stack.apply(attributes('a', 2, ['x', 'y']), await stack.plan(attributes('a', 2, ['x', 'y'])));
    const listed = await stack.plan(attributes(unknown, 1, ['y', 'z']));
    expect(partsText(listed)).toEqual([
      'update terraform_data.each[0]',
      'delete terraform_data.each[1] (count is lower)',
      'update terraform_data.named["y"]',
      'create terraform_data.named["z"]',
      'delete terraform_data.named["x"] (its key is not in for_each any more)',
    ]);
    await stack.apply(attributes('b', 1, ['y', 'z']), listed);
    expect((await stack.plan(attributes('b', 1, ['y', 'z']))).parts?.map(({ name: part, action }) => `${action} ${part}`)).toEqual([
      'keep terraform_data.each[0]',
      'keep terraform_data.named["y"]',
      'keep terraform_data.named["z"]',
    ]);
  });

  test('what is wrong with a stack whatever the value is told before its turn, at its field', async () => {
    const stack = await scene.open(tool);
    const unknown = { $unknown: { resource: 'main:Service/shop/web', path: ['spec', 'clusterIP'] } };
    const resources = { random_pet: { pet: { prefix: expression('var.host'), lenght: 3 }, other: { length: 'many' } } };
    const row = await stack.plan({ ...stackOf(resources, {}, { host: { type: 'string' } }), inputs: { host: unknown } });
    expect(row.problems.map(({ code, at }) => `${code} ${at}`).sort()).toEqual([
      `SPEC_INVALID ${stackId} configuration.resource.random_pet.other.length`,
      `SPEC_INVALID ${stackId} configuration.resource.random_pet.pet.lenght`,
    ]);
  });

  test('a stack that waits for a value imports at its turn, and makes nothing beside what is there', async () => {
    await roles.server.query(`CREATE ROLE "${name('waits')}" LOGIN`);
    const stack = await scene.open(tool);
    const unknown = { $unknown: { resource: 'main:Service/shop/web', path: ['spec', 'clusterIP'] } };
    const resources = {
      ...roles.provider(),
      postgresql_role: { role: { name: name('waits'), login: true, connection_limit: expression('var.limit') } },
    };
    const attributes = (limit: JsonObject[string]) => ({ ...stackOf(resources, {}, { limit: { type: 'number' } }), inputs: { limit } });
    const imports = [{ resource: stackId, part: 'postgresql_role.role', id: name('waits') }];
    const request = { stack: 'shop/dev', wished: [resourceOf(attributes(unknown))], removed: [], imports };
    const [row] = await stack.connection.plan(request, new AbortController().signal);
    if (!row) throw new Error('no row');
    expect(partsText(row)).toEqual([`import postgresql_role.role (${name('waits')})`]);
    await stack.apply(attributes(7), row);
    expect(partsText(await stack.plan(attributes(7)))).toEqual([]);
    await stack.destroy(attributes(7), await stack.planGone(attributes(7)));
  });

  test('what nobody tells any more is what the stack was applied with when it is taken away', async () => {
    const stack = await scene.open(tool);
    const types = { many: { type: 'number' }, hosts: { type: 'list(string)' }, word: { type: 'string' } };
    const values = { length: expression('var.many'), prefix: expression('join("-", concat(var.hosts, [var.word]))') };
    const told = (inputs: JsonObject) => ({ ...stackOf({ random_pet: { pet: values } }, {}, types), inputs });
    await stack.apply(told({ many: 2, hosts: ['a', 'b'], word: 'c' }), await stack.plan(told({ many: 2, hosts: ['a', 'b'], word: 'c' })));
    const gone = { $unknown: { resource: 'main:ConfigMap/db', path: ['data'] } };
    const missing = told({ many: gone, hosts: gone, word: gone });
    const row = await stack.planGone(missing);
    expect([row.problems, partsText(row)]).toEqual([[], ['delete random_pet.pet']]);
    expect(await stack.destroy(missing, row)).toBe('gone');
    expect(await stack.keeper.read(stackId)).toBeUndefined();
  });
});
