import { type Event, type EventBody, emptyView, reduce, type SourceTable, type View } from '@konfig/core';
import { screenLines } from '../../src/render/live-screen';

const start = 1_000_000_000;
const web = 'main:Deployment.apps/shop/web';
const database = 'main:Database.acme/shop/main';
const service = 'main:Service/shop/web';
const route = 'main:Ingress.networking.k8s.io/shop/web';
const seed = 'main:Job.batch/shop/seed';
const report = 'main:CronJob.batch/shop/report';
const dbHost = 'spec.template.spec.containers[name=app].env[name=DB_HOST]';

const sources: SourceTable = {
  [web]: { made: { file: 'projects/shop/app.ts', line: 30 }, fields: { [dbHost]: { file: 'projects/shop/app.ts', line: 41 } } },
};

const started: EventBody = {
  type: 'operation-started',
  stack: 'shop/prod',
  kind: 'apply',
  release: 42,
  deadline: start + 600_000,
  steps: [
    { id: database, action: 'create', waitsFor: [] },
    { id: seed, action: 'replace', waitsFor: [] },
    { id: report, action: 'create', waitsFor: [{ on: seed, until: 'ready' }] },
    { id: web, action: 'update', waitsFor: [{ on: database, until: 'ready' }] },
    { id: service, action: 'create', waitsFor: [{ on: web, until: 'ready' }] },
    { id: route, action: 'create', waitsFor: [{ on: service, until: 'ready' }] },
    { id: 'main:ConfigMap/shop/kept', action: 'keep', waitsFor: [] },
  ],
};

const crashing: EventBody = {
  type: 'step-observed',
  step: web,
  health: 'degraded',
  message: '1 of 3 ready',
  findings: [
    {
      code: 'CrashLoopBackOff',
      class: 'likely',
      grace: 60,
      message: 'app: CrashLoopBackOff, exit 1',
      on: 'Pod/web-9tq',
      field: dbHost,
      details: ['Error: ECONNREFUSED 10.0.3.4:5432'],
      retriesAt: start + 195_000,
      since: start + 130_000,
    },
    { code: 'Unschedulable', class: 'transient', message: 'Insufficient cpu', on: 'Pod/web-77b', since: start + 150_000 },
  ],
  related: [
    {
      name: 'ReplicaSet/web-new',
      health: 'progressing',
      message: '1 of 3 ready',
      children: [
        { name: 'Pod/web-x2k', health: 'ready', message: 'ready' },
        { name: 'Pod/web-9tq', health: 'degraded', message: 'app: waiting' },
        { name: 'Pod/web-77b', health: 'progressing', message: 'pending' },
      ],
    },
    {
      name: 'ReplicaSet/web-old',
      health: 'ready',
      message: '2 ready',
      children: [{ name: 'Pod/old-1', health: 'ready', message: 'ready' }],
    },
  ],
  serving: 'old Pods serve on: 2 of 3 of revision 7',
  failsAt: start + 190_000,
};

const halfWay: readonly (readonly [number, EventBody])[] = [
  [0, started],
  [0, { type: 'step-started', step: database, action: 'create' }],
  [0, { type: 'step-started', step: seed, action: 'replace' }],
  [112, { type: 'step-done', step: database, action: 'create', seconds: 112 }],
  [113, { type: 'step-started', step: web, action: 'update' }],
  [113, { type: 'step-applied', step: web, action: 'update' }],
  [
    140,
    {
      type: 'step-failed',
      step: seed,
      action: 'replace',
      seconds: 140,
      problem: {
        code: 'RESOURCE_FAILED',
        message: 'Job/seed will not become ready: Pod/seed-1: BackoffLimitExceeded',
        at: seed,
        source: { file: 'projects/shop/app.ts', line: 60 },
      },
    },
  ],
  [140, { type: 'step-skipped', step: report, action: 'create', because: seed }],
  [161, crashing],
];

function viewOf(events: readonly (readonly [number, EventBody])[]): View {
  return events.reduce((view, [seconds, body], i) => {
    const event: Event = { operation: 'run', sequence: i + 1, time: start + seconds * 1000, ...body };
    return reduce(view, event);
  }, emptyView);
}

function screen(view: View, seconds: number, columns: number, rows: number): string {
  return screenLines(view, start + seconds * 1000, { columns, rows }, { color: false, sources }).join('\n');
}

test('what is well folds; what failed or is stuck says why, since when, by which line, and what comes next', () => {
  expect(screen(viewOf(halfWay), 161, 110, 40)).toBe(`\
shop/prod  release 42  02:41  ▓▓▓▓▓░░░░░  3/6  ✔ 1  ● 1  ✖ 1  ⊘ 1  ◌ 2   timeout in 7:19
 ✔ Database/main   created 1m52s
 ✖ Job/seed        will not become ready: Pod/seed-1: BackoffLimitExceeded
    cause  projects/shop/app.ts:60
    skips  CronJob/report
 ● Deployment/web  1 of 3 ready  0:48
    ├ ● ReplicaSet/web-new  1 of 3 ready
    │ ├ ✖ Pod/web-9tq  0:31 of 1:00  app: CrashLoopBackOff, exit 1, next in 34s
    │ │     Error: ECONNREFUSED 10.0.3.4:5432
    │ ├ ! Pod/web-77b  0:11  Unschedulable: Insufficient cpu
    │ └ ✔ Pod/web-x2k  ready
    └ ✔ ReplicaSet/web-old  2 ready
    cause  spec.template.spec.containers[name=app].env[name=DB_HOST] ← projects/shop/app.ts:41
    now    old Pods serve on: 2 of 3 of revision 7
    next   fails in 29s unless Pod/web-9tq recovers · Service/web, Ingress/web wait for it
 ◌ Service/web     waits for Deployment/web
 ◌ Ingress/web     waits for Service/web ← Deployment/web`);
});

test('a small screen keeps a line for all that is under way and says how much it leaves out', () => {
  expect(screen(viewOf(halfWay), 161, 60, 10)).toBe(`\
shop/prod  02:41  3/6  ✔ 1  ● 1  ✖ 1  ⊘ 1  ◌ 2
 ✖ Job/seed        will not become ready: Pod/seed-1: Backo…
    cause  projects/shop/app.ts:60
    skips  CronJob/report
 ● Deployment/web  1 of 3 ready  0:48
    ├ ● ReplicaSet/web-new  1 of 3 ready
    │ ├ ✖ Pod/web-9tq  0:31 of 1:00  app: CrashLoopBackOff,…
    … and 6 more lines
    next   fails in 29s unless Pod/web-9tq recovers · Servi…
 ◌ 2 wait`);
});

test('no line is wider and no screen higher than the terminal, whatever its size', () => {
  const view = viewOf(halfWay);
  const wrong: string[] = [];
  for (let columns = 1; columns <= 120; columns += 7) {
    for (let rows = 1; rows <= 24; rows++) {
      const lines = screenLines(view, start + 161_000, { columns, rows }, { color: false, sources });
      if (lines.length > rows || lines.some((line) => [...line].length > columns)) wrong.push(`${columns}×${rows}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('of a thousand steps under way the screen shows what it can and counts the rest', () => {
  const ids = Array.from({ length: 1000 }, (_, i) => `main:ConfigMap/shop/c${i}`);
  const view = viewOf([
    [0, { ...started, steps: ids.map((id) => ({ id, action: 'create', waitsFor: [] })) } as EventBody],
    ...ids.map((step) => [0, { type: 'step-started', step, action: 'create' }] as const),
  ]);
  expect(screen(view, 1, 80, 5)).toBe(`\
shop/prod  release 42  00:01  ░░░░░░░░░░  0/1000  ● 1000   timeout in 9:59
 ● ConfigMap/c0  is being created  0:01
 ● ConfigMap/c1  is being created  0:01
 ● ConfigMap/c2  is being created  0:01
 … and 997 more under way or failed`);
});

test('a cancel and the last note stand at the bottom; what a cancel skipped is one line', () => {
  const view = viewOf([
    [0, started],
    [1, { type: 'step-started', step: database, action: 'create' }],
    [2, { type: 'note', message: 'spec.replicas is left to the autoscaler' }],
    [3, { type: 'cancelling' }],
    ...[seed, report, web, service, route].map(
      (step) => [3, { type: 'step-skipped', step, action: 'create', because: 'cancelled' }] as const,
    ),
  ]);
  expect(screen(view, 4, 100, 20)).toBe(`\
shop/prod  release 42  00:04  ▓▓▓▓▓▓▓▓░░  5/6  ● 1  ⊘ 5   timeout in 9:56
 ● Database/main  is being created  0:03
 ⊘ 5 skipped: cancelled
 ! cancelling: nothing new is started, what is in flight may finish
 note  spec.replicas is left to the autoscaler`);
});

test('in ASCII nothing but ASCII', () => {
  const lines = screenLines(viewOf(halfWay), start + 161_000, { columns: 100, rows: 30 }, { color: false, ascii: true, sources });
  expect(lines.join('\n')).toMatch(/^[ -~\n]*$/);
  expect(lines[0]).toBe('shop/prod  release 42  02:41  #####-----  3/6  v 1  * 1  x 1  / 1  o 2   timeout in 7:19');
});

test('a task shows the last lines that it printed, without what a terminal would obey', () => {
  const log = (text: string): EventBody => ({ type: 'step-log', step: seed, from: 'seed-x/seed', text });
  const view = viewOf([
    [0, started],
    [0, { type: 'step-started', step: seed, action: 'replace' }],
    [1, log('one')],
    [2, log('\u001b[31mtwo')],
    [2, log('three')],
    [2, log('four')],
    [3, log('five')],
    [3, log('six')],
  ]);
  const text = screen(view, 4, 100, 30);
  expect(text).toContain('log    two');
  expect(text).toContain('log    six');
  expect(text).not.toContain('log    one');
  expect(text).not.toContain('\u001b');
});
