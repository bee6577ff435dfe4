// Gives an object up: our mark and our field manager go from it, its content stays.
import { KonfigError, type ResourceId, shortId } from '@konfig/core';
import { objectOf, statusOf } from './answer';
import { objectPath } from './discovery';
import type { KubeObject } from './objects';
import { stackAnnotation } from './owners';
import { rejectionOf } from './rejection';
import { placeIn, type World } from './world';

/** Which object is given up, and by which stack. */
export interface Abandon {
  readonly id: ResourceId;
  readonly type: string;
  readonly uid?: string;
  readonly stack: string;
}

/** Guarded by the version that was read; does nothing where the object is gone, is another one, or bears another stack's mark. */
export async function abandonResource(world: World, { id, type, uid, stack }: Abandon, signal: AbortSignal): Promise<void> {
  const address = placeIn(world, { id, type });
  const served = await world.discovery.findNearest(address, signal);
  if (!served) return; // it went with its CRD
  const path = objectPath(served, address);
  for (let attempt = 1; attempt <= 4; attempt++) {
    const answer = await world.client.request({ method: 'GET', path }, signal);
    if (answer.status === 404) return;
    const live = objectOf(answer);
    if (!live) throw new KonfigError(rejectionOf({ id, attributes: {} }, answer.status, statusOf(answer)));
    if (uid !== undefined && live.metadata.uid !== uid) return;
    const body = patchOf(live, world.manager, stack);
    if (body.length === 0) return;
    const patched = await world.client.request({ method: 'PATCH', path, body, contentType: 'application/json-patch+json' }, signal);
    if (patched.status < 300 || patched.status === 404) return;
    if (patched.status !== 409) throw new KonfigError(rejectionOf({ id, attributes: {} }, patched.status, statusOf(patched)));
  }
  throw new KonfigError({
    code: 'RESOURCE_CONFLICT',
    message: `${shortId(id)} changes faster than it can be given up.`,
    hint: 'Run the same command again; it goes on where it stopped.',
    at: id,
  });
}

/** Empty: there is nothing of ours on it. */
function patchOf({ metadata }: KubeObject, manager: string, stack: string): readonly object[] {
  const mark = metadata.annotations?.[stackAnnotation];
  if (mark !== undefined && mark !== stack) return [];
  const entries = metadata.managedFields ?? [];
  const others = entries.filter((entry) => entry.manager !== manager);
  const isManaged = others.length < entries.length;
  if (mark === undefined && !isManaged) return [];
  return [
    { op: 'replace', path: '/metadata/resourceVersion', value: metadata.resourceVersion },
    ...(mark === undefined ? [] : [{ op: 'remove', path: `/metadata/annotations/${stackAnnotation.replace('/', '~1')}` }]),
    // One empty entry is the documented sign for none.
    ...(isManaged ? [{ op: 'replace', path: '/metadata/managedFields', value: others.length === 0 ? [{}] : others }] : []),
  ];
}
