import { claimProtection } from '../kinds/catalog';
import type { Pod } from '../objects';
import type { Actor } from './actor';
import { type Controller, itself, readKey } from './controller';

/** Lets a deleted PersistentVolumeClaim go when the last pod that uses it is gone. */
export const claimProtectionController: Controller = {
  name: 'claim-protection',
  wakes: {
    persistentvolumeclaims: itself,
    pods: ({ type, object }) => (type === 'DELETED' ? claimsOf(object as Pod).map((name) => `${object.metadata.namespace}/${name}`) : []),
  },
  reconcile(key, actor) {
    const { namespace, name } = readKey(key);
    const claim = actor.get('persistentvolumeclaims', namespace, name);
    const { finalizers = [], ...metadata } = claim?.metadata ?? {};
    if (!claim?.metadata.deletionTimestamp || !finalizers.includes(claimProtection) || isUsed(actor, namespace, name)) return undefined;
    const kept = finalizers.filter((finalizer) => finalizer !== claimProtection);
    actor.change('persistentvolumeclaims', claim, { metadata: { ...metadata, ...(kept.length > 0 && { finalizers: kept }) } });
    return undefined;
  },
};

// A pod without a node can not have begun to use it, and will not.
function isUsed(actor: Actor, namespace: string, name: string): boolean {
  return actor.list<Pod>('pods', namespace).some((pod) => pod.spec.nodeName !== undefined && claimsOf(pod).includes(name));
}

function claimsOf(pod: Pod): string[] {
  return (pod.spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}
