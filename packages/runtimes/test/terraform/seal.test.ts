import { KonfigError } from '@konfig/core';
import { assert as check, property, string, uint8Array } from 'fast-check';
import { readKeys, seal, unseal } from '../../src/terraform/seal';

const whose = { stack: 'shop/dev', id: 'terraform:Terraform/a' };
const bad = (message: string, hint: string) => new KonfigError({ code: 'TARGET_CONFIG', message, hint });
const keysOf = (own: Uint8Array, ...old: Uint8Array[]) =>
  readKeys(
    Buffer.from(own).toString('base64'),
    old.map((one) => Buffer.from(one).toString('base64')),
    bad,
  );
const key = () => uint8Array({ minLength: 32, maxLength: 32 });

test('what was sealed is read again, and shows nothing of itself', () => {
  check(
    property(key(), string({ minLength: 12 }), (bytes, text) => {
      const sealed = seal(whose, text, keysOf(bytes));
      expect(unseal(whose, sealed, keysOf(bytes))).toBe(text);
      expect(Buffer.from(sealed).includes(text)).toBe(false);
      expect(Buffer.from(sealed).includes(Buffer.from(bytes))).toBe(false);
    }),
  );
});

test('two seals of one text are two texts', () => {
  const keys = keysOf(new Uint8Array(32).fill(1));
  expect(seal(whose, 'text', keys)).not.toEqual(seal(whose, 'text', keys));
});

test('a bit that was turned anywhere behind the name of the key is noticed, and so is a byte that is missing', () => {
  const keys = keysOf(new Uint8Array(32).fill(7));
  const sealed = seal(whose, '{"state":1}', keys);
  for (let at = 12; at < sealed.length; at++) {
    const turned = Uint8Array.from(sealed);
    turned[at] = (turned[at] as number) ^ 1;
    expect(() => unseal(whose, turned, keys)).toThrow(/RECORD_CORRUPT/);
  }
  for (const length of [4, 11, 24, sealed.length - 1])
    expect(() => unseal(whose, sealed.subarray(0, length), keys)).toThrow(/RECORD_CORRUPT/);
});

test.each([
  ['another resource', { ...whose, id: 'terraform:Terraform/b' }],
  ['another stack', { ...whose, stack: 'shop/prod' }],
  ['another project', { ...whose, stack: 'blog/dev' }],
])('what was sealed for one is nothing for %s', (_, other) => {
  const keys = keysOf(new Uint8Array(32).fill(7));
  expect(() => unseal(other, seal(whose, 'text', keys), keys)).toThrow(/belongs to another stack/);
});

test('another key is told by its name; an old one still reads, and what is written next has the new one', () => {
  const [first, second] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const sealed = seal(whose, 'text', keysOf(first));
  expect(() => unseal(whose, sealed, keysOf(second))).toThrow(
    /TARGET_CONFIG {2}terraform:Terraform\/a: The state of .* was sealed with the key [0-9a-f]{16}, which is not among/,
  );
  expect(() => unseal(whose, sealed, { old: [] })).toThrow(/which its target does not name/);
  const rotated = keysOf(second, first);
  expect(unseal(whose, sealed, rotated)).toBe('text');
  expect(unseal(whose, seal(whose, 'text', rotated), keysOf(second))).toBe('text');
});

test('without a key it is kept as it is', () => {
  expect(Buffer.from(seal(whose, '{"a":1}', { old: [] })).toString()).toBe('{"a":1}');
});

test('a key has 32 bytes, and its text is in no message', () => {
  expect(() => readKeys('c2hvcnQ=', undefined, bad)).toThrow('its stateKey holds 5 bytes, and a key has 32, in base64.');
  expect(() => readKeys('c2hvcnQ=', undefined, bad)).not.toThrow('c2hvcnQ');
});

test('a key that was taken away leaves no state to be written in clear: the next one must be named', () => {
  expect(() => readKeys(undefined, [Buffer.alloc(32, 1).toString('base64')], bad)).toThrow('it has oldStateKeys and no stateKey.');
});
