// A text that a program has made of values of Terraform, taken apart again: what JSON.stringify and base64 have done to the marks is done to the values later.
import type { Json } from '@konfig/core';
import { concat } from '../put-together';
import type { TerraformToken } from './library';
import { tokenAt } from './marks';

/** What is to stand for a value. */
export type Refer = (token: TerraformToken) => Json;

const pieces = {
  mark: /\$\{TfToken\[[\w:.-]+\]\}/,
  // In JSON.
  list: /\[\s*"#\{TfToken\[[\w:.-]+\]\}"\s*\]/,
  map: /\{\s*"&\{TfToken\[[\w:.-]+\]\}":\s*(?:"[^"]*"|-?\d+|true)\s*\}/,
  numbers: /\[\s*-\d\.\d+e\+2\d\d\s*\]/,
  number: /-\d\.\d+e\+2\d\d/,
  quoted: /"(?:[^"\\\r\n\t]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/,
  // The shortest mark has 19 characters, which are 26 and two signs of padding.
  base64: /[A-Za-z0-9+/]{26,}={0,2}/,
};

/** All that a value may stand in; where two begin at one place, the one named first counts. */
const anyPiece = new RegExp(
  Object.entries(pieces)
    .map(([name, { source }]) => `(?<${name}>${source})`)
    .join('|'),
  'gu',
);

type Found = { readonly [name in keyof typeof pieces]?: string };

/** The parts of a text in which values of Terraform stand; undefined where none does. */
export function textParts(text: string, refer: Refer): readonly Json[] | undefined {
  if (!/TfToken\[|e\+2\d\d|[A-Za-z0-9+/]{26}/.test(text)) return undefined;
  const parts: Json[] = [];
  let end = 0;
  for (const { 0: whole, index, groups } of text.matchAll(anyPiece)) {
    const inside = insideOf(whole, groups as Found, refer);
    if (!inside) continue;
    parts.push(text.slice(end, index), ...inside);
    end = index + whole.length;
  }
  return parts.length === 0 ? undefined : [...parts, text.slice(end)];
}

function insideOf(whole: string, { quoted, base64, numbers }: Found, refer: Refer): readonly Json[] | undefined {
  if (quoted !== undefined) return quotedParts(quoted, refer);
  if (base64 !== undefined) return base64Parts(base64, refer);
  const token = tokenAt(whole);
  if (token) return [refer(token)];
  return numbers === undefined ? undefined : listWithNumber(numbers, refer);
}

/** Between the quotes, each value is escaped as JSON wants it. */
function quotedParts(quoted: string, refer: Refer): readonly Json[] | undefined {
  const parts = textParts(unquoted(quoted), refer);
  return parts && ['"', ...parts.map((part) => (typeof part === 'string' ? JSON.stringify(part).slice(1, -1) : { $json: part })), '"'];
}

/** Empty for what has characters in it that no JSON has as they are. */
function unquoted(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return '';
  }
}

/** It may stand between other letters: three characters that are encoded become four. */
function base64Parts(run: string, refer: Refer): readonly Json[] | undefined {
  for (const from of [0, 1, 2, 3]) {
    for (const cut of [0, 1, 2, 3]) {
      const encoded = run.slice(from, run.length - cut);
      const parts = encoded.length % 4 === 0 ? decodedParts(encoded, refer) : undefined;
      if (parts) return [run.slice(0, from), { $base64: concat(parts) }, run.slice(run.length - cut)];
    }
  }
  return undefined;
}

function decodedParts(encoded: string, refer: Refer): readonly Json[] | undefined {
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  return Buffer.from(decoded, 'utf8').toString('base64') === encoded ? textParts(decoded, refer) : undefined;
}

/** The brackets are of a list with one number in it, not of a list that is a token. */
function listWithNumber(numbers: string, refer: Refer): readonly Json[] | undefined {
  const [number = ''] = pieces.number.exec(numbers) ?? [];
  const token = tokenAt(number);
  const at = numbers.indexOf(number);
  return token && [numbers.slice(0, at), refer(token), numbers.slice(at + number.length)];
}
