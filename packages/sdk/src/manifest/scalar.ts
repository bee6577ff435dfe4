// What a scalar of a manifest means, as kubectl reads it: the YAML 1.1 of go-yaml 2, which sigs.k8s.io/yaml carries.
// https://github.com/kubernetes-sigs/yaml/blob/master/goyaml.v2/resolve.go
import type { Json } from '@konfig/core';

/** What a scalar means, or why it means nothing. */
export type ScalarMeaning =
  | { readonly value: Json; readonly rounded?: boolean; readonly wrong?: undefined }
  | { readonly wrong: string; readonly hint: string };

const tagPrefix = 'tag:yaml.org,2002:';

/** Is this the tag of a type that has a meaning here: `!!int`? Any other says nothing, and what bears it is text. */
function typeOf(tag: string): string | undefined {
  const name = tag.startsWith(tagPrefix) ? tag.slice(tagPrefix.length) : tag.startsWith('!!') ? tag.slice(2) : '';
  return ['str', 'int', 'float', 'bool', 'null', 'timestamp', 'binary'].includes(name) ? name : undefined;
}

/**
 * The value of a scalar: `yes` is true, `0777` is 511, `12:30` and `2001-01-01` are texts.
 * @param plain was it written without quotes?
 */
export function scalarValue(text: string, plain: boolean, tag?: string): ScalarMeaning {
  const type = tag === undefined ? undefined : typeOf(tag);
  if (tag !== undefined && type === undefined) return { value: text };
  if (type === 'str' || (type === undefined && !plain)) return { value: text };
  if (type === 'binary') return binary(text);
  const found = plainValue(text);
  if (type !== undefined && type !== found.type && !isTakenAs(type, found)) {
    return { wrong: `${JSON.stringify(text)} is no !!${type}.`, hint: 'Leave the tag out, or write a value of that type.' };
  }
  if (found.wrong !== undefined) return { wrong: found.wrong, hint: found.hint };
  return { value: found.value, ...(found.rounded && { rounded: true }) };
}

function isTakenAs(type: string, found: Plain): boolean {
  return (type === 'float' && found.type === 'int') || (type === 'timestamp' && found.type === 'str');
}

type Plain = ScalarMeaning & { readonly type: 'str' | 'int' | 'float' | 'bool' | 'null' };

const words = new Map<string, Plain>([
  ...['y', 'yes', 'true', 'on'].flatMap((word) => cased(word).map((text) => [text, { type: 'bool', value: true }] as const)),
  ...['n', 'no', 'false', 'off'].flatMap((word) => cased(word).map((text) => [text, { type: 'bool', value: false }] as const)),
  ...['', '~', ...cased('null')].map((text) => [text, { type: 'null', value: null }] as const),
  ...['.nan', '.NaN', '.NAN', ...['', '+', '-'].flatMap((sign) => ['.inf', '.Inf', '.INF'].map((inf) => sign + inf))].map(
    (text) => [text, notInJson(text)] as const,
  ),
]);

/** `yes`, `Yes`, `YES`: other ways to write it are texts. */
function cased(word: string): readonly string[] {
  return [word, `${word[0]?.toUpperCase()}${word.slice(1)}`, word.toUpperCase()];
}

function notInJson(text: string): Plain {
  return { type: 'float', wrong: `${text} is no number that JSON can say.`, hint: `If it is a text, quote it: '${text}'.` };
}

const whole = /^([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)$/;
const decimal = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

function plainValue(text: string): Plain {
  const word = words.get(text);
  if (word) return word;
  // Underscores count in nothing that begins with a dot, and go from everything that begins with a digit or a sign.
  if (/^\.[0-9]/.test(text)) return asDecimal(text) ?? { type: 'str', value: text };
  if (!/^[-+0-9]/.test(text)) return { type: 'str', value: text };
  const number = text.replaceAll('_', '');
  return asWhole(number) ?? asDecimal(number) ?? { type: 'str', value: text };
}

function asWhole(text: string): Plain | undefined {
  const [, sign, digits] = whole.exec(text) ?? [];
  if (digits === undefined) return undefined;
  // `0777` and `0o777` are octal.
  const size = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const exact = sign === '-' ? -size : size;
  const isSigned = exact >= -(2n ** 63n) && exact < 2n ** 63n;
  if (!isSigned && (sign !== '' || exact >= 2n ** 64n)) return undefined;
  const value = Number(exact);
  // Beyond the signed 64 bits kubectl rounds as well; within them it does not.
  return { type: 'int', value, rounded: isSigned && BigInt(value) !== exact };
}

function asDecimal(text: string): Plain | undefined {
  if (!decimal.test(text)) return undefined;
  const value = Number(text);
  // What is too large is a text to kubectl; and JSON knows one zero.
  return Number.isFinite(value) ? { type: 'float', value: value === 0 ? 0 : value } : undefined;
}

function binary(text: string): ScalarMeaning {
  const base64 = text.replace(/[\r\n]/g, '');
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64') !== base64)
    return { wrong: 'What is tagged !!binary is no base64.', hint: 'Correct it, or leave the tag out.' };
  return { value: bytes.toString('utf8') };
}
