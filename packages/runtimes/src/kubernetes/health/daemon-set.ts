// A DaemonSet: a Pod of the new revision available on every node that should have one.
import type { Finding } from '@konfig/core';
import type { DaemonSet, KubeObject, Pod } from '../objects';
import type { Related } from '../related';
import { createFailures } from './events';
import { podFindings } from './pod';
import { type Report, ready, waiting } from './report';

export function daemonSetHealth(object: KubeObject, related: Related): Report {
  const set = object as DaemonSet;
  const { spec, status } = set;
  const wished = status?.desiredNumberScheduled;
  if (!status?.observedGeneration || wished === undefined) return waiting('is not seen yet by its controller');
  const { currentNumberScheduled = 0, numberReady = 0, numberAvailable = 0, updatedNumberScheduled = 0 } = status;
  const text = `${Math.min(numberReady, numberAvailable)} of ${wished} ready`;
  // OnDelete: people delete the old Pods when they like, so their revision does not matter.
  const byHand = spec?.updateStrategy?.type === 'OnDelete';
  if (!byHand && updatedNumberScheduled < wished) return waiting(`${text}, ${updatedNumberScheduled} updated`, findingsOf(set, related));
  if (currentNumberScheduled < wished || numberReady < wished || numberAvailable < wished) return waiting(text, findingsOf(set, related));
  return ready(text);
}

const generation = 'deprecated.daemonset.template.generation';

function findingsOf(set: DaemonSet, related: Related): readonly Finding[] {
  const current = set.metadata.annotations?.[generation];
  const pods = (related.childrenOf(set, 'Pod') as readonly Pod[]).filter(
    (pod) => current === undefined || (pod.metadata.labels?.['pod-template-generation'] ?? current) === current,
  );
  return [...createFailures(set, related), ...pods.flatMap((pod) => podFindings(pod, related, 'spec.template.spec'))];
}
