// Numbers of Terraform that have more digits than JavaScript keeps.
import { parseNumbers, rewriteJson } from '../../src/terraform/number-text';

test.each(['0', '-1', '5432', '1.5', '1.50', '0.1', '9007199254740991', '9007199254740992', '1e-7', '0.0000001', '2E+3', '-0'])(
  '%s stays a number',
  (text) => {
    expect(parseNumbers(`{"n":${text}}`)).toEqual({ n: Number(text) });
  },
);

test.each([
  '9007199254740993',
  '-9007199254740993',
  '12345678901234567891',
  '123456789012345678901234567890.125',
  '1000000000000000000000',
  '0.12345678901234567890123',
  '1e400',
])('%s is the text of its digits', (text) => {
  expect(parseNumbers(`{"n": [${text}, 1]}`)).toEqual({ n: [text, 1] });
});

test('texts are left alone, whatever stands in them', () => {
  const value = { id: '9007199254740993', quoted: 'a "9007199254740993", [9007199254740993', slash: '\\', wide: '12345678901234567891' };
  expect(parseNumbers(JSON.stringify(value).replace('"12345678901234567891"', '12345678901234567891'))).toEqual(value);
});

test('what is rewritten has its numbers as they were', () => {
  const text = '{"serial": 1, "account": 9007199254740993, "text": "9007199254740993", "list": [1.5, -12345678901234567891]}';
  expect(rewriteJson(text, (value) => ({ ...value, serial: 2 })).replace(/\s+/g, '')).toBe(
    '{"serial":2,"account":9007199254740993,"text":"9007199254740993","list":[1.5,-12345678901234567891]}',
  );
});
