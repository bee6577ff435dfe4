import type { Action } from '../src/action';
import { type Counts, countsOf, countsOfPlan, doneOf } from '../src/counts';
import type { Step } from '../src/plan';
import { summaryOf } from '../src/release';
import type { PartAction } from '../src/runtime';

function partsOf(actions: readonly PartAction[]) {
  return actions.map((action, i) => ({ name: `t.p${i}`, action, changes: [] }));
}

test.each<[string, Action, readonly PartAction[] | undefined, Counts]>([
  ['no parts: itself', 'update', undefined, { update: 1 }],
  ['parts: they instead of it', 'update', ['create', 'delete', 'delete', 'keep'], { create: 1, delete: 2, keep: 1 }],
  ['all parts go: they', 'delete', ['delete', 'forget'], { delete: 1, forget: 1 }],
  ['no part changes: itself too, for what it changes of its own', 'update', ['keep', 'keep'], { update: 1, keep: 2 }],
  ['nothing but data sources: itself', 'create', ['read'], { create: 1 }],
  ['it is in order: its parts are', 'keep', ['keep', 'keep', 'read'], { keep: 2 }],
  ['it cannot be done now: nor can its parts', 'skip', ['create', 'delete'], { skip: 2 }],
  ['it is left there: so are its parts', 'abandon', ['delete', 'delete'], { abandon: 2 }],
])('what a step counts as, with %s', (_, action, parts, counts) => {
  expect(countsOf({ action, ...(parts ? { parts: partsOf(parts) } : {}) })).toEqual(counts);
});

test('a plan does what its steps do', () => {
  const steps = [{ action: 'create' }, { action: 'update', parts: partsOf(['create', 'keep']) }] as unknown as readonly Step[];
  expect(countsOfPlan({ steps })).toEqual({ create: 2, keep: 1 });
});

test('of a step that failed, what was done by then is what its system has told ready', () => {
  const nodes = (['ready', 'ready', 'degraded', 'unknown'] as const).map((health, i) => ({ name: `t.p${i}`, health, message: '' }));
  expect(doneOf({ action: 'update', parts: partsOf(['delete', 'keep', 'create', 'create']) }, nodes)).toEqual({ delete: 1 });
});

test('a release counts parts as resources; what it kept, and what it had not begun, is left out', () => {
  const steps = [
    { id: 'a', action: 'update', state: 'done', counts: { delete: 9, keep: 1 } },
    { id: 'b', action: 'delete', state: 'failed', counts: { delete: 2 } },
    { id: 'c', action: 'create', state: 'done' },
    { id: 'd', action: 'update', state: 'pending', counts: { delete: 7 } },
  ] as const;
  expect(summaryOf({ steps } as unknown as Parameters<typeof summaryOf>[0]).counts).toEqual({ delete: 11, create: 1 });
});
