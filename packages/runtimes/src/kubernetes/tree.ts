// What hangs from an object, for people: Deployment → ReplicaSets → Pods, Service → endpoints, Job → Pods, a custom resource → whatever it owns or names.
import type { RelatedNode } from '@konfig/core';
import { clean } from '../clean';
import { groupOf, shortName } from './address';
import { healthOf } from './health';
import { newReplicaSet, revisionOf } from './health/deployment';
import { podReport } from './health/pod';
import type { KubeObject, Pod, ReplicaSet } from './objects';
import { type Related, without } from './related';

/** How many of one owner are shown; those that are not ready come first. */
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
    case 'Service':
      return endpoints(object, related);
    case 'Pod':
      return [];
    default:
      return anyBelow(object, related);
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

/** Whatever has it as an owner or is named by it, down to the Pods. */
function anyBelow(object: KubeObject, related: Related): readonly RelatedNode[] {
  const inside = without(object, related);
  const below = [...new Set([...related.childrenOf(object), ...related.referredBy(object)])];
  return foremost(
    below.map((one) => nodeOf(one, inside, relatedTo(one, inside))),
    'objects',
  );
}

function endpoints(service: KubeObject, related: Related): readonly RelatedNode[] {
  const all = (related.slicesOf(service) ?? []).flatMap((slice) => slice.endpoints ?? []);
  const nodes = all.map(({ conditions, targetRef, addresses }): RelatedNode => {
    const name = targetRef?.name
      ? `${clean(targetRef.kind ?? 'Pod', 80)}/${clean(targetRef.name, 253)}`
      : clean(addresses?.[0] ?? 'endpoint', 100);
    return conditions?.ready === false
      ? { name, health: 'progressing', message: 'not ready' }
      : { name, health: 'ready', message: 'ready' };
  });
  return foremost(nodes, 'endpoints');
}

function pods(owner: KubeObject, related: Related): readonly RelatedNode[] {
  const all = related.childrenOf(owner, 'Pod') as readonly Pod[];
  const nodes = all.map((pod) => {
    const { health, message } = pod.metadata.deletionTimestamp ? healthOf(pod, related) : podReport(pod, related, 'spec.template.spec');
    const claims = related.referredBy(pod).map((claim) => nodeOf(claim, related, []));
    const unbound = claims.filter((claim) => claim.health !== 'ready');
    return { name: shortName(pod), health, message, ...(unbound.length > 0 ? { children: unbound } : {}) };
  });
  return foremost(nodes, 'pods');
}

/** Those that are not ready first, then by name; of many the first. */
function foremost(nodes: readonly RelatedNode[], what: string): readonly RelatedNode[] {
  const sorted = nodes.toSorted((a, b) => Number(a.health === 'ready') - Number(b.health === 'ready') || (a.name < b.name ? -1 : 1));
  if (sorted.length <= shown) return sorted;
  const rest = sorted.length - shown;
  return [...sorted.slice(0, shown), { name: `${rest} more`, health: 'unknown', message: `${rest} more ${what}` }];
}

function nodeOf(object: KubeObject, related: Related, children: readonly RelatedNode[]): RelatedNode {
  const { health, message } = healthOf(object, related);
  return { name: shortName(object), health, message, ...(children.length > 0 ? { children } : {}) };
}
