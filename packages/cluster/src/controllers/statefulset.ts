import type { KubeObject, Pod, StatefulSet, StatefulSetStatus } from '../objects';
import { type Actor, refusalOf } from './actor';
import { type Controller, itself, ownerOf, readKey } from './controller';
import { isAvailable, isReady, podFrom, readyMillisLeft } from './pods';
import { soonest } from './replicaset';
import { forgetRevisions, recordRevision } from './revisions';

const revisionLabel = 'controller-revision-hash';

/** Keeps numbered pods, started and replaced in order, each with its own claims. */
export const statefulSetController: Controller = {
  name: 'statefulset',
  wakes: { 'statefulsets.apps': itself, pods: ownerOf('StatefulSet') },
  reconcile(key, actor) {
    const { namespace, name } = readKey(key);
    const set = actor.get<StatefulSet>('statefulsets.apps', namespace, name);
    if (!set || set.metadata.deletionTimestamp) return undefined;
    const hash = recordRevision(actor, set, 'controller.kubernetes.io/hash', set.status.collisionCount);
    const updateRevision = `${set.metadata.name}-${hash}`;
    const pods = actor.owned<Pod>('pods', set);
    act(actor, set, pods, updateRevision);
    const after = actor.owned<Pod>('pods', set);
    const used = new Set([updateRevision, set.status.currentRevision, ...after.map((pod) => pod.metadata.labels?.[revisionLabel])]);
    forgetRevisions(actor, set, (one) => used.has(one.metadata.name));
    const live = actor.get<StatefulSet>('statefulsets.apps', namespace, name);
    if (live) actor.setStatus('statefulsets.apps', live, statusOf(live, after, updateRevision, actor.now()));
    return soonest(after.map((pod) => readyMillisLeft(pod, set.spec.minReadySeconds ?? 0, actor.now())));
  },
};

/** One round: create, then shrink, then replace; in order, unless pods are managed in parallel. */
function act(actor: Actor, set: StatefulSet, pods: readonly Pod[], updateRevision: string): void {
  const parallel = set.spec.podManagementPolicy === 'Parallel';
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(pod), pod]));
  const start = set.spec.ordinals?.start ?? 0;
  for (let ordinal = start; ordinal < start + set.spec.replicas; ordinal++) {
    const pod = byOrdinal.get(ordinal);
    if (pod?.status.phase === 'Failed') actor.remove('pods', pod);
    if (!pod) createPod(actor, set, ordinal, updateRevision);
    const settled = pod && isAvailable(pod, set.spec.minReadySeconds ?? 0, actor.now()) && !pod.metadata.deletionTimestamp;
    if (!settled && !parallel) return;
  }
  const surplus = pods.filter((pod) => ordinalOf(pod) >= start + set.spec.replicas).sort((a, b) => ordinalOf(b) - ordinalOf(a));
  for (const pod of surplus) {
    if (!pod.metadata.deletionTimestamp) removePod(actor, set, pod);
    if (!parallel) return;
  }
  if (set.spec.updateStrategy.type === 'RollingUpdate') replaceNext(actor, set, pods, updateRevision);
}

// From the highest number down, one at a time, and only while all above it are well.
function replaceNext(actor: Actor, set: StatefulSet, pods: readonly Pod[], updateRevision: string): void {
  const partition = set.spec.updateStrategy.rollingUpdate?.partition ?? 0;
  for (const pod of [...pods].sort((a, b) => ordinalOf(b) - ordinalOf(a))) {
    if (ordinalOf(pod) < partition || pod.metadata.deletionTimestamp) return;
    if (pod.metadata.labels?.[revisionLabel] !== updateRevision) {
      removePod(actor, set, pod);
      return;
    }
    if (!isReady(pod)) return;
  }
}

function createPod(actor: Actor, set: StatefulSet, ordinal: number, updateRevision: string): void {
  const namespace = set.metadata.namespace ?? '';
  const name = `${set.metadata.name}-${ordinal}`;
  if (actor.get('pods', namespace, name)) return;
  const partition = set.spec.updateStrategy.rollingUpdate?.partition ?? 0;
  const revision = ordinal < partition && set.status.currentRevision ? set.status.currentRevision : updateRevision;
  const claims = (set.spec.volumeClaimTemplates ?? []).map((template) => ensureClaim(actor, set, template, name));
  const body = podFrom(set.spec.template, set, { name }) as {
    metadata: { labels?: object };
    spec: { volumes?: readonly { name: string }[] };
  };
  const own = (body.spec.volumes ?? []).filter((volume) => !claims.some((claim) => claim.name === volume.name));
  const labels = {
    ...body.metadata.labels,
    'statefulset.kubernetes.io/pod-name': name,
    'apps.kubernetes.io/pod-index': String(ordinal),
    [revisionLabel]: revision,
  };
  const spec = { ...body.spec, hostname: name, subdomain: set.spec.serviceName, volumes: [...claims, ...own] };
  const refusal = refusalOf(() =>
    actor.create('pods', namespace, { ...body, metadata: { generateName: `${set.metadata.name}-`, ...body.metadata, labels }, spec }),
  );
  const said = `create Pod ${name} in StatefulSet ${set.metadata.name}`;
  if (refusal === undefined) actor.event(set, 'Normal', 'SuccessfulCreate', `${said} successful`);
  else actor.event(set, 'Warning', 'FailedCreate', `${said} failed error: ${refusal}`);
}

function ensureClaim(
  actor: Actor,
  set: StatefulSet,
  template: KubeObject,
  pod: string,
): { name: string; persistentVolumeClaim: { claimName: string } } {
  const namespace = set.metadata.namespace ?? '';
  const claimName = `${template.metadata.name}-${pod}`;
  if (!actor.get('persistentvolumeclaims', namespace, claimName)) {
    const labels = { ...set.spec.selector.matchLabels, ...template.metadata.labels };
    actor.create('persistentvolumeclaims', namespace, { metadata: { ...template.metadata, name: claimName, labels }, spec: template.spec });
    actor.event(set, 'Normal', 'SuccessfulCreate', `create Claim ${claimName} Pod ${pod} in StatefulSet ${set.metadata.name} success`);
  }
  return { name: template.metadata.name, persistentVolumeClaim: { claimName } };
}

function removePod(actor: Actor, set: StatefulSet, pod: Pod): void {
  actor.remove('pods', pod);
  actor.event(set, 'Normal', 'SuccessfulDelete', `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`);
}

function ordinalOf(pod: Pod): number {
  return Number(pod.metadata.name.slice(pod.metadata.name.lastIndexOf('-') + 1));
}

function statusOf(set: StatefulSet, pods: readonly Pod[], updateRevision: string, now: number): StatefulSetStatus {
  const before = set.status.currentRevision ?? updateRevision;
  const at = (revision: string): number =>
    pods.filter((pod) => pod.metadata.labels?.[revisionLabel] === revision && !pod.metadata.deletionTimestamp).length;
  const updated = at(updateRevision);
  const ready = pods.filter((pod) => isReady(pod)).length;
  const complete = updated === set.spec.replicas && pods.length === updated && ready === updated;
  const currentRevision = complete ? updateRevision : before;
  return {
    observedGeneration: set.metadata.generation ?? 0,
    replicas: pods.length,
    readyReplicas: ready,
    availableReplicas: pods.filter((pod) => isAvailable(pod, set.spec.minReadySeconds ?? 0, now)).length,
    currentReplicas: at(currentRevision),
    updatedReplicas: updated,
    currentRevision,
    updateRevision,
    collisionCount: set.status.collisionCount ?? 0,
  };
}
