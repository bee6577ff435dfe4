import type { Condition, KubeObject, Pod, ReplicaSet, ReplicaSetStatus } from '../objects';
import { matchSelector } from '../store/selector';
import { timestamp } from '../world';
import { type Actor, refusalOf } from './actor';
import { type Controller, controllerRef, controllerReference, itself, ownerOf, readKey } from './controller';
import { isActive, isAvailable, isReady, podFrom, readyMillisLeft } from './pods';

/** Keeps as many pods of a template alive as the ReplicaSet says. */
export const replicaSetController: Controller = {
  name: 'replicaset',
  wakes: { 'replicasets.apps': itself, pods: ownerOf('ReplicaSet') },
  reconcile(key, actor) {
    const { namespace, name } = readKey(key);
    const set = actor.get<ReplicaSet>('replicasets.apps', namespace, name);
    if (!set) return undefined;
    adoptPods(actor, set);
    const pods = actor.owned<Pod>('pods', set);
    const failure = set.metadata.deletionTimestamp ? undefined : scale(actor, set, pods.filter(isActive));
    const current = actor.get<ReplicaSet>('replicasets.apps', namespace, name);
    if (!current) return undefined;
    const owned = actor.owned<Pod>('pods', set);
    const after = owned.filter(isActive);
    const terminating = owned.filter((pod) => pod.metadata.deletionTimestamp !== undefined).length;
    actor.setStatus('replicasets.apps', current, { ...statusOf(current, after, actor.now(), failure), terminatingReplicas: terminating });
    return soonest(after.map((pod) => readyMillisLeft(pod, set.spec.minReadySeconds ?? 0, actor.now())));
  },
};

export function soonest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time): time is number => time !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}

function adoptPods(actor: Actor, set: ReplicaSet): void {
  if (set.metadata.deletionTimestamp) return;
  const fits = matchSelector(set.spec.selector);
  for (const pod of [...actor.world.store.each('pods', set.metadata.namespace ?? '')]) {
    if (controllerRef(pod) || !fits(pod.metadata.labels) || !isActive(pod as Pod)) continue;
    const ownerReferences = [...(pod.metadata.ownerReferences ?? []), controllerReference(set)];
    actor.change('pods', pod, { metadata: { ...pod.metadata, ownerReferences } });
  }
}

/** Creates or deletes pods; gives back why it could not. */
function scale(actor: Actor, set: ReplicaSet, pods: readonly Pod[]): string | undefined {
  for (let missing = set.spec.replicas - pods.length; missing > 0; missing--) {
    const refusal = refusalOf(() => createPod(actor, set));
    if (refusal !== undefined) {
      actor.event(set, 'Warning', 'FailedCreate', `Error creating: ${refusal}`);
      return refusal;
    }
  }
  for (const pod of chooseToDelete(pods, pods.length - set.spec.replicas)) {
    actor.remove('pods', pod);
    actor.event(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
  }
  return undefined;
}

function createPod(actor: Actor, set: ReplicaSet): void {
  const namespace = set.metadata.namespace ?? '';
  const pod: KubeObject = actor.create('pods', namespace, podFrom(set.spec.template, set, { generateName: `${set.metadata.name}-` }));
  actor.event(set, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
}

/** Those that serve least go first: not scheduled, not running, not ready, then the youngest. */
function chooseToDelete(pods: readonly Pod[], count: number): Pod[] {
  if (count <= 0) return [];
  const rank = (pod: Pod): number => (pod.spec.nodeName === undefined ? 0 : pod.status.phase === 'Pending' ? 1 : isReady(pod) ? 3 : 2);
  const sorted = [...pods].sort(
    (a, b) => rank(a) - rank(b) || Date.parse(b.metadata.creationTimestamp) - Date.parse(a.metadata.creationTimestamp),
  );
  return sorted.slice(0, count);
}

export function statusOf(set: ReplicaSet, pods: readonly Pod[], now: number, failure: string | undefined): ReplicaSetStatus {
  const templateFits = matchSelector({ matchLabels: set.spec.template.metadata.labels ?? {} });
  return {
    replicas: pods.length,
    fullyLabeledReplicas: pods.filter((pod) => templateFits(pod.metadata.labels)).length,
    readyReplicas: pods.filter(isReady).length,
    availableReplicas: pods.filter((pod) => isAvailable(pod, set.spec.minReadySeconds ?? 0, now)).length,
    observedGeneration: set.metadata.generation ?? 0,
    conditions: failure === undefined ? [] : [failureCondition(set, failure, now)],
  };
}

function failureCondition(set: ReplicaSet, message: string, now: number): Condition {
  const before = set.status.conditions?.find((condition) => condition.type === 'ReplicaFailure');
  return before?.message === message
    ? before
    : { type: 'ReplicaFailure', status: 'True', lastTransitionTime: timestamp(now), reason: 'FailedCreate', message };
}
