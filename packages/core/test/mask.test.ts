import { constants, gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { maskOf } from '../src/mask';

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');
const encodings = { base64, hex: (text: string) => Buffer.from(text, 'utf8').toString('hex') };

test('a secret is masked as it is, line by line, escaped and encoded', () => {
  const mask = maskOf(['pass/word "1"\nsecond line'], encodings);
  const whole = 'pass/word "1"\nsecond line';
  expect(mask.text(`a ${whole} b`)).toBe('a (secret) b');
  expect(mask.text('only second line here')).toBe('only (secret) here');
  expect(mask.text(base64(whole))).toBe('(secret)');
  expect(mask.text(JSON.stringify({ a: whole }))).toBe('{"a":"(secret)"}');
  expect(mask.text(encodeURIComponent(whole))).toBe('(secret)');
});

test('a secret is masked in capitals and small letters too, but for a word', () => {
  const mask = maskOf(['aB3xK9qLm2', 'Password'], encodings);
  expect(mask.text('AB3XK9QLM2 ab3xk9qlm2 password')).toBe('(secret) (secret) password');
});

test('a secret that was packed is masked with all that lies around it, also where it was cut off; another packed text is left', () => {
  const packed = (text: string) => gzipSync(text).toString('base64');
  const unpacking = {
    ...encodings,
    gunzip: (text: string) => gunzipSync(Buffer.from(text, 'base64'), { finishFlush: constants.Z_SYNC_FLUSH }).toString(),
  };
  const mask = maskOf(['correct horse'], unpacking);
  const [secret, other] = [packed(`#cloud-config: correct horse, ${'x'.repeat(2000)}`), packed('nothing to hide here')];
  expect(mask.text(`${secret} ${other}`)).toBe(`(secret) ${other}`);
  expect(mask.text(`user_data ${packed('correct horse battery').slice(0, -8)}…`)).toBe('user_data (secret)…');
});

test('secrets that lie across each other go as one', () => {
  expect(maskOf(['abcdef', 'defghi'], encodings).text('x abcdefghi y')).toBe('x (secret) y');
});

test('what is short is left alone, and keys are masked as well', () => {
  const mask = maskOf(['a', '12345', 'hunter2'], encodings);
  expect(mask.text('a 12345')).toBe('a 12345');
  expect(mask.json({ hunter2: ['hunter2', 1, null] })).toEqual({ '(secret)': ['(secret)', 1, null] });
});

test('each line of a certificate is masked, and a mask learns', () => {
  const mask = maskOf([], encodings);
  mask.add(['-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nabcd\n-----END KEY-----\n']);
  expect(mask.text('the line MIIEvQIBADANBgkq is wrong, in hex 4d4949457651494241')).toBe(
    'the line (secret) is wrong, in hex 4d4949457651494241',
  );
  expect(mask.text(Buffer.from('MIIEvQIBADANBgkq').toString('hex'))).toBe('(secret)');
  expect(mask.json({ port: 1234567, text: 'abcd' })).toEqual({ port: 1234567, text: 'abcd' });
  mask.add(['1234567']);
  expect(mask.json({ port: 1234567 })).toEqual({ port: '(secret)' });
});

test('a Secret of many lines costs a text little', () => {
  const lines = Array.from({ length: 10_000 }, (_, i) => `line ${i} of a long certificate`);
  const mask = maskOf([lines.join('\n')], encodings);
  const start = performance.now();
  for (let i = 0; i < 1000; i++) mask.text(`2026-11-22 12:00:00 a line of a log that is as long as they are nowadays, number ${i}`);
  // A search for each of them would take minutes.
  expect(performance.now() - start).toBeLessThan(2000);
  expect(mask.text(`> ${lines[9999]} <`)).toBe('> (secret) <');
});

test.each(['…', '...'])('a secret that was cut through is masked up to the cut: %s', (cut) => {
  const mask = maskOf(['correct horse', '"quoted" battery'], encodings);
  expect(mask.text(`Bad request: {"pin":"correct ho${cut}`)).toBe(`Bad request: {"pin":"(secret)${cut}`);
  expect(mask.text(`it was {"pin":"\\"quoted\\" bat${cut} and more`)).toBe(`it was {"pin":"(secret)${cut} and more`);
  expect(mask.text(`${base64('correct horse').slice(0, 9)}${cut}`)).toBe(`(secret)${cut}`);
  expect(mask.text(`correct hose${cut} corre${cut}`)).toBe(`correct hose${cut} corre${cut}`);
});

test('without secrets nothing is touched', () => {
  const value = { a: ['b'] };
  expect(maskOf([], encodings).json(value)).toBe(value);
});

const secret = fc
  .string({ unit: fc.constantFrom(...'abcXYZ019+/="\\ ü€😀%&'), minLength: 6, maxLength: 24 })
  .filter((text) => text.trim().length >= 6);
const around = fc.string({ unit: 'grapheme', maxLength: 12 });

test('no secret survives, in none of its forms, wherever it stands', () => {
  fc.assert(
    fc.property(fc.array(secret, { minLength: 1, maxLength: 3 }), around, around, (secrets, before, after) => {
      const mask = maskOf(secrets, encodings);
      for (const one of secrets) {
        for (const form of [one, base64(one), JSON.stringify(one).slice(1, -1), encodeURIComponent(one)]) {
          const text = mask.text(`${before}${form}${after}`);
          expect(text).not.toContain(form);
          expect(JSON.stringify(mask.json({ [form]: [`${before}${form}`] }))).not.toContain(JSON.stringify(form).slice(1, -1));
        }
      }
    }),
  );
});

test('no secret can be read out of the base64 of a longer text', () => {
  fc.assert(
    fc.property(secret, around, around, (one, before, after) => {
      const text = maskOf([one], encodings).text(base64(`${before}${one}${after}`));
      for (const piece of text.split('(secret)')) expect(Buffer.from(piece, 'base64').toString('utf8')).not.toContain(one);
      expect(text).toContain('(secret)');
    }),
  );
});

test('where a secret comes from is told of a text that holds it as a whole, however it is written', () => {
  const mask = maskOf(['of-no-name'], encodings);
  mask.add(['first line\nsecond line', 'tiny'], 'the file key.pem');
  mask.add(['hunter22'], 'the environment variable PIN');
  mask.add(['hunter22'], 'something else');
  const sources = [
    'x-hunter22-y',
    base64('a hunter22'),
    JSON.stringify('first line\nsecond line'),
    'second line',
    'tiny',
    'hunter2…',
    'of-no-name',
  ];
  expect(sources.map((text) => mask.sourceIn(text))).toEqual([
    'the environment variable PIN',
    'the environment variable PIN',
    'the file key.pem',
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
