// Taint by value: what came from a secret source is masked wherever it shows up, also escaped or encoded.
import { isObject, type Json, setOwn } from './json';
import { viewsOf } from './unescape';

/** Values shorter than this are masked by position only: replacing every "a" in a text helps nobody. */
const shortestMasked = 6;

/** What stands in place of a secret. */
export const masked = '(secret)';

/** Replaces secrets in texts and in anything made of texts. */
export interface Mask {
  text(text: string): string;
  json<T extends Json>(value: T): T;
}

/** A mask that learns: some secrets are heard of only while work goes on. */
export interface GrowingMask extends Mask {
  /** From here on these are masked too. */
  add(secrets: readonly string[]): void;
}

/** The encodings of a machine, which core does without: of the text as UTF-8. */
export interface Encodings {
  readonly base64: (text: string) => string;
  readonly hex: (text: string) => string;
}

/** A mask of these secrets, to which more can be added. */
export function maskOf(secrets: readonly string[], encodings: Encodings): GrowingMask {
  const known = new Set<string>();
  const needles: Needles = new Map();
  const text = (input: string) => (needles.size === 0 ? input : maskText(input, needles));
  const add = (more: readonly string[]) => {
    for (const secret of more) {
      if (known.has(secret)) continue;
      known.add(secret);
      for (const form of formsOf(secret, encodings)) {
        const begin = form.slice(0, shortestMasked);
        needles.set(begin, (needles.get(begin) ?? new Set()).add(form));
      }
    }
  };
  add(secrets);
  return { text, add, json: <T extends Json>(value: T) => (needles.size === 0 ? value : (maskJson(value, text) as T)) };
}

/** What is looked for, by how it begins: a Secret may hold thousands of lines, and every line of a log is looked through. */
type Needles = Map<string, Set<string>>;

/** A secret as it may show up once escapes are read: as it is, line by line, in base64 (also within a longer text), in hex. */
function formsOf(secret: string, encodings: Encodings): readonly string[] {
  const plain = [secret, secret.trim(), ...secret.split(/\r?\n/).map((line) => line.trim())];
  const long = [...new Set(plain)].filter((form) => form.trim().length >= shortestMasked);
  return long
    .flatMap((form) => [form, ...escapedForms(form), ...encodedForms(form, encodings)])
    .filter((form) => form.length >= shortestMasked);
}

/** Views read any escape; these are looked for as they stand, since a sign before them may by chance be read as the beginning of one. */
function escapedForms(form: string): readonly string[] {
  return [JSON.stringify(form).slice(1, -1), encodeURIComponent(form.toWellFormed())];
}

function encodedForms(form: string, { base64, hex }: Encodings): readonly string[] {
  const inBase64 = [base64(form), base64(`${form}\n`), ...base64Within(form, base64)];
  return [...inBase64, ...inBase64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')), hex(form), hex(form).toUpperCase()];
}

/**
 * What stays the same of a text's base64 wherever the text begins in a longer one. Three bytes make four characters, so it may
 * begin at three places; the characters at both ends that it shares with its neighbours are left out.
 */
function base64Within(form: string, base64: Encodings['base64']): readonly string[] {
  return [0, 1, 2].map((before) => {
    const text = base64('\0'.repeat(before) + form);
    const shared = text.endsWith('==') ? 3 : text.endsWith('=') ? 2 : 0;
    return text.slice(before === 0 ? 0 : before + 1, shared === 0 ? undefined : -shared);
  });
}

/** All needles are looked for in the text as it was: one may lie across another. */
function maskText(text: string, needles: Needles): string {
  const found = viewsOf(text).flatMap(({ text: seen, spanOf }) => {
    const spans: { readonly from: number; readonly to: number }[] = [];
    for (let at = 0; at + shortestMasked <= seen.length; at++) {
      for (const needle of needles.get(seen.slice(at, at + shortestMasked)) ?? []) {
        const end = seen.startsWith(needle, at) ? at + needle.length : cutEnd(seen, at, needle);
        if (end !== undefined) spans.push(spanOf(at, end));
      }
    }
    return spans;
  });
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

/** Texts from outside are cut before they get here: where a secret stands there up to the cut. */
function cutEnd(seen: string, at: number, needle: string): number | undefined {
  let end = at + shortestMasked;
  while (end - at < needle.length && seen[end] === needle[end - at]) end++;
  return cuts.some((cut) => seen.startsWith(cut, end)) ? end : undefined;
}

const cuts = ['…', '...'];

function maskJson(value: Json, text: (input: string) => string): Json {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') return text(String(value)) === String(value) ? value : masked;
  if (Array.isArray(value)) return value.map((item) => maskJson(item, text));
  if (!isObject(value)) return value;
  const copy: Record<string, Json> = {};
  for (const [key, child] of Object.entries(value)) setOwn(copy, text(key), maskJson(child, text));
  return copy;
}
