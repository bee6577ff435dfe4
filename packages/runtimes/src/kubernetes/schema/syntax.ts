// How names, labels, addresses and the like are written, by the rules of the API server.
import { isIP } from 'node:net';

export const labelHint = 'Use at most 63 lower-case letters, digits and -, beginning and ending with a letter or digit.';
export const subdomainHint = 'Use at most 253 lower-case letters, digits, - and ., each part beginning and ending with a letter or digit.';

/** RFC 1123: `web-1` */
export function isLabelName(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(value);
}

/** `web.shop.example` */
export function isSubdomain(value: unknown): boolean {
  return (
    typeof value === 'string' && value.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(value)
  );
}

/** A subdomain whose first part may be `*`. */
export function isWildcardSubdomain(value: string): boolean {
  return value.startsWith('*.') ? isSubdomain(value.slice(2)) : isSubdomain(value);
}

/** The key of a label: `app.kubernetes.io/name` */
export function isQualifiedName(key: string): boolean {
  const slash = key.indexOf('/');
  const name = key.slice(slash + 1);
  return (slash < 0 || isSubdomain(key.slice(0, slash))) && /^([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$/.test(name);
}

export function isLabelValue(value: string): boolean {
  return /^(([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9])?$/.test(value);
}

/** The name of a port: `http` */
export function isPortName(value: string): boolean {
  return /^[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$/.test(value) && /[a-z]/.test(value) && !value.includes('--');
}

export const portNameHint = 'A port name has at most 15 lower-case letters, digits and -, at least one letter, no two - in a row.';

/** The key of a ConfigMap or Secret. */
export function isDataKey(key: string): boolean {
  return key.length <= 253 && /^[-._a-zA-Z0-9]+$/.test(key) && key !== '.' && !key.startsWith('..');
}

export function isAddress(value: string): boolean {
  return isIP(value) !== 0;
}

/** `10.0.0.0/8` */
export function isNetwork(value: string): boolean {
  const [address = '', bits = '', ...more] = value.split('/');
  return more.length === 0 && isAddress(address) && /^\d{1,3}$/.test(bits) && Number(bits) <= (isIP(address) === 4 ? 32 : 128);
}
