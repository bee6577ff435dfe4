// What a resource is called among others: as short as tells them apart.
import { type ResourceId, shortId } from '@konfig/core';

export type NameOf = (id: ResourceId) => string;

/**
 * `Deployment/web`; with several namespaces `Deployment/shop/web`, with several targets of one kind `eu1:Deployment/web`; the whole id where that is not enough.
 */
export function resourceNames(ids: Iterable<ResourceId>): NameOf {
  const parts = new Map([...ids].map((id) => [id, partsOf(id)]));
  const all = [...parts.values()];
  const targetsOf = new Map<string, Set<string>>();
  for (const { kind, target } of all) targetsOf.set(kind, (targetsOf.get(kind) ?? new Set()).add(target));
  // A cluster beside Terraform needs no telling apart, two clusters do.
  const alike = new Set([...targetsOf.values()].flatMap((targets) => (targets.size > 1 ? [...targets] : [])));
  const withNamespace = new Set(all.flatMap((part) => part.namespace ?? [])).size > 1;
  const names = new Map<string, ResourceId[]>();
  for (const [id, { target, namespace, kind, name }] of parts) {
    const text = `${alike.has(target) ? `${target}:` : ''}${kind}/${withNamespace && namespace ? `${namespace}/` : ''}${name}`;
    names.set(text, [...(names.get(text) ?? []), id]);
  }
  const byId = new Map([...names].flatMap(([name, same]) => same.map((id) => [id, same.length > 1 ? id : name] as const)));
  return (id) => byId.get(id) ?? shortId(id);
}

/** A message about a resource, for where its name stands already: messages begin with it, and it must not be read twice. */
export function withoutName(message: string, name: string): string {
  return message.startsWith(`${name} `) || message.startsWith(`${name}:`) ? message.slice(name.length).replace(/^:? /, '') : message;
}

function partsOf(id: ResourceId): { target: string; kind: string; namespace: string | undefined; name: string } {
  const colon = id.indexOf(':');
  const [type = '', ...address] = id.slice(colon + 1).split('/');
  return {
    target: id.slice(0, Math.max(0, colon)),
    kind: type.split('.')[0] as string,
    namespace: address.length > 1 ? address[0] : undefined,
    name: address.slice(address.length > 1 ? 1 : 0).join('/'),
  };
}
