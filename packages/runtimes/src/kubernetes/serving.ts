// What of a workload serves while it is not ready: Pods of its new revision, and those of the old one that are still there.
import { groupOf } from './address';
import { newReplicaSet, revisionOf } from './health/deployment';
import { conditionOf, isTrue } from './health/report';
import type { DaemonSet, Deployment, KubeObject, Pod, ReplicaSet, StatefulSet } from './objects';
import type { Related } from './related';

/** One line, as an observation has it; undefined for what has no Pods that serve. */
export function servingOf(object: KubeObject, related: Related): string | undefined {
  switch (groupOf(object)) {
    case 'Deployment.apps':
      return textOf(ofDeployment(object as Deployment, related));
    case 'StatefulSet.apps':
      return textOf(ofStatefulSet(object as StatefulSet, related));
    case 'DaemonSet.apps':
      return textOf(ofDaemonSet(object as DaemonSet, related));
    default:
      return undefined;
  }
}

/** Pods that are ready. */
interface Serving {
  readonly wished: number;
  readonly ofNew: number;
  readonly ofOld: number;
  /** Of the newest of the old ones. */
  readonly oldRevision?: number;
}

function textOf({ wished, ofNew, ofOld, oldRevision = 0 }: Serving): string {
  const revision = oldRevision > 0 ? ` of revision ${oldRevision}` : '';
  if (ofNew + ofOld === 0) return 'no Pod serves';
  if (ofNew === 0) return `old Pods serve on: ${ofOld} of ${wished}${revision}`;
  if (ofOld === 0) return `${ofNew} of ${wished} Pods serve`;
  return `${ofNew} new and ${ofOld} old Pods${revision} serve, of ${wished} that are wished`;
}

function ofDeployment(deployment: Deployment, related: Related): Serving {
  const current = newReplicaSet(deployment, related);
  const sets = related.childrenOf(deployment, 'ReplicaSet') as readonly ReplicaSet[];
  const old = sets.filter((set) => set !== current && readyOf(set) > 0);
  return {
    wished: deployment.spec?.replicas ?? 1,
    ofNew: current ? readyOf(current) : 0,
    ofOld: old.reduce((sum, set) => sum + readyOf(set), 0),
    oldRevision: Math.max(0, ...old.map(revisionOf)),
  };
}

function readyOf({ status }: ReplicaSet): number {
  return status?.readyReplicas ?? 0;
}

function ofStatefulSet(set: StatefulSet, related: Related): Serving {
  const { updateRevision } = set.status ?? {};
  const isNew = ({ metadata }: Pod) => updateRevision === undefined || metadata.labels?.['controller-revision-hash'] === updateRevision;
  return { wished: set.spec?.replicas ?? 1, ...countPods(set, isNew, related) };
}

function ofDaemonSet(set: DaemonSet, related: Related): Serving {
  const current = set.metadata.annotations?.['deprecated.daemonset.template.generation'];
  const isNew = ({ metadata }: Pod) => (metadata.labels?.['pod-template-generation'] ?? current) === current;
  return { wished: set.status?.desiredNumberScheduled ?? 0, ...countPods(set, isNew, related) };
}

function countPods(owner: KubeObject, isNew: (pod: Pod) => boolean, related: Related): Pick<Serving, 'ofNew' | 'ofOld'> {
  const ready = (related.childrenOf(owner, 'Pod') as readonly Pod[]).filter(
    ({ metadata, status }) => !metadata.deletionTimestamp && isTrue(conditionOf(status?.conditions, 'Ready')),
  );
  const ofNew = ready.filter(isNew).length;
  return { ofNew, ofOld: ready.length - ofNew };
}
