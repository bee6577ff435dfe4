import { create } from '../api/write';
import type { Kind } from '../kinds/kind';
import { randomSuffix } from '../kinds/names';
import type { KubeObject } from '../objects';
import { timestamp, type World } from '../world';

export interface Happening {
  readonly object: KubeObject;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly fieldPath?: string;
}

/**
 * Writes a core/v1 Event, or counts one up when the same was said of the same object before. Reading events must not
 * depend on them being kept: a namespace that is going takes no new ones.
 */
export function recordEvent(world: World, component: string, { object, type, reason, message, fieldPath }: Happening): void {
  const namespace = object.metadata.namespace ?? 'default';
  const home = world.store.get('namespaces', '', namespace);
  if (!home || home.metadata.deletionTimestamp) return;
  const now = timestamp(world.now());
  const same = known(world, namespace, object.metadata.uid, `${type} ${reason} ${message} ${fieldPath ?? ''}`);
  if (same) {
    world.store.put('events', { ...same, count: Number(same.count ?? 1) + 1, lastTimestamp: now });
    return;
  }
  const host = component === 'kubelet' ? (object.spec as { nodeName?: string }).nodeName : undefined;
  const { name, uid, resourceVersion } = object.metadata;
  create(
    world,
    world.kinds.byResource('events') as Kind,
    namespace,
    {
      metadata: { name: `${name}.${world.now().toString(16)}${randomSuffix()}`, namespace },
      involvedObject: {
        kind: object.kind,
        ...(object.metadata.namespace && { namespace }),
        name,
        uid,
        apiVersion: object.apiVersion,
        resourceVersion,
        ...(fieldPath && { fieldPath }),
      },
      reason,
      message,
      source: { component, ...(host && { host }) },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      type,
      reportingComponent: component,
      ...(host && { reportingInstance: host }),
    },
    { manager: component },
  );
}

function known(world: World, namespace: string, uid: string, said: string): KubeObject | undefined {
  for (const event of world.store.each('events', namespace)) {
    const { involvedObject } = event as unknown as { involvedObject: { uid?: string; fieldPath?: string } };
    if (involvedObject.uid !== uid) continue;
    if (`${event.type} ${event.reason} ${event.message} ${involvedObject.fieldPath ?? ''}` === said) return event;
  }
  return undefined;
}
