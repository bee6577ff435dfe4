// What hangs from an object, for people: Deployment → ReplicaSets → Pods, Service → endpoints, Job → Pods.
import type { RelatedNode } from '@konfig/core';
import { groupOf, shortName } from './address';
import { healthOf } from './health';
import { newReplicaSet, revisionOf } from './health/deployment';
import { podReport } from './health/pod';
import type { KubeObject, Pod, ReplicaSet } from './objects';
import type { Related } from './related';

/** How many Pods of one owner are shown; those that are not ready come first. */
const shown = 20;

export function relatedTo(object: KubeObject, related: Related): readonly RelatedNode[] {
  switch (groupOf(object)) {
    case 'Deployment.apps':
      return replicaSets(object, related);
    case 'ReplicaSet.apps':
    case 'StatefulSet.apps':
    case 'DaemonSet.apps':
    case 'Job.batch':
      return pods(object, related);
    case 'CronJob.batch':
      return related.childrenOf(object, 'Job').map((job) => nodeOf(job, related, pods(job, related)));
    default:
      return [];
  }
}

function replicaSets(deployment: KubeObject, related: Related): readonly RelatedNode[] {
  const current = newReplicaSet(deployment, related);
  const sets = (related.childrenOf(deployment, 'ReplicaSet') as readonly ReplicaSet[])
    .filter((set) => set === current || (set.spec?.replicas ?? 0) > 0 || (set.status?.replicas ?? 0) > 0)
    .toSorted((a, b) => revisionOf(b) - revisionOf(a));
  return sets.map((set) => {
    const node = nodeOf(set, related, pods(set, related));
    const age = set === current ? 'new' : 'old';
    return { ...node, message: `${age}${revisionOf(set) > 0 ? `, revision ${revisionOf(set)}` : ''}: ${node.message}` };
  });
}

function pods(owner: KubeObject, related: Related): readonly RelatedNode[] {
  const all = related.childrenOf(owner, 'Pod') as readonly Pod[];
  const nodes = all
    .map((pod) => {
      const { health, message } = pod.metadata.deletionTimestamp ? healthOf(pod, related) : podReport(pod, related, 'spec.template.spec');
      return { name: shortName(pod), health, message };
    })
    .sort((a, b) => Number(a.health === 'ready') - Number(b.health === 'ready') || (a.name < b.name ? -1 : 1));
  if (nodes.length <= shown) return nodes;
  const rest = nodes.length - shown;
  return [...nodes.slice(0, shown), { name: `${rest} more`, health: 'unknown', message: `${rest} more pods` }];
}

function nodeOf(object: KubeObject, related: Related, children: readonly RelatedNode[]): RelatedNode {
  const { health, message } = healthOf(object, related);
  return { name: shortName(object), health, message, ...(children.length > 0 ? { children } : {}) };
}
