// Which resource needs which, read from the fields that name another object. A table; only objects of the same list count.
import { type Dependency, isObject, type Json, type JsonObject, type Resource, type ResourceId, type Until } from '@konfig/core';
import { groupKind, groupOf, kindOf } from './address';

/** An object that a field names. */
export interface Reference {
  /** `Secret`, `Deployment.apps` */
  readonly kind: string;
  readonly name: Json | undefined;
  /** Default: that of the object which refers. */
  readonly namespace?: Json | undefined;
  readonly until: Until;
}

export function referencesOf(resources: readonly Resource[]): ReadonlyMap<ResourceId, readonly Dependency[]> {
  const places = new Map(resources.map((resource) => [placeIn(resource.target, keyOf(resource)), resource.id]));
  const crds = crdsIn(resources);
  const all = new Map<ResourceId, readonly Dependency[]>();
  for (const resource of resources) {
    const found = new Map<ResourceId, Until>();
    const add = (id: ResourceId | undefined, until: Until) => {
      if (id !== undefined && id !== resource.id && (until === 'ready' || !found.has(id))) found.set(id, until);
    };
    const { namespace } = keyOf(resource);
    for (const reference of [...ownNamespace(namespace), ...referencesIn(resource.attributes)]) {
      if (typeof reference.name !== 'string') continue;
      const there = typeof reference.namespace === 'string' ? reference.namespace : namespace;
      const { kind, name, until } = reference;
      add(
        places.get(placeIn(resource.target, { kind, namespace: there, name })) ?? places.get(placeIn(resource.target, { kind, name })),
        until,
      );
    }
    add(crds.get(`${resource.target}:${kindIdOf(resource)}`), 'ready');
    if (found.size > 0)
      all.set(
        resource.id,
        [...found].map(([on, until]) => ({ on, until })),
      );
  }
  return all;
}

interface Key {
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

function keyOf({ id, type }: Resource): Key {
  const parts = id.slice(id.indexOf(':') + 1).split('/');
  return { kind: groupKind(kindOf(type)), namespace: parts.length === 3 ? parts[1] : undefined, name: parts[parts.length - 1] as string };
}

function placeIn(target: string, { kind, namespace, name }: Key): string {
  return `${target}:${[kind, ...(namespace === undefined ? [] : [namespace]), name].join('/')}`;
}

function kindIdOf(resource: Resource): string {
  return groupKind(kindOf(resource.type));
}

/** By target and kind, the CRD that brings it. */
function crdsIn(resources: readonly Resource[]): ReadonlyMap<string, ResourceId> {
  const crds = resources.filter((resource) => resource.attributes.kind === 'CustomResourceDefinition');
  return new Map(
    crds.map(({ id, target, attributes }) => {
      const kind = String(at(attributes, 'spec', 'names', 'kind'));
      return [`${target}:${groupKind({ group: String(at(attributes, 'spec', 'group')), kind })}`, id];
    }),
  );
}

function ownNamespace(namespace: string | undefined): readonly Reference[] {
  return namespace === undefined ? [] : [{ kind: 'Namespace', name: namespace, until: 'present' }];
}

type Rule = (attributes: JsonObject) => readonly Reference[];

/** All that an object names in its fields. */
export function referencesIn(attributes: JsonObject): readonly Reference[] {
  const { apiVersion, kind } = attributes;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return [];
  return [fromPodTemplates, ...(rules[groupOf({ apiVersion, kind })] ?? [])].flatMap((rule) => rule(attributes));
}

const present = (kind: string, name: Json | undefined, namespace?: Json): Reference => ({
  kind,
  name,
  until: 'present',
  ...(namespace === undefined ? {} : { namespace }),
});

/** What each kind names in its own fields. */
const rules: { readonly [groupKind: string]: readonly Rule[] } = {
  'StatefulSet.apps': [
    (set) => [present('Service', at(set, 'spec', 'serviceName'))],
    (set) =>
      list(at(set, 'spec', 'volumeClaimTemplates')).map((claim) =>
        present('StorageClass.storage.k8s.io', at(claim, 'spec', 'storageClassName')),
      ),
  ],
  'RoleBinding.rbac.authorization.k8s.io': [roleOf, subjectsOf],
  'ClusterRoleBinding.rbac.authorization.k8s.io': [roleOf, subjectsOf],
  'Ingress.networking.k8s.io': [
    (ingress) => [
      present('IngressClass.networking.k8s.io', at(ingress, 'spec', 'ingressClassName')),
      backend(at(ingress, 'spec', 'defaultBackend')),
      ...list(at(ingress, 'spec', 'rules')).flatMap((rule) => list(at(rule, 'http', 'paths')).map((path) => backend(at(path, 'backend')))),
      ...list(at(ingress, 'spec', 'tls')).map((tls) => present('Secret', at(tls, 'secretName'))),
    ],
  ],
  'HTTPRoute.gateway.networking.k8s.io': [gatewayRoute],
  'GRPCRoute.gateway.networking.k8s.io': [gatewayRoute],
  'HorizontalPodAutoscaler.autoscaling': [
    (scaler) => {
      const target = at(scaler, 'spec', 'scaleTargetRef');
      const apiVersion = at(target, 'apiVersion');
      const kind = at(target, 'kind');
      if (typeof kind !== 'string') return [];
      return [present(groupOf({ apiVersion: typeof apiVersion === 'string' ? apiVersion : 'v1', kind }), at(target, 'name'))];
    },
  ],
  PersistentVolumeClaim: [
    (claim) => [
      present('StorageClass.storage.k8s.io', at(claim, 'spec', 'storageClassName')),
      present('PersistentVolume', at(claim, 'spec', 'volumeName')),
    ],
  ],
  PersistentVolume: [(volume) => [present('StorageClass.storage.k8s.io', at(volume, 'spec', 'storageClassName'))]],
  ServiceAccount: [
    (account) =>
      [...list(at(account, 'secrets')), ...list(at(account, 'imagePullSecrets'))].map((secret) => present('Secret', at(secret, 'name'))),
  ],
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io': [webhookServices],
  'MutatingWebhookConfiguration.admissionregistration.k8s.io': [webhookServices],
  'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io': [
    (binding) => [present('ValidatingAdmissionPolicy.admissionregistration.k8s.io', at(binding, 'spec', 'policyName'))],
  ],
  'APIService.apiregistration.k8s.io': [
    (service) => [
      {
        kind: 'Service',
        name: at(service, 'spec', 'service', 'name'),
        namespace: at(service, 'spec', 'service', 'namespace'),
        until: 'ready',
      },
    ],
  ],
  'CustomResourceDefinition.apiextensions.k8s.io': [
    (crd) => {
      const service = at(crd, 'spec', 'conversion', 'webhook', 'clientConfig', 'service');
      return [present('Service', at(service, 'name'), at(service, 'namespace'))];
    },
  ],
};

function roleOf(binding: JsonObject): readonly Reference[] {
  const kind = at(binding, 'roleRef', 'kind');
  return typeof kind === 'string' ? [present(`${kind}.rbac.authorization.k8s.io`, at(binding, 'roleRef', 'name'))] : [];
}

function subjectsOf(binding: JsonObject): readonly Reference[] {
  return list(at(binding, 'subjects'))
    .filter((subject) => at(subject, 'kind') === 'ServiceAccount')
    .map((subject) => present('ServiceAccount', at(subject, 'name'), at(subject, 'namespace')));
}

function backend(value: Json | undefined): Reference {
  return present('Service', at(value, 'service', 'name'));
}

function gatewayRoute(route: JsonObject): readonly Reference[] {
  return [
    ...list(at(route, 'spec', 'parentRefs')).map((parent) =>
      present('Gateway.gateway.networking.k8s.io', at(parent, 'name'), at(parent, 'namespace')),
    ),
    ...list(at(route, 'spec', 'rules')).flatMap((rule) =>
      list(at(rule, 'backendRefs'))
        .filter((ref) => (at(ref, 'kind') ?? 'Service') === 'Service')
        .map((ref) => present('Service', at(ref, 'name'), at(ref, 'namespace'))),
    ),
  ];
}

/** A webhook that nobody answers blocks every write it is about, so its Service must serve first. */
function webhookServices(configuration: JsonObject): readonly Reference[] {
  return list(at(configuration, 'webhooks')).map((webhook) => ({
    kind: 'Service',
    name: at(webhook, 'clientConfig', 'service', 'name'),
    namespace: at(webhook, 'clientConfig', 'service', 'namespace'),
    until: 'ready',
  }));
}

/** Pod templates stand at these places, also in workload kinds that are custom resources. */
function fromPodTemplates(attributes: JsonObject): readonly Reference[] {
  const specs = [
    at(attributes, 'spec', 'template', 'spec'),
    at(attributes, 'spec', 'jobTemplate', 'spec', 'template', 'spec'),
    ...(attributes.kind === 'Pod' ? [attributes.spec] : []),
    ...(attributes.kind === 'PodTemplate' ? [at(attributes, 'template', 'spec')] : []),
  ];
  return specs.flatMap((spec) => (isObject(spec) && Array.isArray(spec.containers) ? fromPodSpec(spec) : []));
}

function fromPodSpec(spec: JsonObject): readonly Reference[] {
  const containers = [...list(spec.containers), ...list(spec.initContainers), ...list(spec.ephemeralContainers)];
  return [
    present('ServiceAccount', spec.serviceAccountName ?? spec.serviceAccount),
    present('PriorityClass.scheduling.k8s.io', spec.priorityClassName),
    present('RuntimeClass.node.k8s.io', spec.runtimeClassName),
    ...list(spec.imagePullSecrets).map((secret) => present('Secret', at(secret, 'name'))),
    ...containers.flatMap(fromContainer),
    ...list(spec.volumes).flatMap(fromVolume),
  ];
}

function fromContainer(container: Json): readonly Reference[] {
  return [
    ...list(at(container, 'envFrom')).flatMap((source) => [
      present('ConfigMap', at(source, 'configMapRef', 'name')),
      present('Secret', at(source, 'secretRef', 'name')),
    ]),
    ...list(at(container, 'env')).flatMap((variable) => [
      present('ConfigMap', at(variable, 'valueFrom', 'configMapKeyRef', 'name')),
      present('Secret', at(variable, 'valueFrom', 'secretKeyRef', 'name')),
    ]),
  ];
}

function fromVolume(volume: Json): readonly Reference[] {
  return [
    present('ConfigMap', at(volume, 'configMap', 'name')),
    present('Secret', at(volume, 'secret', 'secretName')),
    present('PersistentVolumeClaim', at(volume, 'persistentVolumeClaim', 'claimName')),
    present('StorageClass.storage.k8s.io', at(volume, 'ephemeral', 'volumeClaimTemplate', 'spec', 'storageClassName')),
    present('Secret', at(volume, 'csi', 'nodePublishSecretRef', 'name')),
    present('Secret', at(volume, 'azureFile', 'secretName')),
    ...Object.values(isObject(volume) ? volume : {}).map((source) => present('Secret', at(source, 'secretRef', 'name'))),
    ...list(at(volume, 'projected', 'sources')).flatMap((source) => [
      present('ConfigMap', at(source, 'configMap', 'name')),
      present('Secret', at(source, 'secret', 'name')),
    ]),
  ];
}

function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let here = value;
  for (const key of path) here = isObject(here) && Object.hasOwn(here, key) ? here[key] : undefined;
  return here;
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** Kinds in the order in which they are made when nothing else orders them. */
const order = [
  'Namespace',
  'PriorityClass.scheduling.k8s.io',
  'RuntimeClass.node.k8s.io',
  'CustomResourceDefinition.apiextensions.k8s.io',
  'StorageClass.storage.k8s.io',
  'PersistentVolume',
  'ResourceQuota',
  'LimitRange',
  'NetworkPolicy.networking.k8s.io',
  'ServiceAccount',
  'ClusterRole.rbac.authorization.k8s.io',
  'ClusterRoleBinding.rbac.authorization.k8s.io',
  'Role.rbac.authorization.k8s.io',
  'RoleBinding.rbac.authorization.k8s.io',
  'ConfigMap',
  'Secret',
  'PersistentVolumeClaim',
  'Service',
  'DaemonSet.apps',
  'StatefulSet.apps',
  'Deployment.apps',
  'ReplicaSet.apps',
  'Pod',
  'Job.batch',
  'CronJob.batch',
  'PodDisruptionBudget.policy',
  'HorizontalPodAutoscaler.autoscaling',
  'IngressClass.networking.k8s.io',
  'Ingress.networking.k8s.io',
];
const others = order.length;
/** After all else: they can refuse everything that comes behind them. */
const last = [
  'APIService.apiregistration.k8s.io',
  'MutatingWebhookConfiguration.admissionregistration.k8s.io',
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
];

export function rankOf(resource: Resource): number {
  const kind = kindIdOf(resource);
  const place = order.indexOf(kind);
  if (place >= 0) return place;
  const end = last.indexOf(kind);
  return end < 0 ? others : others + 1 + end;
}
