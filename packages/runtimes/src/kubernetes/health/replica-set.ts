// A ReplicaSet: as many Pods as wished, all available.
import type { Finding } from '@konfig/core';
import { clean } from '../../clean';
import { shortName } from '../address';
import type { KubeObject, Pod, ReplicaSet } from '../objects';
import type { Related } from '../related';
import { podFindings } from './pod';
import { conditionOf, isTrue, type Report, ready, waiting } from './report';

export function replicaSetHealth(object: KubeObject, related: Related): Report {
  const set = object as ReplicaSet;
  const wished = set.spec?.replicas ?? 1;
  const status = set.status ?? {};
  const available = status.availableReplicas ?? 0;
  const text = `${available} of ${wished} available`;
  if (isTrue(conditionOf(status.conditions, 'ReplicaFailure'))) return waiting(text, replicaSetFindings(set, related));
  if ((status.replicas ?? 0) > wished) return waiting(`${(status.replicas ?? 0) - wished} too many`);
  if (available >= wished && (status.readyReplicas ?? 0) >= wished && status.replicas === wished) return ready(text);
  return waiting(text, replicaSetFindings(set, related));
}

/** Why Pods are missing, and what is wrong with those that are there. */
export function replicaSetFindings(set: ReplicaSet, related: Related): readonly Finding[] {
  const pods = related.childrenOf(set, 'Pod') as readonly Pod[];
  const failure = conditionOf(set.status?.conditions, 'ReplicaFailure');
  const own = isTrue(failure) ? [failedCreate(set, failure?.message ?? '')] : [];
  return [
    ...own,
    ...pods.filter((pod) => !pod.metadata.deletionTimestamp).flatMap((pod) => podFindings(pod, related, 'spec.template.spec')),
  ];
}

/** Quota or admission refuses the Pods: waiting will not help, but a quota may just be catching up. */
export function failedCreate(object: KubeObject, message: string): Finding {
  return {
    code: 'FailedCreate',
    class: 'terminal',
    grace: 10,
    message: clean(message, 400),
    on: shortName(object),
    field: /exceeded quota/.test(message) ? 'spec.template.spec.containers' : 'spec.template',
  };
}
