// Which namespace an object is in: its own, else the stack's; none for kinds that live outside of namespaces.
import type { JsonObject } from '@konfig/core';

// https://kubernetes.io/docs/reference/kubernetes-api/ — the built-in kinds that `kubectl api-resources --namespaced=false` lists.
const clusterScoped = new Set([
  'APIService.apiregistration.k8s.io',
  'CSIDriver.storage.k8s.io',
  'CSINode.storage.k8s.io',
  'CertificateSigningRequest.certificates.k8s.io',
  'ClusterRole.rbac.authorization.k8s.io',
  'ClusterRoleBinding.rbac.authorization.k8s.io',
  'ClusterTrustBundle.certificates.k8s.io',
  'CustomResourceDefinition.apiextensions.k8s.io',
  'DeviceClass.resource.k8s.io',
  'FlowSchema.flowcontrol.apiserver.k8s.io',
  'IPAddress.networking.k8s.io',
  'IngressClass.networking.k8s.io',
  'MutatingAdmissionPolicy.admissionregistration.k8s.io',
  'MutatingAdmissionPolicyBinding.admissionregistration.k8s.io',
  'MutatingWebhookConfiguration.admissionregistration.k8s.io',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass.scheduling.k8s.io',
  'PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io',
  'ResourceSlice.resource.k8s.io',
  'RuntimeClass.node.k8s.io',
  'ServiceCIDR.networking.k8s.io',
  'StorageClass.storage.k8s.io',
  'ValidatingAdmissionPolicy.admissionregistration.k8s.io',
  'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io',
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
  'VolumeAttachment.storage.k8s.io',
  'VolumeAttributesClass.storage.k8s.io',
]);

/** The groups that come with Kubernetes; their kinds that are not listed above are namespaced. */
const builtInGroups = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
]);

/** Which namespace objects go to that name none. */
export interface Placement {
  readonly namespace?: string;
  /** Kinds outside of namespaces, as `Kind.group`. */
  readonly clusterScoped: readonly string[];
  /** Kinds inside of namespaces, as `Kind.group`: those that the stack defines. */
  readonly namespaced: readonly string[];
  /** Leave the namespace of other kinds to the target, which knows whether they have one. Else they are taken for namespaced. */
  readonly leavesUnknown?: boolean;
}

/** The manifest with the namespace that it goes to. */
export function placed(manifest: JsonObject, placement: Placement): JsonObject {
  const { namespace, ...metadata } = (manifest.metadata ?? {}) as JsonObject;
  const scope = scopeOf(manifest, placement);
  const isLeft = scope === 'unknown' && placement.leavesUnknown && namespace === placement.namespace;
  if (scope === 'cluster' || isLeft) return namespace === undefined ? manifest : { ...manifest, metadata };
  if (namespace !== undefined || placement.namespace === undefined) return manifest;
  return { ...manifest, metadata: { ...metadata, namespace: placement.namespace } };
}

function scopeOf(manifest: JsonObject, placement: Placement): 'cluster' | 'namespaced' | 'unknown' {
  const [group = '', version] = String(manifest.apiVersion).split('/');
  const kind = version === undefined ? String(manifest.kind) : `${manifest.kind}.${group}`;
  if (clusterScoped.has(kind) || placement.clusterScoped.includes(kind)) return 'cluster';
  return builtInGroups.has(version === undefined ? '' : group) || placement.namespaced.includes(kind) ? 'namespaced' : 'unknown';
}
