import type { Kind } from '../kinds/kind';
import type { Kinds } from '../world';

/** What a path names. */
export type Route =
  | { readonly to: 'collection'; readonly kind: Kind; readonly namespace: string | undefined }
  | { readonly to: 'object'; readonly kind: Kind; readonly namespace: string; readonly name: string; readonly subresource: string }
  | { readonly to: 'elsewhere'; readonly path: string };

/** Reads `/apis/apps/v1/namespaces/shop/deployments/web/scale`. The old `/watch/` paths are not known. */
export function readRoute(path: string, kinds: Kinds): Route {
  const parts = path.split('/').slice(1).map(decodeURIComponent);
  const [root] = parts;
  const inGroup = root === 'apis' && parts.length >= 4;
  const inCore = root === 'api' && parts.length >= 3;
  if (!inGroup && !inCore) return { to: 'elsewhere', path };
  const group = inGroup ? (parts[1] as string) : '';
  const version = (inGroup ? parts[2] : parts[1]) as string;
  return readObject(path, kinds, { group, version, rest: parts.slice(inGroup ? 3 : 2) });
}

function readObject(
  path: string,
  kinds: Kinds,
  place: { readonly group: string; readonly version: string; readonly rest: readonly string[] },
): Route {
  const { group, version, rest } = place;
  const find = (plural: string | undefined): Kind | undefined => (plural === undefined ? undefined : kinds.byPath(group, version, plural));
  const inNamespace = rest[0] === 'namespaces' && rest.length >= 3 ? find(rest[2]) : undefined;
  if (inNamespace?.namespaced) return toKind(inNamespace, rest[1] as string, rest.slice(3));
  const kind = find(rest[0]);
  if (!kind || (kind.namespaced && rest.length > 1)) return { to: 'elsewhere', path };
  return toKind(kind, undefined, rest.slice(1));
}

function toKind(kind: Kind, namespace: string | undefined, rest: readonly string[]): Route {
  const [name, ...subresource] = rest;
  if (name === undefined || name === '') return { to: 'collection', kind, namespace };
  return { to: 'object', kind, namespace: namespace ?? '', name, subresource: subresource.join('/') };
}
