// Taint by value: what came from a secret source is masked wherever it shows up, also encoded.
import { isObject, type Json, setOwn } from './json';

/** Values shorter than this are masked by position only: replacing every "a" in a text helps nobody. */
const shortestMasked = 6;

/** What stands in place of a secret. */
export const masked = '(secret)';

/** Replaces secrets in texts and in anything made of texts. */
export interface Mask {
  text(text: string): string;
  json<T extends Json>(value: T): T;
}

/** The mask of these secrets, also where they stand encoded. `base64` is given, since core does without Node. */
export function maskOf(secrets: readonly string[], base64: (text: string) => string): Mask {
  const needles = [...new Set(secrets.flatMap((secret) => formsOf(secret, base64)))].filter((form) => form.length >= shortestMasked);
  if (needles.length === 0) return { text: (input) => input, json: (value) => value };
  const text = (input: string) => maskText(input, needles);
  return { text, json: <T extends Json>(value: T) => maskJson(value, text) as T };
}

/** A secret as it may show up: as it is, line by line, base64 (also within a longer text), JSON-escaped, URL-escaped. */
function formsOf(secret: string, base64: (text: string) => string): readonly string[] {
  const plain = [secret, ...secret.split(/\r?\n/).map((line) => line.trim())].filter((form) => form.length >= shortestMasked);
  return plain.flatMap((form) => {
    const encoded = [base64(form), base64(`${form}\n`), ...base64Within(form, base64)];
    return [
      form,
      ...encoded,
      ...encoded.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
      JSON.stringify(form).slice(1, -1),
      JSON.stringify(JSON.stringify(form)).slice(3, -3),
      encodeURIComponent(form.toWellFormed()),
      encodeURIComponent(form.toWellFormed()).replaceAll('%20', '+'),
    ];
  });
}

/**
 * What stays the same of a text's base64 wherever the text begins in a longer one. Three bytes make four characters, so it may
 * begin at three places; the characters at both ends that it shares with its neighbours are left out.
 */
function base64Within(form: string, base64: (text: string) => string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const text = base64('\0'.repeat(before) + form);
    const shared = text.endsWith('==') ? 3 : text.endsWith('=') ? 2 : 0;
    return text.slice(before === 0 ? 0 : before + 1, shared === 0 ? undefined : -shared);
  });
}

/** All needles are looked for in the text as it was: one may lie across another. */
function maskText(text: string, needles: readonly string[]): string {
  const found: { readonly from: number; readonly to: number }[] = [];
  for (const needle of needles) {
    for (let from = text.indexOf(needle); from >= 0; from = text.indexOf(needle, from + 1)) found.push({ from, to: from + needle.length });
  }
  if (found.length === 0) return text;
  found.sort((a, b) => a.from - b.from);
  let result = '';
  let end = 0;
  for (const { from, to } of found) {
    if (from >= end) result += text.slice(end, from) + masked;
    end = Math.max(end, to);
  }
  return result + text.slice(end);
}

function maskJson(value: Json, text: (input: string) => string): Json {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map((item) => maskJson(item, text));
  if (!isObject(value)) return value;
  const copy: Record<string, Json> = {};
  for (const [key, child] of Object.entries(value)) setOwn(copy, text(key), maskJson(child, text));
  return copy;
}
