import fc from 'fast-check';
import type { Action } from '../src/action';
import { inventoryAfter, inventoryBefore } from '../src/inventory';
import type { Plan, Step } from '../src/plan';
import { planVersion } from '../src/plan';
import { type InventoryEntry, recordVersion } from '../src/release';
import type { StepState } from '../src/schedule';
import { defaultSettings, type Spec, specVersion } from '../src/spec';

const id = (name: string) => `main:Thing/${name}`;

function step(name: string, action: Action, uid?: string): Step {
  return {
    id: id(name),
    target: 'main',
    runtime: 'memory',
    type: 'Thing',
    action,
    reason: 'no difference',
    waitsFor: [],
    ...(uid === undefined ? {} : { live: { uid, version: '1' } }),
    changes: [],
    immutable: [],
    checked: 'server',
    notes: [],
  };
}

const going: ReadonlySet<Action> = new Set<Action>(['delete', 'forget', 'abandon']);

function before(steps: readonly Step[], inventory: readonly InventoryEntry[], kind: Plan['kind'] = 'apply') {
  const wished = steps.filter(({ action }) => !going.has(action));
  const spec: Spec = {
    version: specVersion,
    project: 'shop',
    stack: 'prod',
    workspace: 'prod',
    targets: {},
    records: { store: 'files' },
    settings: defaultSettings,
    resources: wished.map((one) => ({ id: one.id, target: 'main', runtime: 'memory', type: 'Thing', attributes: {}, path: one.id })),
  };
  const plan: Plan = {
    version: planVersion,
    kind,
    stack: 'shop/prod',
    specDigest: '',
    baseRelease: 0,
    targets: {},
    options: {},
    steps,
    notes: [],
  };
  const record = { version: recordVersion, stack: 'shop/prod', lastRelease: 1, hashKey: '', inventory } as const;
  const edges = [{ from: id('a'), on: id('b'), until: 'ready' as const, explicit: true }];
  return { plan, entries: inventoryBefore({ record, spec, plan, edges }) };
}

const owned = (name: string, uid?: string): InventoryEntry => ({
  id: id(name),
  target: 'main',
  runtime: 'memory',
  type: 'Thing',
  dependsOn: [],
  ...(uid === undefined ? {} : { uid }),
});

test('before the first change stands all that was ours and all that may become ours, with what it depends on', () => {
  const { entries } = before(
    [step('a', 'create'), step('b', 'update', 'u2'), step('c', 'delete', 'u3')],
    [owned('b', 'u1'), owned('c', 'u3')],
  );
  expect(entries).toEqual([{ ...owned('a'), dependsOn: [id('b')] }, owned('b', 'u2'), owned('c', 'u3')]);
});

test.each<[Action, StepState, string | undefined, readonly (string | undefined)[]]>([
  ['create', 'pending', undefined, [undefined]],
  ['create', 'started', undefined, [undefined]],
  ['create', 'failed', undefined, [undefined]],
  ['create', 'skipped', undefined, []],
  ['create', 'done', 'new', ['new']],
  ['update', 'failed', undefined, ['old']],
  ['replace', 'pending', undefined, [undefined]],
  ['replace', 'failed', undefined, [undefined]],
  ['replace', 'skipped', undefined, ['old']],
  ['replace', 'applied', 'new', ['new']],
  ['delete', 'failed', undefined, ['old']],
  ['delete', 'applied', 'old', ['old']],
  ['delete', 'skipped', undefined, ['old']],
  ['delete', 'done', undefined, []],
  ['forget', 'done', undefined, []],
  ['abandon', 'done', undefined, []],
  ['keep', 'failed', undefined, ['old']],
])('a %s that is %s with the uid %s leaves the uids %j', (action, state, uid, uids) => {
  const { plan, entries } = before([step('x', action, action === 'create' ? undefined : 'old')], [owned('x', 'old')]);
  const outcome = uid === undefined ? { state } : { state, uid };
  expect(inventoryAfter(entries, plan, new Map([[id('x'), outcome]])).map((one) => one.uid)).toEqual(uids);
});

test('no entry that may exist is ever lost, and none with a uid that may have changed keeps it', () => {
  const action = fc.constantFrom<Action>('create', 'update', 'replace', 'delete', 'adopt', 'keep', 'forget', 'abandon', 'skip');
  const state = fc.constantFrom<StepState>('pending', 'started', 'applied', 'done', 'failed', 'skipped');
  fc.assert(
    fc.property(fc.array(fc.tuple(action, state, fc.boolean()), { maxLength: 8 }), (list) => {
      const steps = list.map(([act], i) => step(`n${i}`, act, act === 'create' || act === 'skip' ? undefined : `old${i}`));
      const { plan, entries } = before(
        steps,
        list.flatMap(([act, , known], i) => ((act === 'create' || act === 'skip') && !known ? [] : [owned(`n${i}`, `old${i}`)])),
      );
      const after = inventoryAfter(entries, plan, new Map(list.map(([, how], i) => [id(`n${i}`), { state: how }])));
      list.forEach(([act, how, known], i) => {
        const found = after.find((one) => one.id === id(`n${i}`));
        const isGone = going.has(act) && how === 'done';
        const neverCame = (act === 'create' && how === 'skipped') || (act === 'skip' && !known);
        expect(found === undefined).toBe(isGone || neverCame);
        if (found && (act === 'create' || act === 'replace') && how !== 'skipped') expect(found.uid).toBeUndefined();
      });
    }),
  );
});
