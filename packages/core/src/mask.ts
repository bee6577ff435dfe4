// Taint by value: what came from a secret source is masked wherever it shows up, also encoded.
import { isObject, type Json, setOwn } from './json';

/** Values shorter than this are masked by position only: replacing every "a" in a text helps nobody. */
export const shortestMasked = 6;

/** What stands in place of a secret. */
export const masked = '(secret)';

/** Replaces secrets in texts and in anything made of texts. */
export interface Mask {
  text(text: string): string;
  json<T extends Json>(value: T): T;
}

/** `base64` is given, since core does without Node. */
export function maskOf(secrets: readonly string[], base64: (text: string) => string): Mask {
  const needles = [...new Set(secrets.flatMap((secret) => formsOf(secret, base64)))]
    .filter((form) => form.length >= shortestMasked)
    .sort((a, b) => b.length - a.length);
  const text = (input: string) => needles.reduce((now, needle) => (now.includes(needle) ? now.split(needle).join(masked) : now), input);
  return { text, json: <T extends Json>(value: T) => maskJson(value, text) as T };
}

/** A secret as it may show up: as it is, line by line, base64, JSON-escaped, URL-escaped. */
function formsOf(secret: string, base64: (text: string) => string): readonly string[] {
  const plain = [secret, ...secret.split(/\r?\n/).map((line) => line.trim())].filter((form) => form.length >= shortestMasked);
  return plain.flatMap((form) => [
    form,
    base64(form),
    base64(`${form}\n`),
    JSON.stringify(form).slice(1, -1),
    encodeURIComponent(form.toWellFormed()),
    encodeURIComponent(form.toWellFormed()).replaceAll('%20', '+'),
  ]);
}

function maskJson(value: Json, text: (input: string) => string): Json {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map((item) => maskJson(item, text));
  if (!isObject(value)) return value;
  const copy: Record<string, Json> = {};
  for (const [key, child] of Object.entries(value)) setOwn(copy, text(key), maskJson(child, text));
  return copy;
}
