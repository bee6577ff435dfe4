import { webhookRules } from '../admission/rules';
import { type FieldProblem, problem } from '../api/failure';
import { definitionRules } from '../custom/rules';
import type { KubeObject } from '../objects';
import type { Schema } from '../schema/notation';
import { schemas } from '../schema/schemas';
import type { Store } from '../store/store';
import type { Kinds } from '../world';
import { checkAutoscaler, oldAutoscaler } from './autoscaler';
import { columns } from './columns';
import { configurationRules } from './configuration';
import type { Conversion, Kind, KindRules } from './kind';
import { serviceRules } from './service';
import { checkCountOrPercent, workloadRules } from './workload';

interface Row {
  readonly kind: string;
  readonly plural: string;
  readonly short?: readonly string[];
  readonly cluster?: true;
  readonly all?: true;
  readonly categories?: readonly string[];
  readonly rules?: KindRules;
  readonly conversion?: Conversion;
}

interface Group {
  readonly group: string;
  readonly version: string;
  readonly schema: Schema;
  readonly rows: readonly Row[];
}

// The order is the one in which discovery lists them.
const groups: readonly Group[] = [
  {
    group: '',
    version: 'v1',
    schema: schemas.core,
    rows: [
      { kind: 'ConfigMap', plural: 'configmaps', short: ['cm'], rules: configurationRules.ConfigMap },
      { kind: 'Endpoints', plural: 'endpoints', short: ['ep'], rules: { createOnUpdate: true } },
      {
        kind: 'Event',
        plural: 'events',
        short: ['ev'],
        rules: {
          createOnUpdate: true,
          selectable: [
            'involvedObject.kind',
            'involvedObject.namespace',
            'involvedObject.name',
            'involvedObject.uid',
            'involvedObject.apiVersion',
            'involvedObject.fieldPath',
            'involvedObject.resourceVersion',
            'reason',
            'reportingComponent',
            'source',
            'type',
          ],
        },
      },
      { kind: 'LimitRange', plural: 'limitranges', short: ['limits'] },
      {
        kind: 'Namespace',
        plural: 'namespaces',
        short: ['ns'],
        cluster: true,
        rules: { name: 'label', status: true, selectable: ['status.phase'], prepare: prepareNamespace },
      },
      { kind: 'Node', plural: 'nodes', short: ['no'], cluster: true, rules: { status: true, selectable: ['spec.unschedulable'] } },
      {
        kind: 'PersistentVolumeClaim',
        plural: 'persistentvolumeclaims',
        short: ['pvc'],
        rules: { status: true, returnsDeleted: true, prepare: prepareClaim, check: checkClaim },
      },
      {
        kind: 'PersistentVolume',
        plural: 'persistentvolumes',
        short: ['pv'],
        cluster: true,
        rules: { status: true, returnsDeleted: true },
      },
      { kind: 'Pod', plural: 'pods', short: ['po'], all: true, rules: workloadRules.Pod },
      { kind: 'ResourceQuota', plural: 'resourcequotas', short: ['quota'], rules: { status: true, returnsDeleted: true } },
      { kind: 'Secret', plural: 'secrets', rules: configurationRules.Secret },
      { kind: 'ServiceAccount', plural: 'serviceaccounts', short: ['sa'], rules: { returnsDeleted: true } },
      { kind: 'Service', plural: 'services', short: ['svc'], all: true, rules: serviceRules },
    ],
  },
  {
    group: 'apps',
    version: 'v1',
    schema: schemas.apps,
    rows: [
      { kind: 'ControllerRevision', plural: 'controllerrevisions' },
      { kind: 'DaemonSet', plural: 'daemonsets', short: ['ds'], all: true, rules: workloadRules.DaemonSet },
      { kind: 'Deployment', plural: 'deployments', short: ['deploy'], all: true, rules: workloadRules.Deployment },
      { kind: 'ReplicaSet', plural: 'replicasets', short: ['rs'], all: true, rules: workloadRules.ReplicaSet },
      { kind: 'StatefulSet', plural: 'statefulsets', short: ['sts'], all: true, rules: workloadRules.StatefulSet },
    ],
  },
  {
    group: 'autoscaling',
    version: 'v2',
    schema: schemas.autoscaling,
    rows: [
      {
        kind: 'HorizontalPodAutoscaler',
        plural: 'horizontalpodautoscalers',
        short: ['hpa'],
        all: true,
        rules: { status: true, check: checkAutoscaler },
      },
    ],
  },
  {
    group: 'autoscaling',
    version: 'v1',
    schema: schemas.autoscalingV1,
    rows: [
      {
        kind: 'HorizontalPodAutoscaler',
        plural: 'horizontalpodautoscalers',
        short: ['hpa'],
        all: true,
        rules: { status: true, check: checkAutoscaler },
        conversion: oldAutoscaler,
      },
    ],
  },
  {
    group: 'batch',
    version: 'v1',
    schema: schemas.batch,
    rows: [
      { kind: 'CronJob', plural: 'cronjobs', short: ['cj'], all: true, rules: workloadRules.CronJob },
      { kind: 'Job', plural: 'jobs', all: true, rules: workloadRules.Job },
    ],
  },
  {
    group: 'networking.k8s.io',
    version: 'v1',
    schema: schemas.networking,
    rows: [
      { kind: 'IngressClass', plural: 'ingressclasses', cluster: true, rules: { generation: true } },
      { kind: 'Ingress', plural: 'ingresses', short: ['ing'], rules: { status: true, generation: true, check: checkIngress } },
      { kind: 'NetworkPolicy', plural: 'networkpolicies', short: ['netpol'], rules: { generation: true } },
    ],
  },
  {
    group: 'policy',
    version: 'v1',
    schema: schemas.policy,
    rows: [
      {
        kind: 'PodDisruptionBudget',
        plural: 'poddisruptionbudgets',
        short: ['pdb'],
        rules: { status: true, generation: true, conditionalUpdate: true, check: checkBudget },
      },
    ],
  },
  {
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    schema: schemas.rbac,
    rows: [
      {
        kind: 'ClusterRoleBinding',
        plural: 'clusterrolebindings',
        cluster: true,
        rules: { name: 'segment', createOnUpdate: true, check: checkBinding },
      },
      { kind: 'ClusterRole', plural: 'clusterroles', cluster: true, rules: { name: 'segment', createOnUpdate: true } },
      { kind: 'RoleBinding', plural: 'rolebindings', rules: { name: 'segment', createOnUpdate: true, check: checkBinding } },
      { kind: 'Role', plural: 'roles', rules: { name: 'segment', createOnUpdate: true } },
    ],
  },
  {
    group: 'storage.k8s.io',
    version: 'v1',
    schema: schemas.storage,
    rows: [{ kind: 'StorageClass', plural: 'storageclasses', short: ['sc'], cluster: true, rules: { returnsDeleted: true } }],
  },
  {
    group: 'admissionregistration.k8s.io',
    version: 'v1',
    schema: schemas.admissionregistration,
    rows: (['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'] as const).map((kind) => ({
      kind,
      plural: `${kind.toLowerCase()}s`,
      categories: ['api-extensions'],
      cluster: true,
      rules: webhookRules,
    })),
  },
  {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    schema: schemas.apiextensions,
    rows: [
      {
        kind: 'CustomResourceDefinition',
        plural: 'customresourcedefinitions',
        short: ['crd', 'crds'],
        categories: ['api-extensions'],
        cluster: true,
        rules: definitionRules,
      },
    ],
  },
  {
    group: 'coordination.k8s.io',
    version: 'v1',
    schema: schemas.coordination,
    rows: [{ kind: 'Lease', plural: 'leases', rules: { conditionalUpdate: true, createOnUpdate: true } }],
  },
  {
    group: 'discovery.k8s.io',
    version: 'v1',
    schema: schemas.discovery,
    rows: [{ kind: 'EndpointSlice', plural: 'endpointslices', rules: { generation: true, alsoGeneration: sliceChanged } }],
  },
  {
    group: 'scheduling.k8s.io',
    version: 'v1',
    schema: schemas.scheduling,
    rows: [{ kind: 'PriorityClass', plural: 'priorityclasses', short: ['pc'], cluster: true }],
  },
];

/** Every kind the server knows. */
export function makeCatalog(): Kinds {
  const all = groups.flatMap((group) => group.rows.map((row) => makeKind(group, row)));
  // Of several versions the one in which objects are stored comes first.
  const byResource = new Map([...all].reverse().map((kind) => [kind.resource, kind]));
  const byName = new Map(all.map((kind) => [`${kind.apiVersion}/${kind.kind}`, kind]));
  const byPath = new Map(all.map((kind) => [`${kind.group}/${kind.version}/${kind.plural}`, kind]));
  return {
    all,
    byResource: (resource) => byResource.get(resource),
    byName: (apiVersion, kind) => byName.get(`${apiVersion}/${kind}`),
    byPath: (group, version, plural) => byPath.get(`${group}/${version}/${plural}`),
  };
}

function makeKind({ group, version, schema }: Group, row: Row): Kind {
  const shown = columns[row.kind];
  return {
    group,
    version,
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind: row.kind,
    plural: row.plural,
    singular: row.kind.toLowerCase(),
    shortNames: row.short ?? [],
    categories: row.categories ?? (row.all ? ['all'] : []),
    namespaced: !row.cluster,
    resource: group === '' ? row.plural : `${row.plural}.${group}`,
    get type() {
      return schema.type(row.kind);
    },
    rules: { ...row.rules, ...(shown && { columns: shown }) },
    ...(row.conversion && { conversion: row.conversion }),
  };
}

/** Keeps a claim until no pod uses it any more. */
export const claimProtection = 'kubernetes.io/pvc-protection';

function prepareNamespace(object: KubeObject, old: KubeObject | undefined): void {
  if (!old) object.spec = { finalizers: ['kubernetes'] };
}

// Admission protects a claim from going while a pod uses it, and gives one without a storage class the default one.
function prepareClaim(object: KubeObject, old: KubeObject | undefined, store: Store): void {
  if (old) return;
  const { finalizers = [] } = object.metadata;
  if (!finalizers.includes(claimProtection)) object.metadata.finalizers = [...finalizers, claimProtection];
  const spec = object.spec as { storageClassName?: string };
  if (spec.storageClassName !== undefined) return;
  const standard = store
    .list('storageclasses.storage.k8s.io')
    .find((one) => one.metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true');
  if (standard) spec.storageClassName = standard.metadata.name;
}

function sliceChanged(object: KubeObject, old: KubeObject): boolean {
  const content = ({ metadata, ...rest }: KubeObject): string => JSON.stringify(rest);
  return content(object) !== content(old);
}

function checkClaim(object: KubeObject, old: KubeObject | undefined): FieldProblem[] {
  const spec = object.spec as { accessModes?: readonly string[]; resources: { requests?: { storage?: string } } };
  const missing = [
    ...(spec.accessModes ? [] : [problem.required('spec.accessModes', 'at least 1 access mode is required')]),
    ...(spec.resources.requests?.storage ? [] : [problem.required('spec.resources[storage]')]),
  ];
  if (!old) return missing;
  const fixed = (claim: KubeObject): object => {
    const { resources, volumeName, volumeAttributesClassName, ...rest } = claim.spec as { [field: string]: unknown };
    return rest;
  };
  const same = JSON.stringify(fixed(object)) === JSON.stringify(fixed(old));
  const says = 'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
  return same ? missing : [...missing, problem.forbidden('spec', says)];
}

interface IngressSpec {
  readonly defaultBackend?: object;
  readonly rules?: readonly { readonly host?: string; readonly http?: { readonly paths: readonly IngressPath[] } }[];
}

interface IngressPath {
  readonly path?: string;
  readonly pathType?: string;
}

function checkIngress(object: KubeObject): FieldProblem[] {
  const spec = object.spec as IngressSpec;
  if (!spec.defaultBackend && !spec.rules) return [problem.invalid('spec', null, 'either `defaultBackend` or `rules` must be specified')];
  return (spec.rules ?? []).flatMap((rule, index) =>
    (rule.http?.paths ?? []).flatMap((path, number) => checkIngressPath(`spec.rules[${index}].http.paths[${number}]`, path)),
  );
}

function checkIngressPath(field: string, path: IngressPath): FieldProblem[] {
  if (!path.pathType) return [problem.required(`${field}.pathType`, 'pathType must be specified')];
  const known = ['Exact', 'ImplementationSpecific', 'Prefix'];
  if (!known.includes(path.pathType)) return [problem.notSupported(`${field}.pathType`, path.pathType, known)];
  const mustBeAbsolute = path.pathType !== 'ImplementationSpecific' || path.path !== undefined;
  return mustBeAbsolute && !path.path?.startsWith('/')
    ? [problem.invalid(`${field}.path`, path.path ?? '', 'must be an absolute path')]
    : [];
}

function checkBudget(object: KubeObject): FieldProblem[] {
  const spec = object.spec as { minAvailable?: number | string; maxUnavailable?: number | string };
  const both = spec.minAvailable !== undefined && spec.maxUnavailable !== undefined;
  return [
    ...(both ? [problem.invalid('spec', spec, 'minAvailable and maxUnavailable cannot be both set')] : []),
    ...checkCountOrPercent('spec.minAvailable', spec.minAvailable),
    ...checkCountOrPercent('spec.maxUnavailable', spec.maxUnavailable),
  ];
}

function checkBinding(object: KubeObject, old: KubeObject | undefined): FieldProblem[] {
  const role = object.roleRef as { kind: string; name: string };
  const supported = object.kind === 'ClusterRoleBinding' ? ['ClusterRole'] : ['Role', 'ClusterRole'];
  return [
    ...(supported.includes(role.kind) ? [] : [problem.notSupported('roleRef.kind', role.kind, supported)]),
    ...(role.name === '' ? [problem.required('roleRef.name')] : []),
    ...(old && JSON.stringify(old.roleRef) !== JSON.stringify(role) ? [problem.invalid('roleRef', role, 'cannot change roleRef')] : []),
  ];
}
