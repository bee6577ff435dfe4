import { finalizeNamespace } from '../api/namespace';
import type { Condition, KubeObject } from '../objects';
import type { Change, Store } from '../store/store';
import { timestamp } from '../world';
import type { Actor } from './actor';
import { type Controller, itself } from './controller';

/** Empties a namespace that is to go, and then lets it go. */
export const namespaceController: Controller = {
  name: 'namespace',
  wakes: { namespaces: itself, '*': emptied },
  reconcile(key, actor) {
    const name = key.slice(key.indexOf('/') + 1);
    const namespace = actor.get('namespaces', '', name);
    if (!namespace?.metadata.deletionTimestamp) return undefined;
    const left = empty(actor, name);
    actor.setStatus('namespaces', namespace, {
      ...(namespace.status as object),
      phase: 'Terminating',
      conditions: describe(namespace, left, actor.now()),
    });
    if (left.length === 0) finalizeNamespace(actor.world, name, { spec: {} });
    return undefined;
  },
};

// What is held back by a finalizer goes some day, and the namespace with it.
function emptied({ type, object }: Change, store: Store): string[] {
  const { namespace = '' } = object.metadata;
  if (namespace === '' || store.get('namespaces', '', namespace)?.metadata.deletionTimestamp === undefined) return [];
  const changed = type === 'DELETED' || object.metadata.deletionTimestamp !== undefined;
  return changed ? [`/${namespace}`] : [];
}

interface Remaining {
  /** As `configmaps.` or `deployments.apps`. */
  readonly resource: string;
  readonly object: KubeObject;
}

/** Deletes what can be deleted; gives back what has to wait. */
function empty(actor: Actor, namespace: string): Remaining[] {
  const named = actor.world.kinds.all.filter((kind) => kind.namespaced).map((kind) => [kind.resource, `${kind.plural}.${kind.group}`]);
  const resources = [...new Map(named as [string, string][])];
  for (const [resource] of resources) {
    for (const object of actor.list(resource, namespace)) if (!object.metadata.deletionTimestamp) actor.remove(resource, object);
  }
  return resources.flatMap(([resource, printed]) => actor.list(resource, namespace).map((object) => ({ resource: printed, object })));
}

function describe(namespace: KubeObject, left: readonly Remaining[], now: number): Condition[] {
  const kinds = [...new Set(left.map(({ resource }) => resource))].sort();
  const held = left.map(({ object }) => object).filter((object) => (object.metadata.finalizers ?? []).length > 0);
  const finalizers = [...new Set(held.flatMap((object) => object.metadata.finalizers ?? []))].sort();
  const count = (resource: string): number => left.filter((one) => one.resource === resource).length;
  const says: readonly (readonly [string, boolean, string, string])[] = [
    ['NamespaceDeletionDiscoveryFailure', false, 'ResourcesDiscovered', 'All resources successfully discovered'],
    ['NamespaceDeletionGroupVersionParsingFailure', false, 'ParsedGroupVersions', 'All legacy kube types successfully parsed'],
    ['NamespaceDeletionContentFailure', false, 'ContentDeleted', 'All content successfully deleted, may be waiting on finalization'],
    [
      'NamespaceContentRemaining',
      left.length > 0,
      left.length > 0 ? 'SomeResourcesRemain' : 'ContentRemoved',
      left.length > 0
        ? `Some resources are remaining: ${kinds.map((kind) => `${kind} has ${count(kind)} resource instances`).join(', ')}`
        : 'All content successfully removed',
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
