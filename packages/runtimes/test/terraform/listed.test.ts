// What is listed of a stack that cannot be planned yet.
import type { JsonObject } from '@konfig/core';
import { listedParts } from '../../src/terraform/parts';
import { notShown } from '../../src/terraform/shown';
import { wishOf } from '../../src/terraform/wish';

const inputs = { ip: { $unknown: { resource: 'main:Service/shop/web', path: ['ip'] } } };

function listed(block: JsonObject, there: readonly string[], more: JsonObject = {}): readonly string[] {
  return partsOf(block, there, more).map(({ name, action, reason }) => `${action} ${name}${reason ? `: ${reason}` : ''}`);
}

function partsOf(block: JsonObject, there: readonly string[], more: JsonObject = {}) {
  const attributes = { configuration: { resource: { db: { main: block } }, ...more }, inputs };
  return listedParts(wishOf({ id: 'terraform:Terraform/shop', attributes }), { there });
}

const each = (names: readonly string[]) => ({ for_each: ['$', `{toset(${JSON.stringify(names)})}`].join('') });

test.each<[string, JsonObject, readonly string[], readonly string[]]>([
  ['nothing is there', {}, [], ['create db.main']],
  ['it is there', {}, ['db.main'], ['update db.main']],
  ['a count is made', { count: 2 }, [], ['create db.main[0]', 'create db.main[1]']],
  [
    'a count is lower',
    { count: 1 },
    ['db.main[0]', 'db.main[1]', 'db.main[2]'],
    ['update db.main[0]', 'delete db.main[1]: count is lower', 'delete db.main[2]: count is lower'],
  ],
  ['a count is nought', { count: 0 }, ['db.main[0]'], ['delete db.main[0]: count is lower']],
  ['a count is added', { count: 2 }, ['db.main'], ['update db.main[0]', 'create db.main[1]']],
  [
    'a count is taken away',
    {},
    ['db.main[0]', 'db.main[1]'],
    ['update db.main', 'delete db.main[1]: count or for_each was added or taken away'],
  ],
  [
    'a key goes and one comes',
    each(['y', 'z']),
    ['db.main["x"]', 'db.main["y"]'],
    ['update db.main["y"]', 'create db.main["z"]', 'delete db.main["x"]: its key is not in for_each any more'],
  ],
  [
    'keys of a map, with values that are not known',
    { for_each: { y: ['$', '{var.ip}'].join('') } },
    ['db.main["x"]', 'db.main["y"]'],
    ['update db.main["y"]', 'delete db.main["x"]: its key is not in for_each any more'],
  ],
  [
    'keys in the place of a count',
    each(['y']),
    ['db.main[0]'],
    ['create db.main["y"]', 'delete db.main[0]: count or for_each was added or taken away'],
  ],
  ['keys that are calculated are not known', { for_each: ['$', '{toset(var.names)}'].join('') }, ['db.main["x"]'], ['update db.main']],
  ['a count that is calculated is not known', { count: ['$', '{var.ip}'].join('') }, ['db.main[0]'], ['update db.main']],
])('%s', (_, block, there, parts) => {
  expect(listed(block, there)).toEqual(parts);
});

test('what is moved by the program may be any of them', () => {
  expect(listed({ count: 1 }, ['db.main[0]', 'db.main[1]'], { moved: [{ from: 'db.main[1]', to: 'db.other' }] })).toEqual([
    'update db.main',
  ]);
});

test('a delete that was listed may be carried out at its turn, another one not', () => {
  const shown = partsOf({ count: 1 }, ['db.main[0]', 'db.main[1]']);
  const now = (name: string) => notShown('terraform:Terraform/shop', { name, action: 'delete', changes: [] }, shown);
  expect(now('db.main[1]')).toEqual([]);
  expect(now('db.main[0]')).toMatchObject([{ code: 'PLAN_STALE' }]);
});
