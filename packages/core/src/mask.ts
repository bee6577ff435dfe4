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
  /** From here on these are masked too. `from` says to people where they come from: `the environment variable DB_PASSWORD`. */
  add(secrets: readonly string[], from?: string): void;
  /** Where a secret comes from that stands in this text as a whole, encoded or not; undefined for none, and for one of which that was not said. */
  sourceIn(text: string): string | undefined;
}

/** The encodings of a machine, which core does without: of the text as UTF-8. */
export interface Encodings {
  readonly base64: (text: string) => string;
  readonly hex: (text: string) => string;
  /** What was packed by gzip and stands in base64, as far as it can be read; undefined where it is none. Default: nothing is unpacked. */
  readonly gunzip?: (base64: string) => string | undefined;
}

/** A mask of these secrets, to which more can be added. */
export function maskOf(secrets: readonly string[], encodings: Encodings): GrowingMask {
  const known = new Set<string>();
  const needles: Needles = new Map();
  const named: Needles = new Map();
  const sources = new Map<string, string>();
  const knownByName = new Set<string>();
  const text = (input: string) => (needles.size === 0 ? input : maskText(maskPacked(input, needles, encodings), needles));
  const add = (more: readonly string[], from?: string) => {
    for (const secret of more) {
      if (!known.has(secret)) for (const form of formsOf(linesOf(secret), encodings)) addNeedle(needles, form);
      known.add(secret);
      if (from === undefined || knownByName.has(secret)) continue;
      knownByName.add(secret);
      for (const form of formsOf([secret, secret.trim()], encodings)) {
        addNeedle(named, form);
        sources.set(form, from);
      }
    }
  };
  const sourceIn = (input: string) => {
    const [first] = named.size === 0 ? [] : hitsIn(input, named, wholeEnd);
    return first && sources.get(first.needle);
  };
  add(secrets);
  return { text, add, sourceIn, json: <T extends Json>(value: T) => (needles.size === 0 ? value : (maskJson(value, text) as T)) };
}

/** What is looked for, by how it begins: a Secret may hold thousands of lines, and every line of a log is looked through. */
type Needles = Map<string, Set<string>>;

function addNeedle(needles: Needles, form: string): void {
  const begin = form.slice(0, shortestMasked);
  needles.set(begin, (needles.get(begin) ?? new Set()).add(form));
}

/** A secret, and each of its lines. */
function linesOf(secret: string): readonly string[] {
  return [secret, secret.trim(), ...secret.split(/\r?\n/).map((line) => line.trim())];
}

/** Texts as they may show up once escapes are read: as they are, in base64 (also within a longer text), in hex. */
function formsOf(plain: readonly string[], encodings: Encodings): readonly string[] {
  const long = [...new Set(plain)].filter((form) => form.trim().length >= shortestMasked);
  return long
    .flatMap((form) => [form, ...casesOf(form), ...escapedForms(form), ...encodedForms(form, encodings)])
    .filter((form) => form.length >= shortestMasked);
}

/** In capitals and small letters, as templates write names. Not of a word: what is a password here is an innocent text elsewhere. */
function casesOf(form: string): readonly string[] {
  const isWord = !/\d/.test(form) || !/[a-z]/i.test(form);
  return isWord ? [] : [form.toUpperCase(), form.toLowerCase()];
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

interface Hit {
  readonly from: number;
  readonly to: number;
  readonly needle: string;
}

/** Where one ends that begins here; undefined for none. */
type EndOf = (seen: string, at: number, needle: string) => number | undefined;

const wholeEnd: EndOf = (seen, at, needle) => (seen.startsWith(needle, at) ? at + needle.length : undefined);

/** All needles are looked for in the text as it was: one may lie across another. */
function hitsIn(text: string, needles: Needles, endOf: EndOf): Hit[] {
  return viewsOf(text).flatMap(({ text: seen, spanOf }) => {
    const hits: Hit[] = [];
    for (let at = 0; at + shortestMasked <= seen.length; at++) {
      for (const needle of needles.get(seen.slice(at, at + shortestMasked)) ?? []) {
        const end = endOf(seen, at, needle);
        if (end !== undefined) hits.push({ ...spanOf(at, end), needle });
      }
    }
    return hits;
  });
}

function maskText(text: string, needles: Needles): string {
  const found = hitsIn(text, needles, (seen, at, needle) => wholeEnd(seen, at, needle) ?? cutEnd(seen, at, needle));
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

/** The first bytes of gzip in base64. */
const packed = /H4sI[A-Za-z0-9+/_-]{12,}={0,2}/g;

/** What was packed with a secret in it goes whole. */
function maskPacked(text: string, needles: Needles, { gunzip }: Encodings): string {
  if (!gunzip || !text.includes('H4sI')) return text;
  return text.replace(packed, (whole) => {
    const inside = gunzip(whole) ?? '';
    return maskText(inside, needles) === inside ? whole : masked;
  });
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
