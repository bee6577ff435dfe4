// What hangs from an object, as the health rules ask for it: filled by the watch, a plain fake in tests.
import type { Kind } from './address';
import type { EndpointSlice, KubeEvent, KubeObject } from './objects';

/** What hangs from an object, looked up in what was seen. Pure: the same answers until something changes. */
export interface Related {
  /** Objects of this kind that have the object as their controller. */
  childrenOf(object: KubeObject, kind: string): readonly KubeObject[];
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
}

/** For an object that is judged alone: nothing was seen beside it. */
export const nothingRelated: Related = {
  childrenOf: () => [],
  eventsOf: () => [],
  slicesOf: () => undefined,
  runnersOf: () => [],
  logOf: () => undefined,
  holdupOf: () => undefined,
};

const pod: Kind = { group: '', version: 'v1', kind: 'Pod' };
const event: Kind = { group: '', version: 'v1', kind: 'Event' };
const replicaSet: Kind = { group: 'apps', version: 'v1', kind: 'ReplicaSet' };
const job: Kind = { group: 'batch', version: 'v1', kind: 'Job' };
const endpointSlice: Kind = { group: 'discovery.k8s.io', version: 'v1', kind: 'EndpointSlice' };

/** What else has to be followed to say how a kind is. */
export const alsoFollowed: { readonly [groupKind: string]: readonly Kind[] } = {
  'Deployment.apps': [replicaSet, pod, event],
  'ReplicaSet.apps': [pod, event],
  'StatefulSet.apps': [pod, event],
  'DaemonSet.apps': [pod, event],
  'Job.batch': [pod, event],
  'CronJob.batch': [job],
  Pod: [event],
  Service: [endpointSlice],
  PersistentVolumeClaim: [event],
};
