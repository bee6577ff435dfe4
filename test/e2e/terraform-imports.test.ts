// What is there already, moves, stays or must not go, with both real binaries and roles of a real PostgreSQL.
import { stackOf } from './terraform-configuration';
import { roleBodies, rolesOfPostgres } from './terraform-roles';
import { terraformScene, tools } from './terraform-scene';
import { partsText, resourceOf, stackId } from './terraform-stack';

const scene = terraformScene('provider-postgresql');
const roles = rolesOfPostgres();

describe.each(tools)('%s', (tool) => {
  const name = (what: string) => `${what}-${tool}`;

  test('what was moved, imported, retained and protected is told as such', async () => {
    await roles.server.query(`CREATE ROLE "${name('found')}"`);
    const stack = await scene.open(tool);
    const before = {
      ...stackOf(roles.of({ one: name('one'), two: name('two'), three: name('three') })),
      retained: ['postgresql_role.two'],
    };
    await stack.apply(before, await stack.plan(before));

    const {
      two: _,
      one,
      ...rest
    } = { ...roleBodies({ one: name('one'), two: name('two'), three: name('three') }), found: { name: name('found'), login: false } };
    const after = {
      ...stackOf(
        { ...roles.provider(), postgresql_role: { ...rest, first: one } },
        {},
        {},
        {
          moved: [{ from: 'postgresql_role.one', to: 'postgresql_role.first' }],
          import: [{ to: 'postgresql_role.found', id: name('found') }],
        },
      ),
      protected: ['postgresql_role.three'],
    };
    const row = await stack.plan(after);
    expect([...partsText(row)].sort()).toEqual([
      'forget postgresql_role.two (retained)',
      `import postgresql_role.found (${name('found')})`,
      'move postgresql_role.first (was postgresql_role.one)',
    ]);
    expect(row.changes).toContainEqual({ path: ['protected'], before: [], after: ['postgresql_role.three'] });
    await stack.apply(after, row);
    expect(await roles.like(name('two'))).toEqual([name('two')]);
    expect(partsText(await stack.plan(after))).toEqual([]);

    const { three: __, ...unprotected } = { ...rest, first: one };
    const without = stackOf({ ...roles.provider(), postgresql_role: unprotected });
    expect((await stack.plan(without)).problems).toMatchObject([
      {
        code: 'RESOURCE_PROTECTED',
        message: 'postgresql_role.three of Terraform/shop is protected, but would be deleted (not in the program any more).',
      },
    ]);
    expect((await stack.planGone(after)).problems).toMatchObject([{ code: 'RESOURCE_PROTECTED' }]);
    const released = { ...after, protected: [] };
    await stack.apply(released, await stack.plan(released));
    expect(await stack.destroy(released, await stack.planGone(released))).toBe('gone');
    await roles.server.query(`DROP ROLE "${name('two')}"`);
  });

  test('konfig import takes a part over by its id', async () => {
    await roles.server.query(`CREATE ROLE "${name('here')}" LOGIN`);
    const stack = await scene.open(tool);
    const attributes = stackOf(roles.of({ role: name('here') }));
    const planOf = (id: string) => {
      const imports = [{ resource: stackId, part: 'postgresql_role.role', id }];
      return stack.connection.plan(
        { stack: 'shop/dev', wished: [resourceOf(attributes)], removed: [], imports },
        new AbortController().signal,
      );
    };
    const [row] = await planOf(name('here'));
    if (!row) throw new Error('no row');
    expect(partsText(row)).toEqual([`import postgresql_role.role (${name('here')})`]);
    await stack.apply(attributes, row);
    expect(partsText(await stack.plan(attributes))).toEqual([]);
    expect(await planOf(name('here'))).toMatchObject([{ problems: [] }]);
    expect(await planOf(name('other'))).toMatchObject([
      {
        problems: [
          {
            code: 'USAGE',
            message: `postgresql_role.role of Terraform/shop is managed already: it is ${name('here')}, not ${name('other')}.`,
          },
        ],
      },
    ]);
    await stack.destroy(attributes, await stack.planGone(attributes));
  });
});
