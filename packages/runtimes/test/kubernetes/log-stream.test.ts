import { makeBookmark } from '../../src/kubernetes/log-stream';

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
