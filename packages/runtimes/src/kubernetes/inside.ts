// What a delete takes along: everything in a Namespace, every object of a CustomResourceDefinition.
import { isKonfigError, type PlanRequest, type Resource, type ResourceId } from '@konfig/core';
import { inParallel } from '../in-parallel';
import { type Address, groupKind, groupOf, type Kind, shortName } from './address';
import { listAll } from './feed';
import type { KubeObject } from './objects';
import { ownerOf } from './owners';
import { placeIn, type World } from './world';

/** Which of these would go with the object that stands there: what is in a Namespace, what a definition defines. */
export async function thoseInside(
  world: World,
  resources: readonly Placed[],
  live: KubeObject,
  signal: AbortSignal,
): Promise<readonly ResourceId[]> {
  const kind = groupOf(live);
  if (kind === 'CustomResourceDefinition.apiextensions.k8s.io') {
    const { group, names } = live.spec as { readonly group?: string; readonly names?: { readonly kind?: string } };
    const defined = groupKind({ group: group ?? '', kind: names?.kind ?? '' });
    return resources.filter((resource) => groupKind(placeIn(world, resource)) === defined).map(({ id }) => id);
  }
  if (kind !== 'Namespace') return [];
  const found = await inParallel(resources, 12, async (resource) => {
    const place = placeIn(world, resource);
    const served = await world.discovery.find(place, signal);
    const isNamespaced = served?.namespaced ?? resource.id.split('/').length > 2;
    return isNamespaced && place.namespace === live.metadata.name ? [resource.id] : [];
  });
  return found.flat();
}

type Placed = Pick<Resource, 'id' | 'type'>;

/** What runs, what serves, what holds data: enough to see that a namespace is not ours alone. */
const worthTelling: readonly Kind[] = [
  { group: '', version: 'v1', kind: 'PersistentVolumeClaim' },
  { group: 'apps', version: 'v1', kind: 'Deployment' },
  { group: 'apps', version: 'v1', kind: 'StatefulSet' },
  { group: 'apps', version: 'v1', kind: 'DaemonSet' },
  { group: 'batch', version: 'v1', kind: 'Job' },
  { group: 'batch', version: 'v1', kind: 'CronJob' },
  { group: '', version: 'v1', kind: 'Pod' },
  { group: '', version: 'v1', kind: 'Service' },
  { group: 'networking.k8s.io', version: 'v1', kind: 'Ingress' },
  { group: '', version: 'v1', kind: 'ConfigMap' },
  { group: '', version: 'v1', kind: 'Secret' },
];

/** Of the system itself: derived, short-lived, or about rights. What else has a dot in its group is somebody's definition. */
const systemGroups =
  /^(rbac\.authorization|authentication|authorization|networking|storage|coordination|events|discovery|node|scheduling|admissionregistration|apiextensions|apiregistration|certificates|(flowcontrol|internal)\.apiserver|resource|((custom|external)\.)?metrics|storagemigration)\.k8s\.io$/;

async function kindsWorthTelling(world: World, signal: AbortSignal): Promise<readonly Kind[]> {
  const listable = await world.discovery.listable(signal);
  return [...worthTelling, ...listable.filter(({ group }) => group.includes('.') && !systemGroups.test(group))];
}

/** What in this namespace is not of the stack, nor made by something that is; by short name, what holds data first. Kinds that may not be listed are left out. */
export async function othersInside(
  world: World,
  { stack, removed }: Pick<PlanRequest, 'stack' | 'removed'>,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const places = removed.map((owned) => placeIn(world, owned));
  const found = await inParallel(await kindsWorthTelling(world, signal), 6, async (kind) => {
    const served = await world.discovery.find(kind, signal);
    if (!served) return [];
    try {
      const { objects } = await listAll(world.client, { served, namespace, metadataOnly: true }, signal);
      return objects
        .filter((object) => isOthers(object, kind, { stack, places }))
        .map((object) => `${shortName({ ...object, kind: kind.kind })}${ownedBy(object, stack)}`);
    } catch (error) {
      if (isKonfigError(error) && error.problems.every(({ code }) => code === 'PERMISSION_MISSING')) return [];
      throw error;
    }
  });
  return found.flat();
}

/** ` of Konfig stack shop/prod`, where somebody says so. */
function ownedBy(object: KubeObject, stack: string): string {
  const owner = ownerOf(object, stack);
  return owner && owner.kind !== 'nobody' ? ` of ${owner.name}` : '';
}

interface Ours {
  readonly stack: string;
  /** Of what we own and delete. */
  readonly places: readonly Address[];
}

function isOthers(object: KubeObject, { kind }: Kind, { stack, places }: Ours): boolean {
  const { name, namespace, ownerReferences = [] } = object.metadata;
  if (ownerOf(object, stack) === undefined || ownerReferences.length > 0) return false;
  if (kind === 'ConfigMap' && name === 'kube-root-ca.crt') return false;
  if (places.some((place) => place.kind === kind && place.name === name && place.namespace === namespace)) return false;
  // The claims of a StatefulSet have no owner: `<template>-<set>-<number>`.
  const isOfSet = (place: Address) =>
    place.kind === 'StatefulSet' && place.namespace === namespace && new RegExp(`-${place.name}-\\d+$`).test(name);
  return !(kind === 'PersistentVolumeClaim' && places.some(isOfSet));
}
