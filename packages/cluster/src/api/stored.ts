import type { Kind } from '../kinds/kind';
import type { KubeObject } from '../objects';
import type { World } from '../world';

/** The object as this kind shows it: in the version that was asked for. */
export function fetchObject(world: World, kind: Kind, namespace: string, name: string): KubeObject | undefined {
  const stored = world.store.get(kind.resource, namespace, name);
  return stored && present(kind, stored);
}

export function present(kind: Kind, stored: KubeObject): KubeObject {
  return kind.conversion ? kind.conversion.present(stored) : stored;
}

/** Stores the object, and gives back how this kind shows it. */
export function keepObject(world: World, kind: Kind, object: KubeObject): KubeObject {
  return present(kind, world.store.put(kind.resource, kind.conversion ? kind.conversion.store(object) : object));
}
