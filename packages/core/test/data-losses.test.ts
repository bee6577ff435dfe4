// What a plan says of data that it would lose, and when it says nothing.
import { lossProblems, lostBy, type Removal } from '../src/data-losses';
import type { PlanInput } from '../src/plan-input';
import type { InventoryEntry } from '../src/release';
import type { PlannedPart, PlannedRow } from '../src/runtime';
import { shopProd } from './shop-prod';

const id = 'main:Thing/cloud';
const dropped: PlannedPart = { name: 'db.a', action: 'delete', losesData: true, reason: 'not in the program any more', changes: [] };
const remade: PlannedPart = {
  name: 'db.b',
  action: 'replace',
  losesData: true,
  reason: 'name cannot be changed in place',
  changes: [],
  at: ['configuration', 'resource', 'db', 'b'],
};
const harmless: PlannedPart = { name: 'role.c', action: 'delete', changes: [] };

function row(facts: Partial<PlannedRow>): PlannedRow {
  return { id, changes: [], immutable: [], replaceable: true, checked: 'server', notes: [], problems: [], ...facts };
}

function of(kind: Removal['kind'], onRemoval?: InventoryEntry['onRemoval']): Removal {
  return { kind, entry: { id, target: 'main', runtime: 'memory', type: 'Thing', dependsOn: [], ...(onRemoval ? { onRemoval } : {}) } };
}

describe('a resource made of parts that stays loses', () => {
  test('those that are deleted or replaced and hold data', () => {
    for (const action of ['update', 'adopt'] as const)
      expect(lostBy(row({ parts: [dropped, remade, harmless] }), action, of('apply'))).toEqual(['db.a', 'db.b']);
  });

  test('only what is replaced, where the program has said beforehand that what goes from it is deleted', () => {
    expect(lostBy(row({ parts: [dropped, remade] }), 'update', of('apply', 'delete'))).toEqual(['db.b']);
  });
});

describe('a resource that goes loses', () => {
  test.each<[string, Removal['kind'], Partial<PlannedRow>, readonly string[]]>([
    ['its parts that hold data', 'apply', { parts: [dropped, harmless], replaceable: false }, ['db.a']],
    ['its parts that hold data, with its whole stack too', 'destroy', { parts: [dropped, harmless], replaceable: false }, ['db.a']],
    ['itself, where it holds data', 'apply', { replaceable: false, holdsData: true }, ['Thing/cloud']],
    ['itself, where it holds data, with its whole stack too', 'destroy', { replaceable: false, holdsData: true }, ['Thing/cloud']],
    ['what is in it', 'apply', { replaceable: false }, ['Thing/cloud']],
    ['nothing of its own, where it goes with its stack and only holds others', 'destroy', { replaceable: false }, []],
    ['nothing, where it holds none', 'apply', {}, []],
  ])('%s (%s)', (_, kind, facts, lost) => {
    expect(lostBy(row(facts), 'delete', of(kind))).toEqual(lost);
    expect(lostBy(row(facts), 'delete', of(kind, 'delete'))).toEqual([]);
    expect(lostBy(row(facts), 'keep', of(kind))).toEqual([]);
  });
});

describe('it is said', () => {
  const input: PlanInput = { kind: 'apply', spec: shopProd([]), sources: {}, record: undefined, identities: {}, planned: [], edges: [] };
  const step = { id, reason: 'fields differ', changes: [], immutable: [], checked: 'server', notes: [] } as const;

  test('of each part by name, with why and where it stands', () => {
    const said = lossProblems({ ...step, action: 'update', parts: [dropped, remade, harmless], loses: ['db.a', 'db.b'] }, input);
    expect(said.map(({ code, severity, message, at }) => [code, severity, message, at])).toEqual([
      ['PLAN_LOSES_DATA', 'warning', 'db.a of Thing/cloud holds data, and would be deleted (not in the program any more).', id],
      [
        'PLAN_LOSES_DATA',
        'warning',
        'db.b of Thing/cloud holds data, and would be replaced, which deletes it (name cannot be changed in place).',
        `${id} configuration.resource.db.b`,
      ],
    ]);
    expect(said.map(({ hint }) => hint)).toEqual([expect.stringContaining('--include-data'), expect.stringContaining('--include-data')]);
  });

  test.each<[readonly string[], string]>([
    [['Thing/cloud'], 'Deleting Thing/cloud loses what it holds.'],
    [['db.a'], 'Deleting Thing/cloud loses what db.a holds.'],
    [['db.a', 'db.b'], 'Deleting Thing/cloud loses what db.a and db.b hold.'],
  ])('of a resource that goes with %j in one sentence', (loses, message) => {
    expect(lossProblems({ ...step, action: 'delete', loses }, input)).toMatchObject([{ code: 'PLAN_LOSES_DATA', message }]);
  });
});
