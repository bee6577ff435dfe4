// What in a namespace still uses a ConfigMap or a Secret: everything that may yet start a container with it.
import { isKonfigError, type JsonObject, valueAt } from '@konfig/core';
import { type Address, type Kind, shortName } from './address';
import { listAll } from './feed';
import { asJson, type Job, type KubeObject, type Pod } from './objects';
import { referencesIn } from './references';
import type { World } from './world';

/** What uses an object, by short name, sorted. */
export type Users = (address: Address) => Promise<readonly string[]>;

/** Each kind of a namespace is listed once, at the first question about the namespace. */
export function usersIn(world: World, signal: AbortSignal): Users {
  const namespaces = new Map<string, Promise<ReadonlyMap<string, readonly string[]>>>();
  return async ({ kind, namespace = '', name }) => {
    const known = namespaces.get(namespace) ?? look(world, namespace, signal);
    namespaces.set(namespace, known);
    const used = await known;
    return [...(used.get(`${kind}/${name}`) ?? []), ...(used.get(unseen) ?? [])].sort();
  };
}

/** Old ReplicaSets and revisions count: a rollback starts their Pods again. */
const users: readonly Kind[] = [
  { group: 'apps', version: 'v1', kind: 'ReplicaSet' },
  { group: 'apps', version: 'v1', kind: 'ControllerRevision' },
  { group: 'apps', version: 'v1', kind: 'StatefulSet' },
  { group: 'apps', version: 'v1', kind: 'DaemonSet' },
  { group: '', version: 'v1', kind: 'ReplicationController' },
  { group: '', version: 'v1', kind: 'Pod' },
  { group: 'batch', version: 'v1', kind: 'Job' },
  { group: 'batch', version: 'v1', kind: 'CronJob' },
  { group: '', version: 'v1', kind: 'ServiceAccount' },
  { group: 'networking.k8s.io', version: 'v1', kind: 'Ingress' },
];

/** Kinds that may not be listed: whatever one wants to delete, they might use it. */
const unseen = '';

async function look(world: World, namespace: string, signal: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>> {
  const used = new Map<string, string[]>();
  const add = (key: string, user: string) => {
    const others = used.get(key);
    if (others) others.push(user);
    else used.set(key, [user]);
  };
  await Promise.all(
    users.map(async (kind) => {
      const served = await world.discovery.find(kind, signal);
      if (!served) return;
      try {
        const { objects } = await listAll(world.client, { served, namespace, metadataOnly: false }, signal);
        for (const object of objects) for (const key of uses(object)) add(key, shortName(object));
      } catch (error) {
        if (!isKonfigError(error) || !error.problems.every(({ code }) => code === 'PERMISSION_MISSING')) throw error;
        add(unseen, `${served.plural}, which may not be listed`);
      }
    }),
  );
  return used;
}

/** `ConfigMap/conf`, `Secret/tls` */
function uses(object: KubeObject): ReadonlySet<string> {
  if (isFinished(object)) return new Set();
  const named = referencesIn(object.kind === 'ControllerRevision' ? revisionOf(object) : asJson(object));
  return new Set(named.filter(({ kind }) => kind === 'ConfigMap' || kind === 'Secret').map(({ kind, name }) => `${kind}/${name}`));
}

/** A revision keeps the template of its StatefulSet or DaemonSet as a patch. */
function revisionOf(revision: KubeObject): JsonObject {
  const spec = valueAt(asJson(revision), ['data', 'spec']);
  return { apiVersion: 'apps/v1', kind: 'ControllerRevision', ...(spec === undefined ? {} : { spec }) };
}

/** Its containers never start again. */
function isFinished(object: KubeObject): boolean {
  if (object.kind === 'Pod') return ['Succeeded', 'Failed'].includes((object as Pod).status?.phase ?? '');
  if (object.kind !== 'Job') return false;
  return ((object as Job).status?.conditions ?? []).some(({ type, status }) => ['Complete', 'Failed'].includes(type) && status === 'True');
}
