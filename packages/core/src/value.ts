// Values that are not yet there: `$ref` (known after another resource), `$secret` (never written), and what is made of them.
import { childOf, isObject, type Json, type JsonObject, type Path, setOwn } from './json';
import { isSecretSource, type SecretSource } from './secret-source';
import type { ResourceId } from './spec';

/** A field of another resource, as it will be: `{"$ref": {"resource": "main:Service/shop/web", "path": ["status", "loadBalancer", "ingress", 0, "ip"]}}` */
export interface Ref {
  readonly $ref: {
    readonly resource: ResourceId;
    readonly path: Path;
    /** Whatever it is, the program lets everybody read it. */
    readonly exposed?: true;
  };
}

/** A secret, named by where it is read: `{"$secret": {"from": "env", "name": "DB_PASSWORD"}}` */
export interface Secret {
  readonly $secret: SecretSource;
}

/** Strings put together: `{"$concat": ["postgres://", {"$ref": …}, "/shop"]}` */
export interface Concat {
  readonly $concat: readonly Json[];
}

/** Base64 of a value that is known later. */
export interface Base64 {
  readonly $base64: Json;
}

/** A text as it stands between the quotes of a JSON text, for a value that is known later. */
export interface InJson {
  readonly $json: Json;
}

/** A keyed hash of a value: changes when the value does, tells nothing about it. The key is the stack's own. */
export interface KeyedHash {
  readonly $hash: Json;
}

/** A value that the world has not told yet; put in place of a `$ref` for a preview. */
export interface Unknown {
  readonly $unknown: { readonly resource: ResourceId; readonly path: Path };
}

/** A value that is not written out: known only later, or never to be written. An object with one key that begins with `$`. */
export type Later = Ref | Secret | Concat | Base64 | InJson | KeyedHash | Unknown;

/** The value as one of ours, or undefined. A JSON Schema's `$ref` is a string, so it is none. */
export function asLater(value: Json | undefined): Later | undefined {
  return isObject(value) && isLater(value) ? (value as unknown as Later) : undefined;
}

function isLater(value: JsonObject): boolean {
  const keys = Object.keys(value);
  if (keys.length !== 1) return false;
  const inner = value[keys[0] as string] as Json;
  switch (keys[0]) {
    case '$ref':
    case '$unknown':
      return isObject(inner) && typeof inner.resource === 'string' && Array.isArray(inner.path);
    case '$secret':
      return isSecretSource(inner);
    case '$concat':
      return Array.isArray(inner);
    case '$base64':
    case '$json':
    case '$hash':
      return true;
    default:
      return false;
  }
}

/** Every `$ref`, `$secret` and so on in a value, with its path; those inside a `$concat` are reported at its path. */
export function latersIn(value: Json): readonly { readonly path: Path; readonly later: Later }[] {
  const found: { path: Path; later: Later }[] = [];
  walk(value, [], (path, later) => found.push({ path, later }));
  return found;
}

/** The resources that a value refers to. */
export function refsIn(value: Json): readonly Ref['$ref'][] {
  return latersIn(value).flatMap(({ later }) => ('$ref' in later ? [later.$ref] : []));
}

/** The references whose values stand in a value so that whoever reads it can read them: not in a hash, and not exposed on purpose. */
export function readableRefs(value: Json): readonly { readonly path: Path; readonly ref: Ref['$ref'] }[] {
  const found: { path: Path; ref: Ref['$ref'] }[] = [];
  const visit = (path: Path, later: Later): void => {
    if ('$ref' in later && !later.$ref.exposed) found.push({ path, ref: later.$ref });
  };
  walk(value, [], visit, (later) => ('$hash' in later ? [] : partsOf(later)));
  return found;
}

/** The secrets that a value is made of. */
export function secretsIn(value: Json): readonly { readonly path: Path; readonly source: SecretSource }[] {
  return latersIn(value).flatMap(({ path, later }) => ('$secret' in later ? [{ path, source: later.$secret }] : []));
}

/** Does this path lead to a secret, into one, or to something that holds one? `isSecret` says which references lead to one. */
export function touchesSecret(value: Json, path: Path, isSecret: (ref: Ref['$ref']) => boolean = () => false): boolean {
  return latersAt(value, path).some((later) => '$secret' in later || ('$ref' in later && isSecret(later.$ref)));
}

/** The later values that this path leads to, or into, or that are in what it leads to. */
export function latersAt(value: Json, path: Path): readonly Later[] {
  let here: Json | undefined = value;
  for (const part of path) {
    if (asLater(here)) break;
    here = childOf(here, part);
  }
  return here === undefined ? [] : latersIn(here).map(({ later }) => later);
}

/** How to get each kind of later value; `undefined` means not known. */
export interface Resolver {
  ref(ref: Ref['$ref']): Json | undefined;
  secret(source: SecretSource): string | undefined;
  base64(text: string): string;
  hash(text: string): string;
}

/** The value with everything that can be known filled in; what cannot becomes `$unknown`. */
export function resolveValue(value: Json, resolver: Resolver): Json {
  if (Array.isArray(value)) return value.map((item) => resolveValue(item, resolver));
  if (!isObject(value)) return value;
  const later = asLater(value);
  if (later) return resolveLater(later, resolver);
  const copy: Record<string, Json> = {};
  for (const [key, child] of Object.entries(value)) setOwn(copy, key, resolveValue(child, resolver));
  return copy;
}

/** Will it be known only after something was applied? */
export function isUnknown(value: Json | undefined): boolean {
  const later = asLater(value);
  return later !== undefined && '$unknown' in later;
}

function resolveLater(later: Later, resolver: Resolver): Json {
  if ('$ref' in later) return resolver.ref(later.$ref) ?? unknown(later.$ref);
  if ('$secret' in later) return resolver.secret(later.$secret) ?? unknown({ resource: 'secret', path: [] });
  if ('$concat' in later) {
    const parts = later.$concat.map((part) => resolveValue(part, resolver));
    return parts.map(unknownIn).find((part) => part !== undefined) ?? parts.map(textOf).join('');
  }
  if ('$unknown' in later) return unknown(later.$unknown);
  const inner = resolveValue('$base64' in later ? later.$base64 : '$json' in later ? later.$json : later.$hash, resolver);
  if (isUnknown(inner)) return inner;
  if ('$json' in later) return JSON.stringify(textOf(inner)).slice(1, -1);
  return '$base64' in later ? resolver.base64(textOf(inner)) : resolver.hash(textOf(inner));
}

/** Of what a text is made of, the first that is not known: of a list or a map, its JSON is. */
function unknownIn(value: Json): Json | undefined {
  if (isUnknown(value)) return value;
  if (Array.isArray(value)) return value.map(unknownIn).find((item) => item !== undefined);
  return isObject(value)
    ? Object.values(value)
        .map(unknownIn)
        .find((child) => child !== undefined)
    : undefined;
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function unknown(of: Ref['$ref']): Json {
  return { $unknown: { resource: of.resource, path: of.path as Json } };
}

function walk(value: Json, path: Path, visit: (path: Path, later: Later) => void, into = partsOf): void {
  if (Array.isArray(value)) {
    value.forEach((item, i) => {
      walk(item, [...path, i], visit, into);
    });
  } else if (isObject(value)) {
    const later = asLater(value);
    if (!later) {
      for (const [key, child] of Object.entries(value)) walk(child, [...path, key], visit, into);
      return;
    }
    visit(path, later);
    for (const part of into(later)) walk(part, path, visit, into);
  }
}

function partsOf(later: Later): readonly Json[] {
  if ('$concat' in later) return later.$concat;
  if ('$base64' in later) return [later.$base64];
  if ('$json' in later) return [later.$json];
  return '$hash' in later ? [later.$hash] : [];
}
