// Observations that stay true: one feed per kind and namespace, a picture of what they told, and a word when a resource's own changes.
import { isObject, type Json, type JsonObject, type Observation, valueAt, type Watch, type Watched } from '@konfig/core';
import { type Address, addressOf, addressOfObject, groupKind, placeOf } from './address';
import { makeBelow } from './below';
import { type Beside, throughOf, traced } from './cause';
import type { Client } from './client';
import { makeCrashLogs } from './crash-log';
import { readDefinition } from './custom/definition';
import { listAll, startFeed } from './feed';
import { healthOf } from './health';
import { makeHoldups } from './holdup';
import type { KubeObject } from './objects';
import { alsoFollowed } from './related';
import { makeSeen, type Seen } from './seen';
import { servingOf } from './serving';
import { relatedTo } from './tree';
import { trimmed } from './trimmed';
import { makeUnwritten } from './unwritten';
import { placeIn, type World } from './world';

/** The resources as they are now. */
export async function observeResources(world: World, resources: readonly Watched[], signal: AbortSignal): Promise<readonly Observation[]> {
  const latest = new Map<string, Observation>();
  const stop = new AbortController();
  const view = makeView(world, (observation) => latest.set(observation.id, observation), AbortSignal.any([signal, stop.signal]), 'once');
  try {
    await view.add(resources);
    await view.allRead();
  } finally {
    stop.abort();
  }
  return resources.map((resource) => latest.get(resource.id) as Observation);
}

export async function watchResources(
  world: World,
  resources: readonly Watched[],
  onChange: (observation: Observation) => void,
  signal: AbortSignal,
): Promise<Watch> {
  const view = makeView(world, onChange, AbortSignal.any([signal, world.client.closed]), 'follow');
  await view.add(resources);
  return { add: view.add, ended: view.ended };
}

interface View {
  add(resources: readonly Watched[]): Promise<void>;
  readonly ended: Promise<void>;
  /** Settles when what was found to be looked up has been. */
  allRead(): Promise<void>;
}

function makeView(world: World, onChange: (observation: Observation) => void, signal: AbortSignal, mode: 'once' | 'follow'): View {
  const watched = new Map<string, Watched>();
  const told = new Map<string, string>();
  const feeds = new Map<string, Promise<void>>();
  const definitions = new Map<ServedPlace['served'], Promise<void>>();
  const dirty = new Set<string>();
  let isReady = false;
  let scheduled = false;

  const tell = (place: string) => {
    const resource = watched.get(place);
    if (!resource || signal.aborted) return;
    const object = seen.get(place);
    const observation = observationOf(resource, object, seen, (kind, name) => beside(object, kind, name));
    // A new version is told even where it looks the same: whoever has applied it waits for a word on just that one.
    const text = `${object?.metadata.resourceVersion} ${JSON.stringify(observation)}`;
    if (told.get(place) === text) return;
    told.set(place, text);
    onChange(observation);
  };
  const beside = (object: KubeObject | undefined, kind: string, name: string) =>
    watched.get([kind, ...(object?.metadata.namespace === undefined ? [] : [object.metadata.namespace]), name].join('/'));
  const flush = () => {
    scheduled = false;
    const places = [...dirty];
    dirty.clear();
    for (const place of places) tell(place);
  };
  const seen = makeSeen(
    (place) => {
      if (!watched.has(place)) return;
      dirty.add(place);
      // A rollout touches one Deployment many times in one tick; it is looked at once.
      if (isReady && !scheduled) {
        scheduled = true;
        setImmediate(flush);
      }
    },
    world.mask,
    world.rules,
  );
  const logs = makeCrashLogs(world, seen, signal);
  const isThere = (object: KubeObject) => seen.get(placeOf(addressOfObject(object)))?.metadata.uid === object.metadata.uid;
  const holdups = makeHoldups(world, { mode, isThere, keep: seen.keepHoldup }, signal);
  const now = (object: KubeObject) => (isThere(object) ? seen.get(placeOf(addressOfObject(object))) : undefined);
  const unwritten = makeUnwritten({ mode, patience: world.statusPatience, now, keep: seen.keepUnwritten }, signal);
  const look = (object: KubeObject) => {
    logs.look(object);
    below.look(object);
    if (!watched.has(placeOf(addressOfObject(object)))) return;
    holdups.look(object);
    unwritten.look(object);
  };
  const { ended, fail } = endingWith(signal);

  const follow = (kind: ServedPlace, need: 'needed' | 'helpful'): Promise<void> => {
    const whole = `${groupKind(kind.served)}/${kind.namespace ?? ''}`;
    const key = kind.name === undefined ? whole : `${whole}/${kind.name}`;
    const running = feeds.get(whole) ?? feeds.get(key);
    if (running) return running;
    const listener = {
      all: (objects: readonly KubeObject[]) => {
        seen.all({ ...kind, kind: groupKind(kind.served) }, objects);
        for (const object of objects) look(object);
      },
      put: (object: KubeObject) => {
        seen.put(object);
        look(object);
      },
      gone: (object: KubeObject) => seen.gone(object),
      keep: trimmed,
    };
    const place = { ...kind, metadataOnly: metadataOnly.has(groupKind(kind.served)) };
    const listed = mode === 'once' ? listOnce(world.client, place, listener, signal) : startFeed(world.client, place, listener, signal);
    // Without the right to read Events or Pods we say less, but what we say stays true.
    if (need === 'needed') listed.ended.catch(fail);
    const start = need === 'needed' ? listed.listed : listed.listed.catch(() => undefined);
    feeds.set(key, start);
    start.catch(() => feeds.delete(key));
    return start;
  };

  /** Events, Pods and such, by which a kind is known. */
  const followAlso = async (served: ServedPlace['served'], namespace: string | undefined) => {
    const kinds = await Promise.all((alsoFollowed[groupKind(served)] ?? []).map((kind) => world.discovery.find(kind, signal)));
    await Promise.all(kinds.flatMap((also) => (also ? [follow({ served: also, namespace }, 'helpful')] : [])));
  };
  /** A custom kind's definition says whether an object without a status is waited for. Nobody must be allowed to read it. */
  const readAlso = (served: ServedPlace['served']): Promise<void> => {
    const reading =
      definitions.get(served) ??
      readDefinition(world, served, signal)
        .then((one) => one && seen.keepDefinition(one))
        .catch(() => undefined);
    definitions.set(served, reading);
    return reading;
  };
  const below = makeBelow(
    world,
    {
      mode,
      follow: async (place) => {
        await Promise.all([follow(place, 'helpful'), followAlso(place.served, place.namespace)]);
      },
      isFollowed: (served, namespace) => feeds.has(`${groupKind(served)}/${namespace}`),
      isWatched: (place) => watched.has(place),
      get: seen.get,
      isKnown: seen.isKnown,
      isSettled: (object) => ['ready', 'suspended'].includes(healthOf(object, seen).health),
    },
    signal,
  );

  const add = async (resources: readonly Watched[]) => {
    const places = await servedPlaces(world, resources, signal);
    const starts: Promise<void>[] = [];
    for (const [i, { place, served, address }] of places.entries()) {
      const resource = resources[i] as Watched;
      watched.set(place, resource);
      dirty.add(place);
      const there = seen.get(place);
      if (there) look(there);
      if (!served) continue;
      expectPods(seen, place, resource, address);
      const isAlone = !served.namespaced && places.filter((other) => other.served === served).length <= followedByName;
      starts.push(follow({ served, namespace: address.namespace, ...(isAlone ? { name: address.name } : {}) }, 'needed'));
      starts.push(followAlso(served, address.namespace), readAlso(served));
    }
    await Promise.all(starts);
    isReady = true;
    flush();
  };
  const allRead = async () => {
    await below.idle();
    await Promise.all([logs.idle(), holdups.idle()]);
    flush();
  };
  return { add, ended, allRead };
}

interface ServedPlace {
  readonly served: NonNullable<Awaited<ReturnType<World['discovery']['find']>>>;
  readonly namespace: string | undefined;
  readonly name?: string;
}

/** Up to so many objects without a namespace are followed one by one, for which lesser rights are enough. */
const followedByName = 20;

async function servedPlaces(world: World, resources: readonly Watched[], signal: AbortSignal) {
  const find = () => Promise.all(resources.map((resource) => servedPlace(world, resource, signal)));
  const places = await find();
  if (places.every(({ served }) => served)) return places;
  await world.discovery.refresh(signal); // a kind may have come since we looked
  return find();
}

async function servedPlace(world: World, resource: Watched, signal: AbortSignal) {
  const { namespace, ...bare } = placeIn(world, resource);
  const found = await world.discovery.findNearest(bare, signal);
  const address: Address = found?.namespaced && namespace !== undefined ? { ...bare, namespace } : bare;
  return { place: placeOf(found ? address : addressOf(resource.id, resource.type)), served: found, address };
}

function listOnce(
  client: Client,
  place: Parameters<typeof listAll>[1],
  listener: { all(objects: readonly KubeObject[]): void },
  signal: AbortSignal,
) {
  const listed = listAll(client, place, signal, trimmed).then(({ objects }) => listener.all(objects));
  return { listed, ended: listed };
}

/** Kinds whose content tells nothing about their health; of Secrets it must not even be asked for. */
const metadataOnly = new Set([
  'ConfigMap',
  'Secret',
  'ServiceAccount',
  'Role.rbac.authorization.k8s.io',
  'RoleBinding.rbac.authorization.k8s.io',
  'ClusterRole.rbac.authorization.k8s.io',
  'ClusterRoleBinding.rbac.authorization.k8s.io',
  'NetworkPolicy.networking.k8s.io',
]);

function expectPods(seen: Seen, place: string, { id, attributes }: Watched, { namespace }: Address): void {
  const labels = attributes && (valueAt(attributes, ['spec', 'template', 'metadata', 'labels']) as JsonObject | undefined);
  const isJob = attributes?.kind === 'Job' || attributes?.kind === 'CronJob';
  const replicas: Json | undefined = attributes && valueAt(attributes, ['spec', 'replicas']);
  if (isObject(labels) && !isJob && replicas !== 0)
    seen.expectPods(place, { id, namespace, labels: labels as { readonly [key: string]: string } });
}

function observationOf(resource: Watched, object: KubeObject | undefined, seen: Seen, beside: Beside): Observation {
  if (!object) return { id: resource.id, exists: false, health: 'unknown', message: 'is not there', findings: [], related: [] };
  const { uid, generation } = object.metadata;
  const { findings: found, ...health } = healthOf(object, seen);
  const findings = found.map((finding) => traced(finding, resource, beside));
  const through = health.through ?? throughOf(findings);
  const serving = health.health === 'ready' ? undefined : servingOf(object, seen);
  return {
    id: resource.id,
    exists: true,
    ...(uid === undefined ? {} : { uid }),
    ...(generation === undefined ? {} : { generation }),
    ...health,
    findings,
    ...(through.length === 0 ? {} : { through }),
    related: relatedTo(object, seen),
    ...(serving === undefined ? {} : { serving }),
  };
}

/** A promise that settles at the abort, or fails before. */
function endingWith(signal: AbortSignal): { readonly ended: Promise<void>; fail(error: unknown): void } {
  let fail: (error: unknown) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    fail = reject;
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  ended.catch(() => undefined);
  return { ended, fail };
}
