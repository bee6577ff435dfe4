// The life of a Terraform stack, with both real binaries: made, found as wished, changed, refused, taken away.
import type { JsonObject } from '@konfig/core';
import { expression, stackOf } from './terraform-configuration';
import { rolesOfPostgres } from './terraform-roles';
import { terraformScene, tools } from './terraform-scene';
import { changing, partsText, problemsOfCall, stackId } from './terraform-stack';

const scene = terraformScene('provider-postgresql');
const roles = rolesOfPostgres();

describe.each(tools)('%s', (tool) => {
  const name = (what: string) => `${what}-${tool}`;

  test('a stack is made, found as wished, replaced in part with the reason, and taken away again', async () => {
    const stack = await scene.open(tool);
    const pet = (length: number) => ({
      ...stackOf(
        { random_pet: { pet: { length } }, terraform_data: { word: { input: 'x' } } },
        { konfig_pet: expression('random_pet.pet.id') },
      ),
      outputs: { konfig_pet: { secret: false } },
    });

    const first = await stack.plan(pet(2));
    expect(first.live).toBeUndefined();
    expect(partsText(first)).toEqual(['create random_pet.pet', 'create terraform_data.word']);
    expect(first.parts?.[0]).toMatchObject({ at: ['configuration', 'resource', 'random_pet', 'pet'] });
    expect(first.ahead).toEqual({ outputs: {}, secrets: {} });
    const applied = await stack.apply(pet(2), first);
    const { konfig_pet: before } = applied.live.outputs as JsonObject;
    expect(applied.live).toEqual({ outputs: { konfig_pet: expect.stringMatching(/^[a-z]+-[a-z]+$/) }, secrets: {} });
    expect(applied.observation).toMatchObject({ exists: true, health: 'ready', uid: applied.uid, message: '2 resources' });
    expect(applied.observation?.related).toContainEqual({ name: 'random_pet.pet', health: 'ready', message: 'created in 0s' });
    expect(stack.told.map(({ message }) => message)).toContain('0 of 2: terraform_data.word creating');
    expect(stack.told.at(-1)).toMatchObject({ health: 'progressing', message: '2 of 2' });

    const second = await stack.plan(pet(2));
    expect(second.parts?.map(({ name, action }) => [name, action])).toEqual([
      ['random_pet.pet', 'keep'],
      ['terraform_data.word', 'keep'],
    ]);
    expect(changing(second)).toMatchObject({ live: { uid: applied.uid }, parts: [], changes: [], ahead: applied.live });

    const third = await stack.plan(pet(3));
    expect(partsText(third)).toEqual(['replace random_pet.pet (length cannot be changed in place)']);
    expect(third.parts?.[0]?.changes).toContainEqual({ path: ['length'], before: 2, after: 3 });
    await stack.apply(pet(3), third);
    expect(await stack.connection.read(stackId, 'terraform/Stack', new AbortController().signal)).not.toEqual({
      outputs: { konfig_pet: before },
      secrets: {},
    });

    const gone = await stack.planGone(pet(3));
    expect(partsText(gone).map((text) => text.split(' ').slice(0, 2).join(' '))).toEqual([
      'delete random_pet.pet',
      'delete terraform_data.word',
    ]);
    expect(await stack.destroy(pet(3), gone)).toBe('gone');
    expect(await stack.keeper.read(stackId)).toBeUndefined();
    expect(await stack.planGone(pet(3))).not.toHaveProperty('live');
  });

  test('a number has the digits that Terraform has, in rows, for others, and in a state that something is taken out of', async () => {
    const stack = await scene.open(tool);
    const of = (account: string, more: JsonObject = {}) => ({
      ...stackOf(
        { terraform_data: { account: { input: expression(account) }, ...more } },
        { konfig_account: expression('terraform_data.account.output'), konfig_port: expression('5432') },
      ),
      outputs: { konfig_account: { secret: false }, konfig_port: { secret: false } },
    });
    const read = () => stack.connection.read(stackId, 'terraform/Stack', new AbortController().signal);
    const before = of('9007199254740992');
    await stack.apply(before, await stack.plan(before));
    expect(await read()).toMatchObject({ outputs: { konfig_account: 9007199254740992, konfig_port: 5432 } });
    const after = of('9007199254740993');
    const row = await stack.plan(after);
    expect(row.parts?.find(({ name }) => name === 'terraform_data.account')?.changes[0]).toEqual({
      path: ['input'],
      before: 9007199254740992,
      after: '9007199254740993',
    });
    await stack.apply(after, row);
    expect(await read()).toMatchObject({ outputs: { konfig_account: '9007199254740993' } });
    const more = { ...of('9007199254740993', { other: { input: 'x' } }), retained: ['terraform_data.other'] };
    await stack.apply(more, await stack.plan(more));
    const rest = await stack.plan(after);
    expect(partsText(rest)).toEqual(['forget terraform_data.other (retained)']);
    await stack.apply(after, rest);
    expect(await read()).toMatchObject({ outputs: { konfig_account: '9007199254740993' } });
    expect(partsText(await stack.plan(after))).toEqual([]);
  });

  test('a plan is carried out only on the state that it was made for', async () => {
    const [mine, theirs] = [await scene.open(tool), await scene.open(tool)];
    const attributes = (...names: string[]) =>
      stackOf({ terraform_data: Object.fromEntries(names.map((each) => [each, { input: each }])) });
    const early = await mine.plan(attributes('a'));
    await theirs.apply(attributes('a'), await theirs.plan(attributes('a')));
    expect(await problemsOfCall(mine.apply(attributes('a'), early))).toMatchObject([{ code: 'PLAN_STALE' }]);

    const row = await mine.plan(attributes('a', 'c'));
    await theirs.apply(attributes('a', 'b'), await theirs.plan(attributes('a', 'b')));
    expect(await problemsOfCall(mine.apply(attributes('a', 'c'), row))).toMatchObject([
      { code: 'PLAN_STALE', message: expect.stringContaining('would delete terraform_data.b now, which the plan did not show') },
    ]);
  });

  test('what somebody has changed or deleted by hand is told with who did it', async () => {
    const stack = await scene.open(tool);
    const attributes = stackOf(roles.of({ changed: name('changed'), deleted: name('deleted') }));
    await stack.apply(attributes, await stack.plan(attributes));
    await roles.server.query(`ALTER ROLE "${name('changed')}" CONNECTION LIMIT 3`);
    await roles.server.query(`DROP ROLE "${name('deleted')}"`);

    const row = await stack.plan(attributes);
    expect(partsText(row)).toEqual(['update postgresql_role.changed', 'create postgresql_role.deleted (was deleted outside of Terraform)']);
    expect(row.parts?.[0]?.changes).toEqual([{ path: ['connection_limit'], before: 3, after: -1, by: { name: 'outside of Terraform' } }]);
    await stack.apply(attributes, row);
    await stack.destroy(attributes, await stack.planGone(attributes));
  });

  test('errors point at the field, and at the resource that the provider refuses, without a word of the configuration', async () => {
    const stack = await scene.open(tool);
    const wrong = await stack.plan(stackOf({ random_pet: { pet: { length: 2, colour: 'canary-green' } } }));
    expect(wrong.problems).toMatchObject([{ code: 'SPEC_INVALID', at: `${stackId} configuration.resource.random_pet.pet.colour` }]);
    expect(JSON.stringify(wrong)).not.toContain('canary-green');

    await roles.server.query(`CREATE ROLE "${name('there')}"`);
    const there = stackOf(roles.of({ role: name('there') }));
    const problems = await problemsOfCall(stack.apply(there, await stack.plan(there)));
    expect(problems).toMatchObject([
      {
        code: 'RESOURCE_REJECTED',
        message: expect.stringContaining(`role "${name('there')}" already exists (SQLSTATE 42710)`),
        hint: expect.stringContaining('.importFrom('),
        at: `${stackId} configuration.resource.postgresql_role.role`,
      },
    ]);
    await roles.server.query(`DROP ROLE "${name('there')}"`);
  });

  test('a provider that nobody has is told with its name', async () => {
    const stack = await scene.open(tool);
    const { configuration, ...rest } = stackOf({ nowhere_thing: { x: {} } });
    const row = await stack.plan({
      ...rest,
      configuration: { ...configuration, terraform: { required_providers: { nowhere: { source: 'acme/nowhere' } } } },
    });
    expect(row.problems).toMatchObject([{ code: 'TARGET_CONFIG', message: expect.stringContaining('acme/nowhere') }]);
  });

  test('a stack of nothing is applied once, and a value of a megabyte gets through', async () => {
    const stack = await scene.open(tool);
    const nothing = stackOf({});
    const { uid } = await stack.apply(nothing, await stack.plan(nothing));
    expect(changing(await stack.plan(nothing))).toMatchObject({ live: { uid }, parts: [], changes: [] });

    const text = 'x'.repeat(1_000_000);
    const large = {
      ...stackOf({ terraform_data: { held: { input: expression('length(var.text)') } } }, {}, { text: { type: 'string' } }),
      inputs: { text },
    };
    await stack.apply(large, await stack.plan(large));
    expect(changing(await stack.plan(large))).toMatchObject({ parts: [], problems: [] });
  });
});
