import type { Actor } from './actor';
import { type Controller, itself } from './controller';

// Clients only look whether it is there.
const certificate = '-----BEGIN CERTIFICATE-----\nsimulated\n-----END CERTIFICATE-----\n';

/** Puts into each namespace what pods expect there: the service account `default` and the cluster's certificate. */
export const serviceAccountController: Controller = {
  name: 'serviceaccount',
  wakes: {
    namespaces: itself,
    serviceaccounts: ({ object }) => [`/${object.metadata.namespace}`],
    configmaps: ({ object }) => (object.metadata.name === 'kube-root-ca.crt' ? [`/${object.metadata.namespace}`] : []),
  },
  reconcile(key, actor) {
    const namespace = key.slice(1);
    const found = actor.get('namespaces', '', namespace);
    if (found && !found.metadata.deletionTimestamp) furnish(actor, namespace);
    return undefined;
  },
};

export function furnish(actor: Actor, namespace: string): void {
  if (!actor.get('serviceaccounts', namespace, 'default')) actor.create('serviceaccounts', namespace, { metadata: { name: 'default' } });
  if (actor.get('configmaps', namespace, 'kube-root-ca.crt')) return;
  const annotations = {
    'kubernetes.io/description':
      'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
  };
  actor.create('configmaps', namespace, { metadata: { name: 'kube-root-ca.crt', annotations }, data: { 'ca.crt': certificate } });
}
