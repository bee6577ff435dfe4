// A value that is known later or never written, in words: where it comes from, never what it is.
import { asLater, isObject, type Json, latersIn, pathText, type Ref, secretsIn, shortId, sourceName } from '@konfig/core';

/** `(secret: environment variable SHOP_PASSWORD)`, `(after apply: Service/web status.loadBalancer.ingress[0].ip)`; undefined for a value that is there. */
export function laterText(value: Json): string | undefined {
  const later = asLater(value);
  if (!later) return undefined;
  const sources = secretsIn(value).map(({ source }) => sourceName(source));
  if (sources.length > 0) return `(${'$hash' in later ? 'hash of ' : ''}secret: ${[...new Set(sources)].join(', ')})`;
  const refs = latersIn(value).flatMap((found) => ('$ref' in found.later ? [refText(found.later.$ref)] : []));
  return refs.length > 0 ? `(after apply: ${[...new Set(refs)].join(', ')})` : '(known after apply)';
}

/** The value with words for all that is not there. */
export function withLaterText(value: Json): Json {
  const text = laterText(value);
  if (text !== undefined) return text;
  if (Array.isArray(value)) return value.map(withLaterText);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withLaterText(child)])) : value;
}

export function refText({ resource, path }: Ref['$ref']): string {
  return `${shortId(resource)} ${pathText(path)}`;
}
