// An open cluster, as all work on it needs it.
import type { Resource, ResourceId } from '@konfig/core';
import type { ConnectionMask } from '../quote';
import { type Address, addressOf } from './address';
import type { Client } from './client';
import type { Discovery } from './discovery';
import type { HealthRule } from './health/rules/rule';

/** An open cluster. */
export interface World {
  readonly client: Client;
  /** For what the cluster says in words. */
  readonly mask: ConnectionMask;
  readonly discovery: Discovery;
  readonly manager: string;
  /** For namespaced kinds whose id names no namespace. */
  readonly namespace: string;
  /** What the server has warned of while applying, so that it is told once. */
  readonly warned: Set<string>;
  /** Roles and bindings that the server did not take, since they grant what we do not hold ourselves. */
  readonly refusedGrants: Map<ResourceId, RefusedGrant>;
  /** Namespaces in which records are kept. */
  readonly recordsIn: Set<string>;
  /** Milliseconds that an object may be on its way out before we find out what holds it. */
  readonly deletionPatience: number;
  /** Milliseconds that an object of a custom kind may be without a status before it is told that nobody writes it. */
  readonly statusPatience: number;
  /** The target's own health rules. */
  readonly rules: readonly HealthRule[];
}

/** The permission that would have let a Role or a binding be made. */
export interface RefusedGrant {
  readonly verb: 'escalate' | 'bind';
  /** `roles`, `clusterroles` */
  readonly plural: string;
  readonly namespace: string | undefined;
  readonly name?: string;
  /** What would be granted, in the server's words. */
  readonly granted: string;
}

/** The object's place, with the connection's namespace where the id names none. */
export function placeIn(world: Pick<World, 'namespace'>, resource: Pick<Resource, 'id' | 'type'>): Address {
  return { namespace: world.namespace, ...addressOf(resource.id, resource.type) };
}
