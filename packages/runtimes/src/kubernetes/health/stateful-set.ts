// A StatefulSet: all Pods ready and, as far as its strategy goes, of the new revision.
import type { Finding } from '@konfig/core';
import type { KubeObject, Pod, StatefulSet } from '../objects';
import type { Related } from '../related';
import { createFailures } from './events';
import { persistentVolumeClaimHealth } from './persistent-volume-claim';
import { podFindings } from './pod';
import { type Report, ready, waiting } from './report';

export function statefulSetHealth(object: KubeObject, related: Related): Report {
  const set = object as StatefulSet;
  const { spec = {}, status } = set;
  if (!status?.observedGeneration) return waiting('is not seen yet by its controller');
  const wished = spec.replicas ?? 1;
  const { replicas = 0, readyReplicas = 0, updatedReplicas = 0, currentRevision, updateRevision } = status;
  const available = status.availableReplicas ?? readyReplicas;
  const text = `${Math.min(readyReplicas, available)} of ${wished} ready`;
  if (replicas > wished) return waiting(`${text}, ${replicas - wished} too many`);
  if (replicas < wished || readyReplicas < wished || available < wished) return waiting(text, findingsOf(set, related));
  const isOneRevision = currentRevision === updateRevision || updateRevision === undefined;
  if (isOneRevision && (status.currentReplicas ?? wished) < wished) return waiting(`${text}, finishes its update`);
  if (isOneRevision) return ready(text);
  // OnDelete: people delete the old Pods when they like, so nothing is left to wait for.
  if (spec.updateStrategy?.type === 'OnDelete')
    return ready(`${text}, ${updatedReplicas} of the new revision; the others change when they are deleted`);
  const partition = spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  const toUpdate = Math.max(0, wished - partition);
  if (updatedReplicas < toUpdate) return waiting(`${text}, ${updatedReplicas} of ${toUpdate} updated`, findingsOf(set, related));
  return partition > 0
    ? ready(`${text}, ${updatedReplicas} of the new revision (partition ${partition})`)
    : waiting(`${text}, finishes its update`);
}

/** Only Pods of the new revision count. */
function findingsOf(set: StatefulSet, related: Related): readonly Finding[] {
  const revision = set.status?.updateRevision;
  const pods = (related.childrenOf(set, 'Pod') as readonly Pod[]).filter(
    (pod) => revision === undefined || pod.metadata.labels?.['controller-revision-hash'] === revision,
  );
  return [...createFailures(set, related), ...pods.flatMap((pod) => ofPod(pod, set, related))];
}

/** What is wrong with a Pod; where it waits for a volume of its own, what is wrong with that claim. */
function ofPod(pod: Pod, set: StatefulSet, related: Related): readonly Finding[] {
  const ofClaims = (set.spec?.volumeClaimTemplates ?? []).flatMap(({ metadata: { name } }) => {
    const claim = related.referredBy(pod).find((one) => one.metadata.name === `${name}-${pod.metadata.name}`);
    const findings = claim ? persistentVolumeClaimHealth(claim, related).findings : [];
    return findings.map((finding) => ({ ...finding, field: `spec.volumeClaimTemplates[name=${name}].${finding.field}` }));
  });
  const ofItself = podFindings(pod, related, 'spec.template.spec');
  return ofClaims.length > 0 ? [...ofClaims, ...ofItself.filter(({ code }) => code !== 'Unschedulable')] : ofItself;
}
