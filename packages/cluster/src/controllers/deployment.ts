import { sameJson } from '../fields/atom';
import type { Condition, Deployment, DeploymentStatus, ReplicaSet } from '../objects';
import { timestamp } from '../world';
import type { Actor } from './actor';
import { type Controller, controllerRef, controllerReference, itself, ownerOf, readKey } from './controller';
import { contentHash } from './hash';
import { newSetReplicas, oldSetReplicas, resolveLimits, shareReplicas } from './rollout';

const revisionAnnotation = 'deployment.kubernetes.io/revision';
const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas';
const maximumAnnotation = 'deployment.kubernetes.io/max-replicas';
const hashLabel = 'pod-template-hash';

/** Rolls a Deployment's template out through ReplicaSets, one per template. */
export const deploymentController: Controller = {
  name: 'deployment',
  wakes: { 'deployments.apps': itself, 'replicasets.apps': ownerOf('Deployment') },
  reconcile(key, actor) {
    const { namespace, name } = readKey(key);
    const deployment = actor.get<Deployment>('deployments.apps', namespace, name);
    if (!deployment) return undefined;
    if (!deployment.metadata.deletionTimestamp) adoptSets(actor, deployment);
    const sets = setsOf(actor, deployment);
    if (deployment.metadata.deletionTimestamp) return report(actor, deployment, sets.found, sets.all);
    if (deployment.spec.paused) return pause(actor, deployment, sets);
    if (isScaling(deployment, sets.all)) return rescale(actor, deployment, sets);
    return deployment.spec.strategy.type === 'Recreate' ? recreate(actor, deployment, sets) : roll(actor, deployment, sets);
  },
};

// Sets that another Deployment of the name left behind, as after a deletion that orphans.
function adoptSets(actor: Actor, deployment: Deployment): void {
  for (const set of actor.select<ReplicaSet>('replicasets.apps', deployment.metadata.namespace ?? '', deployment.spec.selector)) {
    if (controllerRef(set) || set.metadata.deletionTimestamp) continue;
    const ownerReferences = [...(set.metadata.ownerReferences ?? []), controllerReference(deployment)];
    actor.change('replicasets.apps', set, { metadata: { ...set.metadata, ownerReferences } });
  }
}

interface Sets {
  /** The set of the present template, if there is one. */
  readonly found: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
  readonly all: readonly ReplicaSet[];
}

function setsOf(actor: Actor, deployment: Deployment): Sets {
  const all = actor.owned<ReplicaSet>('replicasets.apps', deployment).sort(byAge);
  const found = all.find((set) => sameTemplate(set, deployment));
  return { found, all, old: all.filter((set) => set !== found) };
}

function byAge(a: ReplicaSet, b: ReplicaSet): number {
  return (
    Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp) || (a.metadata.name < b.metadata.name ? -1 : 1)
  );
}

function sameTemplate(set: ReplicaSet, deployment: Deployment): boolean {
  const { [hashLabel]: _, ...labels } = set.spec.template.metadata.labels ?? {};
  const template = { ...set.spec.template, metadata: { ...set.spec.template.metadata, labels } };
  return sameJson(template, deployment.spec.template);
}

function roll(actor: Actor, deployment: Deployment, sets: Sets): number | undefined {
  const current = ensureNewSet(actor, deployment, sets);
  const now = setsOf(actor, current);
  if (!now.found) return undefined;
  const wanted = newSetReplicas(current.spec, now.found, now.all);
  if (wanted !== now.found.spec.replicas) scaleSet(actor, current, now.found, wanted);
  else for (const { set, replicas } of oldSetReplicas(current.spec, now.found, now.old)) scaleSet(actor, current, set, replicas);
  return finish(actor, current);
}

function recreate(actor: Actor, deployment: Deployment, sets: Sets): number | undefined {
  const running = sets.old.filter((set) => set.spec.replicas > 0);
  for (const set of running) scaleSet(actor, deployment, set, 0);
  const left = sets.old.some((set) => set.spec.replicas > 0 || set.status.replicas > 0 || hasPods(actor, set));
  if (left) return finish(actor, deployment);
  const current = ensureNewSet(actor, deployment, sets);
  const { found } = setsOf(actor, current);
  if (found && found.spec.replicas !== current.spec.replicas) scaleSet(actor, current, found, current.spec.replicas);
  return finish(actor, current);
}

// Recreate waits until the old pods are really gone, not only on their way.
function hasPods(actor: Actor, set: ReplicaSet): boolean {
  return actor.owned('pods', set).length > 0;
}

function pause(actor: Actor, deployment: Deployment, sets: Sets): number | undefined {
  if (isScaling(deployment, sets.all)) return rescale(actor, deployment, sets);
  return report(actor, deployment, sets.found, sets.all);
}

function finish(actor: Actor, deployment: Deployment): number | undefined {
  const live = actor.get<Deployment>('deployments.apps', deployment.metadata.namespace ?? '', deployment.metadata.name);
  if (!live) return undefined;
  const sets = setsOf(actor, live);
  if (isComplete(live, live.status)) cleanUp(actor, live, sets.old);
  return report(actor, live, sets.found, setsOf(actor, live).all);
}

function isScaling(deployment: Deployment, sets: readonly ReplicaSet[]): boolean {
  return sets.some((set) => {
    const desired = set.metadata.annotations?.[desiredAnnotation];
    return set.spec.replicas > 0 && desired !== undefined && Number(desired) !== deployment.spec.replicas;
  });
}

function rescale(actor: Actor, deployment: Deployment, { found, old, all }: Sets): number | undefined {
  const limits = resolveLimits(deployment.spec);
  const maximumOf = (set: ReplicaSet): number => Number(set.metadata.annotations?.[maximumAnnotation] ?? deployment.spec.replicas);
  for (const { set, replicas } of shareReplicas(deployment.spec, { found, old, limits, maximumOf }))
    scaleSet(actor, deployment, set, replicas);
  return report(actor, deployment, found, setsOf(actor, deployment).all.length > 0 ? setsOf(actor, deployment).all : all);
}

/** Makes the set of the present template, or finds it again and makes it the newest. */
function ensureNewSet(actor: Actor, deployment: Deployment, { found, old, all }: Sets): Deployment {
  const revision = String(Math.max(0, ...old.map((set) => Number(set.metadata.annotations?.[revisionAnnotation] ?? 0))) + 1);
  if (found) return refind(actor, deployment, found, revision);
  const hash = contentHash(deployment.spec.template, deployment.status.collisionCount);
  const name = `${deployment.metadata.name}-${hash}`;
  if (actor.get('replicasets.apps', deployment.metadata.namespace ?? '', name)) return avoidName(actor, deployment);
  const replicas = newSetReplicas(deployment.spec, undefined, all);
  actor.create('replicasets.apps', deployment.metadata.namespace ?? '', makeSet(deployment, name, hash, replicas, revision));
  if (replicas > 0) actor.event(deployment, 'Normal', 'ScalingReplicaSet', `Scaled up replica set ${name} from 0 to ${replicas}`);
  const condition = makeCondition(actor, 'Progressing', 'True', 'NewReplicaSetCreated', `Created new replica set "${name}"`);
  return setRevision(actor, deployment, revision, setCondition(deployment.status.conditions ?? [], condition));
}

// A foreign set has the name: the count goes into the hash, and the next round finds a free one.
function avoidName(actor: Actor, deployment: Deployment): Deployment {
  const collisionCount = (deployment.status.collisionCount ?? 0) + 1;
  return actor.setStatus('deployments.apps', deployment, { ...deployment.status, collisionCount });
}

function refind(actor: Actor, deployment: Deployment, found: ReplicaSet, revision: string): Deployment {
  const stale = Number(found.metadata.annotations?.[revisionAnnotation] ?? 0) < Number(revision);
  const number = stale ? revision : String(found.metadata.annotations?.[revisionAnnotation]);
  if (stale) annotateSet(actor, deployment, found, revision);
  const conditions = deployment.status.conditions ?? [];
  const known = conditions.some((condition) => condition.type === 'Progressing');
  if (known && deployment.metadata.annotations?.[revisionAnnotation] === number) return deployment;
  const condition = makeCondition(actor, 'Progressing', 'True', 'FoundNewReplicaSet', `Found new replica set "${found.metadata.name}"`);
  return setRevision(actor, deployment, number, known ? conditions : setCondition(conditions, condition));
}

function setRevision(actor: Actor, deployment: Deployment, revision: string, conditions: readonly Condition[]): Deployment {
  const annotations = { ...deployment.metadata.annotations, [revisionAnnotation]: revision };
  return actor.setStatus('deployments.apps', deployment, { ...deployment.status, conditions }, annotations);
}

function annotateSet(actor: Actor, deployment: Deployment, set: ReplicaSet, revision: string): void {
  const annotations = { ...set.metadata.annotations, ...replicasAnnotations(deployment), [revisionAnnotation]: revision };
  actor.change('replicasets.apps', set, { metadata: { ...set.metadata, annotations } });
}

function makeSet(deployment: Deployment, name: string, hash: string, replicas: number, revision: string): object {
  const { template, selector, minReadySeconds } = deployment.spec;
  const labels = { ...template.metadata.labels, [hashLabel]: hash };
  const { 'kubectl.kubernetes.io/last-applied-configuration': _, ...kept } = deployment.metadata.annotations ?? {};
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      labels,
      annotations: { ...kept, ...replicasAnnotations(deployment), [revisionAnnotation]: revision },
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas,
      ...(minReadySeconds !== undefined && { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

function replicasAnnotations(deployment: Deployment): { [name: string]: string } {
  const { surge } = resolveLimits(deployment.spec);
  return { [desiredAnnotation]: String(deployment.spec.replicas), [maximumAnnotation]: String(deployment.spec.replicas + surge) };
}

function scaleSet(actor: Actor, deployment: Deployment, set: ReplicaSet, replicas: number): void {
  const annotations = { ...set.metadata.annotations, ...replicasAnnotations(deployment) };
  if (set.spec.replicas === replicas && sameJson(annotations, set.metadata.annotations)) return;
  actor.change('replicasets.apps', set, { metadata: { ...set.metadata, annotations }, spec: { ...set.spec, replicas } });
  if (set.spec.replicas === replicas) return;
  const direction = replicas > set.spec.replicas ? 'up' : 'down';
  const message = `Scaled ${direction} replica set ${set.metadata.name} from ${set.spec.replicas} to ${replicas}`;
  actor.event(deployment, 'Normal', 'ScalingReplicaSet', message);
}

function cleanUp(actor: Actor, deployment: Deployment, old: readonly ReplicaSet[]): void {
  const empty = old.filter((set) => set.spec.replicas === 0 && set.status.replicas === 0 && !set.metadata.deletionTimestamp);
  for (const set of empty.slice(0, Math.max(0, empty.length - deployment.spec.revisionHistoryLimit))) actor.remove('replicasets.apps', set);
}

function report(actor: Actor, deployment: Deployment, found: ReplicaSet | undefined, all: readonly ReplicaSet[]): number | undefined {
  const live = actor.get<Deployment>('deployments.apps', deployment.metadata.namespace ?? '', deployment.metadata.name);
  if (!live) return undefined;
  const counted = countStatus(actor, live, found, all);
  const status = { ...counted, conditions: progressConditions(actor, live, counted, found) };
  actor.setStatus('deployments.apps', live, status);
  return deadlineLeft(actor, live, status);
}

function countStatus(actor: Actor, deployment: Deployment, found: ReplicaSet | undefined, all: readonly ReplicaSet[]): DeploymentStatus {
  const sum = (count: (set: ReplicaSet) => number): number => all.reduce((total, set) => total + count(set), 0);
  const available = sum((set) => set.status.availableReplicas ?? 0);
  const total = sum((set) => set.spec.replicas);
  const { unavailable } = resolveLimits(deployment.spec);
  const enough = available >= deployment.spec.replicas - unavailable;
  const condition = enough
    ? makeCondition(actor, 'Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
    : makeCondition(actor, 'Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.');
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: sum((set) => set.status.replicas),
    updatedReplicas: found?.status.replicas ?? 0,
    readyReplicas: sum((set) => set.status.readyReplicas ?? 0),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, total - available),
    terminatingReplicas: sum((set) => set.status.terminatingReplicas ?? 0),
    conditions: setCondition(deployment.status.conditions ?? [], condition),
    ...(deployment.status.collisionCount !== undefined && { collisionCount: deployment.status.collisionCount }),
  };
}

function progressConditions(
  actor: Actor,
  deployment: Deployment,
  status: DeploymentStatus,
  found: ReplicaSet | undefined,
): readonly Condition[] {
  const conditions = withFailure(actor, status.conditions ?? [], found);
  const current = conditions.find((condition) => condition.type === 'Progressing');
  if (deployment.spec.paused) return pausedConditions(actor, conditions, current);
  const resumed =
    current?.reason === 'DeploymentPaused'
      ? makeCondition(actor, 'Progressing', 'Unknown', 'DeploymentResumed', 'Deployment is resumed')
      : undefined;
  const done = status.replicas === status.updatedReplicas && current?.reason === 'NewReplicaSetAvailable';
  if (done) return conditions;
  const named = found ? `ReplicaSet "${found.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;
  if (isComplete(deployment, status)) {
    return setCondition(
      conditions,
      makeCondition(actor, 'Progressing', 'True', 'NewReplicaSetAvailable', `${named} has successfully progressed.`),
    );
  }
  if (isProgressing(deployment.status, status)) {
    const condition = makeCondition(actor, 'Progressing', 'True', 'ReplicaSetUpdated', `${named} is progressing.`);
    const since = current?.status === 'True' ? current.lastTransitionTime : condition.lastTransitionTime;
    return [...conditions.filter((one) => one.type !== 'Progressing'), { ...condition, lastTransitionTime: since ?? null }];
  }
  if (isTimedOut(actor, deployment, current)) {
    return setCondition(
      conditions,
      makeCondition(actor, 'Progressing', 'False', 'ProgressDeadlineExceeded', `${named} has timed out progressing.`),
    );
  }
  return resumed ? setCondition(conditions, resumed) : conditions;
}

function pausedConditions(actor: Actor, conditions: readonly Condition[], current: Condition | undefined): readonly Condition[] {
  if (current?.reason === 'ProgressDeadlineExceeded' || current?.reason === 'DeploymentPaused') return conditions;
  return setCondition(conditions, makeCondition(actor, 'Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused'));
}

function withFailure(actor: Actor, conditions: readonly Condition[], found: ReplicaSet | undefined): readonly Condition[] {
  const failed = found?.status.conditions?.find((condition) => condition.type === 'ReplicaFailure');
  if (!failed) return conditions.filter((condition) => condition.type !== 'ReplicaFailure');
  return setCondition(conditions, makeCondition(actor, 'ReplicaFailure', 'True', failed.reason ?? '', failed.message ?? ''));
}

function isComplete({ spec, metadata }: Deployment, status: DeploymentStatus): boolean {
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0, observedGeneration = 0 } = status;
  return (
    updatedReplicas === spec.replicas &&
    replicas === spec.replicas &&
    availableReplicas === spec.replicas &&
    observedGeneration >= (metadata.generation ?? 0)
  );
}

function isProgressing(before: DeploymentStatus, now: DeploymentStatus): boolean {
  const old = (status: DeploymentStatus): number => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    (now.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(now) < old(before) ||
    (now.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (now.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

const noDeadline = 2_147_483_647;

function isTimedOut(actor: Actor, deployment: Deployment, current: Condition | undefined): boolean {
  if (!current || deployment.spec.progressDeadlineSeconds === noDeadline || current.reason === 'NewReplicaSetAvailable') return false;
  if (current.reason === 'ProgressDeadlineExceeded') return true;
  return Date.parse(String(current.lastUpdateTime)) + deployment.spec.progressDeadlineSeconds * 1000 <= actor.now();
}

function deadlineLeft(actor: Actor, deployment: Deployment, status: DeploymentStatus): number | undefined {
  const current = status.conditions?.find((condition) => condition.type === 'Progressing');
  const waits = current && !['NewReplicaSetAvailable', 'ProgressDeadlineExceeded', 'DeploymentPaused'].includes(current.reason ?? '');
  if (!waits || deployment.spec.progressDeadlineSeconds === noDeadline) return undefined;
  const due = Date.parse(String(current.lastUpdateTime)) + deployment.spec.progressDeadlineSeconds * 1000;
  return Math.max(0, due - actor.now()) + 10;
}

function makeCondition(actor: Actor, type: string, status: Condition['status'], reason: string, message: string): Condition {
  const now = timestamp(actor.now());
  return { type, status, lastUpdateTime: now, lastTransitionTime: now, reason, message };
}

/** Puts a condition in; one that says the same stays as it was, and its last transition is when the status changed. */
function setCondition(conditions: readonly Condition[], next: Condition): readonly Condition[] {
  const current = conditions.find((condition) => condition.type === next.type);
  if (current?.status === next.status && current.reason === next.reason) return conditions;
  const kept = conditions.filter((condition) => condition.type !== next.type);
  const since = current?.status === next.status ? current.lastTransitionTime : next.lastTransitionTime;
  return [...kept, { ...next, lastTransitionTime: since ?? null }];
}
