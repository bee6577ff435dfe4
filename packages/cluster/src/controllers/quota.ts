import { quotasIn, type ResourceQuota, usedOf } from '../kinds/quota';
import type { Change, Store } from '../store/store';
import { type Controller, itself, keyOf, readKey } from './controller';

/** Counts what a namespace uses of its quotas. */
export const quotaController: Controller = {
  name: 'quota',
  wakes: { resourcequotas: itself, '*': quotasOf },
  reconcile(key, actor) {
    const { namespace, name } = readKey(key);
    const quota = actor.get<ResourceQuota>('resourcequotas', namespace, name);
    if (!quota || quota.metadata.deletionTimestamp) return undefined;
    actor.setStatus('resourcequotas', quota, { hard: quota.spec.hard ?? {}, used: usedOf(actor.world.usage.of(namespace), quota) });
    return undefined;
  },
};

// Events come and go all the time, and no quota of ours is about them.
function quotasOf({ resource, object, type, previous }: Change, store: Store): string[] {
  if (resource === 'events' || object.metadata.namespace === undefined) return [];
  const counts = type !== 'MODIFIED' || previous?.spec !== object.spec || previous?.status !== object.status;
  return counts ? quotasIn(store, object.metadata.namespace).map(keyOf) : [];
}
