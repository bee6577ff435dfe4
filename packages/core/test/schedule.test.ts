import fc from 'fast-check';
import type { Action } from '../src/action';
import { type Halt, type StepState, scheduleOf } from '../src/schedule';
import type { Dependency } from '../src/spec';

const step = (id: string, waitsFor: readonly Dependency[] = [], action: Action = 'create') => ({ id, action, waitsFor });
const ready = (on: string): Dependency => ({ on, until: 'ready' });
const present = (on: string): Dependency => ({ on, until: 'present' });

test('what waits until something is present starts when that is applied, what waits until it is ready when it is done', () => {
  const schedule = scheduleOf([step('db'), step('early', [present('db')]), step('late', [ready('db')])], 9);
  expect(schedule.next().start).toEqual(['db']);
  schedule.mark('db', 'applied');
  expect(schedule.next().start).toEqual(['early']);
  schedule.mark('db', 'done');
  expect(schedule.next().start).toEqual(['late']);
});

test('what waits for a delete waits until that is gone', () => {
  const schedule = scheduleOf([step('web', [], 'delete'), step('db', [present('web')], 'delete')], 9);
  expect(schedule.next().start).toEqual(['web']);
  schedule.mark('web', 'applied');
  expect(schedule.next().start).toEqual([]);
  schedule.mark('web', 'done');
  expect(schedule.next().start).toEqual(['db']);
});

test('a failure skips all that hangs behind it, each with what it waited for, and nothing else', () => {
  const schedule = scheduleOf([step('db'), step('logs'), step('web', [ready('db')]), step('route', [ready('web')])], 9);
  schedule.next();
  schedule.mark('db', 'failed');
  expect(schedule.next()).toEqual({
    start: [],
    skip: [
      { id: 'web', because: 'db' },
      { id: 'route', because: 'web' },
    ],
    isOver: false,
  });
  schedule.mark('logs', 'done');
  expect(schedule.next()).toEqual({ start: [], skip: [], isOver: true });
});

test('no more than the limit are under way, in the order of the plan; what is applied counts no more', () => {
  const schedule = scheduleOf(
    ['a', 'b', 'c', 'd'].map((id) => step(id)),
    2,
  );
  expect(schedule.next().start).toEqual(['a', 'b']);
  expect(schedule.next().start).toEqual([]);
  schedule.mark('b', 'applied');
  expect(schedule.next().start).toEqual(['c']);
});

test('after a halt nothing starts, what is pending is skipped, what is applied is not waited for', () => {
  const schedule = scheduleOf([step('a'), step('b'), step('c', [ready('a')])], 2);
  schedule.next();
  schedule.mark('a', 'applied');
  expect(schedule.next('cancelled')).toEqual({ start: [], skip: [{ id: 'c', because: 'cancelled' }], isOver: false });
  schedule.mark('b', 'done');
  expect(schedule.next('cancelled').isOver).toBe(true);
});

test('a dependency that is no step of the plan is met', () => {
  expect(scheduleOf([step('web', [ready('elsewhere')])], 1).next().start).toEqual(['web']);
});

test('an empty plan is over at once', () => {
  expect(scheduleOf([], 1).next()).toEqual({ start: [], skip: [], isOver: true });
});

const edge = fc.record({ on: fc.nat(), until: fc.constantFrom('ready' as const, 'present' as const) });
const plan = fc
  .array(fc.record({ waits: fc.array(edge, { maxLength: 3 }), isDelete: fc.boolean() }), { minLength: 1, maxLength: 12 })
  .map((list) =>
    list.map(({ waits, isDelete }, i) =>
      step(`s${i}`, i === 0 ? [] : waits.map(({ on, until }) => ({ on: `s${on % i}`, until })), isDelete ? 'delete' : 'create'),
    ),
  );

test('every run ends, starts nothing before what it waits for, nothing twice, and nothing after a halt', () => {
  fc.assert(
    fc.property(plan, fc.integer({ min: 1, max: 4 }), fc.infiniteStream(fc.nat()), fc.option(fc.nat(30)), (steps, limit, dice, haltAt) => {
      const schedule = scheduleOf(steps, limit);
      const states = new Map<string, StepState>(steps.map(({ id }) => [id, 'pending']));
      const byId = new Map(steps.map((one) => [one.id, one]));
      const set = (id: string, state: StepState) => {
        states.set(id, state);
        schedule.mark(id, state);
      };
      let halt: Halt | undefined;
      for (let round = 0; ; round++) {
        if (round === haltAt) halt = 'cancelled';
        const { start, skip, isOver } = schedule.next(halt);
        if (halt) expect(start).toEqual([]);
        for (const { id, because } of skip) {
          expect(states.get(id)).toBe('pending');
          if (because !== halt) expect(['failed', 'skipped']).toContain(states.get(because));
          states.set(id, 'skipped');
        }
        for (const id of start) {
          expect(states.get(id)).toBe('pending');
          for (const { on, until } of byId.get(id)?.waitsFor ?? []) {
            const isPresent = until === 'present' && byId.get(on)?.action !== 'delete';
            expect(isPresent ? ['applied', 'done', 'failed'] : ['done']).toContain(states.get(on));
          }
          states.set(id, 'started');
        }
        const under = [...states].filter(([, state]) => state === 'started' || (state === 'applied' && !halt));
        expect([...states.values()].filter((state) => state === 'started').length).toBeLessThanOrEqual(limit);
        if (under.length === 0) {
          expect(isOver).toBe(true);
          expect([...states.values()]).not.toContain('pending');
          return;
        }
        expect(isOver).toBe(false);
        const [id, state] = under[(dice.next().value as number) % under.length] as [string, StepState];
        const roll = (dice.next().value as number) % 4;
        set(id, roll === 0 ? 'failed' : state === 'started' && roll < 3 ? 'applied' : 'done');
      }
    }),
  );
});
