// Where the API server asks for more, or for less, than its OpenAPI says. Found by asking it: test/e2e/validation.test.ts.

/** Required by the letter; without them the server takes their empty value. */
const unasked: ReadonlySet<string> = new Set([
  'apiextensions.CustomResourceDefinitionVersion.served',
  'apiserverinternal.StorageVersion.spec',
  'apps.ControllerRevision.revision',
  'apps.StatefulSetSpec.serviceName',
  'authorization.SelfSubjectAccessReview.spec',
  'authorization.SelfSubjectRulesReview.spec',
  'batch.PodFailurePolicy.rules',
  'batch.PodFailurePolicyOnPodConditionsPattern.status',
  'core.Event.involvedObject',
  'core.HTTPHeader.value',
  'core.ISCSIPersistentVolumeSource.lun',
  'core.ISCSIVolumeSource.lun',
  'core.LimitRangeSpec.limits',
  'core.PreferredSchedulingTerm.preference',
  'core.SleepAction.seconds',
  'core.Sysctl.value',
  'core.TypedLocalObjectReference.kind',
  'core.TypedLocalObjectReference.name',
  'core.TypedObjectReference.kind',
  'discovery.EndpointSlice.endpoints',
  'meta.GroupResource.group',
  'networking.NetworkPolicySpec.podSelector',
  'rbac.RoleRef.apiGroup',
  'resource.Counter.value',
  'resource.CounterSet.counters',
  'resource.DeviceCapacity.value',
  'resource.DeviceClass.spec',
  'resource.DeviceCounterConsumption.counters',
  'resource.ResourceClaim.spec',
  'resource.ResourceClaimTemplate.spec',
  'resource.ResourceClaimTemplateSpec.spec',
  'resource.ResourcePool.generation',
  'scheduling.PriorityClass.value',
  'scheduling.WorkloadSpec.podGroupTemplates',
  'storage.CSIDriver.spec',
  'storage.CSINodeSpec.drivers',
  'storage.TokenRequest.audience',
]);

/** Not required by the letter, but refused where they are missing. */
const asked: ReadonlySet<string> = new Set([
  'admissionregistration.NamedRuleWithOperations.apiGroups',
  'admissionregistration.NamedRuleWithOperations.apiVersions',
  'admissionregistration.NamedRuleWithOperations.operations',
  'admissionregistration.NamedRuleWithOperations.resources',
  'admissionregistration.RuleWithOperations.apiGroups',
  'admissionregistration.RuleWithOperations.apiVersions',
  'admissionregistration.RuleWithOperations.operations',
  'admissionregistration.RuleWithOperations.resources',
  'admissionregistration.ValidatingAdmissionPolicySpec.matchConstraints',
  'apiregistration.ServiceReference.name',
  'apiregistration.ServiceReference.namespace',
  'batch.JobTemplateSpec.spec',
  'core.ConfigMapEnvSource.name',
  'core.ConfigMapKeySelector.name',
  'core.ConfigMapProjection.name',
  'core.ConfigMapVolumeSource.name',
  'core.Container.image',
  'core.EphemeralVolumeSource.volumeClaimTemplate',
  'core.ExecAction.command',
  'core.PersistentVolumeClaimTemplate.spec',
  'core.PersistentVolumeSpec.accessModes',
  'core.PersistentVolumeSpec.capacity',
  'core.PodDNSConfigOption.name',
  'core.PodTemplate.template',
  'core.PodTemplateSpec.spec',
  'core.ReplicationControllerSpec.template',
  'core.SecretEnvSource.name',
  'core.SecretKeySelector.name',
  'core.SecretProjection.name',
  'core.SecretVolumeSource.secretName',
  'core.VolumeNodeAffinity.required',
  'networking.IngressClassSpec.controller',
]);

/** Texts of which the server takes only these, without their being an enum. */
const words: { readonly [field: string]: readonly string[] } = {
  'admissionregistration.Validation.reason': ['Forbidden', 'Invalid', 'RequestEntityTooLarge', 'Unauthorized'],
  'apiextensions.CustomResourceDefinitionSpec.scope': ['Cluster', 'Namespaced'],
  'apiextensions.JSONSchemaProps.type': ['array', 'boolean', 'integer', 'number', 'object', 'string'],
  'apps.StatefulSetPersistentVolumeClaimRetentionPolicy.whenDeleted': ['Delete', 'Retain'],
  'apps.StatefulSetPersistentVolumeClaimRetentionPolicy.whenScaled': ['Delete', 'Retain'],
  'autoscaling.HPAScalingPolicy.type': ['Percent', 'Pods'],
  'autoscaling.HPAScalingRules.selectPolicy': ['Disabled', 'Max', 'Min'],
  'autoscaling.MetricSpec.type': ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'],
  'autoscaling.MetricTarget.type': ['AverageValue', 'Utilization', 'Value'],
  'batch.PodFailurePolicyOnPodConditionsPattern.status': ['False', 'True', 'Unknown'],
  'core.Container.restartPolicy': ['Always', 'Never', 'OnFailure'],
  'core.PodOS.name': ['linux', 'windows'],
  'flowcontrol.LimitResponse.type': ['Queue', 'Reject'],
  'flowcontrol.PriorityLevelConfigurationSpec.type': ['Exempt', 'Limited'],
  'flowcontrol.Subject.kind': ['Group', 'ServiceAccount', 'User'],
  'networking.IngressClassParametersReference.scope': ['Cluster', 'Namespace'],
  'rbac.Subject.kind': ['Group', 'ServiceAccount', 'User'],
  'storage.CSIDriverSpec.fsGroupPolicy': ['File', 'None', 'ReadWriteOnceWithFSType'],
};

/** Texts that must be the name of an object. */
const names: ReadonlySet<string> = new Set([
  'core.ConfigMapEnvSource.name',
  'core.ConfigMapKeySelector.name',
  'core.PodSpec.priorityClassName',
  'core.SecretEnvSource.name',
  'core.SecretKeySelector.name',
  'networking.IngressSpec.ingressClassName',
  'networking.IngressTLS.secretName',
]);

type Range = readonly [min: number, max: number];

const anyNumber = Number.POSITIVE_INFINITY;
const id: Range = [0, 2147483647];
const mode: Range = [0, 0o777];
const port: Range = [1, 65535];
const fromNone: Range = [0, anyNumber];
const fromOne: Range = [1, anyNumber];

/** Numbers that the server takes only between these, both included. */
const ranges: { readonly [field: string]: Range } = {
  'apps.DaemonSetSpec.minReadySeconds': fromNone,
  'apps.DaemonSetSpec.revisionHistoryLimit': fromNone,
  'apps.DeploymentSpec.minReadySeconds': fromNone,
  'apps.DeploymentSpec.replicas': fromNone,
  'apps.DeploymentSpec.revisionHistoryLimit': fromNone,
  'apps.ReplicaSetSpec.minReadySeconds': fromNone,
  'apps.ReplicaSetSpec.replicas': fromNone,
  'apps.RollingUpdateStatefulSetStrategy.partition': fromNone,
  'apps.StatefulSetSpec.minReadySeconds': fromNone,
  'apps.StatefulSetSpec.replicas': fromNone,
  'autoscaling.HorizontalPodAutoscalerSpec.maxReplicas': fromOne,
  'autoscaling.HorizontalPodAutoscalerSpec.minReplicas': fromNone,
  'autoscaling.HorizontalPodAutoscalerSpec.targetCPUUtilizationPercentage': fromOne,
  'autoscaling.HPAScalingPolicy.periodSeconds': [1, 1800],
  'autoscaling.HPAScalingPolicy.value': fromOne,
  'autoscaling.HPAScalingRules.stabilizationWindowSeconds': [0, 3600],
  'autoscaling.MetricTarget.averageUtilization': fromOne,
  'batch.CronJobSpec.failedJobsHistoryLimit': fromNone,
  'batch.CronJobSpec.startingDeadlineSeconds': fromNone,
  'batch.CronJobSpec.successfulJobsHistoryLimit': fromNone,
  'batch.JobSpec.activeDeadlineSeconds': fromNone,
  'batch.JobSpec.backoffLimit': fromNone,
  'batch.JobSpec.backoffLimitPerIndex': fromNone,
  'batch.JobSpec.completions': fromNone,
  'batch.JobSpec.maxFailedIndexes': fromNone,
  'batch.JobSpec.parallelism': fromNone,
  'batch.JobSpec.ttlSecondsAfterFinished': fromNone,
  'coordination.LeaseSpec.leaseDurationSeconds': fromOne,
  'coordination.LeaseSpec.leaseTransitions': fromNone,
  'core.ConfigMapVolumeSource.defaultMode': mode,
  'core.ContainerPort.containerPort': port,
  'core.ContainerPort.hostPort': [0, 65535],
  'core.DownwardAPIVolumeFile.mode': mode,
  'core.DownwardAPIVolumeSource.defaultMode': mode,
  'core.EndpointPort.port': port,
  'core.GRPCAction.port': port,
  'core.KeyToPath.mode': mode,
  'core.PodSecurityContext.fsGroup': id,
  'core.PodSecurityContext.runAsGroup': id,
  'core.PodSecurityContext.runAsUser': id,
  'core.PodSpec.activeDeadlineSeconds': [1, 2147483647],
  'core.PodSpec.terminationGracePeriodSeconds': fromNone,
  'core.PreferredSchedulingTerm.weight': [1, 100],
  'core.Probe.failureThreshold': fromNone,
  'core.Probe.initialDelaySeconds': fromNone,
  'core.Probe.periodSeconds': fromNone,
  'core.Probe.successThreshold': fromNone,
  'core.Probe.terminationGracePeriodSeconds': fromOne,
  'core.Probe.timeoutSeconds': fromNone,
  'core.ProjectedVolumeSource.defaultMode': mode,
  'core.ReplicationControllerSpec.replicas': fromNone,
  'core.SecretVolumeSource.defaultMode': mode,
  'core.SecurityContext.runAsGroup': id,
  'core.SecurityContext.runAsUser': id,
  'core.ServiceAccountTokenProjection.expirationSeconds': [600, 2 ** 32],
  'core.ServicePort.nodePort': [0, 65535],
  'core.ServicePort.port': port,
  'core.SleepAction.seconds': fromNone,
  'core.TopologySpreadConstraint.maxSkew': fromOne,
  'core.TopologySpreadConstraint.minDomains': fromOne,
  'core.WeightedPodAffinityTerm.weight': [1, 100],
  'networking.ServiceBackendPort.number': [0, 65535],
};

/** Must the field be there, given that the OpenAPI says so or not? `field` is `core.Container.image`, in all versions of the group. */
export function isAsked(field: string, isRequired: boolean): boolean {
  return isRequired ? !unasked.has(field) : asked.has(field);
}

/** The only texts that the field may hold, where there are such. */
export function wordsOf(field: string): readonly string[] | undefined {
  return Object.hasOwn(words, field) ? words[field] : undefined;
}

export function isNameOfObject(field: string): boolean {
  return names.has(field);
}

/** Between which numbers it must be; undefined where any will do. */
export function rangeOf(field: string): readonly [min: number, max: number] | undefined {
  return Object.hasOwn(ranges, field) ? ranges[field] : undefined;
}
