import { compareVersions } from '../custom/definition';
import type { Kind } from '../kinds/kind';
import type { JsonObject } from '../schema/type';
import type { Kinds } from '../world';

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const customVerbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const terminatingVerbs = ['delete', 'deletecollection', 'get', 'list', 'watch'];
const subresourceVerbs = ['get', 'patch', 'update'];

function verbsOf({ custom }: Kind): readonly string[] {
  if (!custom) return verbs;
  return custom.definition.metadata.deletionTimestamp ? terminatingVerbs : customVerbs;
}

interface Subresource {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

function subresourcesOf(kind: Kind): Subresource[] {
  const own = { group: kind.group, version: kind.version, kind: kind.kind };
  const status = kind.rules.status ? [{ ...own, name: 'status', verbs: subresourceVerbs }] : [];
  const scale = kind.rules.scale ? [{ name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: subresourceVerbs }] : [];
  return [
    ...(kind.resource === 'pods'
      ? [
          { ...own, name: 'log', verbs: ['get'] },
          { ...own, name: 'eviction', group: 'policy', kind: 'Eviction', verbs: ['create'] },
        ]
      : []),
    ...(kind.resource === 'namespaces' ? [{ ...own, name: 'finalize', verbs: ['update'] }] : []),
    ...(kind.resource === 'serviceaccounts'
      ? [{ name: 'token', group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest', verbs: ['create'] }]
      : []),
    ...(kind.custom ? [...status, ...scale] : [...scale, ...status]),
  ];
}

/** `/api/v1` or `/apis/GROUP/VERSION`. */
export function resourceList(kinds: Kinds, groupVersion: string): JsonObject | undefined {
  const found = kinds.all.filter((kind) => kind.apiVersion === groupVersion);
  if (found.length === 0) return groupVersion === 'authorization.k8s.io/v1' ? reviews() : undefined;
  return { kind: 'APIResourceList', ...(groupVersion !== 'v1' && { apiVersion: 'v1' }), groupVersion, resources: found.flatMap(listed) };
}

function listed(kind: Kind): object[] {
  const main = {
    name: kind.plural,
    singularName: kind.singular,
    namespaced: kind.namespaced,
    kind: kind.kind,
    verbs: verbsOf(kind),
    ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
    ...(kind.categories.length > 0 && { categories: kind.categories }),
  };
  const others = subresourcesOf(kind).map((sub) => ({
    name: `${kind.plural}/${sub.name}`,
    singularName: '',
    namespaced: kind.namespaced,
    ...(sub.group !== kind.group && { group: sub.group, version: sub.version }),
    kind: sub.kind,
    verbs: sub.verbs,
  }));
  return [main, ...others];
}

function reviews(): JsonObject {
  const resources = ['SelfSubjectAccessReview', 'SelfSubjectRulesReview'].map((kind) => ({
    name: `${kind.toLowerCase()}s`,
    singularName: kind.toLowerCase(),
    namespaced: false,
    kind,
    verbs: ['create'],
  }));
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: 'authorization.k8s.io/v1', resources };
}

interface Group {
  readonly group: string;
  /** The preferred one first. */
  readonly versions: readonly string[];
}

function groupsOf(kinds: Kinds): Group[] {
  const groups = new Map<string, Set<string>>();
  for (const { group, version } of kinds.all) if (group !== '') groups.set(group, (groups.get(group) ?? new Set()).add(version));
  return [...groups].map(([group, versions]) => ({ group, versions: [...versions].sort(compareVersions) }));
}

/** `/apis` for clients that do not ask for the aggregated form. */
export function groupList(kinds: Kinds): JsonObject {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupsOf(kinds).map(describeGroup) };
}

export function oneGroup(kinds: Kinds, name: string): JsonObject | undefined {
  const found = groupsOf(kinds).find(({ group }) => group === name);
  return found && { kind: 'APIGroup', apiVersion: 'v1', ...describeGroup(found) };
}

function describeGroup({ group, versions }: Group): object {
  const named = versions.map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions: named, preferredVersion: named[0] };
}

/** `/api` for clients that do not ask for the aggregated form. */
export function coreVersions(address: string): JsonObject {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }] };
}

/** Everything at once: `/api` holds the core group, `/apis` the others. */
export function aggregated(kinds: Kinds, root: 'api' | 'apis'): JsonObject {
  const groups = root === 'api' ? [{ group: '', versions: ['v1'] }] : groupsOf(kinds);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map((group) => describeAggregated(kinds, group)),
  };
}

function describeAggregated(kinds: Kinds, { group, versions }: Group): object {
  const resourcesIn = (version: string): object[] =>
    kinds.all.filter((kind) => kind.group === group && kind.version === version).map(describeResource);
  return {
    metadata: { name: group === '' ? null : group, creationTimestamp: null },
    versions: versions.map((version) => ({ version, resources: resourcesIn(version), freshness: 'Current' })),
  };
}

function describeResource(kind: Kind): object {
  const subresources = subresourcesOf(kind).map((sub) => ({
    subresource: sub.name,
    responseKind: { group: sub.group, version: sub.version, kind: sub.kind },
    verbs: sub.verbs,
  }));
  return {
    resource: kind.plural,
    responseKind: { group: kind.group, version: kind.version, kind: kind.kind },
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: verbsOf(kind),
    ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
    ...(kind.categories.length > 0 && { categories: kind.categories }),
    ...(subresources.length > 0 && { subresources }),
  };
}
