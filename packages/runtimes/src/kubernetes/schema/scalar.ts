// What a single value must look like, as the API server decodes it.
import type { Json } from '@konfig/core';
import { quoted } from './fault';
import { isSubdomain, subdomainHint } from './syntax';
import type { Scalar } from './table';

interface Rule {
  readonly words: string;
  isOk(value: Json): boolean;
}

const rules: { readonly [scalar in Scalar]: Rule } = {
  string: { words: 'a text', isOk: (value) => typeof value === 'string' },
  name: { words: 'the name of an object', isOk: (value) => value === '' || isSubdomain(value) },
  boolean: { words: 'true or false', isOk: (value) => typeof value === 'boolean' },
  int32: { words: 'a whole number', isOk: isWhole },
  integer: { words: 'a whole number', isOk: isWhole },
  number: { words: 'a number', isOk: (value) => typeof value === 'number' },
  intOrString: { words: 'a whole number or a text', isOk: (value) => isWhole(value) || typeof value === 'string' },
  quantity: { words: 'a quantity such as 500m or 128Mi', isOk: (value) => typeof value === 'number' || isQuantity(value) },
  time: { words: 'a time such as 2026-01-31T12:00:00Z', isOk: (value) => typeof value === 'string' && isTime(value) },
  bytes: { words: 'base64', isOk: (value) => typeof value === 'string' && isBase64(value) },
};

/** What the value must be, where it is not; undefined where it is fine. */
export function mustBe(scalar: Scalar, value: Json): string | undefined {
  const rule = rules[scalar];
  return rule.isOk(value) ? undefined : rule.words;
}

/** How to write what was surely meant. */
export function scalarHint(scalar: Scalar, value: Json): string | undefined {
  if ((scalar === 'string' || scalar === 'name') && (typeof value === 'number' || typeof value === 'boolean'))
    return `Write it in quotes: ${JSON.stringify(String(value))}.`;
  if (typeof value !== 'string') return undefined;
  if (scalar === 'boolean' && /^(true|false)$/i.test(value)) return `Write it without quotes: ${value.toLowerCase()}.`;
  if ((scalar === 'int32' || scalar === 'integer') && /^-?\d+$/.test(value)) return `Write it without quotes: ${value}.`;
  if (scalar === 'name') return subdomainHint;
  if (scalar === 'quantity') return quantityHint(value);
  if (scalar === 'bytes') return 'For plain text use stringData of a Secret, or data of a ConfigMap.';
  return undefined;
}

const units = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'k', 'M', 'G', 'T', 'P', 'E', 'm'];

function quantityHint(value: string): string | undefined {
  const found = /^([0-9.]+)\s*([A-Za-z]+)$/.exec(value.trim());
  if (!found) return undefined;
  const [, amount, given = ''] = found;
  const wanted = given.replace(/b(yte)?s?$/i, '');
  // m is a thousandth, which nobody means who writes mb.
  const possible = wanted === given ? units : units.filter((one) => one !== 'm');
  const unit = possible.find((one) => one === wanted) ?? possible.find((one) => one.toLowerCase() === wanted.toLowerCase());
  return unit === undefined ? undefined : `Did you mean ${quoted(`${amount}${unit}`)}?`;
}

function isWhole(value: Json): boolean {
  return typeof value === 'number' && Number.isInteger(value);
}

const quantity = /^([+-]?)(\d+\.?\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;

export function isQuantity(value: Json | undefined): boolean {
  return typeof value === 'string' && quantity.test(value.trim());
}

/** The amount, for comparisons; undefined where it is no quantity. */
export function quantityOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  const found = typeof value === 'string' ? quantity.exec(value.trim()) : null;
  if (!found) return undefined;
  const [, sign, amount, suffix = ''] = found;
  return (sign === '-' ? -1 : 1) * Number(amount) * factorOf(suffix);
}

function factorOf(suffix: string): number {
  if (/^[eE][+-]?\d+$/.test(suffix)) return 10 ** Number(suffix.slice(1));
  if (suffix.endsWith('i')) return 1024 ** ('KMGTPE'.indexOf(suffix[0] as string) + 1);
  return { n: 1e-9, u: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 }[suffix] ?? 1;
}

function isTime(value: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([.,]\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value.replace(',', '.')));
}

function isBase64(value: string): boolean {
  const text = value.replace(/[\r\n]/g, '');
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}
