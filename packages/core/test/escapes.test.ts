import { withoutEscapes } from '../src/escapes';

test.each([
  ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
  ['what moves the cursor', 'a\u001b[2J\u001b[10;10Hb', 'ab'],
  ['a title', '\u001b]0;owned\u0007done', 'done'],
  ['a link', '\u001b]8;;https://evil.example\u001b\\here\u001b]8;;\u001b\\', 'here'],
  ['those of eight bits', '\u009b31mred\u009d0;owned\u009c', 'red'],
  ['a reset, and another set of letters', '\u001bc\u001b(Ba', 'a'],
])('%s go', (_, text, left) => {
  expect(withoutEscapes(text)).toBe(left);
});

test('what stands behind a title that never ends can be read', () => {
  expect(withoutEscapes('\u001b]0;panic: no database')).toBe('0;panic: no database');
});
