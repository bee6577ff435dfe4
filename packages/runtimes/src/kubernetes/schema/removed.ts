// Kinds that were served once and are no more, from before the oldest version of the table: what to use instead, and since when they are gone.
// https://kubernetes.io/docs/reference/using-api/deprecation-guide/

export interface Removed {
  /** The minor version that no longer serves it. */
  readonly in: number;
  /** The apiVersion to use instead; undefined: there is none. */
  readonly use?: string;
  /** What to do where another apiVersion is not all. */
  readonly hint?: string;
}

const cronJobs = { in: 25, use: 'batch/v1' };
const workloads = { in: 16, use: 'apps/v1' };
const noPodSecurityPolicy = { in: 25, hint: 'Label the Namespace for Pod Security Admission instead: pod-security.kubernetes.io/enforce.' };
const ingress = { in: 22, use: 'networking.k8s.io/v1', hint: 'There a backend is {service: {name, port}}, and every path has a pathType.' };

const kinds: { readonly [apiVersion: string]: { readonly [kind: string]: Removed } } = {
  'extensions/v1beta1': {
    DaemonSet: workloads,
    Deployment: workloads,
    ReplicaSet: workloads,
    NetworkPolicy: { in: 16, use: 'networking.k8s.io/v1' },
    PodSecurityPolicy: { ...noPodSecurityPolicy, in: 16 },
    Ingress: ingress,
  },
  'apps/v1beta1': { Deployment: workloads, StatefulSet: workloads, ControllerRevision: workloads },
  'apps/v1beta2': {
    Deployment: workloads,
    DaemonSet: workloads,
    ReplicaSet: workloads,
    StatefulSet: workloads,
    ControllerRevision: workloads,
  },
  'networking.k8s.io/v1beta1': { Ingress: ingress, IngressClass: { in: 22, use: 'networking.k8s.io/v1' } },
  'policy/v1beta1': { PodDisruptionBudget: { in: 25, use: 'policy/v1' }, PodSecurityPolicy: noPodSecurityPolicy },
  'batch/v2alpha1': { CronJob: { ...cronJobs, in: 21 } },
  'batch/v1beta1': { CronJob: cronJobs },
  'autoscaling/v2beta1': { HorizontalPodAutoscaler: { in: 25, use: 'autoscaling/v2' } },
  'autoscaling/v2beta2': { HorizontalPodAutoscaler: { in: 26, use: 'autoscaling/v2' } },
  'rbac.authorization.k8s.io/v1alpha1': inGroup('rbac.authorization.k8s.io', 22, [
    'Role',
    'ClusterRole',
    'RoleBinding',
    'ClusterRoleBinding',
  ]),
  'rbac.authorization.k8s.io/v1beta1': inGroup('rbac.authorization.k8s.io', 22, [
    'Role',
    'ClusterRole',
    'RoleBinding',
    'ClusterRoleBinding',
  ]),
  'apiextensions.k8s.io/v1beta1': {
    CustomResourceDefinition: { in: 22, use: 'apiextensions.k8s.io/v1', hint: 'There every version has a schema of its own.' },
  },
  'apiregistration.k8s.io/v1beta1': inGroup('apiregistration.k8s.io', 22, ['APIService']),
  'admissionregistration.k8s.io/v1beta1': inGroup('admissionregistration.k8s.io', 22, [
    'MutatingWebhookConfiguration',
    'ValidatingWebhookConfiguration',
  ]),
  'certificates.k8s.io/v1beta1': inGroup('certificates.k8s.io', 22, ['CertificateSigningRequest']),
  'coordination.k8s.io/v1beta1': inGroup('coordination.k8s.io', 22, ['Lease']),
  'scheduling.k8s.io/v1alpha1': inGroup('scheduling.k8s.io', 22, ['PriorityClass']),
  'scheduling.k8s.io/v1beta1': inGroup('scheduling.k8s.io', 22, ['PriorityClass']),
  'storage.k8s.io/v1beta1': {
    ...inGroup('storage.k8s.io', 22, ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment']),
    ...inGroup('storage.k8s.io', 27, ['CSIStorageCapacity']),
  },
  'discovery.k8s.io/v1beta1': inGroup('discovery.k8s.io', 25, ['EndpointSlice']),
  'events.k8s.io/v1beta1': inGroup('events.k8s.io', 25, ['Event']),
  'node.k8s.io/v1alpha1': inGroup('node.k8s.io', 25, ['RuntimeClass']),
  'node.k8s.io/v1beta1': inGroup('node.k8s.io', 25, ['RuntimeClass']),
  'flowcontrol.apiserver.k8s.io/v1beta1': inGroup('flowcontrol.apiserver.k8s.io', 26, ['FlowSchema', 'PriorityLevelConfiguration']),
  'flowcontrol.apiserver.k8s.io/v1beta2': inGroup('flowcontrol.apiserver.k8s.io', 29, ['FlowSchema', 'PriorityLevelConfiguration']),
};

function inGroup(group: string, minor: number, names: readonly string[]): { readonly [kind: string]: Removed } {
  return Object.fromEntries(names.map((kind) => [kind, { in: minor, use: `${group}/v1` }]));
}

/** What became of a kind that older versions had; undefined where none had it. */
export function removedKind(apiVersion: string, kind: string): Removed | undefined {
  const found = Object.hasOwn(kinds, apiVersion) ? kinds[apiVersion] : undefined;
  return found && Object.hasOwn(found, kind) ? found[kind] : undefined;
}
