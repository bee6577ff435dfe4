// What a workspace says of a service: where it is, and how to get in.
import { didYouMean, isObject, type Json, type JsonObject, KonfigError, type Target } from '@konfig/core';

/** A target's config, checked. */
export interface ServiceTarget {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token?: string;
  /** Texts in PEM. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

const known = ['url', 'token', 'tls', 'types'];

/** Secrets in it are filled in by now. */
export function readTarget(name: string, { config }: Target): ServiceTarget {
  const bad = (message: string, hint: string) => new KonfigError({ code: 'TARGET_CONFIG', message: `Target ${name}: ${message}`, hint });
  const unknown = Object.keys(config).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw bad(`it has ${unknown}, which means nothing.`, `${didYouMean(unknown, known)}It takes url, token and tls.`);
  const url = readUrl(config.url, bad);
  const { token, tls } = config;
  if (token !== undefined && !isVisible(token))
    throw bad('its token is no text that a header can carry.', 'Is there a line break in it? Give the token alone.');
  return { url, ...(token === undefined ? {} : { token: token as string }), ...(tls === undefined ? {} : { tls: readTls(tls, bad) }) };
}

type Bad = (message: string, hint: string) => KonfigError;

function readUrl(url: Json | undefined, bad: Bad): string {
  if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw bad(`its url is ${JSON.stringify(url)}, which is no address.`, 'Write it as https://registry.example.');
  const { username, password, search, hash } = new URL(url);
  if (username || password)
    throw bad('its url holds a user or a password.', "Give the service a token: httpService({ url, token: secret.env('TOKEN') }).");
  if (search || hash)
    throw bad(`its url is ${JSON.stringify(url)}, with more than a path behind the host.`, 'Leave away what stands from ? or # on.');
  return url.replace(/\/+$/, '');
}

function isVisible(token: Json): boolean {
  return typeof token === 'string' && /^[\x21-\x7e]+$/.test(token);
}

function readTls(tls: Json, bad: Bad): NonNullable<ServiceTarget['tls']> {
  const texts: JsonObject = isObject(tls) ? tls : {};
  const wrong =
    !isObject(tls) || Object.entries(texts).some(([key, value]) => !['ca', 'cert', 'key'].includes(key) || typeof value !== 'string');
  if (wrong) throw bad('its tls is not understood.', 'It takes ca, cert and key, each a text in PEM.');
  return texts as NonNullable<ServiceTarget['tls']>;
}
