// What hangs from an object, as the health rules ask for it: filled by the watch, a plain fake in tests.
import type { Kind } from './address';
import type { HealthRule } from './health/rules/rule';
import type { EndpointSlice, KubeEvent, KubeObject } from './objects';

/** What hangs from an object, looked up in what was seen. Pure: the same answers until something changes. */
export interface Related {
  /** Objects that have the object among their owners: those of this kind, or all. */
  childrenOf(object: KubeObject, kind?: string): readonly KubeObject[];
  /** Objects that it names by group, kind and name: see `referredBy`. */
  referredBy(object: KubeObject): readonly KubeObject[];
  /** Events about the object, oldest first. */
  eventsOf(object: KubeObject): readonly KubeEvent[];
  /** The slices of a Service; undefined when nobody looked. */
  slicesOf(service: KubeObject): readonly EndpointSlice[] | undefined;
  /** The resources of the stack that run Pods with these labels in this namespace. */
  runnersOf(namespace: string | undefined, labels: { readonly [key: string]: string }): readonly string[];
  /** The last lines that a crashed container wrote; undefined when not (yet) read. */
  logOf(pod: KubeObject, container: string): readonly string[] | undefined;
  /** What holds up the delete of an object; undefined when nobody looked (yet). */
  holdupOf(object: KubeObject): readonly string[] | undefined;
  /** Will an object that has no status get one? Only its kind's definition can say; where nobody knows that, it is not waited for. */
  awaitsStatus(object: KubeObject): boolean;
  /** Has it had no status for so long that nobody may ever write one? */
  isUnwritten(object: KubeObject): boolean;
  /** The user's own health rules, which go before all others. */
  readonly rules: readonly HealthRule[];
}

/** For an object that is judged alone: nothing was seen beside it. */
export const nothingRelated: Related = {
  childrenOf: () => [],
  referredBy: () => [],
  eventsOf: () => [],
  slicesOf: () => undefined,
  runnersOf: () => [],
  logOf: () => undefined,
  holdupOf: () => undefined,
  awaitsStatus: () => false,
  isUnwritten: () => false,
  rules: [],
};

/** The same without this object: whoever goes down what hangs from it never comes back to it, whatever owns whom. */
export function without(object: KubeObject, related: Related): Related {
  const others = (objects: readonly KubeObject[]) => objects.filter((one) => one !== object && one.metadata.uid !== object.metadata.uid);
  return {
    ...related,
    childrenOf: (owner, kind) => others(related.childrenOf(owner, kind)),
    referredBy: (referrer) => others(related.referredBy(referrer)),
  };
}

const pod: Kind = { group: '', version: 'v1', kind: 'Pod' };
const event: Kind = { group: '', version: 'v1', kind: 'Event' };
const claim: Kind = { group: '', version: 'v1', kind: 'PersistentVolumeClaim' };
const replicaSet: Kind = { group: 'apps', version: 'v1', kind: 'ReplicaSet' };
const job: Kind = { group: 'batch', version: 'v1', kind: 'Job' };
const endpointSlice: Kind = { group: 'discovery.k8s.io', version: 'v1', kind: 'EndpointSlice' };

/** What else has to be followed to say how a kind is. */
export const alsoFollowed: { readonly [groupKind: string]: readonly Kind[] } = {
  'Deployment.apps': [replicaSet, pod, event],
  'ReplicaSet.apps': [pod, event],
  'StatefulSet.apps': [pod, claim, event],
  'DaemonSet.apps': [pod, event],
  'Job.batch': [pod, event],
  'CronJob.batch': [job],
  Pod: [event],
  Service: [endpointSlice, event],
  PersistentVolumeClaim: [event],
};
