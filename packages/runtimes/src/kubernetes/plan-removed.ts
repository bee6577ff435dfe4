// What the inventory has and the Spec no longer wishes: is it there, is it still ours, and what would its delete take with it?
import { isObject, type OwnedResource, type PlannedRow, type PlanRequest } from '@konfig/core';
import { inParallel } from '../in-parallel';
import { groupKind } from './address';
import { objectOf, statusOf } from './answer';
import { objectPath } from './discovery';
import { othersInside, thoseInside } from './inside';
import type { KubeObject } from './objects';
import { ownerOf } from './owners';
import { rejectionOf } from './rejection';
import { type Users, usersIn } from './used-by';
import { placeIn, type World } from './world';

const atOnce = 12;

export async function planRemoved(world: World, request: PlanRequest, signal: AbortSignal): Promise<readonly PlannedRow[]> {
  const users = usersIn(world, signal);
  return inParallel(request.removed, atOnce, (owned) => planOne(world, { owned, request, users }, signal));
}

interface Removed {
  readonly owned: OwnedResource;
  readonly request: PlanRequest;
  readonly users: Users;
}

async function planOne(world: World, { owned, request, users }: Removed, signal: AbortSignal): Promise<PlannedRow> {
  const row: PlannedRow = { id: owned.id, changes: [], immutable: [], replaceable: true, checked: 'server', notes: [], problems: [] };
  const address = placeIn(world, owned);
  const served = await world.discovery.findNearest(address, signal);
  if (!served) return row;
  const answer = await world.client.request({ method: 'GET', path: objectPath(served, address) }, signal);
  const live = objectOf(answer);
  if (answer.status === 404) return row;
  if (!live) return { ...row, problems: rejectionOf({ id: owned.id, attributes: {} }, answer.status, statusOf(answer)) };
  const owner = ownerOf(live, request.stack);
  const contains = await thoseInside(world, request.wished, live, signal);
  const stays = request.removed.filter((one) => one.onRemoval === 'retain');
  const keeps = await thoseInside(world, stays, live, signal);
  const takesAlong = live.kind === 'Namespace' ? await othersInside(world, request, live.metadata.name, signal) : [];
  return {
    ...row,
    live: { uid: live.metadata.uid ?? '', version: live.metadata.resourceVersion ?? '' },
    ...(owner ? { owner } : {}),
    replaceable: !losesData(live),
    ...(holdsData(live) ? { holdsData: true } : {}),
    deletable: groupKind(address) !== 'CustomResourceDefinition.apiextensions.k8s.io',
    ...(contains.length > 0 ? { contains } : {}),
    ...(keeps.length > 0 ? { keeps } : {}),
    ...(takesAlong.length > 0 ? { takesAlong } : {}),
    ...(owned.onRemoval === 'collect' ? { usedBy: await users(address) } : {}),
  };
}

const dataKinds = new Set(['PersistentVolumeClaim', 'PersistentVolume']);

/** Does it hold data itself? A StatefulSet leaves its claims, unless it says that they go with it. */
function holdsData({ kind, spec }: Pick<KubeObject, 'kind' | 'spec'>): boolean {
  if (kind !== 'StatefulSet') return dataKinds.has(kind);
  const policy = isObject(spec) ? spec.persistentVolumeClaimRetentionPolicy : undefined;
  return isObject(policy) && policy.whenDeleted === 'Delete';
}

/** Does data go with the object, its own or that of what is in it? */
export function losesData(object: Pick<KubeObject, 'kind' | 'spec'>): boolean {
  return holdsData(object) || object.kind === 'Namespace' || object.kind === 'CustomResourceDefinition';
}
