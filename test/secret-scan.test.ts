import { deflateRawSync, gzipSync } from 'node:zlib';
import { holds } from './scenarios/secret-scan';

const secret = 'canary-7f3k2-javelin';

test.each<readonly [string, Buffer]>([
  ['as it is', Buffer.from(`a ${secret} b`)],
  ...[0, 1, 2].map(
    (before) => [`in base64, behind ${before}`, Buffer.from(Buffer.from(`${'x'.repeat(before)}${secret}yz`).toString('base64'))] as const,
  ),
  ['in hex', Buffer.from(Buffer.from(secret).toString('hex'))],
  ['in gzip', gzipSync(`a ${secret}`)],
  ['in base64 in gzip in gzip', gzipSync(gzipSync(Buffer.from(`12${secret}`).toString('base64')))],
  ['in gzip in base64 in JSON', Buffer.from(JSON.stringify({ state: gzipSync(`a ${secret}`).toString('base64') }))],
  ['in a zip', zip(`{"a":"${secret}"}`)],
])('a secret is found %s', (_, bytes) => {
  expect(holds(bytes, secret)).toBe(true);
});

test.each([
  ['JSON', JSON.stringify({ url: 'x:c4n4ry/"with":+signs@host' })],
  ['a URL', `https://x:${encodeURIComponent('c4n4ry/"with":+signs')}@host`],
])('one with quotes and slashes is found as %s writes it', (_, text) => {
  expect(holds(Buffer.from(text), 'c4n4ry/"with":+signs')).toBe(true);
});

test('another one is not', () => {
  expect(holds(zip(gzipSync('canary-of-another').toString('latin1')), secret)).toBe(false);
});

/** One deflated entry, whose length stands behind it. */
function zip(text: string): Buffer {
  const head = Buffer.alloc(30);
  head.write('PK\x03\x04', 'latin1');
  head.writeUInt16LE(8, 8);
  head.writeUInt16LE(1, 26);
  return Buffer.concat([head, Buffer.from('f'), deflateRawSync(text), Buffer.alloc(16)]);
}
