// Secrets in the KV engine, version 2, of HashiCorp Vault or OpenBao.
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isObject, type Json, type JsonObject, type SecretAnswer, type VaultSource } from '@konfig/core';
import { dispatcherTo, type TlsOptions } from '../proxy';
import { undici } from '../undici';
import { leafAt } from './leaf';
import { mostBytes, type OpenSource, type Operation, once, unread } from './source';

export const vault: OpenSource<VaultSource> = (operation) => {
  const fetch = once((place: Place, signal) => readVersion(place, operation, signal));
  return async ({ from: _, key, ...place }, signal) => {
    const found = await fetch(place, signal);
    return 'data' in found ? leafAt(found.data, [key]) : found.unread;
  };
};

type Place = Omit<VaultSource, 'from' | 'key'>;
type Found = { readonly data: JsonObject } | { readonly unread: SecretAnswer };

async function readVersion(place: Place, { env, atEnd }: Operation, signal: AbortSignal): Promise<Found> {
  const address = env.VAULT_ADDR?.trim();
  if (!address)
    return { unread: unread('cannot be asked for: VAULT_ADDR is not set', 'Set it: VAULT_ADDR=https://vault.example.com:8200 konfig …') };
  const token = tokenOf(env);
  if (!token) return { unread: unread('cannot be asked for: there is no token', 'Log in (vault login), or set VAULT_TOKEN.') };
  const url = addressOf(address, place);
  if (!url)
    return {
      unread: unread(
        `cannot be asked for: VAULT_ADDR is ${JSON.stringify(address)}`,
        'Write an address like https://vault.example.com:8200.',
      ),
    };
  const namespace = place.namespace ?? env.VAULT_NAMESPACE;
  const headers = { 'X-Vault-Request': 'true', 'X-Vault-Token': token, ...(namespace ? { 'X-Vault-Namespace': namespace } : {}) };
  try {
    const dispatcher = dispatcherTo(address, tlsOf(env), {}, env);
    atEnd(() => dispatcher.destroy());
    const answer = await undici().request(url, { headers, dispatcher, signal });
    return foundIn(answer.statusCode, await bodyOf(answer.body), { place, address, token });
  } catch (error) {
    if (signal.aborted) throw error;
    return { unread: unread(`cannot be asked for: ${address}: ${wordsOf(error)}`, 'Is VAULT_ADDR right, and the server up?', [token]) };
  }
}

/** As `vault` finds it: the environment first, then what `vault login` has left. */
function tokenOf(env: NodeJS.ProcessEnv): string | undefined {
  if (env.VAULT_TOKEN) return env.VAULT_TOKEN.trim();
  try {
    return readFileSync(join(env.HOME ?? homedir(), '.vault-token'), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Undefined where it is none. Each part by itself: a `..` would leave the mount. */
function addressOf(address: string, { mount = 'secret', path, version }: Place): URL | undefined {
  const parts = [...mount.split('/'), 'data', ...path.split('/')].filter((part) => part !== '');
  if (!/^https?:/.test(address) || !URL.canParse(address) || parts.some((part) => part === '.' || part === '..')) return undefined;
  const url = new URL(`${address.replace(/\/+$/, '')}/v1/${parts.map(encodeURIComponent).join('/')}`);
  if (version !== undefined) url.searchParams.set('version', String(version));
  return url;
}

function tlsOf({ VAULT_CACERT, VAULT_SKIP_VERIFY }: NodeJS.ProcessEnv): TlsOptions {
  const trusted = VAULT_CACERT ? { ca: readFileSync(VAULT_CACERT) } : {};
  const careless = /^(1|t|true)$/i.test(VAULT_SKIP_VERIFY ?? '') ? { rejectUnauthorized: false } : {};
  return { ...trusted, ...careless };
}

async function bodyOf(body: AsyncIterable<Uint8Array>): Promise<Json> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > 4 * mostBytes) throw new Error('the answer is larger than 4 MiB');
  }
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

interface Asked {
  readonly place: Place;
  readonly address: string;
  readonly token: string;
}

function foundIn(status: number, body: Json, { place, address, token }: Asked): Found {
  const { mount = 'secret', path, version } = place;
  const { data: outer } = isObject(body) ? body : {};
  const { data, metadata } = isObject(outer) ? outer : {};
  if (status === 200 && isObject(data)) return { data };
  const fail = (why: string, hint: string) => ({ unread: unread(why, hint, [token]) });
  if (status === 404 && isObject(metadata)) {
    return fail(
      `is not there: version ${String(metadata.version)} was deleted`,
      `vault kv undelete brings it back; or name another version.`,
    );
  }
  if (status === 404) {
    const what = version === undefined ? `nothing is at ${path}` : `${path} has no version ${version}`;
    return fail(
      `is not there: ${what} in the mount ${mount}`,
      `Is it a KV engine of version 2, and the path right? vault kv get -mount=${mount} ${path}`,
    );
  }
  const said = `${address} says ${status}${errorsIn(body)}`;
  if (status === 403)
    return fail(`may not be read: ${said}`, `Log in again (vault login), or ask for a policy with read on ${mount}/data/${path}.`);
  if (status === 200)
    return fail(`cannot be read: ${said}, with no secret of a KV engine of version 2`, 'Is it one of version 1, or another server?');
  return fail(
    `cannot be read: ${said}`,
    status === 503 ? 'It is sealed or not ready: ask whoever runs it.' : 'Try it by hand: vault kv get.',
  );
}

function errorsIn(body: Json): string {
  const errors = isObject(body) && Array.isArray(body.errors) ? body.errors.filter((one) => typeof one === 'string') : [];
  return errors.length === 0 ? '' : `: ${errors.join(', ')}`;
}

function wordsOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return message || code || String(error);
}
