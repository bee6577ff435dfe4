import { finalizeNamespace } from '../api/namespace';
import type { Condition, KubeObject } from '../objects';
import { timestamp } from '../world';
import type { Actor } from './actor';
import { type Controller, itself } from './controller';

/** Empties a namespace that is to go, and then lets it go. */
export const namespaceController: Controller = {
  name: 'namespace',
  wakes: { namespaces: itself },
  reconcile(key, actor) {
    const name = key.slice(key.indexOf('/') + 1);
    const namespace = actor.get('namespaces', '', name);
    if (!namespace?.metadata.deletionTimestamp) return undefined;
    const left = empty(actor, name);
    if (left.length > 0) {
      actor.setStatus('namespaces', namespace, {
        ...(namespace.status as object),
        phase: 'Terminating',
        conditions: describe(namespace, left, actor.now()),
      });
      return 20;
    }
    finalizeNamespace(actor.world, name, { spec: {} });
    return undefined;
  },
};

/** Deletes what can be deleted; gives back what has to wait. */
function empty(actor: Actor, namespace: string): KubeObject[] {
  const resources = [...new Set(actor.world.kinds.all.filter((kind) => kind.namespaced).map((kind) => kind.resource))];
  for (const resource of resources) {
    for (const object of actor.list(resource, namespace)) if (!object.metadata.deletionTimestamp) actor.remove(resource, object);
  }
  return resources.flatMap((resource) => actor.list(resource, namespace));
}

function describe(namespace: KubeObject, left: readonly KubeObject[], now: number): Condition[] {
  const kinds = [...new Set(left.map((object) => object.kind))];
  const held = left.filter((object) => (object.metadata.finalizers ?? []).length > 0);
  const finalizers = [...new Set(held.flatMap((object) => object.metadata.finalizers ?? []))];
  const says: readonly (readonly [string, boolean, string, string])[] = [
    ['NamespaceDeletionDiscoveryFailure', false, 'ResourcesDiscovered', 'All resources successfully discovered'],
    ['NamespaceDeletionGroupVersionParsingFailure', false, 'ParsedGroupVersions', 'All legacy kube types successfully parsed'],
    ['NamespaceDeletionContentFailure', false, 'ContentDeleted', 'All content successfully deleted, may be waiting on finalization'],
    [
      'NamespaceContentRemaining',
      true,
      'SomeResourcesRemain',
      `Some resources are remaining: ${kinds.map((kind) => `${kind} has ${left.filter((object) => object.kind === kind).length} resource instances`).join(', ')}`,
    ],
    [
      'NamespaceFinalizersRemaining',
      held.length > 0,
      held.length > 0 ? 'SomeFinalizersRemain' : 'ContentHasNoFinalizers',
      held.length > 0
        ? `Some content in the namespace has finalizers remaining: ${finalizers.map((name) => `${name} in ${held.filter((object) => object.metadata.finalizers?.includes(name)).length} resource instances`).join(', ')}`
        : 'All content-preserving finalizers finished',
    ],
  ];
  const before = (namespace.status as { conditions?: readonly Condition[] }).conditions ?? [];
  return says.map(([type, holds, reason, message]) => {
    const status = holds ? 'True' : 'False';
    const known = before.find((condition) => condition.type === type && condition.status === status);
    return { type, status, lastTransitionTime: known?.lastTransitionTime ?? timestamp(now), reason, message };
  });
}
