// How an object is: deletion first, then the generation, then the rules for its kind.
import { clean } from '../../clean';
import { groupOf, shortName } from '../address';
import { heldBy } from '../namespaces';
import type { KubeObject } from '../objects';
import type { Related } from '../related';
import { apiServiceHealth } from './api-service';
import { certificateSigningRequestHealth } from './certificate-signing-request';
import { cronJobHealth } from './cron-job';
import { customResourceDefinitionHealth } from './custom-resource-definition';
import { daemonSetHealth } from './daemon-set';
import { deploymentHealth } from './deployment';
import { withDescendants } from './descendants';
import { genericHealth, troubleNow } from './generic';
import { horizontalPodAutoscalerHealth } from './horizontal-pod-autoscaler';
import { ingressHealth } from './ingress';
import { jobHealth } from './job';
import { namespaceHealth } from './namespace';
import { persistentVolumeClaimHealth } from './persistent-volume-claim';
import { podHealth } from './pod';
import { podDisruptionBudgetHealth } from './pod-disruption-budget';
import { replicaSetHealth } from './replica-set';
import { type Report, type Rule, waiting } from './report';
import { judgedBy } from './rules/judge';
import { operatorRules } from './rules/operators';
import type { HealthRule } from './rules/rule';
import { serviceHealth } from './service';
import { statefulSetHealth } from './stateful-set';
import { volumeAttachmentHealth } from './volume-attachment';

/** Rules by kind and group; every other kind goes by its conditions. */
const rules: { readonly [groupKind: string]: Rule } = {
  'Deployment.apps': deploymentHealth,
  'ReplicaSet.apps': replicaSetHealth,
  Pod: podHealth,
  Service: serviceHealth,
  'APIService.apiregistration.k8s.io': apiServiceHealth,
  'CertificateSigningRequest.certificates.k8s.io': certificateSigningRequestHealth,
  'CronJob.batch': cronJobHealth,
  'CustomResourceDefinition.apiextensions.k8s.io': customResourceDefinitionHealth,
  'DaemonSet.apps': daemonSetHealth,
  'HorizontalPodAutoscaler.autoscaling': horizontalPodAutoscalerHealth,
  'Ingress.networking.k8s.io': ingressHealth,
  'Job.batch': jobHealth,
  Namespace: namespaceHealth,
  PersistentVolumeClaim: persistentVolumeClaimHealth,
  'PodDisruptionBudget.policy': podDisruptionBudgetHealth,
  'StatefulSet.apps': statefulSetHealth,
  'VolumeAttachment.storage.k8s.io': volumeAttachmentHealth,
};

/** How an object is: by the user's rules, the rule of its kind, ours for operators, and otherwise its conditions. Pure: `related` is all that it asks. */
export const healthOf: Rule = healthWith(operatorRules);

/** The same with these rules for operators. */
export function healthWith(ofOperators: readonly HealthRule[]): Rule {
  return function health(object, related) {
    if (object.metadata.deletionTimestamp) return deleting(object, related);
    const unseen = unseenIn(object);
    const rule = rules[groupOf(object)];
    if (rule) return unseen ?? judgedBy(related.rules, object, rule(object, related));
    const alone = unseen
      ? (troubleNow(object) ?? unseen)
      : judgedBy([...related.rules, ...ofOperators], object, genericHealth(object, related));
    return withDescendants(alone, object, related, health);
  };
}

/** Its controller has not come to its newest generation: what its status says is old. */
function unseenIn(object: KubeObject): Report | undefined {
  const { generation = 0 } = object.metadata;
  const observed = observedGeneration(object);
  return observed !== undefined && observed < generation
    ? waiting(`generation ${generation} is not seen yet by its controller`)
    : undefined;
}

function deleting(object: KubeObject, related: Related): Report {
  const finalizers = (object.metadata.finalizers ?? []).map((name) => clean(name, 100));
  const left = [...heldBy(object), ...(related.holdupOf(object) ?? [])];
  const waits = finalizers.length > 0 ? `, waits for ${finalizers.join(', ')}` : '';
  const message = `is being deleted${waits}`;
  const isUsual = finalizers.every((name) => name === 'foregroundDeletion' || name === 'orphan');
  if (isUsual && left.length === 0) return waiting(message);
  return waiting(message, [{ code: 'Terminating', class: 'transient', message, on: shortName(object), details: left }]);
}

function observedGeneration(object: KubeObject): number | undefined {
  const observed = (object.status as { readonly observedGeneration?: unknown } | undefined)?.observedGeneration;
  if (typeof observed === 'string' && /^\d+$/.test(observed)) return Number(observed);
  return typeof observed === 'number' ? observed : undefined;
}
