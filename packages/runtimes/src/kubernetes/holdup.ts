// Why an object that is being deleted does not go: its finalizers with who takes them away, and what has to go before it.
// It is only told: to strip a finalizer is to skip what its owner wanted to clean up.
import { isKonfigError } from '@konfig/core';
import { clean } from '../clean';
import { inParallel } from '../in-parallel';
import { addressOfObject, groupOf, kindOf, shortName } from './address';
import { definitionOf } from './custom/definition';
import { collectionPath, type ServedKind } from './discovery';
import { listAll } from './feed';
import { asJson, type KubeObject, type Pod } from './objects';
import type { World } from './world';

/** What stands in the cluster, as whoever asks why something does not go needs it. */
interface Surroundings {
  readonly discovery: World['discovery'];
  /** All objects of a kind, in one namespace where it has those. */
  readonly list: (served: ServedKind, namespace: string | undefined) => Promise<readonly KubeObject[]>;
  readonly signal: AbortSignal;
}

/** One line for each thing that holds it. */
async function holdupOf(around: Surroundings, object: KubeObject): Promise<readonly string[]> {
  const finalizers = (object.metadata.finalizers ?? []).map((name) => `finalizer ${clean(name, 100)}: ${belongsTo(name)}`);
  return [...finalizers, ...(await holders(around, object))];
}

async function holders(around: Surroundings, object: KubeObject): Promise<readonly string[]> {
  switch (groupOf(object)) {
    case 'Namespace':
      return (await contentOf(around, object.metadata.name)).flatMap(withFinalizers);
    case 'CustomResourceDefinition.apiextensions.k8s.io':
      return (await objectsOfDefinition(around, object)).flatMap(withFinalizers);
    case 'PersistentVolumeClaim':
      return usersOfClaim(around, object);
    default:
      return (object.metadata.finalizers ?? []).includes('foregroundDeletion') ? dependents(around, object) : [];
  }
}

/** So many are named. */
const named = 10;

function withFinalizers(object: KubeObject): readonly string[] {
  return (object.metadata.finalizers ?? []).map((name) => `${shortName(object)} has finalizer ${clean(name, 100)}: ${belongsTo(name)}`);
}

/** What the garbage collector deletes first: whatever names the object as an owner that may not go before it, and so on down to the Pods. */
async function dependents(around: Surroundings, owner: KubeObject): Promise<readonly string[]> {
  const { namespace } = owner.metadata;
  if (namespace === undefined) return [];
  const content = await contentOf(around, namespace);
  const seen = new Set<string | undefined>();
  const below = ({ metadata: { uid } }: KubeObject): readonly KubeObject[] => {
    if (seen.has(uid)) return [];
    seen.add(uid);
    const blocks = ({ metadata }: KubeObject) =>
      (metadata.ownerReferences ?? []).some((reference) => reference.uid === uid && reference.blockOwnerDeletion === true);
    return content.filter(blocks).flatMap((one) => [one, ...below(one)]);
  };
  return below(owner)
    .slice(0, named)
    .flatMap((one) => {
      const since = one.metadata.deletionTimestamp ? `, is being deleted since ${one.metadata.deletionTimestamp}` : '';
      return [`${shortName(one)} has to go first${since}`, ...withFinalizers(one)];
    });
}

async function usersOfClaim({ discovery, list, signal }: Surroundings, claim: KubeObject): Promise<readonly string[]> {
  const served = await discovery.find(kindOf('v1/Pod'), signal);
  const pods = served ? await list(served, claim.metadata.namespace) : [];
  const uses = (pod: KubeObject) =>
    ((pod as Pod).spec?.volumes ?? []).some((volume) => volume.persistentVolumeClaim?.claimName === claim.metadata.name);
  return pods
    .filter(uses)
    .slice(0, named)
    .map((pod) => `${shortName(pod)} uses it`);
}

async function objectsOfDefinition({ discovery, list, signal }: Surroundings, object: KubeObject): Promise<readonly KubeObject[]> {
  const definition = definitionOf(asJson(object));
  const served = definition && (await discovery.findAnyVersion(definition, signal));
  return served ? list(served, undefined) : [];
}

/** Everything in a namespace that can be listed, of each kind in one version. */
async function contentOf({ discovery, list, signal }: Surroundings, namespace: string): Promise<readonly KubeObject[]> {
  const kinds = (await discovery.listable(signal)).filter(({ kind }) => kind !== 'Event');
  return (await inParallel(kinds, 6, (kind) => list(kind, namespace))).flat();
}

/** Many objects of one namespace are often held up at once: what was listed for one of them serves the others too, for as long as the patience lasts. */
function surroundingsOf(world: World, signal: AbortSignal): Surroundings {
  const lists = new Map<string, Promise<readonly KubeObject[]>>();
  const list: Surroundings['list'] = (served, namespace) => {
    const key = collectionPath(served, namespace);
    const known = lists.get(key);
    if (known) return known;
    const found = listed(world, served, namespace, signal);
    lists.set(key, found);
    setTimeout(() => lists.delete(key), world.deletionPatience).unref();
    return found;
  };
  return { discovery: world.discovery, list, signal };
}

/** Metadata is enough, but for Pods. What may not be listed, or breaks, is not told. */
async function listed(
  world: World,
  served: ServedKind,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const place = { served, namespace: served.namespaced ? namespace : undefined, metadataOnly: served.kind !== 'Pod' };
  try {
    return (await listAll(world.client, place, signal)).objects;
  } catch (error) {
    signal.throwIfAborted();
    if (isKonfigError(error)) return [];
    throw error;
  }
}

/** Who takes a finalizer away, and when: by its name, which is all that it says. */
function belongsTo(finalizer: string): string {
  const known = finalizers.find(([pattern]) => pattern.test(finalizer));
  if (known) return known[1];
  const domain = /^(?:[^/]*\.)?([^./]+\.[^./]+)(?:\/|$)/.exec(finalizer)?.[1];
  return domain ? `a controller of ${clean(domain, 60)} takes it away; does it run?` : 'whoever set it takes it away';
}

const finalizers: readonly (readonly [RegExp, string])[] = [
  [/^foregroundDeletion$/, 'the garbage collector takes it away when what the object owns is gone'],
  [/^orphan$/, 'the garbage collector takes it away when what the object owns has no owner any more'],
  [/^kubernetes$/, 'the namespace controller takes it away when the namespace is empty'],
  [/^kubernetes\.io\/pvc-protection$/, 'Kubernetes takes it away when no Pod uses the claim'],
  [/^kubernetes\.io\/pv-protection$/, 'Kubernetes takes it away when no claim is bound to the volume'],
  [/^external-provisioner\.volume\.kubernetes\.io\/finalizer$/, 'the volume driver takes it away when the disk is deleted'],
  [/^external-attacher\//, 'the volume driver takes it away when the disk is detached'],
  [/^snapshot\.storage\.kubernetes\.io\//, 'the snapshot controller takes it away'],
  [/^service\.kubernetes\.io\/load-balancer-cleanup$/, 'the cloud controller takes it away when the load balancer is gone'],
  [/^batch\.kubernetes\.io\/job-tracking$/, 'the Job controller takes it away when it has counted the Pod'],
  [/^customresourcecleanup\.apiextensions\.k8s\.io$/, 'the API server takes it away when all objects of the kind are gone'],
  [/argocd\.argoproj\.io|^resources-finalizer/, 'Argo CD takes it away when it has deleted what the application made'],
  [/^finalizers\.fluxcd\.io$/, 'Flux takes it away when it has cleaned up'],
  [/^ingress\.k8s\.aws\/|^service\.k8s\.aws\/|^elbv2\.k8s\.aws\//, 'the AWS load balancer controller takes it away'],
  [/^networking\.gke\.io\//, 'the GKE ingress controller takes it away'],
];

/** What was found out about the objects of a watch, and when to find out. */
export interface Holdups {
  /** To be called at each state of a watched object. */
  look(object: KubeObject): void;
  idle(): Promise<void>;
}

interface Keep {
  readonly mode: 'once' | 'follow';
  isThere(object: KubeObject): boolean;
  keep(object: KubeObject, lines: readonly string[]): void;
}

/** Once an object has been on its way out for longer than the patience, and again every so often while it stays. */
export function makeHoldups(world: World, { mode, isThere, keep }: Keep, signal: AbortSignal): Holdups {
  const around = surroundingsOf(world, signal);
  const timers = new Map<string, NodeJS.Timeout>();
  const latest = new Map<string, KubeObject>();
  const running = new Set<Promise<void>>();
  signal.addEventListener(
    'abort',
    () => {
      for (const timer of timers.values()) clearTimeout(timer);
    },
    { once: true },
  );
  const findIn = (key: string, milliseconds: number) => {
    if (!signal.aborted) timers.set(key, setTimeout(() => find(key), milliseconds).unref());
  };
  const find = (key: string) => {
    timers.delete(key);
    const object = latest.get(key);
    if (!object || signal.aborted) return;
    if (!isThere(object)) {
      latest.delete(key);
      return;
    }
    const finding: Promise<void> = holdupOf(around, object)
      .then((lines) => keep(object, lines))
      .catch(() => undefined) // The server is away: the watch says so, or looks again.
      .finally(() => {
        running.delete(finding);
        if (mode === 'follow') findIn(key, 3 * world.deletionPatience);
      });
    running.add(finding);
  };
  return {
    look: (object) => {
      const key = object.metadata.uid ?? JSON.stringify(addressOfObject(object));
      const { deletionTimestamp } = object.metadata;
      if (!deletionTimestamp) return;
      const isNew = !latest.has(key);
      latest.set(key, object);
      if (!isNew) return;
      const since = Date.now() - Date.parse(deletionTimestamp);
      if (mode === 'once') {
        if (since >= world.deletionPatience) find(key);
        return;
      }
      // A clock that is wrong must not make us ask at once, nor never.
      const wait = Math.min(world.deletionPatience, Math.max(0, world.deletionPatience - Math.max(0, since)));
      findIn(key, wait);
    },
    idle: async () => {
      await Promise.all(running);
    },
  };
}
