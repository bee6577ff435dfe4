// The objects that the feeds have told, with the ways that lead from one to another. Only what health rules read is kept.

import type { Mask } from '@konfig/core';
import { addressOfObject, groupOf, placeOf } from './address';
import type { Definition } from './custom/definition';
import { awaitedBy, awaitedKind } from './health/awaited';
import type { HealthRule } from './health/rules/rule';
import type { EndpointSlice, KubeEvent, KubeObject } from './objects';
import { referredBy } from './referred';
import type { Related } from './related';
import { trimmed } from './trimmed';
import { eventWithoutSecrets, objectWithoutSecrets } from './words';

/** A live picture: fed by feeds, asked by rules. */
export interface Seen extends Related {
  put(object: KubeObject): void;
  gone(object: KubeObject): void;
  /** Replaces all objects of one kind and namespace, or the one of a name. */
  all(scope: Scope, objects: readonly KubeObject[]): void;
  get(place: string): KubeObject | undefined;
  /** Was an object of this uid told, that is not gone? */
  isKnown(uid: string): boolean;
  /** Pods of this selector should run, even before their workload is there. */
  expectPods(place: string, runner: Runner): void;
  /** What was read of a crashed container's log. */
  keepLog(pod: KubeObject, container: string, lines: readonly string[]): void;
  /** The definition of a custom kind, which says whether its objects will have a status. */
  keepDefinition(definition: Definition): void;
  /** It has had no status for long. */
  keepUnwritten(object: KubeObject): void;
  /** What was found to hold up the delete of an object. */
  keepHoldup(object: KubeObject, lines: readonly string[]): void;
}

/** A resource that runs Pods, and the labels that they get. */
export interface Runner {
  readonly id: string;
  readonly namespace: string | undefined;
  readonly labels: { readonly [key: string]: string };
}

/** What one feed tells about. */
export interface Scope {
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name?: string;
}

/** `touched` is told the place of every object that changed, and of all that it hangs from. What they say in words is kept without secrets. */
export function makeSeen(touched: (place: string) => void, mask: Pick<Mask, 'text'>, rules: readonly HealthRule[] = []): Seen {
  const objects = new Map<string, KubeObject>();
  const byUid = new Map<string, KubeObject>();
  const children = new Map<string, Set<string>>();
  const referrers = new Map<string, Set<string>>();
  const events = new Map<string, KubeEvent[]>();
  const slices = new Map<string, Set<string>>();
  const looked = new Set<string>();
  const expected = new Map<string, Runner>();
  const logs = new Map<string, readonly string[]>();
  const holdups = new Map<string, readonly string[]>();
  const awaited = new Set<string>();
  const unwritten = new Set<string>();

  const tell = (object: KubeObject) => {
    const told = new Set<KubeObject>();
    const climb = (here: KubeObject, left: number) => {
      if (told.has(here) || left === 0) return;
      told.add(here);
      const place = placeOfObject(here);
      touched(place);
      const owners = (here.metadata.ownerReferences ?? []).flatMap(({ uid }) => byUid.get(uid) ?? []);
      const naming = [...(referrers.get(place) ?? [])].flatMap((one) => objects.get(one) ?? []);
      for (const above of [...owners, ...naming]) climb(above, left - 1);
    };
    climb(object, highest);
  };
  const touchService = (slice: KubeObject) => {
    const service = slice.metadata.labels?.[serviceLabel];
    if (service) touched(placeOf({ group: '', kind: 'Service', name: service, ...inNamespace(slice) }));
  };
  const addEvent = (event: KubeEvent) => {
    const uid = event.involvedObject?.uid;
    if (!uid || !isTelling(event)) return;
    const list = (events.get(uid) ?? []).filter((one) => one.metadata.uid !== event.metadata.uid);
    events.set(uid, [...list, eventWithoutSecrets(event, mask)].sort((a, b) => timeOf(a) - timeOf(b)).slice(-eventsKept));
    const about = byUid.get(uid);
    if (about) tell(about);
  };
  const link = (map: Map<string, Set<string>>, key: string | undefined, place: string) => {
    if (key === undefined) return;
    const set = map.get(key) ?? new Set();
    map.set(key, set.add(place));
  };
  const remove = (place: string) => {
    const object = objects.get(place);
    if (!object) return;
    objects.delete(place);
    const { uid } = object.metadata;
    if (uid) {
      byUid.delete(uid);
      holdups.delete(uid);
      unwritten.delete(uid);
      events.delete(uid);
    }
    for (const owner of object.metadata.ownerReferences ?? []) children.get(owner.uid)?.delete(place);
    for (const named of placesNamed(object)) referrers.get(named)?.delete(place);
    slices.get(sliceKey(object))?.delete(place);
    tell(object);
    if (object.kind === 'EndpointSlice') touchService(object);
  };
  const put = (whole: KubeObject) => {
    if (whole.kind === 'Event') return addEvent(whole as KubeEvent);
    const object = objectWithoutSecrets(trimmed(whole), mask);
    const place = placeOfObject(object);
    const before = objects.get(place);
    if (before && before.metadata.uid !== object.metadata.uid) remove(place);
    objects.set(place, object);
    if (object.metadata.uid) byUid.set(object.metadata.uid, object);
    for (const owner of object.metadata.ownerReferences ?? []) link(children, owner.uid, place);
    for (const named of before ? placesNamed(before) : []) referrers.get(named)?.delete(place);
    for (const named of placesNamed(object)) link(referrers, named, place);
    if (object.kind === 'EndpointSlice') {
      link(slices, sliceKey(object), place);
      touchService(object);
    }
    tell(object);
  };

  return {
    put,
    gone: (object) => {
      if (object.kind !== 'Event') remove(placeOfObject(object));
    },
    all: (scope, list) => {
      looked.add(`${scope.kind}/${scope.namespace ?? ''}`);
      const now = new Set(list.map(placeOfObject));
      for (const [place, object] of objects) if (isIn(scope, object) && !now.has(place)) remove(place);
      for (const object of list) put(object);
    },
    get: (place) => objects.get(place),
    isKnown: (uid) => byUid.has(uid),
    expectPods: (place, runner) => void expected.set(place, runner),
    keepLog: (pod, container, lines) => {
      if (logs.size >= logsKept) logs.delete(logs.keys().next().value as string);
      logs.set(logKey(pod, container), lines);
      tell(pod);
    },
    keepDefinition: (definition) => {
      for (const kind of awaitedBy(definition)) awaited.add(kind);
    },
    keepUnwritten: (object) => {
      unwritten.add(object.metadata.uid ?? '');
      tell(object);
    },
    keepHoldup: (object, lines) => {
      if (!byUid.has(object.metadata.uid ?? '')) return;
      holdups.set(object.metadata.uid ?? '', lines);
      tell(object);
    },
    holdupOf: (object) => holdups.get(object.metadata.uid ?? ''),
    childrenOf: (object, kind) => {
      const places = [...(children.get(object.metadata.uid ?? '') ?? [])];
      const all = places.flatMap((place) => objects.get(place) ?? []);
      return kind === undefined ? all : all.filter((child) => child.kind === kind);
    },
    referredBy: (object) => placesNamed(object).flatMap((place) => objects.get(place) ?? []),
    eventsOf: (object) => events.get(object.metadata.uid ?? '') ?? [],
    slicesOf: (service) => {
      if (!looked.has(`EndpointSlice.discovery.k8s.io/${service.metadata.namespace ?? ''}`)) return undefined;
      const places = [...(slices.get(`${service.metadata.namespace}/${service.metadata.name}`) ?? [])];
      return places.flatMap((place) => (objects.get(place) as EndpointSlice | undefined) ?? []);
    },
    runnersOf: (namespace, selector) =>
      [...expected.values()]
        .filter((one) => one.namespace === namespace && Object.entries(selector).every(([key, value]) => one.labels[key] === value))
        .map((one) => one.id),
    rules,
    isUnwritten: (object) => unwritten.has(object.metadata.uid ?? ''),
    awaitsStatus: (object) => awaited.has(awaitedKind(object)),
    logOf: (pod, container) => logs.get(logKey(pod, container)),
  };
}

/** Longer ways up, through owners and whoever names an object, are not gone. */
const highest = 8;
const eventsKept = 10;
const logsKept = 100;
const serviceLabel = 'kubernetes.io/service-name';

function placeOfObject(object: KubeObject): string {
  return placeOf(addressOfObject(object));
}

function isIn({ kind, namespace, name }: Scope, object: KubeObject): boolean {
  if (groupOf(object) !== kind || (namespace !== undefined && object.metadata.namespace !== namespace)) return false;
  return name === undefined || object.metadata.name === name;
}

function inNamespace(object: KubeObject): { readonly namespace?: string } {
  return object.metadata.namespace === undefined ? {} : { namespace: object.metadata.namespace };
}

/** The places of what an object names, each with and without a namespace: a reference does not say whether its kind has those. */
function placesNamed(object: KubeObject): readonly string[] {
  const places = referredBy(object).flatMap(({ namespace, ...named }) => [
    placeOf(named),
    ...(namespace ? [placeOf({ ...named, namespace })] : []),
  ]);
  return [...new Set(places)];
}

function sliceKey(slice: KubeObject): string {
  return `${slice.metadata.namespace}/${slice.metadata.labels?.[serviceLabel]}`;
}

function logKey(pod: KubeObject, container: string): string {
  return `${pod.metadata.uid}/${container}`;
}

const tellingReasons = new Set([
  'TriggeredScaleUp',
  'NotTriggerScaleUp',
  'Nominated',
  'WaitForFirstConsumer',
  'SuccessfulCreate',
  'FailedBinding',
  'ExternalProvisioning',
]);

/** Events that no rule reads are not kept: a busy namespace has tens of thousands. */
function isTelling(event: KubeEvent): boolean {
  return event.type === 'Warning' || tellingReasons.has(event.reason ?? '');
}

function timeOf(event: KubeEvent): number {
  const text = event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp;
  return text ? Date.parse(text) : 0;
}
