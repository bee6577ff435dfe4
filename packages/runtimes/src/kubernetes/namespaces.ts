// Namespaces that are being deleted: nothing new can be made in them, and what is in them goes.
import type { Problem } from '@konfig/core';
import { clean } from '../clean';
import { kindOf } from './address';
import { objectOf } from './answer';
import { objectPath } from './discovery';
import type { Condition, KubeObject, Status } from './objects';
import { objectWithoutSecrets } from './words';
import type { World } from './world';

/** Since when it is being deleted, and what it still holds in its own words. */
export interface Terminating {
  readonly since: string;
  readonly holds: readonly string[];
}

/** Undefined: it is not being deleted, not there, or may not be read. */
export async function terminatingNamespace(world: World, name: string, signal: AbortSignal): Promise<Terminating | undefined> {
  const served = await world.discovery.find(kindOf('v1/Namespace'), signal);
  const live = served && objectOf(await world.client.request({ method: 'GET', path: objectPath(served, { name }) }, signal));
  const since = live?.metadata.deletionTimestamp;
  return live && since ? { since, holds: heldBy(objectWithoutSecrets(live, world.mask)) } : undefined;
}

/** What a Namespace that goes still holds, by its conditions. */
export function heldBy({ kind, status }: KubeObject): readonly string[] {
  const { conditions } = (status ?? {}) as { readonly conditions?: unknown };
  if (kind !== 'Namespace' || !Array.isArray(conditions)) return [];
  return (conditions as readonly Condition[])
    .filter((condition) => condition.status === 'True' && condition.message)
    .map((condition) => clean(condition.message as string, 300));
}

/** Does the refusal say that the namespace is on its way out? */
export function isTerminating({ message = '', details }: Status): boolean {
  return (details?.causes ?? []).some(({ reason }) => reason === 'NamespaceTerminating') || /because it is being terminated/.test(message);
}

/** `what` cannot be made in this namespace. */
export function terminatingProblem(what: string, namespace: string, at: string, found: Terminating | undefined): Problem {
  const since = found ? ` since ${found.since}` : '';
  const holds = found && found.holds.length > 0 ? ` It still holds: ${found.holds.join(' ')}` : '';
  return {
    code: 'RESOURCE_REJECTED',
    message: `${what} cannot be made: namespace ${namespace} is being deleted${since}.${holds}`,
    hint: `Wait until it is gone (kubectl get namespace ${namespace} -o yaml shows what holds it up), then run the same command again.`,
    at,
  };
}
