// A cluster that is open, as the engine knows it.
import { type Connection, type JsonObject, KonfigError, type Target } from '@konfig/core';
import { abandonResource } from './abandon';
import { objectOf, statusOf } from './answer';
import { applyResource, plainLive } from './apply';
import type { Client } from './client';
import { openServer } from './connect';
import { makeDiscovery, objectPath } from './discovery';
import { targetRules } from './health/rules/of-target';
import { readLogs } from './logs';
import { missingPermissions } from './permissions';
import { planResources } from './plan';
import { rejectionOf } from './rejection';
import { deleteObject } from './remove';
import { observeResources, watchResources } from './watch';
import { placeIn, type World } from './world';

/** How Konfig shows itself to a cluster. */
export interface KubernetesOptions {
  /** Under this name the cluster keeps which fields are ours. Constant, or every object would seem foreign. Default `konfig`. */
  readonly fieldManager?: string;
  /** Seconds that a server may take to answer the first question, for each of two tries; after that it counts as unreachable. Default 10. */
  readonly firstAnswer?: number;
  /** Seconds that a delete may take before it is found out, and told, what holds it up. Default 10. */
  readonly deletionPatience?: number;
  /** Seconds that an object of a custom kind may be without a status before it is told that nobody writes it. Default 60. */
  readonly statusPatience?: number;
  /** CustomResourceDefinitions that are known beside those of a stack; asked only for kinds that nobody else knows. Default: none. */
  readonly definitions?: () => readonly JsonObject[];
}

/** A connection that also keeps records: see `kubernetesStore`. */
export interface KubernetesConnection extends Connection {
  readonly client: Client;
  /** Records are kept in this namespace: what they need is asked for with the other permissions. */
  keepsRecordsIn(namespace: string): void;
}

/** Opens the cluster of a target. Fails as `openServer` does, and for health rules that cannot be asked. */
export async function openCluster(
  name: string,
  target: Target,
  options: KubernetesOptions,
  signal: AbortSignal,
): Promise<KubernetesConnection> {
  const rules = targetRules(name, target);
  const patience = { firstAnswer: (options.firstAnswer ?? 10) * 1000 };
  const { client, mask, identity, description } = await openServer(name, target, patience, signal);
  const { namespace } = target.config;
  const world: World = {
    client,
    mask,
    discovery: makeDiscovery(client),
    manager: options.fieldManager ?? 'konfig',
    namespace: typeof namespace === 'string' ? namespace : 'default',
    warned: new Set(),
    refusedGrants: new Map(),
    recordsIn: new Set(),
    deletionPatience: (options.deletionPatience ?? 10) * 1000,
    statusPatience: (options.statusPatience ?? 60) * 1000,
    rules,
  };
  return connectionTo(world, identity, description);
}

function connectionTo(world: World, identity: string, description: string): KubernetesConnection {
  const { client } = world;
  return {
    client,
    identity,
    description,
    maskWith: (mask) => world.mask.give(mask),
    keepsRecordsIn: (namespace) => void world.recordsIn.add(namespace),
    plan: (request, signal) => planResources(world, request, signal),
    missingPermissions: (rows, signal) => missingPermissions(world, rows, signal),
    apply: (request, signal) => applyResource(world, request, signal),
    delete: async (request, signal) => {
      const address = placeIn(world, request);
      const served = await world.discovery.findNearest(address, signal);
      if (!served) return 'gone'; // with its CRD
      return deleteObject(client, { served, address, id: request.id, ...(request.uid === undefined ? {} : { uid: request.uid }) }, signal);
    },
    abandon: (request, signal) => abandonResource(world, request, signal),
    logs: (request, onLine, signal) => readLogs(world, request, onLine, signal),
    observe: (resources, signal) => observeResources(world, resources, signal),
    read: async (id, type, signal) => {
      const address = placeIn(world, { id, type });
      const served = await world.discovery.find(address, signal);
      if (!served) return undefined;
      const answer = await client.request({ method: 'GET', path: objectPath(served, address) }, signal);
      const live = objectOf(answer);
      if (live) return plainLive(live);
      if (answer.status === 404) return undefined;
      throw new KonfigError(rejectionOf({ id, attributes: {} }, answer.status, statusOf(answer)));
    },
    watch: (resources, onChange, signal) => watchResources(world, resources, onChange, signal),
    close: () => client.close(),
  };
}
