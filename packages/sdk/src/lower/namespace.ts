// Which namespace an object is in: its own, else the stack's; none for kinds that live outside of namespaces.
import type { JsonObject } from '@konfig/core';
import type { StackOptions } from '../stack';

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

/** The manifest with the namespace that it goes to. */
export function placed(manifest: JsonObject, options: StackOptions): JsonObject {
  const { namespace, ...metadata } = (manifest.metadata ?? {}) as JsonObject;
  if (isClusterScoped(manifest, options)) return namespace === undefined ? manifest : { ...manifest, metadata };
  if (namespace !== undefined || options.namespace === undefined) return manifest;
  return { ...manifest, metadata: { ...metadata, namespace: options.namespace } };
}

function isClusterScoped(manifest: JsonObject, options: StackOptions): boolean {
  const [group, version] = String(manifest.apiVersion).split('/');
  const kind = version === undefined ? String(manifest.kind) : `${manifest.kind}.${group}`;
  return clusterScoped.has(kind) || (options.clusterScoped?.includes(kind) ?? false);
}
