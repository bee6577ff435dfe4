/**
 * Kubernetes quantities: `500m`, `1.5Gi`, `2e3`. The API server stores the canonical form, so that `1000m` reads back as
 * `1` and `1024Mi` as `1Gi`; a client that compares text without knowing this sees a difference that is none.
 */
export function canonicalQuantity(text: string): string | undefined {
  const quantity = parseQuantity(text);
  if (!quantity) return undefined;
  const { nano, form } = quantity;
  if (nano === 0n) return '0';
  return form === 'binary' ? binary(nano) : decimal(nano, form);
}

/** The value in thousandths: millicores for cpu, thousandths of a byte for memory. Rounds up. */
export function milliOf(text: unknown): number {
  const quantity = parseQuantity(String(text));
  if (!quantity) return 0;
  return Number((quantity.nano + 999_999n) / 1_000_000n);
}

type Form = 'binary' | 'decimal' | 'exponent';

interface Quantity {
  readonly nano: bigint;
  readonly form: Form;
}

const binaryScale: { readonly [suffix: string]: bigint } = {
  Ki: 1n << 10n,
  Mi: 1n << 20n,
  Gi: 1n << 30n,
  Ti: 1n << 40n,
  Pi: 1n << 50n,
  Ei: 1n << 60n,
};
const decimalExponent: { readonly [suffix: string]: number } = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };

function parseQuantity(text: string): Quantity | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d+)?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', suffix = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = BigInt(`${whole}${fraction}` || '0');
  const nano = suffix in binaryScale ? scaleBinary(digits, fraction.length, suffix) : scaleDecimal(digits, fraction.length, suffix);
  const form: Form = suffix in binaryScale ? 'binary' : /^[eE][+-]?\d/.test(suffix) ? 'exponent' : 'decimal';
  return { nano: sign === '-' ? -nano : nano, form };
}

function scaleBinary(digits: bigint, places: number, suffix: string): bigint {
  const scaled = digits * (binaryScale[suffix] as bigint) * 1_000_000_000n;
  return divideUp(scaled, 10n ** BigInt(places));
}

function scaleDecimal(digits: bigint, places: number, suffix: string): bigint {
  const exponent = suffix in decimalExponent ? (decimalExponent[suffix] as number) : Number(suffix.slice(1));
  const shift = 9 + exponent - places;
  return shift >= 0 ? digits * 10n ** BigInt(shift) : divideUp(digits, 10n ** BigInt(-shift));
}

function divideUp(value: bigint, by: bigint): bigint {
  return value % by === 0n ? value / by : value / by + 1n;
}

function binary(nano: bigint): string {
  if (nano % 1_000_000_000n !== 0n) return decimal(nano, 'decimal');
  const value = nano / 1_000_000_000n;
  const absolute = value < 0n ? -value : value;
  // Below 1024 the binary form has no suffix to show.
  const suffix = Object.keys(binaryScale).findLast((name) => absolute % (binaryScale[name] as bigint) === 0n);
  return suffix && absolute >= 1024n ? `${value / (binaryScale[suffix] as bigint)}${suffix}` : `${value}`;
}

function decimal(nano: bigint, form: Form): string {
  let exponent = -9;
  let value = nano;
  while (value % 1000n === 0n && exponent < 18) {
    value /= 1000n;
    exponent += 3;
  }
  if (form === 'exponent') return exponent === 0 ? `${value}` : `${value}e${exponent}`;
  const suffix = Object.keys(decimalExponent).find((name) => decimalExponent[name] === exponent) ?? '';
  return `${value}${suffix}`;
}
