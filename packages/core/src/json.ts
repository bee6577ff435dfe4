// JSON as Konfig compares, walks and digests it: sorted, without undefined, with paths a person can read.
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';

/** Any JSON value, read-only. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object, read-only: neither an array nor null. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** One step of a path: a key, an index, or a list entry found by its merge keys (`{name: "web"}`). */
export type PathPart = string | number | JsonObject;

/** The way from a value to one inside it; `pathText` writes it for people. */
export type Path = readonly PathPart[];

/** True for an object that is neither null nor an array. Does not look at what it holds. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The canonical text of a value: keys sorted by code unit, no white space. Equal values have equal texts. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (isObject(value)) {
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key] as Json)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** SHA-256 of the canonical text, in lower-case hex. */
export function digest(value: Json): string {
  return bytesToHex(sha256(utf8ToBytes(canonical(value))));
}

/** A copy with the keys of every object sorted, so that writing it twice gives the same bytes. */
export function sorted<T extends Json>(value: T): T {
  if (Array.isArray(value)) return value.map(sorted) as unknown as T;
  if (!isObject(value)) return value;
  const copy: Record<string, Json> = {};
  for (const key of Object.keys(value).sort()) setOwn(copy, key, sorted(value[key] as Json));
  return copy as T;
}

/** Are two values equal, whatever the order of their keys? Undefined equals only undefined. */
export function equalJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => equalJson(item, b[i] as Json));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equalJson(a[key], b[key]));
}

/** The value at a path, or undefined where the path leads nowhere. */
export function valueAt(value: Json | undefined, path: Path): Json | undefined {
  let here: Json | undefined = value;
  for (const part of path) here = childOf(here, part);
  return here;
}

/** The child of a value by key, index or merge keys. */
export function childOf(value: Json | undefined, part: PathPart): Json | undefined {
  if (Array.isArray(value)) {
    if (typeof part === 'number') return value[part] as Json | undefined;
    if (typeof part === 'string') return undefined;
    return value.find((item) => isObject(item) && Object.entries(part).every(([key, wanted]) => equalJson(item[key], wanted)));
  }
  if (!isObject(value) || typeof part !== 'string') return undefined;
  return Object.hasOwn(value, part) ? value[part] : undefined;
}

/** A path as people write it: `spec.containers[name=web].env[0]`, odd keys quoted: `metadata.labels["app.kubernetes.io/name"]`. */
export function pathText(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (typeof part === 'string') text += /^[\w$-]+$/.test(part) ? `${text ? '.' : ''}${part}` : `[${JSON.stringify(part)}]`;
    else {
      const keys = Object.entries(part).map(([key, value]) => `${keyText(key)}=${keyText(value)}`);
      text += `[${keys.join(',')}]`;
    }
  }
  return text;
}

/** Merge keys are short words and numbers nearly always; whatever could end the brackets is quoted. */
function keyText(value: Json): string {
  const text = typeof value === 'string' ? value : canonical(value);
  return /^[^\s"\\[\]=,{}]+$/.test(text) ? text : JSON.stringify(text);
}

/** Sets a key as an own property even when it is called `__proto__`. */
export function setOwn(object: Record<string, Json>, key: string, value: Json): void {
  Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
}
