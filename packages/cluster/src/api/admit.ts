import type { Review } from '../admission/admission';
import type { Attributes } from '../admission/match';
import type { Kind } from '../kinds/kind';
import { beyondBounds } from '../kinds/limit-range';
import { quotaRefusal, quotasIn } from '../kinds/quota';
import type { KubeObject } from '../objects';
import type { JsonObject } from '../schema/type';
import type { World } from '../world';
import { forbidden } from './failure';
import { read } from './read';
import type { Writing } from './writing';

/** Refuses what a namespace has no room for; asked last, when nothing else speaks against an object. */
export function checkBounds(world: World, kind: Kind, object: KubeObject): void {
  if (!kind.namespaced) return;
  const isLimited = kind.resource === 'pods' || kind.resource === 'persistentvolumeclaims';
  const beyond = isLimited ? beyondBounds(world.store, object) : [];
  if (beyond.length > 0)
    throw forbidden(kind, object.metadata.name, beyond.length === 1 ? (beyond[0] as string) : `[${beyond.join(', ')}]`);
  const { namespace = '' } = object.metadata;
  const quotas = quotasIn(world.store, namespace);
  if (quotas.length === 0) return;
  const refusal = quotaRefusal(kind.resource, object, { quotas, used: world.usage.of(namespace) });
  if (refusal !== undefined) throw forbidden(kind, object.metadata.name, refusal);
}

/** What webhooks have to say about a write; nothing when nobody asks them. */
export function reviewOf(
  world: World,
  kind: Kind,
  about: Pick<Attributes, 'operation' | 'object' | 'old'>,
  writing: Pick<Writing, 'dryRun' | 'manager' | 'subresource' | 'warnings'>,
): Review | undefined {
  const { name, namespace = '' } = (about.object ?? about.old)?.metadata ?? { name: '' };
  const { dryRun = false, manager, subresource = '', warnings } = writing;
  return world.admission?.review({ ...about, kind, subresource, namespace, name, dryRun, manager }, warnings);
}

/** The object as mutating webhooks want it: read as what a client sends, and what they put in belongs to nobody. */
export function mutated(kind: Kind, object: KubeObject, review: Review | undefined): KubeObject {
  const changed = review?.mutate(object) ?? object;
  if (changed === object) return object;
  return read(kind, changed as unknown as JsonObject, { manager: '', unknownFields: 'Ignore' });
}
