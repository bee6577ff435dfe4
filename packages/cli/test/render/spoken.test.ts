// What is printed for who listens by a screen reader.
import { type Event, type EventBody, emptyView, type Observation, reduce } from '@konfig/core';
import { isLive, styleOf } from '../../src/print';
import { graphText } from '../../src/render/graph-text';
import { logPrinter } from '../../src/render/log-text';
import { openStatusLog } from '../../src/render/status-log';
import { spokenOf } from '../../src/render/style';
import { heard, type Shell } from '../../src/shell';
import { handClock } from './hand-clock';

const spoken = { color: false, spoken: true };
const web = 'main:Deployment.apps/shop/web';
const route = 'main:Ingress.networking.k8s.io/shop/web';
const start = Date.parse('2026-11-22T06:05:00Z');

const crash = {
  code: 'CrashLoopBackOff',
  class: 'likely',
  message: 'app: CrashLoopBackOff, exit 1',
  on: 'Pod/web-1',
  details: ['panic: no route'],
} as const;

test('an apply is a line for each transition, in words', () => {
  const events: readonly (readonly [number, EventBody])[] = [
    [
      0,
      {
        type: 'operation-started',
        stack: 'shop/dev',
        kind: 'apply',
        release: 7,
        deadline: start + 600_000,
        steps: [
          { id: web, action: 'update', waitsFor: [] },
          { id: route, action: 'create', waitsFor: [{ on: web, until: 'ready' }] },
        ],
      },
    ],
    [0, { type: 'step-started', step: web, action: 'update' }],
    [1, { type: 'step-applied', step: web, action: 'update' }],
    [
      3,
      {
        type: 'step-observed',
        step: web,
        health: 'degraded',
        message: '0 of 1 ready',
        findings: [{ ...crash, since: start + 3000 }],
        related: [],
        failsAt: start + 63_000,
      },
    ],
    [33, { type: 'heartbeat' }],
    [
      63,
      {
        type: 'step-failed',
        step: web,
        action: 'update',
        seconds: 63,
        problem: { code: 'RESOURCE_FAILED', message: 'Deployment/web will not become ready', at: web },
      },
    ],
    [63, { type: 'step-skipped', step: route, action: 'create', because: web }],
    [63, { type: 'operation-finished', phase: 'failed', release: 7, problems: [] }],
  ];
  const written: string[] = [];
  const print = logPrinter((text) => written.push(text), { ...spoken, width: 1000 });
  events.reduce((view, [seconds, body], i) => {
    const event: Event = { operation: 'run', sequence: i + 1, time: start + seconds * 1000, ...body };
    print(view, event);
    return reduce(view, event);
  }, emptyView);
  expect(written.join('')).toBe(`\
00:00  shop/dev  apply, release 7: 2 to do, 0 unchanged, for at most 10m
00:00  under way: Deployment/web update
00:03  under way: Deployment/web 0 of 1 ready
         warning: Pod/web-1  app: CrashLoopBackOff, exit 1
           it says: panic: no route
00:33  waits for Deployment/web for 33s: 0 of 1 ready, fails in 30s unless Pod/web-1 recovers
       1 not started
01:03  failed: Deployment/web update failed (1m03s): will not become ready
01:03  skipped: Ingress/web skipped: waited for Deployment/web
01:03  failed: shop/dev  release 7 failed after 1m03s: 1 failed, 1 skipped.

       next  mend what is said above, then konfig apply shop/dev: it does only the rest. konfig status shop/dev shows how it is now.
`);
});

test('a watched status is told whole and then by its changes; its tree is indented, not drawn', () => {
  const written: string[] = [];
  const clock = handClock(start);
  const log = openStatusLog((text) => written.push(text), { ...spoken, width: 1000, clock });
  const well: Observation = { id: web, exists: true, health: 'ready', message: '1 of 1 ready', findings: [], related: [] };
  const ill: Observation = {
    ...well,
    health: 'degraded',
    message: '0 of 1 ready',
    findings: [crash],
    related: [
      {
        name: 'ReplicaSet/web-a',
        health: 'degraded',
        message: '0 of 1 ready',
        children: [{ name: 'Pod/web-1', health: 'degraded', message: 'waits' }],
      },
    ],
  };
  log.show({ stack: 'shop/dev', observations: [well] });
  clock.turnTo(start + 1000);
  log.show({ stack: 'shop/dev', observations: [ill] });
  const time = new Date(start + 1000).toTimeString().slice(0, 8);
  expect(written.join('')).toBe(`\
shop/dev  its last release cannot be read
 ready: Deployment/web  1 of 1 ready
1 of 1 ready.
${time}  degraded: Deployment/web  0 of 1 ready
${time}       degraded: ReplicaSet/web-a  0 of 1 ready
${time}         degraded: Pod/web-1  app: CrashLoopBackOff, exit 1
${time}             panic: no route
`);
});

test('a graph says what waits for what', () => {
  const node = (id: string, level: number) => ({ id, level, target: 'main', type: 'v1/Any' });
  const nodes = [node(web, 1), { ...node(route, 2), live: { health: 'absent', message: 'is not applied yet' } as const }];
  const edges = [{ from: route, on: web, until: 'ready', explicit: false }] as const;
  expect(graphText({ stack: 'shop/dev', nodes, edges }, { ...spoken, width: 1000 })).toMatch(
    /^2 {2}not there yet: Ingress\/web +is not applied yet {2}waits for Deployment\/web ready$/m,
  );
});

describe('who listens says so', () => {
  const shell = (env: NodeJS.ProcessEnv) => ({ env, stdout: { isTTY: true } }) as unknown as Shell;

  test.each([
    ['1', true],
    ['true', true],
    ['0', false],
    ['false', false],
    ['', false],
  ])('by ACCESSIBLE=%s: %s', (said, is) => {
    expect(spokenOf({ ACCESSIBLE: said })).toBe(is);
  });

  test('by --screen-reader, before the variable; then no screen is drawn, on a terminal neither', () => {
    const listening = heard(shell({}), ['apply', 'shop/dev', '--screen-reader']);
    expect(styleOf(listening).spoken).toBe(true);
    expect([isLive(shell({})), isLive(listening)]).toEqual([true, false]);
    expect(styleOf(heard(shell({ ACCESSIBLE: '1' }), ['apply', 'shop/dev', '--no-screen-reader'])).spoken).toBe(false);
  });
});
