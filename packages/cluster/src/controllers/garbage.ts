import type { KubeObject, OwnerReference } from '../objects';
import type { Change } from '../store/store';
import type { Actor } from './actor';
import { type Controller, keyOf, readKey } from './controller';

/**
 * Deletes what lost its last owner, and carries out the two orders that a deletion can leave as a finalizer: `orphan`
 * (let the dependents go free first) and `foregroundDeletion` (delete them first).
 */
export class GarbageCollector implements Controller {
  readonly name = 'garbage';
  /** Dependents by the uid of an owner. */
  private readonly dependents = new Map<string, Map<string, Place>>();

  readonly wakes: Controller['wakes'] = { '*': (change) => this.hear(change) };

  private hear({ type, resource, object, previous }: Change): string[] {
    const place = { resource, key: keyOf(object) };
    const { uid } = object.metadata;
    if (type === 'DELETED') {
      for (const owner of object.metadata.ownerReferences ?? []) this.dependents.get(owner.uid)?.delete(uid);
      const left = [...(this.dependents.get(uid)?.values() ?? [])].map(print);
      return [...left, ...(object.metadata.ownerReferences ?? []).flatMap((owner) => ownerKey(owner, object))];
    }
    if (previous && previous.metadata.ownerReferences !== object.metadata.ownerReferences) this.forget(previous);
    for (const owner of object.metadata.ownerReferences ?? []) {
      const known = this.dependents.get(owner.uid) ?? new Map<string, Place>();
      this.dependents.set(owner.uid, known.set(uid, place));
    }
    const ordered = object.metadata.deletionTimestamp !== undefined && (object.metadata.finalizers ?? []).length > 0;
    return ordered || (type === 'ADDED' && object.metadata.ownerReferences) ? [print(place)] : [];
  }

  private forget(object: KubeObject): void {
    for (const owner of object.metadata.ownerReferences ?? []) this.dependents.get(owner.uid)?.delete(object.metadata.uid);
  }

  reconcile(work: string, actor: Actor): number | undefined {
    const place = read(work, actor);
    const object = place && find(actor, place);
    if (!object || !place) return undefined;
    const { deletionTimestamp, finalizers = [] } = object.metadata;
    if (deletionTimestamp !== undefined && finalizers.includes('orphan')) this.orphan(actor, place.resource, object);
    else if (deletionTimestamp !== undefined && finalizers.includes('foregroundDeletion')) this.clearBelow(actor, place.resource, object);
    else if (deletionTimestamp === undefined) checkOwners(actor, place.resource, object);
    return undefined;
  }

  private below(actor: Actor, owner: KubeObject): { readonly place: Place; readonly object: KubeObject }[] {
    return [...(this.dependents.get(owner.metadata.uid)?.values() ?? [])].flatMap((place) => {
      const object = find(actor, place);
      return object?.metadata.ownerReferences?.some((reference) => reference.uid === owner.metadata.uid) ? [{ place, object }] : [];
    });
  }

  private orphan(actor: Actor, resource: string, owner: KubeObject): void {
    for (const { place, object } of this.below(actor, owner)) dropOwners(actor, place.resource, object, [owner.metadata.uid]);
    dropFinalizer(actor, resource, owner, 'orphan');
  }

  private clearBelow(actor: Actor, resource: string, owner: KubeObject): void {
    const below = this.below(actor, owner);
    for (const { place, object } of below) {
      if (object.metadata.deletionTimestamp !== undefined) continue;
      const hasOwn = (this.dependents.get(object.metadata.uid)?.size ?? 0) > 0;
      actor.remove(place.resource, object, { propagationPolicy: hasOwn ? 'Foreground' : 'Background' });
    }
    const blocking = this.below(actor, owner).some(({ object }) =>
      object.metadata.ownerReferences?.some((reference) => reference.uid === owner.metadata.uid && reference.blockOwnerDeletion),
    );
    if (!blocking) dropFinalizer(actor, resource, owner, 'foregroundDeletion');
  }
}

interface Place {
  readonly resource: string;
  readonly key: string;
}

function print({ resource, key }: Place): string {
  return `${resource} ${key}`;
}

// An owner is named by kind; its resource is looked up when the work is done.
function ownerKey(owner: OwnerReference, object: KubeObject): string[] {
  return [`${owner.apiVersion}#${owner.kind} ${object.metadata.namespace ?? ''}/${owner.name}`];
}

function read(work: string, actor: Actor): Place | undefined {
  const [named = '', key = ''] = work.split(' ');
  const [apiVersion = '', kindName] = named.split('#');
  if (kindName === undefined) return { resource: named, key };
  const kind = actor.world.kinds.byName(apiVersion, kindName);
  return kind && { resource: kind.resource, key: kind.namespaced ? key : `/${readKey(key).name}` };
}

function find(actor: Actor, { resource, key }: Place): KubeObject | undefined {
  const { namespace, name } = readKey(key);
  return actor.get(resource, namespace, name);
}

function checkOwners(actor: Actor, resource: string, object: KubeObject): void {
  const owners = object.metadata.ownerReferences ?? [];
  const gone = owners.filter((owner) => !exists(actor, object, owner));
  if (gone.length === 0) return;
  if (gone.length < owners.length)
    dropOwners(
      actor,
      resource,
      object,
      gone.map((owner) => owner.uid),
    );
  else actor.remove(resource, object, { propagationPolicy: 'Background' });
}

function exists(actor: Actor, object: KubeObject, owner: OwnerReference): boolean {
  const kind = actor.world.kinds.byName(owner.apiVersion, owner.kind);
  // Of a kind nobody knows nothing can be said; the real collector waits too.
  if (!kind) return true;
  const found = actor.get(kind.resource, kind.namespaced ? (object.metadata.namespace ?? '') : '', owner.name);
  return found?.metadata.uid === owner.uid;
}

function dropOwners(actor: Actor, resource: string, object: KubeObject, uids: readonly string[]): void {
  const { ownerReferences = [], ...metadata } = object.metadata;
  const kept = ownerReferences.filter((owner) => !uids.includes(owner.uid));
  actor.change(resource, object, { metadata: { ...metadata, ...(kept.length > 0 && { ownerReferences: kept }) } });
}

function dropFinalizer(actor: Actor, resource: string, object: KubeObject, finalizer: string): void {
  const live = actor.get(resource, object.metadata.namespace ?? '', object.metadata.name);
  if (!live) return;
  const { finalizers = [], ...metadata } = live.metadata;
  const kept = finalizers.filter((name) => name !== finalizer);
  actor.change(resource, live, { metadata: { ...metadata, ...(kept.length > 0 && { finalizers: kept }) } });
}
