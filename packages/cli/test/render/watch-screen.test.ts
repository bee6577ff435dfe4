import type { Observation } from '@konfig/core';
import type { StackStatus } from '../../src/render/status-text';
import { openWatchScreen } from '../../src/render/watch-screen';
import { type Emulator, openEmulator } from './emulator';
import { type HandClock, handClock } from './hand-clock';

const start = Date.parse('2026-11-22T06:05:00Z');

const service = (i: number): Observation => ({
  id: `main:Service/shop/s${i}`,
  exists: true,
  health: 'ready',
  message: 'is there',
  findings: [],
  related: [],
});

const crashing = (i: number): Observation => ({
  id: `main:Deployment.apps/shop/w${i}`,
  exists: true,
  health: 'degraded',
  message: '0 of 1 ready',
  findings: [
    {
      code: 'CrashLoopBackOff',
      class: 'likely',
      message: 'app: CrashLoopBackOff, exit 1',
      on: `Pod/w${i}-x`,
      details: ['panic: no route'],
    },
  ],
  related: [{ name: `Pod/w${i}-x`, health: 'degraded', message: 'waiting' }],
});

const range = <T>(count: number, make: (i: number) => T): readonly T[] => Array.from({ length: count }, (_, i) => make(i));

const status = (observations: readonly Observation[]): StackStatus => ({
  stack: 'shop/prod',
  lastRelease: {
    number: 42,
    kind: 'apply',
    phase: 'succeeded',
    by: 'anna@laptop',
    startedAt: '2026-11-22T06:00:00Z',
    endedAt: '2026-11-22T06:03:00Z',
    specDigest: 'abc',
    counts: { create: 2 },
  },
  observations,
});

/** Someone watches on a terminal of this size. */
function watched({ columns, rows, color = false }: { readonly columns: number; readonly rows: number; readonly color?: boolean }) {
  const emulator = openEmulator(columns, rows);
  const clock = handClock(start);
  emulator.stream.write('$ konfig status shop/prod --watch\n');
  const screen = openWatchScreen(emulator.stream, { color, clock });
  return { emulator, clock, screen };
}

/** What is to be seen so many seconds after the start. */
function seen({ emulator, clock }: { readonly emulator: Emulator; readonly clock: HandClock }, seconds: number): Promise<string> {
  clock.turnTo(start + seconds * 1000);
  return emulator.text();
}

const rewritten = (write: string) => write.split('\u001b[K').length - 1;

test('three hundred resources: what is well is one line, what is stuck expands, all on one screen', async () => {
  const watch = watched({ columns: 60, rows: 14 });
  watch.screen.show(status([...range(300, service), crashing(0), crashing(1)]));
  expect(await seen(watch, 1)).toBe(`\
$ konfig status shop/prod --watch
shop/prod  release 42  ✔ succeeded 2m ago by anna@laptop  …
 ✖ Deployment/w0  0 of 1 ready
    └ ✖ Pod/w0-x  app: CrashLoopBackOff, exit 1
          panic: no route
 ✖ Deployment/w1  0 of 1 ready
    └ ✖ Pod/w1-x  app: CrashLoopBackOff, exit 1
          panic: no route
 ✔ 300 ready
300 of 302 ready.`);
});

test('forty columns: every line is cut, none wraps', async () => {
  const watch = watched({ columns: 40, rows: 14 });
  watch.screen.show(status([...range(300, service), crashing(0)]));
  expect(await seen(watch, 1)).toBe(`\
$ konfig status shop/prod --watch
shop/prod  release 42  ✔ succeeded 2m …
 ✖ Deployment/w0  0 of 1 ready
    └ ✖ Pod/w0-x  app: CrashLoopBackOf…
          panic: no route
 ✔ 300 ready
300 of 301 ready.`);
});

test('a terminal that changes its size keeps no ruins', async () => {
  const watch = watched({ columns: 80, rows: 14 });
  watch.screen.show(status([service(0), crashing(0)]));
  await seen(watch, 1);
  await watch.emulator.resize(30, 14);
  expect(await seen(watch, 2)).toBe(`\
$ konfig status shop/prod --wa
tch
shop/prod  release 42  ✔ suc…
 ✖ Deployment/w0  0 of 1 rea…
    └ ✖ Pod/w0-x  app: Crash…
          panic: no route
 ✔ Service/s0     is there
1 of 2 ready.`);
  await watch.emulator.resize(80, 14);
  expect(await seen(watch, 3)).toBe(`\
$ konfig status shop/prod --watch
shop/prod  release 42  ✔ succeeded 2m ago by anna@laptop  apply +2
 ✖ Deployment/w0  0 of 1 ready
    └ ✖ Pod/w0-x  app: CrashLoopBackOff, exit 1
          panic: no route
 ✔ Service/s0     is there
1 of 2 ready.`);
});

test('only rows that changed are written again, none is blank in between, and where nothing changed nothing is written', async () => {
  const watch = watched({ columns: 60, rows: 40 });
  const { writes } = watch.emulator;
  watch.screen.show(status(range(30, service)));
  await seen(watch, 1);
  const before = writes.length;
  await seen(watch, 9);
  expect(writes).toHaveLength(before);
  watch.screen.show(status([...range(29, service), { ...service(29), message: '2 endpoints' }]));
  expect(await seen(watch, 9.5)).toMatch(/Service\/s28 {2}is there\n ✔ Service\/s29 {2}2 endpoints\n30 of 30 ready\.$/);
  expect(writes.slice(before).map(rewritten)).toEqual([1]);
  expect(writes.join('')).not.toMatch(/\[[23]J|\[2K/);
});

test('a thousand changes in a second are at most twenty frames', async () => {
  const watch = watched({ columns: 60, rows: 10 });
  for (let i = 0; i < 1000; i++) {
    watch.screen.show(status([{ ...service(0), message: `change ${i}` }]));
    watch.clock.turnTo(start + i);
  }
  const frames = watch.emulator.writes.filter((text) => text.includes('change'));
  expect(frames.length).toBeGreaterThan(5);
  expect(frames.length).toBeLessThanOrEqual(20);
});

test('a picture that a typed Enter has moved comes right within ten seconds', async () => {
  const watch = watched({ columns: 60, rows: 14 });
  watch.screen.show(status([service(0), crashing(0)]));
  await seen(watch, 1);
  watch.emulator.stream.write('\n');
  watch.screen.show(status([service(0), service(1)]));
  expect(await seen(watch, 12)).toMatch(/\nshop\/prod .*\n ✔ Service\/s0 {2}is there\n ✔ Service\/s1 {2}is there\n2 of 2 ready\.$/);
});

test('without colour nothing is painted, and signs and words tell all', async () => {
  const watch = watched({ columns: 60, rows: 14 });
  watch.screen.show(status([service(0), crashing(0)]));
  await seen(watch, 1);
  watch.screen.close();
  expect(watch.emulator.writes.join('')).not.toMatch(/\[[\d;]*m/);
});

test('at its end the whole status stands as text, once, and the cursor is back', async () => {
  const watch = watched({ columns: 60, rows: 8, color: true });
  watch.screen.show(status([...range(9, service), crashing(0)]));
  await seen(watch, 1);
  watch.screen.close();
  expect(await seen(watch, 2)).toBe(`\
$ konfig status shop/prod --watch
shop/prod  release 42  ✔ succeeded 2m ago by anna@laptop  a…
${range(9, (i) => ` ✔ Service/s${i}     is there`).join('\n')}
 ✖ Deployment/w0  0 of 1 ready
    └ ✖ Pod/w0-x  app: CrashLoopBackOff, exit 1
          panic: no route
9 of 10 ready.`);
  expect(watch.emulator.writes.slice(-2)[0]).toMatch(/\[\?25h$/);
});
