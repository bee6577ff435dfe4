// Deletes one object, and no other than that with its uid.
import { KonfigError, type ResourceId } from '@konfig/core';
import { pause } from '../pause';
import type { Address } from './address';
import { objectOf, statusOf } from './answer';
import type { Client } from './client';
import { collectionPath, objectPath, type ServedKind } from './discovery';
import type { KubeObject } from './objects';
import { rejectionOf } from './rejection';

export interface ObjectPlace {
  readonly served: ServedKind;
  readonly address: Address;
  readonly uid?: string;
}

/** Kinds whose delete should show as done only when their pods are gone too. */
const workloads = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'ReplicationController']);

export async function deleteObject(
  client: Client,
  { served, address, uid, id }: ObjectPlace & { readonly id: ResourceId },
  signal: AbortSignal,
): Promise<'deleting' | 'gone'> {
  const body = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: workloads.has(served.kind) ? 'Foreground' : 'Background',
    ...(uid === undefined ? {} : { preconditions: { uid } }),
  };
  const answer = await client.request({ method: 'DELETE', path: objectPath(served, address), body }, signal);
  if (answer.status === 404) return 'gone';
  // The object of this name is another one: ours is gone.
  if (answer.status === 409 && uid !== undefined && /uid/i.test(statusOf(answer).message ?? '')) return 'gone';
  if (answer.status >= 300) throw new KonfigError(rejectionOf({ id, attributes: {} }, answer.status, statusOf(answer)));
  return answer.body.kind === 'Status' ? 'gone' : 'deleting';
}

/** Waits by watch until the object with this uid is gone. */
export async function waitUntilGone(client: Client, place: ObjectPlace, signal: AbortSignal): Promise<void> {
  const path = objectPath(place.served, place.address);
  for (;;) {
    const there = objectOf(await client.request({ method: 'GET', path }, signal));
    if (!there || (place.uid !== undefined && there.metadata.uid !== place.uid)) return;
    if (await isDeletedWhileWatched(client, place, there, signal)) return;
    await pause(200, signal);
  }
}

async function isDeletedWhileWatched(client: Client, place: ObjectPlace, from: KubeObject, signal: AbortSignal): Promise<boolean> {
  const query = new URLSearchParams({
    watch: 'true',
    fieldSelector: `metadata.name=${place.address.name}`,
    resourceVersion: from.metadata.resourceVersion ?? '',
    timeoutSeconds: '120',
  });
  const stop = new AbortController();
  try {
    const { status, lines } = await client.stream(
      `${collectionPath(place.served, place.address.namespace)}?${query}`,
      AbortSignal.any([signal, stop.signal]),
    );
    if (status !== 200) return false;
    for await (const line of lines) {
      const object = line.object as unknown as KubeObject | undefined;
      if (line.type === 'DELETED' && object?.metadata.uid === from.metadata.uid) return true;
      if (line.type === 'ERROR') return false;
    }
  } catch {
    // A watch that broke says nothing: the caller looks again, and that look fails when the server is really away.
    signal.throwIfAborted();
  } finally {
    stop.abort();
  }
  return false;
}
