import { type Event, type EventBody, emptyView, reduce } from '@konfig/core';
import { logLines } from '../../src/render/log-text';

const cart = 'main:Deployment.apps/shop/cart';
const web = 'main:Deployment.apps/shop/web';
const route = 'main:Ingress/shop/web';
const kept = 'main:ConfigMap/shop/kept';

/** The log of events that happen so many seconds after the start. */
function log(...bodies: readonly (readonly [number, EventBody])[]): string {
  let view = emptyView;
  return bodies
    .flatMap(([seconds, body], i) => {
      const event: Event = { operation: 'run', sequence: i + 1, time: 1_000_000 + seconds * 1000, ...body };
      const lines = logLines(view, event, { color: false });
      view = reduce(view, event);
      return lines;
    })
    .join('\n');
}

const started: EventBody = {
  type: 'operation-started',
  stack: 'shop/prod',
  kind: 'apply',
  release: 42,
  steps: [
    { id: cart, action: 'create', waitsFor: [] },
    { id: web, action: 'update', waitsFor: [] },
    { id: kept, action: 'keep', waitsFor: [] },
    { id: route, action: 'create', waitsFor: [{ on: web, until: 'ready' }] },
  ],
  deadline: 1_000_000 + 1800_000,
};

test('each transition is one line with its time; what is unchanged and well says nothing', () => {
  expect(
    log(
      [0, started],
      [0, { type: 'step-started', step: cart, action: 'create' }],
      [0, { type: 'step-observed', step: kept, health: 'ready', message: 'present', findings: [], related: [] }],
      [0, { type: 'step-done', step: kept, action: 'keep', seconds: 0 }],
      [0.2, { type: 'step-applied', step: cart, action: 'create' }],
      [0.3, { type: 'step-observed', step: cart, health: 'progressing', message: 'not seen yet', findings: [], related: [] }],
      [1, { type: 'step-observed', step: cart, health: 'progressing', message: '0 of 1 ready', findings: [], related: [] }],
      [2, { type: 'step-observed', step: cart, health: 'progressing', message: '0 of 1 ready', findings: [], related: [] }],
      [2, { type: 'note', message: 'spec.replicas is left to the autoscaler', step: cart }],
      [3, { type: 'step-observed', step: cart, health: 'ready', message: '1 of 1 ready', findings: [], related: [] }],
      [3, { type: 'step-done', step: cart, action: 'create', seconds: 3.1 }],
    ),
  ).toBe(`\
00:00  shop/prod  apply, release 42: 3 to do, 1 unchanged, for at most 30m
00:00  ● Deployment/cart create
00:01  ● Deployment/cart 0 of 1 ready
00:02  note Deployment/cart: spec.replicas is left to the autoscaler
00:03  ✔ Deployment/cart ready (3.1s)`);
});

test('a finding is told when it comes and when it says something else, with its details, not again', () => {
  const crash = (message: string, details: readonly string[]) =>
    ({
      type: 'step-observed',
      step: web,
      health: 'degraded',
      message: '1 of 3 ready',
      findings: [{ code: 'CrashLoopBackOff', class: 'likely', message, on: 'Pod/web-1', since: 1_002_000, details }],
      related: [],
      failsAt: 1_062_000,
    }) as const;
  expect(
    log(
      [0, started],
      [2, crash('app: exit 1, 1 restart', ['::error::Error: no database'])],
      [4, crash('app: exit 1, 1 restart', ['::error::Error: no database'])],
      [9, crash('app: exit 1, 2 restarts', [])],
    ),
  ).toBe(`\
00:00  shop/prod  apply, release 42: 3 to do, 1 unchanged, for at most 30m
00:02  ● Deployment/web 1 of 3 ready
         ! Pod/web-1  CrashLoopBackOff: app: exit 1, 1 restart
           │ ::error::Error: no database
00:09  ● Deployment/web 1 of 3 ready
         ! Pod/web-1 for 7s  CrashLoopBackOff: app: exit 1, 2 restarts`);
});

test('what is wrong with one Pod after the other in the same words is told once', () => {
  const broken = (pod: string) => ({ code: 'ErrImagePull', class: 'likely', message: 'no such image', on: pod, since: 1_002_000 }) as const;
  const observed = (...pods: readonly string[]): EventBody => ({
    type: 'step-observed',
    step: web,
    health: 'degraded',
    message: '0 of 3 ready',
    findings: pods.map(broken),
    related: [],
  });
  const said = log(
    [0, started],
    [2, observed('Pod/web-1')],
    [3, observed('Pod/web-1', 'Pod/web-2')],
    [4, observed('Pod/web-2', 'Pod/web-3')],
  );
  expect(said.match(/no such image/g)).toHaveLength(1);
});

test('a heartbeat says what is waited for', () => {
  expect(
    log(
      [0, started],
      [1, { type: 'step-started', step: web, action: 'update' }],
      [2, { type: 'step-applied', step: web, action: 'update' }],
      [
        3,
        {
          type: 'step-observed',
          step: web,
          health: 'progressing',
          message: '1 of 3 ready',
          serving: '2 of 3 Pods serve',
          findings: [],
          related: [],
          failsAt: 1_303_000,
        },
      ],
      [33, { type: 'heartbeat' }],
    ),
  ).toBe(`\
00:00  shop/prod  apply, release 42: 3 to do, 1 unchanged, for at most 30m
00:01  ● Deployment/web update
00:03  ● Deployment/web 1 of 3 ready
00:33  · waits for Deployment/web for 32s: 1 of 3 ready, fails in 4m30s unless it gets on, 2 of 3 Pods serve
       · 3 not started`);
});

test('a failure shows its problem, what is skipped behind it and the end', () => {
  expect(
    log(
      [0, started],
      [
        61,
        {
          type: 'step-failed',
          step: web,
          action: 'update',
          seconds: 60,
          problem: {
            code: 'RESOURCE_TIMEOUT',
            message: 'Deployment/web is not ready after 60 s: 1 of 3 ready\n  Error: ECONNREFUSED',
            at: web,
          },
        },
      ],
      [61, { type: 'step-skipped', step: route, action: 'create', because: web }],
      [62, { type: 'cancelling' }],
      [63, { type: 'step-skipped', step: cart, action: 'create', because: 'cancelled' }],
      [64, { type: 'operation-finished', phase: 'failed', release: 42, problems: [] }],
    ),
  ).toBe(`\
00:00  shop/prod  apply, release 42: 3 to do, 1 unchanged, for at most 30m
01:01  ✖ Deployment/web update failed (1m): is not ready after 60 s: 1 of 3 ready
           │ Error: ECONNREFUSED
01:01  ⊘ Ingress/web skipped: waited for Deployment/web
01:02  ! cancelling: nothing new is started, what is in flight may finish
01:03  ⊘ Deployment/cart skipped: cancelled
01:04  ✖ shop/prod  release 42 failed after 1m04s: 1 failed, 2 skipped, 1 not started.

       next  mend what is said above, then konfig apply shop/prod: it does only the rest. konfig status shop/prod shows
             how it is now.`);
});

test('while a call lasts, each thing that it is made of has a line when it begins and when it ends', () => {
  const node = (name: string, health: 'progressing' | 'ready' | 'unknown', message: string) => ({ name, health, message });
  const observed = (...related: readonly ReturnType<typeof node>[]): EventBody => ({
    type: 'step-observed',
    step: cart,
    health: 'progressing',
    message: 'applies',
    findings: [],
    related,
  });
  expect(
    log(
      [0, started],
      [0, { type: 'step-started', step: cart, action: 'create' }],
      [1, observed(node('aws_vpc.main', 'progressing', 'is being created'), node('aws_lb.web', 'unknown', 'waits'))],
      [2, observed(node('aws_vpc.main', 'progressing', 'is being created, 1s'), node('aws_lb.web', 'unknown', 'waits'))],
      [3, observed(node('aws_vpc.main', 'ready', 'created in 2s'), node('aws_lb.web', 'progressing', 'is being created'))],
    ),
  ).toBe(`\
00:00  shop/prod  apply, release 42: 3 to do, 1 unchanged, for at most 30m
00:00  ● Deployment/cart create
00:01  ● Deployment/cart  aws_vpc.main  is being created
00:03  ✔ Deployment/cart  aws_vpc.main  created in 2s
00:03  ● Deployment/cart  aws_lb.web  is being created`);
});
