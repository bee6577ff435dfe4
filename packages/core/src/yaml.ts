// JSON as YAML that every reader takes alike, YAML 1.1 and 1.2: whatever one of them might take for something else is quoted.
import { isObject, type Json, type JsonObject } from './json';

/** The value as one YAML document, ending with a line break. Keys in the order of the object. */
export function toYaml(value: Json): string {
  if (isObject(value) && Object.keys(value).length > 0) return block(value, '');
  if (Array.isArray(value) && value.length > 0) return list(value, '');
  return `${scalar(value)}\n`;
}

/** The values as one stream of YAML documents, each after a `---`. */
export function toYamlStream(values: readonly Json[]): string {
  return values.map((value) => `---\n${toYaml(value)}`).join('');
}

function block(object: JsonObject, indent: string): string {
  let text = '';
  for (const key of Object.keys(object)) text += `${indent}${plainOrQuoted(key)}:${after(object[key] as Json, indent)}`;
  return text;
}

function list(items: readonly Json[], indent: string): string {
  let text = '';
  for (const item of items) {
    const inner = isObject(item) && Object.keys(item).length > 0 ? block(item, `${indent}  `) : undefined;
    // The first key stands on the line of the dash.
    text += inner === undefined ? `${indent}-${after(item, indent)}` : `${indent}- ${inner.slice(indent.length + 2)}`;
  }
  return text;
}

/** What stands behind a key or a dash, with its line break. */
function after(value: Json, indent: string): string {
  if (isObject(value) && Object.keys(value).length > 0) return `\n${block(value, `${indent}  `)}`;
  if (Array.isArray(value) && value.length > 0) return `\n${list(value, `${indent}  `)}`;
  if (typeof value === 'string' && isProse(value)) return literal(value, indent);
  return ` ${scalar(value)}\n`;
}

function scalar(value: Json): string {
  if (typeof value === 'string') return plainOrQuoted(value);
  if (Array.isArray(value)) return '[]';
  if (isObject(value)) return '{}';
  return typeof value === 'number' ? number(value) : String(value);
}

/** 1e+21 has no dot, so YAML 1.1 would read a string. */
function number(value: number): string {
  const text = String(value);
  return /e/.test(text) && !text.includes('.') ? text.replace('e', '.0e') : text;
}

/** Words that some reader takes for a boolean or null. */
const notPlain = new Set(['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null', 'nan', 'inf']);

/** `e1`: a number to a reader of YAML 1.1 that wants no digits before the exponent (npm's yaml). */
const looksLikeExponent = /^e[-+]?\d/i;

function plainOrQuoted(text: string): string {
  // Only letters first: no number, date, time, tag, anchor or indicator begins so. A colon is safe only inside a word, as in image:tag.
  const isPlain =
    /^[A-Za-z_/][\w./@+-]*(?:[: ][\w./@+-]+)*$/.test(text) && !notPlain.has(text.toLowerCase()) && !looksLikeExponent.test(text);
  return isPlain ? text : quoted(text);
}

/** JSON's strings are YAML's double-quoted ones, but for three characters that YAML takes for line breaks or refuses. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Several lines of ordinary text read better as a block. */
function isProse(text: string): boolean {
  return (
    text.includes('\n') &&
    /^[\t\n\x20-\x7e\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe]*$/.test(text) &&
    !/^[\s]/.test(text) &&
    !/[ \t]$/m.test(text) &&
    !text.endsWith('\n\n') &&
    !text.includes('\t')
  );
}

function literal(text: string, indent: string): string {
  const chomp = text.endsWith('\n') ? '' : '-';
  const lines = (chomp ? text : text.slice(0, -1)).split('\n');
  return ` |${chomp}\n${lines.map((line) => (line === '' ? '' : `${indent}  ${line}`)).join('\n')}\n`;
}
