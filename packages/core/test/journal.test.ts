import fc from 'fast-check';
import type { Action } from '../src/action';
import { inventoryAfter } from '../src/inventory';
import { foldRecord, foldRelease } from '../src/journal';
import { type Plan, planVersion, type Step } from '../src/plan';
import { type JournalEntry, type Release, recordVersion, type StackRecord } from '../src/release';

const id = (name: string) => `main:Thing/${name}`;

function stepOf(name: string, action: Action): Step {
  return {
    id: id(name),
    target: 'main',
    runtime: 'memory',
    type: 'Thing',
    action,
    reason: 'no difference',
    waitsFor: [],
    ...(action === 'create' ? {} : { live: { uid: `old-${name}`, version: '1' } }),
    changes: [],
    immutable: [],
    checked: 'server',
    notes: [],
  };
}

function begun(actions: readonly Action[]): { readonly plan: Plan; readonly record: StackRecord; readonly release: Release } {
  const steps = actions.map((action, i) => stepOf(`n${i}`, action));
  const plan = { version: planVersion, kind: 'apply', stack: 'shop/prod', baseRelease: 6, steps } as unknown as Plan;
  const inventory = steps.map((one) => ({
    id: one.id,
    target: 'main',
    runtime: 'memory',
    type: 'Thing',
    dependsOn: [],
    ...(one.live && one.action !== 'replace' ? { uid: one.live.uid } : {}),
  }));
  const record: StackRecord = { version: recordVersion, stack: 'shop/prod', lastRelease: 7, hashKey: '', inventory };
  const release = {
    version: recordVersion,
    stack: 'shop/prod',
    number: 7,
    phase: 'applying',
    plan,
    steps: steps.map((one) => ({ id: one.id, action: one.action, state: 'pending' })),
    problems: [],
  } as unknown as Release;
  return { plan, record, release };
}

/** What one step may write, in order: never back. */
const life = (name: string, action: Action) => {
  const uid = action === 'create' || action === 'replace' ? `new-${name}` : `old-${name}`;
  const started: JournalEntry = { id: id(name), state: 'started' };
  const applied: JournalEntry = { id: id(name), state: 'applied', uid };
  const done: JournalEntry =
    action === 'delete' ? { id: id(name), state: 'done' } : { id: id(name), state: 'done', uid, seconds: 2, health: 'ready' };
  const failed: JournalEntry = { id: id(name), state: 'failed', message: name, problems: [{ code: 'RESOURCE_FAILED', message: name }] };
  const skipped: JournalEntry = { id: id(name), state: 'skipped' };
  return fc.constantFrom<readonly JournalEntry[]>(
    [],
    [started],
    [started, applied],
    [started, applied, done],
    [started, failed],
    [started, applied, { ...failed, uid }],
    [skipped],
    [started, skipped],
  );
};

const actions: readonly Action[] = ['create', 'update', 'replace', 'delete', 'adopt', 'keep', 'forget', 'abandon'];

/** A plan of some steps, and what their lives wrote, interleaved. */
const journal = fc.array(fc.constantFrom(...actions), { minLength: 1, maxLength: 6 }).chain((list) =>
  fc.record({
    list: fc.constant(list),
    entries: fc.tuple(...list.map((action, i) => life(`n${i}`, action))).chain((lives) => interleaved(lives)),
  }),
);

function interleaved(lives: readonly (readonly JournalEntry[])[]): fc.Arbitrary<readonly JournalEntry[]> {
  const turns = lives.flatMap((one, i) => one.map(() => i));
  return fc.shuffledSubarray(turns, { minLength: turns.length, maxLength: turns.length }).map((order) => {
    const left = lives.map((one) => [...one]);
    return order.flatMap((i) => left[i]?.shift() ?? []);
  });
}

test('folding the journal gives the inventory that the run itself would have saved', () => {
  fc.assert(
    fc.property(journal, ({ list, entries }) => {
      const { plan, record } = begun(list);
      const outcomes = new Map(entries.map((entry) => [entry.id, entry]));
      expect(foldRecord(record, plan, entries)).toEqual({ ...record, inventory: inventoryAfter(record.inventory, plan, outcomes) });
    }),
  );
});

test('folding the journal gives each step as it was last written of, and all that went wrong, once', () => {
  fc.assert(
    fc.property(journal, ({ list, entries }) => {
      const { release } = begun(list);
      const folded = foldRelease(release, [...entries, ...entries.slice(-1)]);
      folded.steps.forEach((step, i) => {
        const {
          uid: _,
          problems: __,
          ...last
        } = entries.findLast((entry) => entry.id === id(`n${i}`)) ?? { id: id(`n${i}`), state: 'pending' as const };
        expect(step).toEqual({ ...last, action: list[i] });
      });
      const failed = folded.steps.filter(({ state }) => state === 'failed');
      expect(folded.problems.map(({ message }) => message).sort()).toEqual(failed.map(({ message }) => message).sort());
    }),
  );
});

test('an older part of the journal, folded once more, takes nothing back', () => {
  fc.assert(
    fc.property(journal, fc.nat(20), ({ list, entries }, cut) => {
      const { plan, record } = begun(list);
      const whole = foldRecord(record, plan, entries);
      const ids = ({ inventory }: StackRecord) => inventory.map((entry) => entry.id);
      expect(ids(foldRecord(whole, plan, entries.slice(0, cut)))).toEqual(ids(whole));
    }),
  );
});

test('entries that were lost leave more in the inventory, never less', () => {
  fc.assert(
    fc.property(
      journal.chain(({ list, entries }) =>
        fc.record({ list: fc.constant(list), entries: fc.constant(entries), left: fc.subarray([...entries]) }),
      ),
      ({ list, entries, left }) => {
        const { plan, record } = begun(list);
        const known = new Set(foldRecord(record, plan, left).inventory.map((entry) => entry.id));
        for (const entry of foldRecord(record, plan, entries).inventory) expect(known).toContain(entry.id);
      },
    ),
  );
});

test('a release that has ended was saved whole: what its journal says is in it already', () => {
  const { release } = begun(['create']);
  const ended: Release = { ...release, phase: 'succeeded' };
  expect(foldRelease(ended, [{ id: id('n0'), state: 'started' }])).toBe(ended);
});
