// Searches a namespace for what has a custom resource as an owner: nobody knows the kinds beforehand, so all are listed, metadata only, and those of which
// something hangs from an object that was told are followed from then on. While a resource is not ready it is searched for again, ever more rarely.
import { inParallel } from '../in-parallel';
import { pause } from '../pause';
import { groupKind } from './address';
import type { ServedKind } from './discovery';
import { listAll } from './feed';
import type { KubeObject } from './objects';
import type { World } from './world';

/** The watch that it is a part of. */
export interface Following {
  readonly mode: 'once' | 'follow';
  /** Follows a kind in a namespace, or one object of it, with what tells how it is; settles when it was listed, also where it may not be. */
  follow(place: { readonly served: ServedKind; readonly namespace: string | undefined; readonly name?: string }): Promise<void>;
  isFollowed(served: ServedKind, namespace: string): boolean;
  isWatched(place: string): boolean;
  get(place: string): KubeObject | undefined;
  /** Is there an object of this uid, among all that were told? */
  isKnown(uid: string): boolean;
  /** Is nothing more expected of it? */
  isSettled(object: KubeObject): boolean;
}

export interface OwnedSearch {
  /** Searches the namespace for what hangs from the object at this place, until that is settled. Settles when it was searched, and rejects at the abort. */
  start(object: KubeObject, place: string): Promise<void>;
}

const kindsSearched = 150;
const listsAtOnce = 8;
/** In milliseconds: the first search comes after the first delay, each further one after twice as long, up to the last. */
const delays = { first: 250, last: 30_000 };

interface Namespace {
  /** The uids of those that are searched for, by place. */
  readonly wanted: Map<string, string | undefined>;
  delay: number;
  wake: AbortController;
  work: Promise<void> | undefined;
}

export function makeOwnedSearch(world: World, following: Following, signal: AbortSignal): OwnedSearch {
  const namespaces = new Map<string, Namespace>();
  const refused = new Set<string>();

  const followIfOwned = async (served: ServedKind, namespace: string): Promise<boolean> => {
    const listed = await listAll(world.client, { served, namespace, metadataOnly: true }, signal).catch(() => undefined);
    if (!listed) refused.add(groupKind(served));
    const hangs = ({ metadata }: KubeObject) => (metadata.ownerReferences ?? []).some(({ uid }) => following.isKnown(uid));
    if (!listed?.objects.some(hangs)) return false;
    await following.follow({ served, namespace });
    return true;
  };
  /** Whether something new was found, from which more may hang. */
  const searchOnce = async (namespace: string): Promise<boolean> => {
    const isOpen = (served: ServedKind) => !refused.has(groupKind(served)) && !following.isFollowed(served, namespace);
    const kinds = (await world.discovery.listable(signal)).filter((served) => isWorthListing(served) && isOpen(served));
    const found = await inParallel(kinds.slice(0, kindsSearched), listsAtOnce, (served) => followIfOwned(served, namespace));
    return found.some(Boolean);
  };
  const isWaitedFor = ({ wanted }: Namespace) =>
    [...wanted.keys()].some((place) => {
      const object = following.get(place);
      return object !== undefined && !following.isSettled(object);
    });
  const search = async (name: string, namespace: Namespace) => {
    do {
      await rest(namespace, following.mode, signal);
      while (await searchOnce(name));
    } while (following.mode === 'follow' && isWaitedFor(namespace));
    namespace.work = undefined;
    namespace.delay = delays.first;
  };
  return {
    start: async (object, place) => {
      const name = object.metadata.namespace as string;
      const namespace = namespaces.get(name) ?? { wanted: new Map(), delay: delays.first, wake: new AbortController(), work: undefined };
      namespaces.set(name, namespace);
      const isNew = !namespace.wanted.has(place) || namespace.wanted.get(place) !== object.metadata.uid;
      namespace.wanted.set(place, object.metadata.uid);
      if (!isNew && following.isSettled(object)) return;
      if (isNew) namespace.wake.abort();
      namespace.work ??= search(name, namespace);
      await namespace.work;
    },
  };
}

/** Whoever comes new is not made to wait as long as those before. */
async function rest(namespace: Namespace, mode: Following['mode'], signal: AbortSignal): Promise<void> {
  if (mode === 'once') return;
  if (namespace.wake.signal.aborted) {
    namespace.wake = new AbortController();
    namespace.delay = delays.first;
  }
  await pause(namespace.delay, AbortSignal.any([signal, namespace.wake.signal])).catch(() => signal.throwIfAborted());
  namespace.delay = Math.min(delays.last, namespace.delay * 2);
}

/** Kinds that nobody waits for, that are told of otherwise, or that are nobody's business. */
const neverListed = new Set([
  'ConfigMap',
  'ControllerRevision.apps',
  'Endpoints',
  'EndpointSlice.discovery.k8s.io',
  'Event',
  'Event.events.k8s.io',
  'Lease.coordination.k8s.io',
  'LimitRange',
  'NetworkPolicy.networking.k8s.io',
  'PodTemplate',
  'ResourceQuota',
  'Role.rbac.authorization.k8s.io',
  'RoleBinding.rbac.authorization.k8s.io',
  'Secret',
  'ServiceAccount',
]);

function isWorthListing(served: ServedKind): boolean {
  return served.verbs.includes('watch') && !neverListed.has(groupKind(served));
}
