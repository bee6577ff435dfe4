// How a Kubernetes object is named: by a resource's id and type in Konfig, by group, kind, namespace and name in the cluster.
import { KonfigError, type ResourceId } from '@konfig/core';

/** Group, version and kind of an API; the core group is the empty string. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** One object's place. */
export interface Address extends Kind {
  readonly namespace?: string;
  readonly name: string;
}

/** `apps/v1/Deployment` → group, version, kind. */
export function kindOf(type: string): Kind {
  const parts = type.split('/');
  if (parts.length === 2) return { group: '', version: parts[0] as string, kind: parts[1] as string };
  return { group: parts[0] as string, version: parts[1] as string, kind: parts[2] as string };
}

export function typeOf(apiVersion: string, kind: string): string {
  return `${apiVersion}/${kind}`;
}

export function apiVersionOf(kind: Kind): string {
  return kind.group ? `${kind.group}/${kind.version}` : kind.version;
}

/** `Deployment.apps`, `Service`: what an id begins with, whatever the version. */
export function groupKind(kind: Pick<Kind, 'group' | 'kind'>): string {
  return kind.group ? `${kind.kind}.${kind.group}` : kind.kind;
}

/** `main:Deployment.apps/shop/web` and `apps/v1/Deployment` → the object's place. Names may hold `/` nowhere, so the parts are plain. */
export function addressOf(id: ResourceId, type: string): Address {
  const parts = id.slice(id.indexOf(':') + 1).split('/');
  const name = parts[parts.length - 1];
  if (parts.length < 2 || parts.length > 3 || !name)
    throw new KonfigError({
      code: 'SPEC_INVALID',
      message: `The id ${id} is not of the form target:Kind.group/namespace/name.`,
      at: id,
    });
  return { ...kindOf(type), name, ...(parts.length === 3 ? { namespace: parts[1] as string } : {}) };
}

/** `Deployment.apps/shop/web`: an id without its target. */
export function placeOf(address: Pick<Address, 'group' | 'kind' | 'namespace' | 'name'>): string {
  return [groupKind(address), ...(address.namespace ? [address.namespace] : []), address.name].join('/');
}

/** `Deployment/web` for people. */
export function shortName(object: { readonly kind: string; readonly metadata: { readonly name: string } }): string {
  return `${object.kind}/${object.metadata.name}`;
}

/** `Deployment.apps` of an object. */
export function groupOf(object: { readonly apiVersion: string; readonly kind: string }): string {
  const slash = object.apiVersion.indexOf('/');
  return groupKind({ group: slash < 0 ? '' : object.apiVersion.slice(0, slash), kind: object.kind });
}

/** The place that an object says of itself. */
export function addressOfObject(object: {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}): Address {
  const { name, namespace } = object.metadata;
  return { ...kindOf(typeOf(object.apiVersion, object.kind)), name, ...(namespace === undefined ? {} : { namespace }) };
}
