// What a plan file holds of each secret in its place: enough to tell later whether it is still the same.
import { randomBytes, scryptSync } from 'node:crypto';
import { hashOf } from './resolve';
import type { Secrets } from './secrets';

/** By the JSON of its source. */
export interface SecretPrints {
  readonly [source: string]: string;
}

/** With the key of the stack; undefined: it has none yet, since nothing of it was ever applied. */
export function printsOf({ values }: Secrets, hashKey: string | undefined): SecretPrints {
  return Object.fromEntries(
    [...values].map(([source, value]) => [source, hashKey === undefined ? slowPrint(value) : hashOf(value, hashKey)]),
  );
}

export function isPrintOf(print: string, value: string, hashKey: string): boolean {
  const [kind, salt] = print.split(' ');
  return print === (kind === slow && salt !== undefined ? slowPrint(value, salt) : hashOf(value, hashKey));
}

const slow = 'scrypt';

/** What it is salted with lies beside it. So it takes its time, as a hash of a password must. */
function slowPrint(value: string, salt = randomBytes(16).toString('hex')): string {
  const hash = scryptSync(value, Buffer.from(salt, 'hex'), 16, { N: 2 ** 16, r: 8, p: 1, maxmem: 2 ** 27 });
  return `${slow} ${salt} ${hash.toString('hex')}`;
}
