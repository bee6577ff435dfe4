import { EventEmitter } from 'node:events';
import type { Event, EventBody, View } from '@konfig/core';
import { showLive } from '../../src/render/terminal';
import { openEmulator } from './emulator';
import { handClock } from './hand-clock';

const start = 1_000_000_000;
const cart = 'main:Deployment.apps/shop/cart';
const web = 'main:Deployment.apps/shop/web';
const route = 'main:Ingress.networking.k8s.io/shop/web';

const started: EventBody = {
  type: 'operation-started',
  stack: 'shop/dev',
  kind: 'apply',
  release: 7,
  deadline: start + 600_000,
  steps: [
    { id: cart, action: 'create', waitsFor: [] },
    { id: web, action: 'update', waitsFor: [] },
    { id: route, action: 'create', waitsFor: [{ on: web, until: 'ready' }] },
  ],
};

type Script = readonly (readonly [seconds: number, what: EventBody | 'look' | { readonly resize: readonly [number, number] }])[];

/** Plays a script against a real terminal emulator; answers what is to be seen at each look and at the end. */
async function play(
  script: Script,
  columns = 70,
  rows = 12,
): Promise<{ looks: readonly string[]; end: string; writes: readonly string[]; view: View }> {
  const emulator = openEmulator(columns, rows);
  const clock = handClock(start);
  const looks: string[] = [];
  async function* events(): AsyncGenerator<Event> {
    let sequence = 0;
    for (const [seconds, what] of script) {
      clock.turnTo(start + seconds * 1000);
      if (what === 'look') looks.push(await emulator.text());
      else if ('resize' in what) await emulator.resize(...what.resize);
      else yield { operation: 'run', sequence: ++sequence, time: clock.now(), ...what };
    }
  }
  emulator.stream.write('$ konfig apply shop/dev\n');
  const view = await showLive(events(), emulator.stream, { color: true, sources: {}, clock });
  return { looks, end: await emulator.text(), writes: emulator.writes.slice(1), view };
}

const whole: Script = [
  [0, started],
  [0, { type: 'step-started', step: cart, action: 'create' }],
  [0, { type: 'step-started', step: web, action: 'update' }],
  [1, { type: 'step-applied', step: web, action: 'update' }],
  [1.5, 'look'],
  [2.1, { type: 'step-done', step: cart, action: 'create', seconds: 2.1 }],
  [
    3,
    {
      type: 'step-observed',
      step: web,
      health: 'progressing',
      message: '0 of 1 ready',
      findings: [
        { code: 'ImagePullBackOff', class: 'likely', message: 'app: no such image', on: 'Pod/web-1', since: start + 3000, grace: 60 },
      ],
      related: [{ name: 'Pod/web-1', health: 'progressing', message: 'waiting' }],
      failsAt: start + 63_000,
    },
  ],
  [33.5, 'look'],
  [
    63,
    {
      type: 'step-failed',
      step: web,
      action: 'update',
      seconds: 63,
      problem: { code: 'RESOURCE_FAILED', message: 'Deployment/web will not become ready: Pod/web-1: ImagePullBackOff', at: web },
    },
  ],
  [63, { type: 'step-skipped', step: route, action: 'create', because: web }],
  [
    63,
    {
      type: 'operation-finished',
      phase: 'failed',
      release: 7,
      problems: [{ code: 'RESOURCE_FAILED', message: 'Deployment/web will not become ready: Pod/web-1: ImagePullBackOff', at: web }],
    },
  ],
];

test('the screen is redrawn in place and leaves a transcript and the result behind', async () => {
  const { looks, end, view } = await play(whole);
  expect(looks[0]).toBe(`\
$ konfig apply shop/dev

shop/dev  release 7  00:01  0/3  ● 2  ◌ 1   timeout in 9:59
 ● Deployment/cart  is being created  0:01
 ● Deployment/web   is being changed  0:01
 ◌ Ingress/web      waits for Deployment/web`);
  expect(looks[1]).toBe(`\
$ konfig apply shop/dev

shop/dev  release 7  00:33  1/3  ✔ 1  ● 1  ◌ 1   timeout in 9:27
 ✔ Deployment/cart  created 2.1s
 ● Deployment/web   0 of 1 ready  0:33
    └ ✖ Pod/web-1  0:30 of 1:00  ImagePullBackOff: app: no such image
    next   fails in 30s unless Pod/web-1 recovers · Ingress/web wait…
 ◌ Ingress/web      waits for Deployment/web`);
  expect(end).toBe(`\
$ konfig apply shop/dev

✔ Deployment/cart  created  2.1s
✖ Deployment/web   failed: will not become ready: Pod/web-1: ImagePul…
⊘ Ingress/web      skipped: waited for Deployment/web

✖ shop/dev  release 7 failed after 1m03s:
  1 created, 1 failed, 1 skipped.

RESOURCE_FAILED  Deployment/web will not become ready: Pod/web-1:
                 ImagePullBackOff
                 at main:Deployment.apps/shop/web

next  mend what is said above, then konfig apply shop/dev: it does
      only the rest. konfig status shop/dev shows how it is now.`);
  expect(view.phase).toBe('failed');
});

test('a terminal that gets narrower while it runs keeps no ruins', async () => {
  const { looks, end } = await play([
    ...whole.slice(0, 4),
    [1.4, { resize: [30, 12] }],
    [1.5, 'look'],
    [2, { resize: [70, 12] }],
    [2.5, 'look'],
    [3, { type: 'operation-finished', phase: 'cancelled', release: 7, problems: [] }],
  ]);
  expect(looks[0]).toBe(`\
$ konfig apply shop/dev

shop/dev  0/3  ● 2  ◌ 1
 ● Deployment/cart  is being…
 ● Deployment/web   is being…
 ◌ Ingress/web      waits fo…`);
  expect(looks[1]).toContain('● Deployment/web   is being changed  0:02\n ◌ Ingress/web      waits for Deployment/web');
  expect(end.split('\n').slice(0, 6)).toEqual([
    '$ konfig apply shop/dev',
    '',
    '● Deployment/cart  started, its end was not seen',
    '● Deployment/web   applied, not waited for',
    '◌ Ingress/web      not started',
    '',
  ]);
});

test('a thousand events in a second are at most twenty frames', async () => {
  const notes = Array.from({ length: 1000 }, (_, i) => [i / 1000, { type: 'note', message: `note ${i}` }] as const);
  const { writes } = await play([[0, started], ...notes]);
  const frames = writes.filter((text) => text.includes('note'));
  expect(frames.length).toBeGreaterThan(5);
  expect(frames.length).toBeLessThanOrEqual(20);
});

test('the cursor comes back also when the events break off with an error', async () => {
  const writes: string[] = [];
  const stream = Object.assign(new EventEmitter(), { write: (text: string) => writes.push(text) });
  // biome-ignore lint/correctness/useYield: it breaks before the first event
  async function* broken(): AsyncGenerator<Event> {
    throw new Error('connection lost');
  }
  await expect(showLive(broken(), stream, { color: false, sources: {}, clock: handClock(start) })).rejects.toThrow('connection lost');
  expect(writes.slice(0, 2)).toEqual(['\n', '\u001b[?25l']);
  expect(writes.at(-1)).toMatch(/\?25h$/);
  expect(stream.listenerCount('resize')).toBe(0);
});
