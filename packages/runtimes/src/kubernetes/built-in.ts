// Which kinds are Kubernetes' own. Groups below k8s.io are not all: those of the Gateway API, of snapshots and of Cluster API are custom ones.
const groups = new Set([
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
  'extensions',
  'flowcontrol.apiserver.k8s.io',
  'internal.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'storagemigration.k8s.io',
]);

/** Of `Deployment.apps`, say: true. */
export function isBuiltIn(groupKind: string): boolean {
  const dot = groupKind.indexOf('.');
  return groups.has(dot < 0 ? '' : groupKind.slice(dot + 1));
}
