import { isObject, type JsonObject } from './type';

/**
 * Defaults that depend on another field of the same struct, by the struct's name. The plain ones stand in the tables.
 */
export const completions: { readonly [struct: string]: (value: JsonObject) => void } = {
  Container: completeImagePolicy,
  EphemeralContainer: completeImagePolicy,
  Volume: completeVolume,
  Pod: completePod,
  PodSpec: completeServiceAccount,
  DeploymentStrategy: completeDeploymentStrategy,
  StatefulSetUpdateStrategy: completeStatefulSetStrategy,
  DaemonSet: completeDaemonSet,
  DaemonSetUpdateStrategy: completeDaemonSetStrategy,
  Job: completeJob,
  ServiceSpec: completeServiceSpec,
  ServiceStatus: completeServiceStatus,
  Namespace: completeNamespace,
  Secret: completeSecret,
  NetworkPolicySpec: completeNetworkPolicy,
  HorizontalPodAutoscalerSpec: completeAutoscaler,
  HorizontalPodAutoscalerBehavior: completeAutoscalerBehavior,
  RoleRef: completeRoleRef,
  Subject: completeSubject,
  StatefulSetSpec: completeClaimTemplates,
  CustomResourceDefinitionSpec: completeDefinition,
  LimitRangeItem: completeLimits,
};

function completeImagePolicy(container: JsonObject): void {
  container.imagePullPolicy ??= tagOf(String(container.image ?? '')) === 'latest' ? 'Always' : 'IfNotPresent';
}

/** The tag of an image reference; `latest` when it names neither tag nor digest. */
export function tagOf(image: string): string {
  const [reference = '', digest] = image.split('@');
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  const colon = name.indexOf(':');
  if (colon >= 0) return name.slice(colon + 1);
  return digest === undefined ? 'latest' : '';
}

function completeVolume(volume: JsonObject): void {
  if (Object.keys(volume).length === 1) volume.emptyDir = {};
}

function completePod(pod: JsonObject): void {
  const spec = pod.spec as JsonObject;
  spec.enableServiceLinks ??= true;
  for (const container of [...listOf(spec.containers), ...listOf(spec.initContainers)]) {
    const resources = container.resources as JsonObject | undefined;
    if (isObject(resources?.limits)) resources.requests = { ...resources.limits, ...(resources.requests as JsonObject | undefined) };
    if (spec.hostNetwork) for (const port of listOf(container.ports)) port.hostPort ??= port.containerPort;
  }
}

// The old name of the field is kept in step with the new one for clients that still read it.
function completeServiceAccount(spec: JsonObject): void {
  const name = spec.serviceAccountName ?? spec.serviceAccount;
  if (name !== undefined) Object.assign(spec, { serviceAccountName: name, serviceAccount: name });
}

function completeDeploymentStrategy(strategy: JsonObject): void {
  if (strategy.type !== 'RollingUpdate') return;
  strategy.rollingUpdate = { maxUnavailable: '25%', maxSurge: '25%', ...(strategy.rollingUpdate as JsonObject | undefined) };
}

function completeStatefulSetStrategy(strategy: JsonObject): void {
  if (strategy.type === undefined) {
    strategy.type = 'RollingUpdate';
    strategy.rollingUpdate ??= {};
  }
  if (strategy.type === 'RollingUpdate' && isObject(strategy.rollingUpdate)) strategy.rollingUpdate.partition ??= 0;
}

/** The annotation in which a DaemonSet counts its templates. */
export const templateGeneration = 'deprecated.daemonset.template.generation';

// Counted up by the server; here it only comes to be, so that it belongs to whoever writes the whole object.
function completeDaemonSet(set: JsonObject): void {
  const metadata = set.metadata as JsonObject;
  metadata.annotations = { [templateGeneration]: '0', ...(metadata.annotations as JsonObject | undefined) };
}

function completeDaemonSetStrategy(strategy: JsonObject): void {
  if (strategy.type !== 'RollingUpdate') return;
  strategy.rollingUpdate = { maxUnavailable: 1, maxSurge: 0, ...(strategy.rollingUpdate as JsonObject | undefined) };
}

function completeJob(job: JsonObject): void {
  const spec = job.spec as JsonObject;
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  spec.completionMode ??= 'NonIndexed';
  spec.suspend ??= false;
  spec.manualSelector ??= false;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : 2_147_483_647;
  spec.podReplacementPolicy ??= spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed';
  const metadata = job.metadata as JsonObject;
  const labels = ((spec.template as JsonObject).metadata as JsonObject).labels;
  if (isObject(labels) && metadata.labels === undefined) metadata.labels = { ...labels };
}

function completeServiceSpec(spec: JsonObject): void {
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  if (spec.sessionAffinity === 'ClientIP') spec.sessionAffinityConfig ??= { clientIP: { timeoutSeconds: 10_800 } };
  for (const port of listOf(spec.ports)) {
    if (port.targetPort === 0 || port.targetPort === '') port.targetPort = port.port;
  }
  const external =
    spec.type === 'LoadBalancer' || spec.type === 'NodePort' || (spec.type === 'ClusterIP' && spec.externalIPs !== undefined);
  if (external) spec.externalTrafficPolicy ??= 'Cluster';
  if (spec.type !== 'ExternalName') spec.internalTrafficPolicy ??= 'Cluster';
  if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true;
}

function completeServiceStatus(status: JsonObject): void {
  for (const ingress of listOf((status.loadBalancer as JsonObject).ingress)) if (ingress.ip !== undefined) ingress.ipMode ??= 'VIP';
}

function completeNamespace(namespace: JsonObject): void {
  const metadata = namespace.metadata as JsonObject;
  if (metadata.name === undefined) return;
  metadata.labels = { ...(metadata.labels as JsonObject | undefined), 'kubernetes.io/metadata.name': metadata.name };
}

// stringData is only a way to write: what is stored is data.
function completeSecret(secret: JsonObject): void {
  if (!isObject(secret.stringData)) return;
  const written = Object.entries(secret.stringData).map(([key, text]) => [key, Buffer.from(String(text)).toString('base64')]);
  secret.data = { ...(secret.data as JsonObject | undefined), ...Object.fromEntries(written) };
  delete secret.stringData;
}

function completeNetworkPolicy(spec: JsonObject): void {
  spec.policyTypes ??= spec.egress === undefined ? ['Ingress'] : ['Ingress', 'Egress'];
}

function completeAutoscaler(spec: JsonObject): void {
  spec.metrics ??= [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }];
}

const percentPolicy = { type: 'Percent', value: 100, periodSeconds: 15 };

function completeAutoscalerBehavior(behavior: JsonObject): void {
  behavior.scaleUp = {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }, percentPolicy],
    ...(behavior.scaleUp as JsonObject | undefined),
  };
  behavior.scaleDown = { selectPolicy: 'Max', policies: [percentPolicy], ...(behavior.scaleDown as JsonObject | undefined) };
}

function completeRoleRef(reference: JsonObject): void {
  if (reference.apiGroup === '') reference.apiGroup = 'rbac.authorization.k8s.io';
}

function completeSubject(subject: JsonObject): void {
  if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ??= 'rbac.authorization.k8s.io';
}

function completeClaimTemplates(spec: JsonObject): void {
  for (const claim of listOf(spec.volumeClaimTemplates)) Object.assign(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim' });
}

function completeDefinition(spec: JsonObject): void {
  const names = spec.names as JsonObject;
  if (names.kind) {
    names.singular ??= String(names.kind).toLowerCase();
    names.listKind ??= `${names.kind}List`;
  }
  spec.conversion ??= { strategy: 'None' };
}

function completeLimits(item: JsonObject): void {
  if (item.type !== 'Container') return;
  const limits = { ...(item.max as JsonObject | undefined), ...(item.default as JsonObject | undefined) };
  const requests = { ...(item.min as JsonObject | undefined), ...limits, ...(item.defaultRequest as JsonObject | undefined) };
  if (Object.keys(limits).length > 0) item.default = limits;
  if (Object.keys(requests).length > 0) item.defaultRequest = requests;
}

function listOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? (value as JsonObject[]) : [];
}
