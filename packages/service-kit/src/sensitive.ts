// Fields that are given and never told again: kept as salted digests, so that a plan can tell whether they change.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { type Json, type JsonObject, valueAt } from './json';

const digest = promisify(scrypt) as (text: string, salt: Buffer, length: number, options: { readonly N: number }) => Promise<Buffer>;
// Of high-entropy tokens mostly, and a plan compares hundreds of them: four milliseconds each.
const cost = { N: 1024 };

/** The digests of these fields of a config, where they have a value. */
export async function digestsOf(config: JsonObject, pointers: readonly string[]): Promise<{ readonly [pointer: string]: string }> {
  const given = pointers.flatMap((pointer) => {
    const value = valueAt(config, pointer);
    return value === undefined ? [] : [{ pointer, value }];
  });
  const entries = await Promise.all(
    given.map(async ({ pointer, value }) => {
      const salt = randomBytes(16);
      return [pointer, `${salt.toString('hex')}:${(await digest(JSON.stringify(value), salt, 32, cost)).toString('hex')}`] as const;
    }),
  );
  return Object.fromEntries(entries);
}

/** Is it the value that this digest was made of? */
export async function isDigestOf(kept: string | undefined, value: Json | undefined): Promise<boolean> {
  if (kept === undefined || value === undefined) return kept === value;
  const [salt = '', hash = ''] = kept.split(':');
  return timingSafeEqual(Buffer.from(hash, 'hex'), await digest(JSON.stringify(value), Buffer.from(salt, 'hex'), 32, cost));
}
