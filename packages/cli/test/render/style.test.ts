import { cleanText } from '../../src/render/clean-text';
import { ndjsonLine } from '../../src/render/ndjson';
import { asciiOf, colorOf, paintLine, toned } from '../../src/render/style';
import { cutEnd, cutMiddle, widthOf, wrapText } from '../../src/render/text-width';
import { agoText, countdownText, elapsedText, spanText } from '../../src/render/time-text';

test.each([
  ['a terminal has colours', {}, true, true],
  ['a pipe has none', {}, false, false],
  ['nor a dumb terminal', { TERM: 'dumb' }, true, false],
  ['NO_COLOR takes them away', { NO_COLOR: '1' }, true, false],
  ['an empty NO_COLOR does nothing', { NO_COLOR: '' }, true, true],
  ['FORCE_COLOR brings them to a pipe', { FORCE_COLOR: '1' }, false, true],
  ['FORCE_COLOR=0 takes them away', { FORCE_COLOR: '0' }, true, false],
  ['FORCE_COLOR wins over NO_COLOR', { FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
])('%s', (_, env, isTty, expected) => {
  expect(colorOf(env, isTty)).toBe(expected);
});

test('symbols are ASCII where the locale cannot show others; no locale at all says nothing', () => {
  expect([{ LANG: 'C' }, { LC_ALL: 'POSIX', LANG: 'en_US.UTF-8' }, { TERM: 'linux' }].map(asciiOf)).toEqual([true, true, true]);
  expect([{}, { LANG: 'de_DE.utf8' }, { LANG: '', LC_ALL: 'C.UTF-8' }].map(asciiOf)).toEqual([false, false, false]);
});

test('a line is cut before it is painted, and what comes from outside cannot paint', () => {
  const line = [toned('bad', 'red\u001b[32m'), ' and the rest'];
  expect(paintLine(line, { color: true }, 8)).toBe('\u001b[31mred\u001b[0m and\u001b[2m…\u001b[0m');
  expect(paintLine(line, { color: false })).toBe('red and the rest');
});

test.each([
  ['plain text', 'plain text'],
  ['\u001b[1;31mred\u001b[0m \u009b31mtoo', 'red too'],
  ['\u001b]8;;http://evil\u0007link\u001b]8;;\u0007', 'link'],
  ['\u001b\u001b[31m[31mnested', '[31mnested'],
  ['up\rdown\u0008\u0000', 'updown'],
  ['a\tb\nc', 'a  b c'],
  ['user\u202egnp.exe', 'usergnp.exe'],
  ['größe 日本 ✔', 'größe 日本 ✔'],
])('%j is shown as %j', (given, expected) => {
  expect(cleanText(given)).toBe(expected);
});

test('texts are measured and cut in columns, not in characters', () => {
  expect(['abc', '✔ ok', '日本', 'e\u0301', '👩‍👩‍👧'].map(widthOf)).toEqual([3, 4, 4, 1, 6]);
  expect(cutEnd('日本語', 5)).toBe('日本…');
  expect(cutMiddle('registry.example/shop:1.4.0', 15)).toBe('registr…p:1.4.0');
  expect(wrapText('  one two three', 12)).toEqual(['  one two', '  three']);
  expect(wrapText('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
});

test('times', () => {
  expect([0, 3999, 161_000, 3_723_000].map(elapsedText)).toEqual(['00:00', '00:03', '02:41', '1:02:03']);
  expect([31_000, 439_000].map(countdownText)).toEqual(['0:31', '7:19']);
  expect([0.04, 2.1, 9.96, 59.4, 59.6, 112, 3599.7, 7380, 90_000].map(spanText)).toEqual([
    '0s',
    '2.1s',
    '10s',
    '59s',
    '1m',
    '1m52s',
    '1h',
    '2h03m',
    '1d1h',
  ]);
  expect([1_000, 59_000, 3_599_000, 7_200_000, 200_000_000].map((past) => agoText(0, past))).toEqual([
    'just now',
    '59s ago',
    '59m ago',
    '2h ago',
    '2d ago',
  ]);
});

test('an event for programs is one line of JSON that no terminal obeys', () => {
  const line = ndjsonLine({ type: 'note', operation: 'run', sequence: 1, time: 5, message: 'a\nb\u001b[31m\u009b31m\u2028' });
  expect(line).toBe('{"type":"note","operation":"run","sequence":1,"time":5,"message":"a\\nb\\u001b[31m\\u009b31m\\u2028"}\n');
  expect(JSON.parse(line).message).toBe('a\nb\u001b[31m\u009b31m\u2028');
});
