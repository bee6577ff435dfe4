import type { Event, EventBody } from '../src/event';
import { countStates, emptyView, reduce, type View } from '../src/view';

const holder = { run: 'r', who: 'bob', since: '' };
const finding = { code: 'CrashLoopBackOff', class: 'likely' as const, message: 'exit 1', on: 'Pod/web', since: 0 };
const problem = { code: 'RESOURCE_FAILED' as const, message: 'web failed' };
const start: EventBody = {
  type: 'operation-started',
  stack: 'shop/prod',
  kind: 'apply',
  release: 3,
  deadline: 99,
  steps: [
    { id: 'db', action: 'create', waitsFor: [] },
    { id: 'web', action: 'update', waitsFor: [{ on: 'db', until: 'ready' }] },
    { id: 'logs', action: 'keep', waitsFor: [] },
  ],
};
const fold = (bodies: readonly EventBody[], view: View = emptyView): View =>
  bodies.reduce((now, body, i) => reduce(now, { ...body, operation: 'r', sequence: i + 1, time: (i + 1) * 10 } as Event), view);
const seen = (step: string, more = {}): EventBody => ({
  type: 'step-observed',
  step,
  health: 'progressing',
  message: '0 of 1',
  findings: [],
  related: [],
  ...more,
});

test('an operation that begins has its steps pending', () => {
  const view = fold([start]);
  expect(view).toMatchObject({ stack: 'shop/prod', release: 3, phase: 'applying', startedAt: 10, time: 10, deadline: 99 });
  expect([...view.steps.keys()]).toEqual(['db', 'web', 'logs']);
  expect(countStates(view)).toEqual({ pending: 3, started: 0, applied: 0, done: 0, failed: 0, skipped: 0 });
});

test('who holds the lock is shown until we have it', () => {
  expect(fold([{ type: 'lock-held', holder }]).holder).toEqual(holder);
  expect(fold([{ type: 'lock-held', holder }, start]).holder).toBeUndefined();
});

test('a step goes through its states with its times', () => {
  const view = fold([
    start,
    { type: 'step-started', step: 'db', action: 'create' },
    { type: 'step-applied', step: 'db', action: 'create' },
    seen('db', { findings: [finding], failsAt: 70 }),
  ]);
  expect(view.steps.get('db')).toMatchObject({ state: 'applied', startedAt: 20, message: '0 of 1', findings: [finding], failsAt: 70 });
  const done = fold([seen('db', { health: 'ready' }), { type: 'step-done', step: 'db', action: 'create', seconds: 1 }], view).steps.get(
    'db',
  );
  expect(done).toMatchObject({ state: 'done', endedAt: 20, health: 'ready', findings: [] });
  expect(done && 'failsAt' in done).toBe(false);
});

test('what fails, and what is skipped for it, keep why', () => {
  const view = fold([
    start,
    seen('db', { failsAt: 70 }),
    { type: 'step-failed', step: 'db', action: 'create', problem, seconds: 1 },
    { type: 'step-skipped', step: 'web', action: 'update', because: 'db' },
    { type: 'operation-finished', phase: 'failed', release: 3, problems: [problem] },
  ]);
  expect(view.steps.get('db')).toMatchObject({ state: 'failed', problem });
  expect('failsAt' in (view.steps.get('db') ?? {})).toBe(false);
  expect(view.steps.get('web')).toMatchObject({ state: 'skipped', because: 'db' });
  expect(view).toMatchObject({ phase: 'failed', problems: [problem] });
  expect(countStates(view)).toMatchObject({ pending: 1, failed: 1, skipped: 1 });
});

test('notes add up, a heartbeat moves the time only, a cancel shows', () => {
  const view = fold([start, { type: 'note', message: 'a' }, { type: 'note', message: 'b' }, { type: 'cancelling' }, { type: 'heartbeat' }]);
  expect(view).toMatchObject({ notes: ['a', 'b'], cancelling: true, time: 50 });
});

test('an event of a step that is not there changes nothing', () => {
  expect([...fold([start, seen('moon'), { type: 'step-done', step: 'moon', action: 'create', seconds: 0 }]).steps.keys()]).toEqual([
    'db',
    'web',
    'logs',
  ]);
});

test('an older view stays as it was', () => {
  const before = fold([start]);
  fold([{ type: 'step-started', step: 'db', action: 'create' }], before);
  expect(before.steps.get('db')?.state).toBe('pending');
});

test('ten thousand steps fold in no time', () => {
  const steps = Array.from({ length: 10_000 }, (_, i) => ({ id: `s${i}`, action: 'create' as const, waitsFor: [] }));
  const view = fold([
    { ...start, steps } as EventBody,
    ...steps.flatMap(({ id }): EventBody[] => [
      { type: 'step-started', step: id, action: 'create' },
      { type: 'step-done', step: id, action: 'create', seconds: 0 },
    ]),
  ]);
  expect(countStates(view).done).toBe(10_000);
});

test('a step that keeps its resource is under way from when it is looked at', () => {
  expect(fold([start, seen('logs')]).steps.get('logs')?.state).toBe('applied');
  expect(fold([start, { type: 'step-started', step: 'db', action: 'create' }, seen('db')]).steps.get('db')?.state).toBe('started');
});
