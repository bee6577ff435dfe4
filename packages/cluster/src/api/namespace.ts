import type { KubeObject } from '../objects';
import type { JsonObject } from '../schema/type';
import type { World } from '../world';
import { notFound } from './failure';
import { asObject } from './request';

/** The `finalize` door of a namespace: the only way to take its own finalizers off. When none is left, it goes. */
export function finalizeNamespace(world: World, name: string, body: JsonObject): KubeObject {
  const live = world.store.get('namespaces', '', name);
  if (!live) throw notFound({ group: '', kind: 'Namespace', plural: 'namespaces' }, name);
  const { finalizers } = asObject(body.spec) as { finalizers?: readonly string[] };
  const next = { ...live, spec: finalizers && finalizers.length > 0 ? { finalizers } : {} };
  const gone =
    (finalizers ?? []).length === 0 && (live.metadata.finalizers ?? []).length === 0 && live.metadata.deletionTimestamp !== undefined;
  if (!gone) return world.store.put('namespaces', next);
  world.store.remove('namespaces', '', name, next);
  return next;
}
