// Texts and times from clusters, programs and clocks that nobody vouches for: shown harmlessly, and soon.
import { type Event, type EventBody, emptyView, type Observation, reduce } from '@konfig/core';
import { graphText } from '../../src/render/graph-text';
import { screenLines } from '../../src/render/live-screen';
import { logLines } from '../../src/render/log-text';
import { problemText } from '../../src/render/problem-text';
import { statusScreen, statusText } from '../../src/render/status-text';
import { wrapText } from '../../src/render/text-width';
import { openWatchScreen } from '../../src/render/watch-screen';
import { openEmulator } from './emulator';
import { handClock } from './hand-clock';

const start = Date.parse('2026-11-22T06:05:00Z');
const web = 'main:Deployment.apps/shop/web';

/** A Deployment about which all that is said is this text. */
const saying = (text: string): Observation => ({
  id: web,
  exists: true,
  health: 'degraded',
  message: text,
  findings: [{ code: 'Odd', class: 'likely', message: text, on: 'Pod/web-1', details: [text] }],
  related: [{ name: 'Pod/web-1', health: 'degraded', message: text }],
});

function eventsSaying(text: string, since = start): readonly EventBody[] {
  return [
    {
      type: 'operation-started',
      stack: 'shop/dev',
      kind: 'apply',
      release: 7,
      deadline: start + 600_000,
      steps: [{ id: web, action: 'update', waitsFor: [] }],
    },
    { type: 'step-started', step: web, action: 'update' },
    { type: 'step-applied', step: web, action: 'update' },
    {
      type: 'step-observed',
      step: web,
      health: 'degraded',
      message: text,
      findings: [{ code: 'Odd', class: 'likely', grace: 60, message: text, on: 'Pod/web-1', details: [text], since }],
      related: [],
      failsAt: start + 60_000,
    },
    { type: 'step-log', step: web, from: text, text },
    { type: 'note', message: text },
  ];
}

/** The screen of an apply, and its log. */
function applied(bodies: readonly EventBody[]): { readonly screen: string; readonly log: string } {
  const log: string[] = [];
  const view = bodies.reduce((before, body, i) => {
    const event: Event = { operation: 'run', sequence: i + 1, time: start + 1000 * i, ...body };
    log.push(...logLines(before, event, { color: false }));
    return reduce(before, event);
  }, emptyView);
  const screen = screenLines(view, start + 10_000, { columns: 60, rows: 20 }, { color: false, sources: {} });
  return { screen: screen.join('\n'), log: log.join('\n') };
}

/** All that is printed about this text. */
function printed(text: string): readonly string[] {
  const status = { stack: 'shop/dev', observations: [saying(text)] };
  const node = { id: web, target: 'main', type: 'apps/v1/Deployment', level: 1, live: { health: 'degraded', message: text } as const };
  const { screen, log } = applied(eventsSaying(text));
  return [
    screen,
    log,
    statusScreen(status, { color: false, width: 60, now: start }, 20).join('\n'),
    statusText(status, { color: false, width: 60, now: start }),
    graphText({ stack: 'shop/dev', nodes: [node], edges: [] }, { color: false, width: 60 }),
    problemText({ code: 'RESOURCE_FAILED', message: text }, { color: false, width: 60 }),
  ];
}

const million = 1_000_000;

test.each([
  ['one word', 'x'.repeat(million)],
  ['words', 'wörd '.repeat(million / 5)],
  ['lines', 'line\n'.repeat(million / 5)],
  ['families', '👨‍👩‍👧‍👦'.repeat(million / 11)],
  ['escape sequences', '\u001b[31m'.repeat(million / 5)],
  ['sequences without an end', '\u001b]'.repeat(million / 2)],
  ['marks on one letter', `a${'\u0301'.repeat(million)}`],
])(
  'a megabyte of %s is cut: nobody waits for it, and it does not scroll away what was said before',
  (_, text) => {
    expect(Math.max(...printed(text).map((one) => one.length))).toBeLessThan(100_000);
  },
  60_000,
);

test('a long word is wrapped, none of it lost', () => {
  const word = '0123456789'.repeat(20_000);
  const lines = wrapText(word, 80);
  expect(lines.join('')).toBe(word);
  expect(lines.every((line) => line.length <= 80)).toBe(true);
});

test('nothing that steers a terminal or turns the reading direction comes through', () => {
  const text = 'a\u001b[2J\u001b]0;owned\u0007\u001b]8;;http://evil\u001b\\\u009b31m\rb\u202ec\u0000\u0008\u007f';
  for (const one of printed(text)) expect(one.replaceAll('\n', '')).toMatch(/^\P{Cc}*$/u);
  for (const one of printed(text)) expect(one).not.toContain('\u202e');
});

test.each([
  ['families', '👨‍👩‍👧‍👦'],
  ['flags', '🇩🇪'],
  ['ideographs', '漢字'],
  ['letters in full width', 'Ｗｅｂ'],
  ['signs with a variation', '✔️❤️'],
  ['Hangul', '한글'],
])('%s never make a line of the screen wrap', async (_, text) => {
  const emulator = openEmulator(40, 20);
  const clock = handClock(start);
  const screen = openWatchScreen(emulator.stream, { color: false, clock });
  screen.show({ stack: 'shop/dev', observations: [saying(text.repeat(50))] });
  clock.turnTo(start + 1000);
  expect((await emulator.text()).split('\n').map((line) => line.slice(0, 12))).toEqual([
    'shop/dev  it',
    expect.stringMatching(/^ ✖ Deploymen/),
    expect.stringMatching(/^ {4}└ ✖ Pod/),
    expect.stringMatching(/^ {10}/),
    '0 of 1 ready',
  ]);
});

test('a time that is yet to come makes no negative age', () => {
  const { screen, log } = applied(eventsSaying('odd', start + 3_600_000));
  const release = {
    number: 1,
    kind: 'apply',
    phase: 'succeeded',
    by: 'anna@laptop',
    startedAt: '2026-11-22T09:00:00Z',
    endedAt: '2026-11-22T08:00:00Z',
    specDigest: 'abc',
    counts: {},
  } as const;
  const status = statusText({ stack: 'shop/dev', lastRelease: release, observations: [] }, { color: false, width: 100, now: start });
  expect(status).toContain('succeeded just now by');
  for (const text of [screen, log, status]) expect(text).not.toMatch(/(^|\s)-\d|NaN/);
});

test('a moment of another clock that lies behind or far ahead is no promise of a retry', () => {
  const retrying = (retriesAt: number): Observation => ({
    ...saying('crashed'),
    findings: [{ code: 'CrashLoopBackOff', class: 'likely', message: 'crashed', on: 'Pod/web-1', retriesAt }],
  });
  const text = (seconds: number) =>
    statusText({ stack: 's', observations: [retrying(start + seconds * 1000)] }, { color: false, width: 100, now: start });
  expect(text(34)).toContain('crashed, next in 34s');
  expect([text(-5), text(86_400)].join()).not.toContain('next in');
});
