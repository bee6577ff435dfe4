import type { Kind } from '../kinds/kind';
import type { KubeObject } from '../objects';
import { timestamp, type World } from '../world';
import { ApiFailure, conflict } from './failure';
import { keepObject } from './stored';

/** What a DELETE asks for. */
export interface Deletion {
  readonly dryRun?: boolean;
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  /** Collects what the client should be told beside the answer. */
  readonly warnings?: string[];
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export type Removed =
  | { readonly outcome: 'gone'; readonly object: KubeObject }
  /** The object stays for now: it has finalizers, a grace period or content to clear. */
  | { readonly outcome: 'terminating'; readonly object: KubeObject };

/** Deletes objects one after the other, up to the first that is refused. */
export function removeAll(world: World, kind: Kind, objects: readonly KubeObject[], deletion: Deletion): void {
  // Webhooks are asked about all before the first one goes: what must be asked is done again, and must find them all still there.
  objects.every((object) => isGranted(() => askWebhooks(world, kind, object, deletion)));
  for (const object of objects) remove(world, kind, object, deletion);
}

function isGranted(ask: () => void): boolean {
  try {
    ask();
    return true;
  } catch (error) {
    if (error instanceof ApiFailure) return false;
    throw error;
  }
}

/** Deletes an object, or marks it for deletion when something must happen first. */
export function remove(world: World, kind: Kind, given: KubeObject, deletion: Deletion): Removed {
  checkPreconditions(kind, given, deletion);
  askWebhooks(world, kind, given, deletion);
  const live = kind.rules.beforeDelete?.(given, world.now()) ?? given;
  const finalizers = finalizersAfter(live, deletion);
  const grace =
    live.metadata.deletionTimestamp === undefined || deletion.gracePeriodSeconds !== undefined
      ? graceOf(kind, live, deletion)
      : (live.metadata.deletionGracePeriodSeconds ?? 0);
  const hasContent = kind.resource === 'namespaces';
  if (finalizers.length === 0 && grace === 0 && !hasContent) {
    const last = kind.rules.graceSeconds ? mark(world, live, [], 0, false) : live;
    if (deletion.dryRun) return { outcome: 'gone', object: last };
    const { namespace = '', name } = live.metadata;
    return { outcome: 'gone', object: world.store.remove(kind.resource, namespace, name, last) ?? last };
  }
  const marked = mark(world, live, finalizers, grace, hasContent);
  if (marked === given || deletion.dryRun) return { outcome: 'terminating', object: marked };
  return { outcome: 'terminating', object: keepObject(world, kind, marked) };
}

function askWebhooks(world: World, kind: Kind, old: KubeObject, { dryRun = false, warnings }: Deletion): void {
  const { name, namespace = '' } = old.metadata;
  const attributes = { operation: 'DELETE', kind, subresource: '', namespace, name, dryRun, manager: '', object: undefined, old } as const;
  const review = world.admission?.review(attributes, warnings);
  review?.mutate(undefined);
  review?.validate(undefined);
}

function checkPreconditions(kind: Kind, live: KubeObject, { preconditions = {} }: Deletion): void {
  const { uid, resourceVersion } = preconditions;
  // Unlike everywhere else the message names the kind, not the resource.
  const named = { group: kind.group, kind: kind.kind, plural: kind.kind };
  if (uid !== undefined && uid !== live.metadata.uid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${live.metadata.uid}). The object might have been deleted and then recreated`;
    throw conflict(named, live.metadata.name, why);
  }
  if (resourceVersion !== undefined && resourceVersion !== live.metadata.resourceVersion) {
    const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${live.metadata.resourceVersion}). The object might have been modified`;
    throw conflict(named, live.metadata.name, why);
  }
}

// The garbage collector finds its orders in these two finalizers.
function finalizersAfter(live: KubeObject, { propagationPolicy }: Deletion): readonly string[] {
  const others = (live.metadata.finalizers ?? []).filter((name) => name !== 'orphan' && name !== 'foregroundDeletion');
  if (propagationPolicy === 'Orphan') return [...others, 'orphan'];
  if (propagationPolicy === 'Foreground') return [...others, 'foregroundDeletion'];
  return propagationPolicy === undefined ? (live.metadata.finalizers ?? []) : others;
}

function graceOf(kind: Kind, live: KubeObject, deletion: Deletion): number {
  return kind.rules.graceSeconds?.(live, deletion.gracePeriodSeconds) ?? 0;
}

function mark(world: World, live: KubeObject, finalizers: readonly string[], grace: number, hasContent: boolean): KubeObject {
  const already = live.metadata.deletionTimestamp !== undefined;
  const shorter = already && grace < (live.metadata.deletionGracePeriodSeconds ?? 0);
  const sameFinalizers = finalizers.join() === (live.metadata.finalizers ?? []).join();
  if (already && !shorter && sameFinalizers) return live;
  const { finalizers: _, ...metadata } = live.metadata;
  const marked: KubeObject = {
    ...live,
    metadata: {
      ...metadata,
      ...(finalizers.length > 0 && { finalizers }),
      ...((!already || shorter) && { deletionTimestamp: timestamp(world.now() + grace * 1000) }),
      ...(!hasContent && (!already || shorter) && { deletionGracePeriodSeconds: grace }),
      ...(!already && metadata.generation !== undefined && { generation: metadata.generation + 1 }),
    },
  };
  return hasContent ? { ...marked, status: { ...(live.status as object), phase: 'Terminating' } } : marked;
}
