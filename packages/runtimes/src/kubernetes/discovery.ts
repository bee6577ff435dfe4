// Which kinds the server has, and under which path: aggregated discovery first, group by group where the server is older.
import type { JsonObject } from '@konfig/core';
import { inParallel } from '../in-parallel';
import { type Address, groupKind, type Kind } from './address';
import type { Client } from './client';

/** A kind as the server serves it. */
export interface ServedKind extends Kind {
  /** `deployments` */
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** What a server serves; looked up once, and again when a kind is missing. */
export interface Discovery {
  /** The kind of exactly this version; undefined when the server does not know it. */
  find(kind: Kind, signal: AbortSignal): Promise<ServedKind | undefined>;
  /** The kind in any version, the preferred first. */
  findAnyVersion(kind: Pick<Kind, 'group' | 'kind'>, signal: AbortSignal): Promise<ServedKind | undefined>;
  /** The kind in this version; where that is not served, in another one, the preferred first. */
  findNearest(kind: Kind, signal: AbortSignal): Promise<ServedKind | undefined>;
  /** Kinds of objects in namespaces that can be listed, each in its preferred version. */
  listable(signal: AbortSignal): Promise<readonly ServedKind[]>;
  /** Looks again: a CRD may have come. Those who ask at once share one look. */
  refresh(signal: AbortSignal): Promise<void>;
}

export function makeDiscovery(client: Client): Discovery {
  let served: Promise<readonly ServedKind[]> | undefined;
  let looking = false;
  const look = async (signal: AbortSignal) => {
    looking = true;
    try {
      return await discover(client, signal);
    } catch (error) {
      served = undefined;
      throw error;
    } finally {
      looking = false;
    }
  };
  /** All kinds in all their versions, the preferred first. */
  const all = (signal: AbortSignal) => {
    served ??= look(signal);
    return served;
  };
  const find: Discovery['find'] = async (kind, signal) =>
    (await all(signal)).find((one) => one.kind === kind.kind && one.group === kind.group && one.version === kind.version);
  const findAnyVersion: Discovery['findAnyVersion'] = async (kind, signal) =>
    (await all(signal)).find((one) => groupKind(one) === groupKind(kind));
  return {
    find,
    findAnyVersion,
    findNearest: async (kind, signal) => (await find(kind, signal)) ?? findAnyVersion(kind, signal),
    listable: async (signal) => {
      const kinds = (await all(signal)).filter(({ namespaced, verbs }) => namespaced && verbs.includes('list'));
      return [...new Map(kinds.toReversed().map((kind) => [groupKind(kind), kind])).values()];
    },
    refresh: async (signal) => {
      if (!looking) served = undefined;
      await all(signal);
    },
  };
}

/** `/apis/apps/v1/namespaces/shop/deployments` */
export function collectionPath(served: ServedKind, namespace?: string): string {
  const root = served.group ? `/apis/${served.group}/${served.version}` : `/api/${served.version}`;
  return served.namespaced && namespace !== undefined
    ? `${root}/namespaces/${encodeURIComponent(namespace)}/${served.plural}`
    : `${root}/${served.plural}`;
}

export function objectPath(served: ServedKind, address: Pick<Address, 'namespace' | 'name'>): string {
  return `${collectionPath(served, address.namespace)}/${encodeURIComponent(address.name)}`;
}

const aggregated = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

async function discover(client: Client, signal: AbortSignal): Promise<readonly ServedKind[]> {
  const roots = await Promise.all(['/api', '/apis'].map((path) => client.request({ method: 'GET', path, accept: aggregated }, signal)));
  if (roots.every((root) => root.body.kind === 'APIGroupDiscoveryList')) {
    return roots.flatMap((root) => fromAggregated(root.body as unknown as GroupDiscoveryList));
  }
  return legacy(client, signal);
}

interface GroupDiscoveryList {
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions?: readonly {
      readonly version: string;
      readonly resources?: readonly {
        readonly resource: string;
        readonly responseKind?: { readonly kind?: string };
        readonly scope?: string;
        readonly verbs?: readonly string[];
      }[];
    }[];
  }[];
}

function fromAggregated(list: GroupDiscoveryList): ServedKind[] {
  return (list.items ?? []).flatMap((group) =>
    (group.versions ?? []).flatMap((version) =>
      (version.resources ?? []).map((one) => ({
        group: group.metadata?.name ?? '',
        version: version.version,
        kind: one.responseKind?.kind ?? '',
        plural: one.resource,
        namespaced: one.scope === 'Namespaced',
        verbs: one.verbs ?? [],
      })),
    ),
  );
}

interface GroupList {
  readonly groups?: readonly { readonly name: string; readonly versions?: readonly { readonly version: string }[] }[];
}

interface ResourceList {
  readonly resources?: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced?: boolean;
    readonly verbs?: readonly string[];
  }[];
}

async function legacy(client: Client, signal: AbortSignal): Promise<readonly ServedKind[]> {
  const groups = (await client.request({ method: 'GET', path: '/apis' }, signal)).body as JsonObject & GroupList;
  const versions = [
    { group: '', version: 'v1' },
    ...(groups.groups ?? []).flatMap((group) => (group.versions ?? []).map(({ version }) => ({ group: group.name, version }))),
  ];
  const lists = await inParallel(versions, 12, async ({ group, version }) => {
    const path = group ? `/apis/${group}/${version}` : `/api/${version}`;
    // A broken aggregated API must not hide all others.
    const answer = await client.request({ method: 'GET', path, attempts: 2 }, signal).catch(() => undefined);
    const list = (answer?.status === 200 ? answer.body : {}) as ResourceList;
    return (list.resources ?? [])
      .filter((one) => !one.name.includes('/'))
      .map((one) => ({
        group,
        version,
        kind: one.kind,
        plural: one.name,
        namespaced: one.namespaced === true,
        verbs: one.verbs ?? [],
      }));
  });
  return lists.flat();
}
