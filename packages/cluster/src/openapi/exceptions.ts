import type { Field, Type } from '../schema/type';

/**
 * Whether a struct must have a field. What is always written mostly is, but for times, structs, and what has a default; the
 * tables do not tell these exceptions, since only `kubectl explain` asks for them.
 */
export function isRequired(struct: string, field: Field): boolean {
  const path = `${struct}.${field.name}`;
  if (required.has(path)) return true;
  if (optional.has(path) || !field.always) return false;
  const wire = field.type.scalar?.wire;
  const isTime = wire === 'time' || wire === 'microTime';
  const isStruct = field.type.map !== undefined && field.type.map.fields.size > 0 && field.type.name !== 'any';
  return !isTime && !isStruct;
}

/** How a strategic merge patch treats a field, beyond what its list type says. */
export function patchStrategy(struct: string, { name, type }: Field): string | undefined {
  if (retaining.has(`${struct}.${name}`)) return type.list ? 'merge,retainKeys' : 'retainKeys';
  if (replacing.has(`${struct}.${name}`)) return 'replace';
  const joins = isJoined(struct, name, type) || merging.has(`${struct}.${name}`);
  return joins ? 'merge' : undefined;
}

/** Whether a strategic merge patch joins the items of a list by their key. */
export function isJoined(struct: string, name: string, type: Type): boolean {
  return type.list?.mergeKey !== undefined && !keyedOnly.has(`${struct}.${name}`);
}

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const retaining = words(`DeploymentSpec.strategy PodSpec.volumes PodSpec.resourceClaims PodStatus.resourceClaimStatuses`);
const replacing = words(`PodDisruptionBudgetSpec.selector`);
const merging = words(`ObjectMeta.finalizers NodeSpec.podCIDRs`);
const keyedOnly = words(`CustomResourceDefinitionStatus.conditions ResourceRequirements.claims ResourceStatus.resources`);

const required = words(`
  Condition.lastTransitionTime
  Event.metadata Event.involvedObject ScaleIOPersistentVolumeSource.secretRef ScaleIOVolumeSource.secretRef
  ContainerRestartRule.action PersistentVolumeClaimTemplate.spec ContainerRestartRuleOnExitCodes.operator
  PreferredSchedulingTerm.preference WeightedPodAffinityTerm.podAffinityTerm PodCertificateProjection.signerName
  PodCertificateProjection.keyType ImageVolumeStatus.imageRef DeploymentSpec.selector DeploymentSpec.template
  ReplicaSetSpec.selector StatefulSetSpec.selector StatefulSetSpec.template DaemonSetSpec.selector DaemonSetSpec.template
  HorizontalPodAutoscaler.spec HorizontalPodAutoscalerSpec.scaleTargetRef ObjectMetricSource.describedObject
  ObjectMetricSource.target ObjectMetricSource.metric PodsMetricSource.metric PodsMetricSource.target ResourceMetricSource.target
  ContainerResourceMetricSource.target ExternalMetricSource.metric ExternalMetricSource.target ObjectMetricStatus.metric
  ObjectMetricStatus.current ObjectMetricStatus.describedObject PodsMetricStatus.metric PodsMetricStatus.current
  ResourceMetricStatus.current ContainerResourceMetricStatus.current ExternalMetricStatus.metric ExternalMetricStatus.current
  CronJob.spec JobSpec.template CronJobSpec.jobTemplate HTTPIngressPath.backend RoleBinding.roleRef ClusterRoleBinding.roleRef
  CustomResourceDefinition.spec CustomResourceDefinitionSpec.names ValidatingWebhook.clientConfig MutatingWebhook.clientConfig`);

const optional = words(`
  Event.reportingComponent Event.reportingInstance TypedLocalObjectReference.apiGroup ServicePort.targetPort ContainerImage.names
  NodeRuntimeHandler.name TypedObjectReference.apiGroup AzureFilePersistentVolumeSource.secretNamespace
  ProjectedVolumeSource.sources GRPCAction.service ResourceFieldSelector.divisor StatefulSetSpec.serviceName
  StatefulSetStatus.availableReplicas StatefulSetOrdinals.start HorizontalPodAutoscalerStatus.currentMetrics
  PodFailurePolicyOnPodConditionsPattern.status IngressClassParametersReference.scope PodDisruptionBudgetStatus.disruptionsAllowed
  PodDisruptionBudgetStatus.currentHealthy PodDisruptionBudgetStatus.desiredHealthy PodDisruptionBudgetStatus.expectedPods
  Role.rules ClusterRole.rules RoleRef.apiGroup EndpointSlice.endpoints EndpointSlice.ports PriorityClass.value
  CustomResourceDefinitionStatus.conditions CustomResourceDefinitionStatus.storedVersions`);
