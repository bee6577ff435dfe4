import type { KubeObject } from '../objects';
import type { Change, Store } from '../store/store';
import type { Actor } from './actor';

/** A loop that brings one kind of thing to where it should be. Work is named by a key; the same key never runs twice at once. */
export interface Controller {
  readonly name: string;
  /** Which work a change of a resource brings; `*` hears of all resources. */
  readonly wakes: { readonly [resource: string]: (change: Change, store: Store) => Iterable<string> };
  /** Does the work of one key; a number asks to be called again after so many milliseconds. */
  reconcile(key: string, actor: Actor): number | undefined;
}

export function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

export function readKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The change concerns the object itself. */
export function itself(change: Change): string[] {
  return [keyOf(change.object)];
}

/** The change concerns the controller that owns the object. */
export function ownerOf(kind: string): (change: Change) => string[] {
  return ({ object }) => {
    const owner = controllerRef(object);
    return owner?.kind === kind ? [`${object.metadata.namespace ?? ''}/${owner.name}`] : [];
  };
}

export function controllerRef(object: KubeObject): { readonly kind: string; readonly name: string; readonly uid: string } | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller);
}

export function controllerReference(owner: KubeObject): object {
  const { name, uid } = owner.metadata;
  return { apiVersion: owner.apiVersion, kind: owner.kind, name, uid, controller: true, blockOwnerDeletion: true };
}
