import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';
import { makeClient } from '../../src/kubernetes/client';
import { makeBookmark, openLog, type TimedLine } from '../../src/kubernetes/log-stream';
import { connectionMask } from '../../src/quote';

const at = (time: string, text = time) => ({ time: `2026-11-22T08:00:${time.padEnd(12, '0')}Z`, text });

test('a log that is opened again repeats nothing and leaves nothing out, also among lines of one moment', () => {
  const bookmark = makeBookmark();
  const told = (...lines: readonly { time: string; text: string }[]) => lines.filter(bookmark.isNew).map(({ text }) => text);
  expect(bookmark.reopened()).toEqual({});
  expect(told(at('01.1'), at('01.2', 'a'), at('01.2', 'b'))).toEqual(['01.1', 'a', 'b']);
  expect(bookmark.reopened()).toEqual({ sinceTime: '2026-11-22T08:00:01Z' });
  expect(told(at('01.1'), at('01.2', 'a'), at('01.2', 'b'), at('01.2', 'c'), at('02.0'))).toEqual(['c', '02.0']);
  bookmark.reopened();
  expect(told(at('02.0'), at('02.0', 'again'))).toEqual(['again']);
});

test('a clock that goes back loses no line of a stream that was not broken', () => {
  const bookmark = makeBookmark();
  expect([at('05.0'), at('03.0'), at('06.0')].filter(bookmark.isNew)).toHaveLength(3);
});

test('lines before the tail that was asked for do not come later, even of its very moment', () => {
  const bookmark = makeBookmark(true);
  expect([at('01.0', 'last')].filter(bookmark.isNew)).toHaveLength(1);
  bookmark.reopened();
  const again = [at('00.5'), at('01.0', 'before'), at('01.0', 'last'), at('02.0', 'new')];
  expect(again.filter(bookmark.isNew).map(({ text }) => text)).toEqual(['new']);
});

/** The lines that are made of this log, however the server cuts it. */
async function linesOf(...chunks: readonly string[]): Promise<readonly TimedLine[]> {
  const server = createServer((_, response) => {
    const send = (i: number): void => {
      if (i === chunks.length) response.end();
      else response.write(chunks[i], () => send(i + 1));
    };
    send(0);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const access = {
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    headers: {},
    requests: new Agent(),
    streams: new Agent(),
  };
  const client = makeClient(access, async () => access, connectionMask([]));
  const lines: TimedLine[] = [];
  try {
    const open = await openLog(client, { namespace: 'shop', pod: 'web', container: 'app' }, {}, new AbortController().signal);
    if ('lines' in open) for await (const line of open.lines) lines.push(line);
  } finally {
    await client.close();
    await new Promise((resolve) => server.close(resolve));
  }
  return lines;
}

test('times of any zone and precision compare as text, and are no part of the line', async () => {
  const lines = await linesOf(
    '2026-11-22T08:00:00.5Z   in',
    'dented\n2026-11-22T10:00:00.6+02:00 zone\n2026-11-22T08:00:01Z\nno time\n2026-11-22T08:00:02.123456789Z end',
  );
  expect(lines).toEqual([
    { time: '2026-11-22T08:00:00.500000000Z', text: '  indented' },
    { time: '2026-11-22T08:00:00.600000000Z', text: 'zone' },
    { time: '2026-11-22T08:00:01.000000000Z', text: '' },
    { time: '', text: 'no time' },
    { time: '2026-11-22T08:00:02.123456789Z', text: 'end' },
  ]);
});

test('what a program prints steers no terminal', async () => {
  const [line] = await linesOf('2026-11-22T08:00:00Z \u001b[31mred\u001b[0m\t\u001b]0;title\u0007tab\r\n');
  expect(line?.text).toBe('red\ttab');
});

test('a line without an end comes in pieces of its one moment', async () => {
  const long = 'x'.repeat(1_000_000);
  const lines = await linesOf('2026-11-22T08:00:00Z ', long, '\n2026-11-22T08:00:01Z next\n');
  expect(lines.map(({ text }) => text).join('')).toBe(`${long}next`);
  expect(lines.length).toBeGreaterThan(3);
  expect(new Set(lines.map(({ time }) => time)).size).toBe(2);
  expect(Math.max(...lines.map(({ text }) => text.length))).toBeLessThan(400_000);
});
