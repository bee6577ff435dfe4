import type { Observation, ReleaseSummary } from '@konfig/core';
import { historyText } from '../../src/render/history-text';
import { openStatusLog } from '../../src/render/status-log';
import { statusScreen, statusText } from '../../src/render/status-text';
import { handClock } from './hand-clock';

const now = Date.parse('2026-11-22T06:05:00Z');

const failed: ReleaseSummary = {
  number: 42,
  kind: 'apply',
  phase: 'failed',
  by: 'anna@laptop',
  commit: '3f2a9c1d4e5f66778899aabbccddeeff00112233+',
  startedAt: '2026-11-22T06:00:00Z',
  endedAt: '2026-11-22T06:02:41Z',
  specDigest: 'abc',
  counts: { create: 2, update: 1, replace: 1 },
};
const destroyed: ReleaseSummary = {
  number: 41,
  kind: 'destroy',
  phase: 'succeeded',
  by: 'ci@runner-17',
  startedAt: '2026-11-20T06:00:00Z',
  endedAt: '2026-11-20T06:00:11Z',
  specDigest: 'abc',
  counts: {},
};

const well = { exists: true, health: 'ready', findings: [], related: [] } as const;

test('a status is a line for each resource; what is not well is expanded, its texts made harmless', () => {
  const observations: readonly Observation[] = [
    {
      id: 'main:Deployment.apps/shop/web',
      exists: true,
      health: 'degraded',
      message: '1 of 3 ready',
      findings: [
        {
          code: 'CrashLoopBackOff',
          class: 'likely',
          message: 'app: exit 1',
          on: 'Pod/web-1',
          details: ['\u001b[2J\u001b]0;owned\u0007panic: no route\u0000'],
        },
        { code: 'ProgressDeadlineExceeded', class: 'terminal', message: 'has not progressed', on: 'Deployment/web' },
      ],
      serving: '4 of 5 Pods serve',
      related: [
        { name: 'Pod/web-1', health: 'degraded', message: 'waiting' },
        ...['2', '3', '4', '5'].map((i) => ({ name: `Pod/web-${i}`, health: 'ready' as const, message: 'ready' })),
      ],
    },
    { ...well, id: 'main:Service/shop/web', message: '2 endpoints' },
    { ...well, id: 'main:CronJob.batch/shop/report', health: 'suspended', message: 'suspended by its owner' },
    { ...well, id: 'main:Ingress.networking.k8s.io/shop/web', exists: false, health: 'unknown', message: '' },
  ];
  expect(statusText({ stack: 'shop/prod', lastRelease: failed, observations }, { color: false, width: 100, now })).toBe(`\
shop/prod  release 42  ✖ failed 2m ago by anna@laptop from 3f2a9c1d4+  apply +2 ~1 -/+1
 ✖ Deployment/web  1 of 3 ready
    ├ ✖ Deployment/web  ProgressDeadlineExceeded: has not progressed
    ├ ✖ Pod/web-1  CrashLoopBackOff: app: exit 1
    │     panic: no route
    └ ✔ 4 ready: Pod/web-2, Pod/web-3, Pod/web-4, …
    now    4 of 5 Pods serve
 ✔ Service/web     2 endpoints
 ◫ CronJob/report  suspended by its owner
 ✖ Ingress/web     is not there
1 of 4 ready.
`);
});

test('a stack that was never applied says so', () => {
  expect(statusText({ stack: 'shop/new', observations: [] }, { color: false, width: 80, now })).toBe('shop/new  was never applied\n');
});

test('the history is a table, newest first', () => {
  expect(historyText('shop/prod', [failed, destroyed], { color: false, width: 120, now, timeZone: 'Europe/Berlin' })).toBe(`\
release  when                      by            commit      kind     result       changes     took
42       2026-11-22 07:00  5m ago  anna@laptop   3f2a9c1d4+  apply    ✖ failed     +2 ~1 -/+1  2m41s
41       2026-11-20 07:00  2d ago  ci@runner-17              destroy  ✔ succeeded  none        11s
`);
});

test('where it is narrow, the less important columns go', () => {
  expect(historyText('shop/prod', [failed, destroyed], { color: false, width: 72, now, timeZone: 'UTC' })).toBe(`\
release  when                      by            result       changes
42       2026-11-22 06:00  5m ago  anna@laptop   ✖ failed     +2 ~1 -/+1
41       2026-11-20 06:00  2d ago  ci@runner-17  ✔ succeeded  none
`);
});

test('no release yet', () => {
  expect(historyText('shop/prod', [], { color: false, width: 80, now })).toBe('shop/prod has no releases yet.\n');
});

const crashing: Observation = {
  id: 'main:Deployment.apps/shop/web',
  exists: true,
  health: 'degraded',
  message: '0 of 2 ready',
  findings: [
    {
      code: 'CrashLoopBackOff',
      class: 'likely',
      message: 'app: CrashLoopBackOff, exit 1',
      on: 'Pod/web-1',
      details: ['log  panic: no database'],
    },
  ],
  related: [{ name: 'Pod/web-1', health: 'degraded', message: 'waiting' }],
};
const services = (count: number): readonly Observation[] =>
  Array.from({ length: count }, (_, i) => ({ ...well, id: `main:Service/shop/s${i}`, message: 'is there' }));

describe('the screen of a watched status', () => {
  const screen = (observations: readonly Observation[], rows: number, width = 60) =>
    statusScreen({ stack: 'shop/prod', lastRelease: failed, observations }, { color: false, width, now }, rows);

  test('shows what is not well first, with what is wrong, and then the rest', () => {
    expect(screen([...services(2), crashing], 10)).toEqual([
      'shop/prod  release 42  ✖ failed 2m ago by anna@laptop from …',
      ' ✖ Deployment/web  0 of 2 ready',
      '    └ ✖ Pod/web-1  app: CrashLoopBackOff, exit 1',
      '          log  panic: no database',
      ' ✔ Service/s0      is there',
      ' ✔ Service/s1      is there',
      '2 of 3 ready.',
    ]);
  });

  test('folds what is well where it finds no room, and cuts what is wrong only then', () => {
    expect(screen([...services(300), crashing], 7)).toEqual([
      'shop/prod  release 42  ✖ failed 2m ago by anna@laptop from …',
      ' ✖ Deployment/web  0 of 2 ready',
      '    └ ✖ Pod/web-1  app: CrashLoopBackOff, exit 1',
      '          log  panic: no database',
      ' ✔ 300 ready',
      '300 of 301 ready.',
    ]);
    expect(screen([...services(300), crashing], 4)).toHaveLength(4);
  });

  test('names as many of those that are not well as fit, and counts the others', () => {
    const many = Array.from({ length: 20 }, (_, i) => ({ ...crashing, id: `main:Deployment.apps/shop/w${i}` }));
    expect(screen(many, 6)).toEqual([
      'shop/prod  release 42  ✖ failed 2m ago by anna@laptop from …',
      ' ✖ Deployment/w0   0 of 2 ready',
      ' ✖ Deployment/w1   0 of 2 ready',
      ' ✖ Deployment/w2   0 of 2 ready',
      ' ! 17 more are not ready',
      '0 of 20 ready.',
    ]);
  });
});

test('where there is no terminal, a watched status is told whole, then by its changes, and every thirty seconds that there was none', () => {
  const written: string[] = [];
  const clock = handClock(now);
  const log = openStatusLog((text) => written.push(text), { color: false, width: 100, clock });
  const status = (observations: readonly Observation[], lastRelease = failed) => ({ stack: 'shop/prod', lastRelease, observations });
  log.show(status(services(2)));
  clock.turnTo(now + 1000);
  log.show(status(services(2)));
  clock.turnTo(now + 2000);
  log.show(status([...services(2), crashing]));
  clock.turnTo(now + 3000);
  log.show(status([...services(1), crashing], { ...failed, number: 43, phase: 'succeeded' }));
  clock.turnTo(now + 70_000);
  log.close();
  clock.turnTo(now + 200_000);
  const time = (after: number) => new Date(now + after).toTimeString().slice(0, 8);
  expect(written.join('')).toBe(`\
shop/prod  release 42  ✖ failed 2m ago by anna@laptop from 3f2a9c1d4+  apply +2 ~1 -/+1
 ✔ Service/s0  is there
 ✔ Service/s1  is there
2 of 2 ready.
${time(2000)}  ✖ Deployment/web  0 of 2 ready
${time(2000)}     └ ✖ Pod/web-1  app: CrashLoopBackOff, exit 1
${time(2000)}           log  panic: no database
${time(3000)} shop/prod  release 43  ✔ succeeded 2m ago by anna@laptop from 3f2a9c1d4+  apply +2 ~1 -/+1
${time(33_000)}  no change: 1 of 2 ready.
${time(63_000)}  no change: 1 of 2 ready.
`);
});
