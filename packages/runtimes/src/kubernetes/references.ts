// Which resource needs which, read from the fields that name another object. A table; only objects of the same list count.
import type { Dependency, Json, JsonObject, Path, Resource, ResourceId, Until } from '@konfig/core';
import { groupKind, groupOf, kindOf } from './address';
import { at, type Entry, entriesAt, objectAt } from './field';
import { isGiven } from './schema/limits';

/** An object that a field names. */
export interface Reference {
  /** `Secret`, `Deployment.apps` */
  readonly kind: string;
  readonly name: Json | undefined;
  /** Default: that of the object which refers. */
  readonly namespace?: Json | undefined;
  readonly until: Until;
  /** Of the field. */
  readonly path: Path;
  /** It is done without where it is not there. Default false. */
  readonly isOptional?: boolean;
  /** Those of its keys that are read, of a ConfigMap or Secret. */
  readonly keys?: readonly KeyRead[];
}

/** A key of a ConfigMap or Secret, and the field that names it. */
export interface KeyRead {
  readonly key: Json | undefined;
  readonly path: Path;
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

/** Where an object stands. */
export interface Key {
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

export function keyOf({ id, type }: Resource): Key {
  const parts = id.slice(id.indexOf(':') + 1).split('/');
  return { kind: groupKind(kindOf(type)), namespace: parts.length === 3 ? parts[1] : undefined, name: parts[parts.length - 1] as string };
}

export function placeIn(target: string, { kind, namespace, name }: Key): string {
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
  return namespace === undefined ? [] : [{ kind: 'Namespace', name: namespace, path: ['metadata', 'namespace'], until: 'present' }];
}

type Rule = (object: Entry) => readonly Reference[];

/** All that an object names in its fields. */
export function referencesIn(attributes: JsonObject): readonly Reference[] {
  const { apiVersion, kind } = attributes;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return [];
  const object = { value: attributes, path: [] };
  return [fromPodTemplates, ...(rules[groupOf({ apiVersion, kind })] ?? [])].flatMap((rule) => rule(object));
}

/** The object of this kind whose name stands below these keys. */
function named(kind: string, entry: Entry, ...keys: readonly string[]): Reference {
  return { kind, name: at(entry.value, ...keys), path: [...entry.path, ...keys], until: 'present' };
}

/** The same, in the namespace that stands beside its name. */
function namedWithNamespace(kind: string, entry: Entry, until: Until = 'present'): Reference {
  return { ...named(kind, entry, 'name'), namespace: entry.value.namespace, until };
}

/** The ConfigMap or Secret, of which only these keys may be read, and which may be missing. */
function read(kind: 'ConfigMap' | 'Secret', entry: Entry, name: string, keys: readonly KeyRead[] = []): Reference {
  return { ...named(kind, entry, name), keys, isOptional: entry.value.optional === true };
}

/** What each kind names in its own fields. */
const rules: { readonly [groupKind: string]: readonly Rule[] } = {
  'StatefulSet.apps': [
    (set) => [named('Service', set, 'spec', 'serviceName')],
    (set) =>
      entriesAt(set, 'spec', 'volumeClaimTemplates').map((claim) =>
        named('StorageClass.storage.k8s.io', claim, 'spec', 'storageClassName'),
      ),
  ],
  'RoleBinding.rbac.authorization.k8s.io': [roleOf, subjectsOf],
  'ClusterRoleBinding.rbac.authorization.k8s.io': [roleOf, subjectsOf],
  'Ingress.networking.k8s.io': [
    (ingress) => [
      named('IngressClass.networking.k8s.io', ingress, 'spec', 'ingressClassName'),
      ...backendsOf(ingress).flatMap((backend) => objectAt(backend, 'service').map((service) => named('Service', service, 'name'))),
      ...entriesAt(ingress, 'spec', 'tls').map((tls) => named('Secret', tls, 'secretName')),
    ],
  ],
  'HTTPRoute.gateway.networking.k8s.io': [gatewayRoute],
  'GRPCRoute.gateway.networking.k8s.io': [gatewayRoute],
  'HorizontalPodAutoscaler.autoscaling': [
    (scaler) =>
      objectAt(scaler, 'spec', 'scaleTargetRef').flatMap((target) => {
        const { apiVersion, kind } = target.value;
        if (typeof kind !== 'string') return [];
        return [named(groupOf({ apiVersion: typeof apiVersion === 'string' ? apiVersion : 'v1', kind }), target, 'name')];
      }),
  ],
  PersistentVolumeClaim: [
    (claim) => [
      named('StorageClass.storage.k8s.io', claim, 'spec', 'storageClassName'),
      named('PersistentVolume', claim, 'spec', 'volumeName'),
    ],
  ],
  PersistentVolume: [(volume) => [named('StorageClass.storage.k8s.io', volume, 'spec', 'storageClassName')]],
  ServiceAccount: [
    (account) =>
      [...entriesAt(account, 'secrets'), ...entriesAt(account, 'imagePullSecrets')].map((secret) => named('Secret', secret, 'name')),
  ],
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io': [webhookServices],
  'MutatingWebhookConfiguration.admissionregistration.k8s.io': [webhookServices],
  'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io': [
    (binding) => [named('ValidatingAdmissionPolicy.admissionregistration.k8s.io', binding, 'spec', 'policyName')],
  ],
  'APIService.apiregistration.k8s.io': [
    (service) => objectAt(service, 'spec', 'service').map((target) => namedWithNamespace('Service', target, 'ready')),
  ],
  'CustomResourceDefinition.apiextensions.k8s.io': [
    (crd) =>
      objectAt(crd, 'spec', 'conversion', 'webhook', 'clientConfig', 'service').map((service) => namedWithNamespace('Service', service)),
  ],
};

function roleOf(binding: Entry): readonly Reference[] {
  const kind = at(binding.value, 'roleRef', 'kind');
  return typeof kind === 'string' ? [named(`${kind}.rbac.authorization.k8s.io`, binding, 'roleRef', 'name')] : [];
}

function subjectsOf(binding: Entry): readonly Reference[] {
  return entriesAt(binding, 'subjects')
    .filter(({ value }) => value.kind === 'ServiceAccount')
    .map((subject) => namedWithNamespace('ServiceAccount', subject));
}

/** Where an Ingress sends what comes in. */
export function backendsOf(ingress: Entry): readonly Entry[] {
  const paths = entriesAt(ingress, 'spec', 'rules').flatMap((rule) => entriesAt(rule, 'http', 'paths'));
  return [...objectAt(ingress, 'spec', 'defaultBackend'), ...paths.flatMap((path) => objectAt(path, 'backend'))];
}

function gatewayRoute(route: Entry): readonly Reference[] {
  return [
    ...entriesAt(route, 'spec', 'parentRefs').map((parent) => namedWithNamespace('Gateway.gateway.networking.k8s.io', parent)),
    ...entriesAt(route, 'spec', 'rules')
      .flatMap((rule) => entriesAt(rule, 'backendRefs'))
      .filter(({ value }) => (value.kind ?? 'Service') === 'Service')
      .map((ref) => namedWithNamespace('Service', ref)),
  ];
}

/** A webhook that nobody answers blocks every write it is about, so its Service must serve first. */
function webhookServices(configuration: Entry): readonly Reference[] {
  return entriesAt(configuration, 'webhooks')
    .flatMap((webhook) => objectAt(webhook, 'clientConfig', 'service'))
    .map((service) => namedWithNamespace('Service', service, 'ready'));
}

/** Pod templates stand at these places, also in workload kinds that are custom resources. */
function fromPodTemplates(object: Entry): readonly Reference[] {
  return podsIn(object).flatMap(({ spec }) => (Array.isArray(spec.value.containers) ? fromPodSpec(spec) : []));
}

/** A pod that an object is, or makes. */
export interface PodIn {
  readonly spec: Entry;
  readonly labels: Json | undefined;
}

export function podsIn(object: Entry): readonly PodIn[] {
  const { kind } = object.value;
  const templates = [
    ...objectAt(object, 'spec', 'template'),
    ...objectAt(object, 'spec', 'jobTemplate', 'spec', 'template'),
    ...(kind === 'Pod' ? [object] : []),
    ...(kind === 'PodTemplate' ? objectAt(object, 'template') : []),
  ];
  return templates.flatMap((template) =>
    objectAt(template, 'spec').map((spec) => ({ spec, labels: at(template.value, 'metadata', 'labels') })),
  );
}

/** All containers of a pod. */
export function containersOf(spec: Entry): readonly Entry[] {
  return ['containers', 'initContainers', 'ephemeralContainers'].flatMap((field) => entriesAt(spec, field));
}

function fromPodSpec(spec: Entry): readonly Reference[] {
  return [
    named('ServiceAccount', spec, isGiven(spec.value.serviceAccountName) ? 'serviceAccountName' : 'serviceAccount'),
    named('PriorityClass.scheduling.k8s.io', spec, 'priorityClassName'),
    named('RuntimeClass.node.k8s.io', spec, 'runtimeClassName'),
    ...entriesAt(spec, 'imagePullSecrets').map((secret) => named('Secret', secret, 'name')),
    ...containersOf(spec).flatMap(fromContainer),
    ...entriesAt(spec, 'volumes').flatMap(fromVolume),
  ];
}

function fromContainer(container: Entry): readonly Reference[] {
  return [
    ...entriesAt(container, 'envFrom').flatMap((source) => [
      ...objectAt(source, 'configMapRef').map((ref) => read('ConfigMap', ref, 'name')),
      ...objectAt(source, 'secretRef').map((ref) => read('Secret', ref, 'name')),
    ]),
    ...entriesAt(container, 'env').flatMap((variable) => [
      ...objectAt(variable, 'valueFrom', 'configMapKeyRef').map((ref) => read('ConfigMap', ref, 'name', [keyIn(ref)])),
      ...objectAt(variable, 'valueFrom', 'secretKeyRef').map((ref) => read('Secret', ref, 'name', [keyIn(ref)])),
    ]),
  ];
}

function keyIn({ value, path }: Entry): KeyRead {
  return { key: value.key, path: [...path, 'key'] };
}

function fromVolume(volume: Entry): readonly Reference[] {
  return [
    ...objectAt(volume, 'configMap').map((source) => read('ConfigMap', source, 'name', entriesAt(source, 'items').map(keyIn))),
    ...objectAt(volume, 'secret').map((source) => read('Secret', source, 'secretName', entriesAt(source, 'items').map(keyIn))),
    named('PersistentVolumeClaim', volume, 'persistentVolumeClaim', 'claimName'),
    named('StorageClass.storage.k8s.io', volume, 'ephemeral', 'volumeClaimTemplate', 'spec', 'storageClassName'),
    named('Secret', volume, 'csi', 'nodePublishSecretRef', 'name'),
    named('Secret', volume, 'azureFile', 'secretName'),
    ...Object.keys(volume.value).map((source) => named('Secret', volume, source, 'secretRef', 'name')),
    ...entriesAt(volume, 'projected', 'sources').flatMap((source) => [
      ...objectAt(source, 'configMap').map((ref) => read('ConfigMap', ref, 'name', entriesAt(ref, 'items').map(keyIn))),
      ...objectAt(source, 'secret').map((ref) => read('Secret', ref, 'name', entriesAt(ref, 'items').map(keyIn))),
    ]),
  ];
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
