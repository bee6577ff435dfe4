import { viewsOf } from '../src/unescape';

const seen = (text: string) => viewsOf(text).map((view) => view.text);

test.each<[string, string, string]>([
  ['JSON', String.raw`say \"hi\"\n\u00fc\/`, 'say "hi"\nü/'],
  ['JSON in JSON', String.raw`{\"a\":\"say \\\"hi\\\"\"}`, '{"a":"say "hi""}'],
  ['an address', 'a%20b%2Fc%c3%bc', 'a b/cü'],
  ['an address in an address', 'a%2520b', 'a b'],
  ['a form', 'a+b%3D', 'a b='],
  ['JSON in an address', '%5C%22hi%5C%22', '"hi"'],
])('%s is read as what it means', (_, text, meant) => {
  expect(seen(text)).toContain(meant);
});

test('what is found in a view is found in the text', () => {
  const text = String.raw`x \"pass\u0077ord\" y`;
  const view = viewsOf(text).find((one) => one.text.includes('password'));
  const at = view?.text.indexOf('password') ?? -1;
  const span = view?.spanOf(at, at + 'password'.length);
  expect(text.slice(span?.from, span?.to)).toBe(String.raw`pass\u0077ord`);
});

test('bytes that are no text, and signs that escape nothing, stay as they are', () => {
  expect(seen('%ff%fe 100% \\')).toContain('%ff%fe 100% \\');
  expect(seen('plain')).toEqual(['plain']);
});
