// What is kept of a stack, encrypted: AES-256-GCM with a nonce for each write. Whoever reads the store of releases reads no state.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { giveUpHint, isObject, type Json, KonfigError, type ResourceId, shortId, unreadKept } from '@konfig/core';

/** Read with any of them, written with the first. */
export interface Keys {
  /** Undefined: nothing can be sealed. */
  readonly own?: Key;
  readonly old: readonly Key[];
}

interface Key {
  readonly bytes: Buffer;
  /** Tells which key it was, and nothing else of it. */
  readonly id: Buffer;
}

// Format and version, which key, nonce; then what is sealed, then GCM's tag. Plain text begins with another byte.
const magic = Buffer.from('KFS1');
const [idLength, nonceLength, tagLength] = [8, 12, 16];
const headLength = magic.length + idLength + nonceLength;

/** The one resource that it is the state of. What was sealed for one is no other's. */
export interface Whose {
  /** `shop/prod` */
  readonly stack: string;
  readonly id: ResourceId;
}

type Bad = (message: string, hint: string) => KonfigError;

/** `stateKey` and `oldStateKeys` of a target. The texts of keys are in no message. */
export function readKeys(own: Json | undefined, old: Json | undefined, bad: Bad): Keys {
  const list = old ?? [];
  if (!Array.isArray(list)) throw bad('its oldStateKeys is no list.', "Write oldStateKeys: [secret.env('OLD_KEY')].");
  // What was sealed would be written in clear from then on.
  if (list.length > 0 && own === undefined)
    throw bad('it has oldStateKeys and no stateKey.', `Name the key that states are sealed with from now on; ${makeKeyCommand} makes one.`);
  return {
    ...(own === undefined ? {} : { own: readKey(own, 'stateKey', bad) }),
    old: list.map((one: Json) => readKey(one, 'oldStateKeys', bad)),
  };
}

function readKey(text: Json, field: string, bad: Bad): Key {
  const bytes = Buffer.from(typeof text === 'string' ? text.trim() : '', 'base64');
  if (bytes.length !== 32)
    throw bad(
      `its ${field} holds ${bytes.length} bytes, and a key has 32, in base64.`,
      `Make one with ${makeKeyCommand} and keep it where your secrets are.`,
    );
  return { bytes, id: createHash('sha256').update('konfig state key\0').update(bytes).digest().subarray(0, idLength) };
}

/** What makes a key. */
export const makeKeyCommand = 'openssl rand -base64 32';

export function isSealed(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, magic.length)).equals(magic);
}

/** What it was sealed with, in words: `sealed with the key 6abbf0fbea93a64a`. */
export function sealText(bytes: Uint8Array): string {
  return isSealed(bytes) ? sealedWith(keyIdOf(bytes)) : 'in clear';
}

/** What is written now will be sealed with, in the same words. */
export function ownSealText({ own }: Keys): string {
  return own ? sealedWith(own.id) : 'in clear';
}

function sealedWith(keyId: Uint8Array): string {
  return `sealed with the key ${Buffer.from(keyId).toString('hex')}`;
}

function keyIdOf(sealed: Uint8Array): Uint8Array {
  return sealed.subarray(magic.length, magic.length + idLength);
}

/** As it is where there is no key. */
export function seal(whose: Whose, text: string, { own }: Keys): Uint8Array {
  if (!own) return Buffer.from(text);
  const head = Buffer.concat([magic, own.id, randomBytes(nonceLength)]);
  const cipher = createCipheriv('aes-256-gcm', own.bytes, head.subarray(-nonceLength), { authTagLength: tagLength });
  cipher.setAAD(Buffer.concat([head, nameOf(whose)]));
  return Buffer.concat([head, cipher.update(gzipSync(text)), cipher.final(), cipher.getAuthTag()]);
}

/** Throws TARGET_CONFIG where the key is not there, and RECORD_CORRUPT where the bytes are not those that were sealed for this resource. */
export function unseal(whose: Whose, bytes: Uint8Array, { own, old }: Keys): string {
  if (!isSealed(bytes)) return Buffer.from(bytes).toString();
  const sealed = Buffer.from(bytes);
  const keyId = keyIdOf(sealed);
  const key = [...(own ? [own] : []), ...old].find((one) => one.id.equals(keyId));
  if (sealed.length >= headLength + tagLength && !key) throw keyMissing(whose.id, keyId, own !== undefined);
  try {
    const head = sealed.subarray(0, headLength);
    const decipher = createDecipheriv('aes-256-gcm', (key as Key).bytes, head.subarray(-nonceLength), { authTagLength: tagLength });
    decipher.setAAD(Buffer.concat([head, nameOf(whose)]));
    decipher.setAuthTag(sealed.subarray(-tagLength));
    return gunzipSync(Buffer.concat([decipher.update(sealed.subarray(headLength, -tagLength)), decipher.final()])).toString();
  } catch (cause) {
    throw unreadKept(whose.id, { why: 'it is not what was written, but was changed, cut off, or belongs to another stack', cause });
  }
}

/** No name of a stack or a resource has the byte between them. */
function nameOf({ stack, id }: Whose): Buffer {
  return Buffer.from(`${stack}\0${id}`);
}

function keyMissing(id: ResourceId, keyId: Uint8Array, hasKey: boolean): KonfigError {
  return new KonfigError({
    code: 'TARGET_CONFIG',
    message: `The state of ${shortId(id)} was ${sealedWith(keyId)}, which ${hasKey ? 'is not among those of its target' : 'its target does not name'}.`,
    hint: `Name it in the workspace: terraform({ ${hasKey ? "oldStateKeys: [secret.env('OLD_STATE_KEY')]" : "stateKey: secret.env('KONFIG_STATE_KEY')"} }). ${giveUpHint(id)}`,
    at: id,
  });
}

/** Is there a way to keep what nobody may read? */
export function canSeal({ own }: Keys): boolean {
  return own !== undefined;
}

/** A text of JSON, as an object; of anything else none. */
export function objectIn(text: string): { readonly [key: string]: Json } {
  const value: unknown = JSON.parse(text);
  return isObject(value) ? value : {};
}
