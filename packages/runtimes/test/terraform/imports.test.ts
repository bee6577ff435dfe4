// What is asked to be imported, against what a stack has already and what a run that died may have left.
import type { JsonObject } from '@konfig/core';
import { importLosses, importProblems, letGoProblems, withImports } from '../../src/terraform/imports';
import { type KeptStack, nothingKept, withState } from '../../src/terraform/kept';
import { markProblems } from '../../src/terraform/mark';
import { partsOf } from '../../src/terraform/parts';
import { wishOf } from '../../src/terraform/wish';

const id = 'terraform:Terraform/cloud';
const wish = wishOf({ id, attributes: { configuration: { resource: { role: { a: {}, b: {} } } } } });
const importing = (part: string, known: string) => ({ resource: id, part, id: known });

function keptWith(instance: JsonObject): KeptStack {
  const resources = [{ mode: 'managed', type: 'role', name: 'a', instances: [instance] }];
  return { ...nothingKept, ...withState(JSON.stringify({ version: 4, lineage: 'l', serial: 1, resources })) };
}

test('an address that holds the same object already needs no import', () => {
  const kept = keptWith({ attributes: { id: 'shop' } });
  expect(importProblems(kept, wish, [importing('role.a', 'shop'), importing('role.b', 'other')])).toEqual([]);
  expect(withImports(wish, [importing('role.a', 'shop'), importing('role.b', 'other')], kept).configuration.import).toEqual([
    { to: 'role.b', id: 'other' },
  ]);
});

test('one that holds another object is told with the id of that', () => {
  const [problem] = importProblems(keptWith({ attributes: { id: 'shop' } }), wish, [importing('role.a', 'other')]);
  expect(problem).toMatchObject({
    code: 'USAGE',
    message: 'role.a of Terraform/cloud is managed already: it is shop, not other.',
    at: `${id} configuration.resource.role.a`,
  });
});

test('a provider may import by the name', () => {
  const kept = keptWith({ attributes: { id: '4711', name: 'shop', owner: 'anna' } });
  expect(importProblems(kept, wish, [importing('role.a', 'shop')])).toEqual([]);
  expect(importProblems(kept, wish, [importing('role.a', 'anna')])[0]?.message).toContain('it is 4711, not anna.');
});

test.each([
  ['is none', { attributes: {} }],
  ['is secret', { attributes: { id: 'pw' }, sensitive_attributes: [[{ type: 'get_attr', value: 'id' }]] }],
])('an id that %s is not told', (_, instance) => {
  const [problem] = importProblems(keptWith(instance), wish, [importing('role.a', 'other')]);
  expect(problem?.message).toBe('role.a of Terraform/cloud is managed already: its state shows no id to tell whether that is other.');
});

describe('a new object that is taken over after a replace was cut off', () => {
  const asking = (lifecycle: JsonObject, taken: string) =>
    wishOf({ id, attributes: { configuration: { resource: { role: { a: { lifecycle } } }, import: [{ to: 'role.a', id: taken }] } } });
  const kept = keptWith({ attributes: { id: 'old' } });

  test('lets go of the old one where that would have been deleted last, and says so', () => {
    expect(letGoProblems(kept, asking({ create_before_destroy: true }, 'new'), ['role.a'])).toMatchObject([
      {
        code: 'PLAN_ORPHANS',
        severity: 'warning',
        message:
          'role.a of Terraform/cloud takes over new in the place of old, which was to be deleted only afterwards: it may be there still, and nothing knows of it from then on.',
        at: `${id} configuration.resource.role.a`,
      },
    ]);
  });

  test.each<[string, JsonObject, string, readonly string[]]>([
    ['the old one was deleted first', {}, 'new', ['role.a']],
    ['it is the old one', { create_before_destroy: true }, 'old', ['role.a']],
    ['nothing was to be replaced there', { create_before_destroy: true }, 'new', []],
  ])('lets go of nothing where %s', (_, lifecycle, taken, retaken) => {
    expect(letGoProblems(kept, asking(lifecycle, taken), retaken)).toEqual([]);
  });
});

describe('an import that Terraform would follow by a replace', () => {
  const replaced = (importing?: { readonly id: string }) => ({
    resource_changes: [
      {
        address: 'role.a',
        mode: 'managed',
        change: { actions: ['delete', 'create'], before: {}, after: {}, replace_paths: [['name']], ...(importing ? { importing } : {}) },
      },
    ],
  });

  test('is refused, since it would destroy what is imported', () => {
    expect(importLosses(replaced({ id: 'precious' }), wish)).toMatchObject([
      {
        code: 'RESOURCE_IMMUTABLE',
        message:
          'role.a of Terraform/cloud cannot take over precious as it is: name cannot be changed in place, and replacing it would destroy what is imported.',
        at: `${id} configuration.resource.role.a`,
      },
    ]);
    expect(importLosses(replaced(), wish)).toEqual([]);
  });

  test('has a row that says both', () => {
    expect(partsOf(replaced({ id: 'precious' }), wish)).toMatchObject([
      { action: 'replace', reason: 'import precious and then replace it: name cannot be changed in place' },
    ]);
  });
});

describe('a run died while it made two', () => {
  const ofApply = { mode: 'apply', stack: 'shop/dev' } as const;
  const kept = { ...nothingKept, mark: { creates: ['role.a', 'role.b'], by: 'anna@laptop' } };

  test('the command is typed as a shell takes it', () => {
    const keyed = { ...nothingKept, mark: { creates: ['role.all["a b"]'], by: 'anna@laptop' } };
    expect(markProblems(keyed, wish, ofApply)[0]?.hint).toContain(`konfig import shop/dev --in Terraform/cloud 'role.all["a b"]' ITS-ID,`);
  });

  test('both are named, as what no record knows, with the import of both in one go', () => {
    expect(markProblems(kept, wish, ofApply)).toMatchObject([
      {
        code: 'PLAN_ORPHANS',
        severity: 'warning',
        message: expect.stringContaining('role.a, role.b: they may be there and not in the state, and would be made once more.'),
        hint: expect.stringMatching(/konfig import shop\/dev --in Terraform\/cloud role\.a ITS-ID role\.b ITS-ID, .*--allow-orphans/),
      },
    ]);
  });

  test('what is imported is no risk any more', () => {
    const half = withImports(wish, [importing('role.a', 'a')], kept);
    expect(markProblems(kept, half, ofApply)[0]?.message).toContain('It was to make role.b:');
    expect(markProblems(kept, withImports(half, [importing('role.b', 'b')], kept), ofApply)).toEqual([]);
  });

  test('to destroy the stack would leave them there', () => {
    expect(markProblems(kept, wish, { ...ofApply, mode: 'destroy' })[0]?.message).toContain('and would stay there.');
  });
});
