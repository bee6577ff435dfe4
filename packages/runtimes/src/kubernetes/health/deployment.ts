// A Deployment: all Pods of the new revision available, none of an old one left.
import type { Finding } from '@konfig/core';
import { clean } from '../../clean';
import { shortName } from '../address';
import type { Deployment, KubeObject, ReplicaSet } from '../objects';
import type { Related } from '../related';
import { replicaSetFindings } from './replica-set';
import { conditionOf, type Report, ready, suspended, waiting } from './report';

export function deploymentHealth(object: KubeObject, related: Related): Report {
  const deployment = object as Deployment;
  const { spec = {}, status } = deployment;
  const wished = spec.replicas ?? 1;
  if (spec.paused) return suspended('paused');
  if (!status?.observedGeneration) return waiting('is not seen yet by its controller');
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, readyReplicas = 0 } = status;
  const old = replicas - updatedReplicas;
  const isDone = updatedReplicas >= wished && old <= 0 && availableReplicas >= wished && readyReplicas >= wished;
  const isDenied = ['Available', 'Progressing'].some((type) => conditionOf(status.conditions, type)?.status === 'False');
  if (isDone && !isDenied) return ready(`${readyReplicas} of ${wished} ready`);
  const ofPods = newFindings(deployment, related);
  const findings = [...deadline(deployment, ofPods[0]), ...ofPods];
  if (updatedReplicas < wished) return waiting(`${updatedReplicas} of ${wished} updated, ${availableReplicas} available`, findings);
  // The status counts ready Pods of both revisions; a rolling update keeps the old ones until the new ones are ready.
  if (old > 0)
    return waiting(`${Math.max(0, readyReplicas - old)} of ${wished} new ready, ${old} old ${old === 1 ? 'pod' : 'pods'} left`, findings);
  const isCounted = readyReplicas >= wished && availableReplicas >= wished;
  if (isDenied && isCounted) return waiting(`${readyReplicas} of ${wished} ready, but not available`, findings);
  return waiting(`${Math.min(readyReplicas, availableReplicas)} of ${wished} ready`, findings);
}

function deadline(deployment: Deployment, cause: Finding | undefined): readonly Finding[] {
  const progress = conditionOf(deployment.status?.conditions, 'Progressing');
  if (progress?.reason !== 'ProgressDeadlineExceeded') return [];
  return [
    {
      code: 'ProgressDeadlineExceeded',
      class: 'terminal',
      message: clean(progress.message ?? 'no progress in time', 300),
      on: shortName(deployment),
      field: cause?.field ?? 'spec.progressDeadlineSeconds',
      ...(cause ? { details: [`${cause.on}: ${cause.message}`, ...(cause.details ?? [])] } : {}),
    },
  ];
}

/** Old Pods may fail as they like: what counts is the new revision. */
function newFindings(deployment: Deployment, related: Related): readonly Finding[] {
  const set = newReplicaSet(deployment, related);
  return set ? replicaSetFindings(set, related) : [];
}

const revision = 'deployment.kubernetes.io/revision';

/** The newest has the highest revision: a rollback gives the old ReplicaSet a new number. */
export function newReplicaSet(deployment: KubeObject, related: Related): ReplicaSet | undefined {
  const sets = related.childrenOf(deployment, 'ReplicaSet') as readonly ReplicaSet[];
  return [...sets].sort((a, b) => revisionOf(b) - revisionOf(a))[0];
}

export function revisionOf(set: KubeObject): number {
  return Number(set.metadata.annotations?.[revision] ?? 0);
}
