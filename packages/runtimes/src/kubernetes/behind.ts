// Which resource a Pod runs for: up its owner references, whatever kinds lie between.
import type { ResourceId, Watched } from '@konfig/core';
import { type Address, kindOf, placeOf, typeOf } from './address';
import { objectOf } from './answer';
import { objectPath, type ServedKind } from './discovery';
import type { KubeObject, OwnerReference } from './objects';
import { placeIn, type World } from './world';

/** The resource behind an object, if it is one of those. */
export type Behind = (object: KubeObject) => Promise<ResourceId | undefined>;

/** Each owner on the way is read once, of its metadata only. */
export function behindOf(world: World, resources: readonly PodRunner[], signal: AbortSignal): Behind {
  const wished = new Map(resources.map(({ id, address }) => [placeOf(address), id]));
  const parents = new Map<string, Promise<readonly OwnerReference[]>>();
  const parentsOf = (owner: OwnerReference, namespace: string | undefined) => {
    const known = parents.get(owner.uid) ?? readParents(world, owner, namespace, signal);
    parents.set(owner.uid, known);
    known.catch(() => parents.delete(owner.uid));
    return known;
  };
  const climb = async (owners: readonly OwnerReference[], namespace: string | undefined, left: number): Promise<ResourceId | undefined> => {
    for (const owner of owners) {
      const kind = kindOf(typeOf(owner.apiVersion, owner.kind));
      const found =
        wished.get(placeOf({ ...kind, ...inside(namespace), name: owner.name })) ?? wished.get(placeOf({ ...kind, name: owner.name }));
      if (found !== undefined) return found;
    }
    for (const owner of left > 0 ? owners : []) {
      const found = await climb(await parentsOf(owner, namespace), namespace, left - 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return async ({ apiVersion, kind, metadata: { name, namespace, ownerReferences = [] } }) =>
    wished.get(placeOf({ ...kindOf(typeOf(apiVersion, kind)), ...inside(namespace), name })) ?? climb(ownerReferences, namespace, deepest);
}

/** Longer chains of owners than this are none: CronJob, Job, Pod is two. */
const deepest = 6;

function inside(namespace: string | undefined): Pick<Address, 'namespace'> {
  return namespace === undefined ? {} : { namespace };
}

async function readParents(
  world: World,
  { apiVersion, kind, name }: OwnerReference,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<readonly OwnerReference[]> {
  const served = await world.discovery.find(kindOf(typeOf(apiVersion, kind)), signal);
  if (!served) return [];
  const path = objectPath(served, { name, ...inside(namespace) });
  const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';
  // Who may not read an owner does not learn what is behind it.
  return objectOf(await world.client.request({ method: 'GET', path, accept, attempts: 10 }, signal))?.metadata.ownerReferences ?? [];
}

/** A resource of a kind that may run Pods. */
export interface PodRunner {
  readonly id: ResourceId;
  readonly address: Address;
  readonly served: ServedKind;
}

/** Those of the resources that may run Pods. */
export async function podRunners(world: World, resources: readonly Watched[], signal: AbortSignal): Promise<readonly PodRunner[]> {
  const places = resources
    .map((resource) => ({ id: resource.id, address: placeIn(world, resource) }))
    .filter((one) => mayRunPods(one.address));
  const find = () => Promise.all(places.map(async (one) => ({ ...one, served: await world.discovery.find(one.address, signal) })));
  let found = await find();
  if (found.some(({ served }) => !served)) {
    await world.discovery.refresh(signal);
    found = await find();
  }
  return found.flatMap(({ id, address: { namespace, ...bare }, served }) =>
    served ? [{ id, served, address: served.namespaced ? { ...bare, ...inside(namespace) } : bare }] : [],
  );
}

/** Of the kinds that Kubernetes brings, few do; of custom ones, any may. */
function mayRunPods({ group, kind }: Address): boolean {
  if (group === '') return kind === 'Pod' || kind === 'ReplicationController';
  return group === 'apps' || group === 'batch' || (group.includes('.') && !group.endsWith('.k8s.io'));
}
