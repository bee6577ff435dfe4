// JSON of Terraform, whose numbers have as many digits as they need: an account's number beyond 2^53 must not become another account's.
import type { Json, JsonObject } from '@konfig/core';

/** The value of a JSON text. A number that JavaScript cannot tell from others is the text of its digits. */
export function parseNumbers(text: string): Json {
  return JSON.parse(withWide(text, (digits) => `"${digits}"`)) as Json;
}

/** The JSON text of what `change` makes of it, with each number as it was written. */
export function rewriteJson(text: string, change: (value: JsonObject) => JsonObject): string {
  const value = JSON.parse(withWide(text, (digits) => `"${mark}${digits}"`)) as JsonObject;
  return JSON.stringify(change(value), undefined, 2).replace(marked, '$1');
}

// No text of Terraform begins with it.
const mark = '\\u0000';
const marked = /"\\u0000(-?\d[\d.eE+-]*)"/g;

/** With something else in the place of each number that would not be the same afterwards. */
function withWide(text: string, replace: (digits: string) => string): string {
  if (!mayHoldWide.test(text)) return text;
  return text.replace(textOrNumber, (token) => (token.startsWith('"') || !isWide(token) ? token : replace(token)));
}

const mayHoldWide = /[[:,\s]-?(?:[\d.]{16}|[\d.]+[eE])/;
const textOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** From here on JavaScript writes numbers in another form. */
const largest = 1e21;

function isWide(token: string): boolean {
  const number = Number(token);
  return Math.abs(number) >= largest || decimal(String(number)) !== decimal(token);
}

/** Equal for texts of the same number: its digits, and where the point is. */
function decimal(text: string): string {
  const [, sign, whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const telling = digits.replace(/0+$/, '');
  return telling === '' ? '0' : `${sign}${telling}e${Number(exponent) - fraction.length + digits.length - telling.length}`;
}
