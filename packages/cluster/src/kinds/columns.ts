import type {
  Container,
  DaemonSet,
  Deployment,
  HorizontalPodAutoscaler,
  Job,
  KubeObject,
  MetricValue,
  Pod,
  ReplicaSet,
  Service,
  StatefulSet,
} from '../objects';
import { printSelector } from '../store/selector';
import type { Column } from './kind';

const name: Column = { name: 'Name', format: 'name', cell: (object) => object.metadata.name };
const age: Column = { name: 'Age', cell: (object, now) => since(object.metadata.creationTimestamp, now) };

function text(title: string, cell: (object: KubeObject, now: number) => string): Column {
  return { name: title, cell };
}

function count(title: string, cell: (object: KubeObject) => number): Column {
  return { name: title, type: 'integer', cell };
}

// The real server says that these are texts, and gives numbers.
function entries(cell: (object: KubeObject) => number): Column {
  return { name: 'Data', cell };
}

function wide(column: Column): Column {
  return { ...column, priority: 1 };
}

const plain = [name, age];

/** What `kubectl get` shows of each kind; a kind without columns shows its name and age. */
export const columns: { readonly [kind: string]: readonly Column[] } = {
  Pod: [
    name,
    text('Ready', (object) => readyContainers(object as Pod)),
    text('Status', (object) => podState(object as Pod)),
    text('Restarts', (object) => String(restarts(object as Pod))),
    age,
    wide(text('IP', (object) => (object as Pod).status.podIP ?? '<none>')),
    wide(text('Node', (object) => (object as Pod).spec.nodeName ?? '<none>')),
    wide(text('Nominated Node', () => '<none>')),
    wide(text('Readiness Gates', () => '<none>')),
  ],
  Deployment: [
    name,
    text('Ready', (object) => `${(object as Deployment).status.readyReplicas ?? 0}/${(object as Deployment).spec.replicas}`),
    count('Up-to-date', (object) => (object as Deployment).status.updatedReplicas ?? 0),
    count('Available', (object) => (object as Deployment).status.availableReplicas ?? 0),
    age,
    ...templateColumns(),
    wide(text('Selector', (object) => printSelector((object as Deployment).spec.selector))),
  ],
  ReplicaSet: [
    name,
    count('Desired', (object) => (object as ReplicaSet).spec.replicas),
    count('Current', (object) => (object as ReplicaSet).status.replicas),
    count('Ready', (object) => (object as ReplicaSet).status.readyReplicas ?? 0),
    age,
    ...templateColumns(),
    wide(text('Selector', (object) => printSelector((object as ReplicaSet).spec.selector))),
  ],
  StatefulSet: [
    name,
    text('Ready', (object) => `${(object as StatefulSet).status.readyReplicas ?? 0}/${(object as StatefulSet).spec.replicas}`),
    age,
    ...templateColumns(),
  ],
  DaemonSet: [
    name,
    count('Desired', (object) => (object as DaemonSet).status.desiredNumberScheduled),
    count('Current', (object) => (object as DaemonSet).status.currentNumberScheduled),
    count('Ready', (object) => (object as DaemonSet).status.numberReady),
    count('Up-to-date', (object) => (object as DaemonSet).status.updatedNumberScheduled ?? 0),
    count('Available', (object) => (object as DaemonSet).status.numberAvailable ?? 0),
    text(
      'Node Selector',
      (object) => printSelector({ matchLabels: (object as DaemonSet).spec.template.spec.nodeSelector ?? {} }) || '<none>',
    ),
    age,
    ...templateColumns(),
    wide(text('Selector', (object) => printSelector((object as DaemonSet).spec.selector))),
  ],
  ControllerRevision: [
    name,
    text('Controller', (object) => {
      const owner = object.metadata.ownerReferences?.find((reference) => reference.controller);
      return owner ? `${owner.kind.toLowerCase()}.apps/${owner.name}` : '<none>';
    }),
    count('Revision', (object) => Number(object.revision)),
    age,
  ],
  Job: [
    name,
    text('Status', (object) => jobState(object as Job)),
    text('Completions', (object) => `${(object as Job).status.succeeded ?? 0}/${(object as Job).spec.completions ?? 1}`),
    text('Duration', (object, now) => jobDuration(object as Job, now)),
    age,
    ...templateColumns(),
  ],
  CronJob: [
    name,
    text('Schedule', (object) => (object.spec as { schedule: string }).schedule),
    text('Timezone', (object) => (object.spec as { timeZone?: string }).timeZone ?? '<none>'),
    text('Suspend', (object) => ((object.spec as { suspend: boolean }).suspend ? 'True' : 'False')),
    count('Active', (object) => ((object.status as { active?: readonly unknown[] }).active ?? []).length),
    text('Last Schedule', (object, now) => since((object.status as { lastScheduleTime?: string }).lastScheduleTime, now) || '<none>'),
    age,
  ],
  Service: [
    name,
    text('Type', (object) => (object as Service).spec.type),
    text('Cluster-IP', (object) => (object as Service).spec.clusterIP ?? '<none>'),
    text('External-IP', (object) => externalAddress(object as Service)),
    text('Port(s)', (object) => ports(object as Service)),
    age,
    wide(text('Selector', (object) => printSelector({ matchLabels: (object as Service).spec.selector ?? {} }) || '<none>')),
  ],
  Namespace: [name, text('Status', (object) => String((object.status as { phase?: string }).phase)), age],
  Node: [
    name,
    text('Status', () => 'Ready'),
    text('Roles', () => '<none>'),
    age,
    text('Version', (object) => (object.status as { nodeInfo: { kubeletVersion: string } }).nodeInfo.kubeletVersion),
  ],
  ConfigMap: [name, entries((object) => size(object.data) + size(object.binaryData)), age],
  Secret: [name, text('Type', (object) => String(object.type)), entries((object) => size(object.data)), age],
  Event: [
    text('Last Seen', (object, now) =>
      since((object.lastTimestamp ?? object.eventTime ?? object.metadata.creationTimestamp) as string, now),
    ),
    text('Type', (object) => String(object.type)),
    text('Reason', (object) => String(object.reason ?? '')),
    text('Object', (object) => involved(object)),
    text('Message', (object) => String(object.message ?? '').trim()),
  ],
  PersistentVolumeClaim: [
    name,
    text('Status', (object) => String((object.status as { phase?: string }).phase)),
    text('Volume', (object) => (object.spec as { volumeName?: string }).volumeName ?? ''),
    text('Capacity', (object) => (object.status as { capacity?: { storage?: string } }).capacity?.storage ?? ''),
    text('Access Modes', (object) => ((object.status as { accessModes?: readonly string[] }).accessModes ?? []).map(shortMode).join(',')),
    text('StorageClass', (object) => (object.spec as { storageClassName?: string }).storageClassName ?? ''),
    text('VolumeAttributesClass', () => '<unset>'),
    age,
  ],
  PersistentVolume: [
    name,
    text('Capacity', (object) => (object.spec as { capacity?: { storage?: string } }).capacity?.storage ?? ''),
    text('Access Modes', (object) => ((object.spec as { accessModes?: readonly string[] }).accessModes ?? []).map(shortMode).join(',')),
    text('Reclaim Policy', (object) => String((object.spec as { persistentVolumeReclaimPolicy?: string }).persistentVolumeReclaimPolicy)),
    text('Status', (object) => (object.status as { phase?: string }).phase ?? ''),
    text('Claim', (object) => claimOf(object)),
    text('StorageClass', (object) => (object.spec as { storageClassName?: string }).storageClassName ?? ''),
    text('VolumeAttributesClass', () => '<unset>'),
    text('Reason', () => ''),
    age,
  ],
  StorageClass: [
    {
      ...name,
      cell: ({ metadata }) =>
        metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true' ? `${metadata.name} (default)` : metadata.name,
    },
    text('Provisioner', (object) => String(object.provisioner)),
    text('ReclaimPolicy', (object) => String(object.reclaimPolicy ?? 'Delete')),
    text('VolumeBindingMode', (object) => String(object.volumeBindingMode ?? 'Immediate')),
    { name: 'AllowVolumeExpansion', type: 'boolean', cell: (object) => object.allowVolumeExpansion === true },
    age,
  ],
  Ingress: [
    name,
    text('Class', (object) => (object.spec as { ingressClassName?: string }).ingressClassName ?? '<none>'),
    text(
      'Hosts',
      (object) => ((object.spec as { rules?: readonly { host?: string }[] }).rules ?? []).map((rule) => rule.host ?? '*').join(',') || '*',
    ),
    text('Address', () => ''),
    text('Ports', (object) => ((object.spec as { tls?: unknown }).tls ? '80, 443' : '80')),
    age,
  ],
  PodDisruptionBudget: [
    name,
    text('Min Available', (object) => String((object.spec as { minAvailable?: unknown }).minAvailable ?? 'N/A')),
    text('Max Unavailable', (object) => String((object.spec as { maxUnavailable?: unknown }).maxUnavailable ?? 'N/A')),
    count('Allowed Disruptions', (object) => (object.status as { disruptionsAllowed?: number }).disruptionsAllowed ?? 0),
    age,
  ],
  HorizontalPodAutoscaler: [
    name,
    text('Reference', (object) => scaleTarget(object)),
    text('Targets', (object) => autoscalerTargets(object)),
    text('MinPods', (object) => String((object.spec as { minReplicas?: number }).minReplicas ?? '<unset>')),
    count('MaxPods', (object) => (object.spec as { maxReplicas: number }).maxReplicas),
    count('Replicas', (object) => (object.status as { currentReplicas?: number }).currentReplicas ?? 0),
    age,
  ],
  EndpointSlice: [
    name,
    text('AddressType', (object) => String(object.addressType)),
    text('Ports', (object) => ((object.ports ?? []) as readonly { port: number }[]).map((port) => port.port).join(',') || '<unset>'),
    text(
      'Endpoints',
      (object) =>
        ((object.endpoints ?? []) as readonly { addresses: readonly string[] }[]).flatMap((one) => one.addresses).join(',') || '<unset>',
    ),
    age,
  ],
  ResourceQuota: [name, text('Request', (object) => quotaUse(object, false)), text('Limit', (object) => quotaUse(object, true)), age],
  Lease: [name, text('Holder', (object) => (object.spec as { holderIdentity?: string }).holderIdentity ?? ''), age],
  ServiceAccount: plain,
  MutatingWebhookConfiguration: [name, count('Webhooks', (object) => size(object.webhooks)), age],
  ValidatingWebhookConfiguration: [name, count('Webhooks', (object) => size(object.webhooks)), age],
  CustomResourceDefinition: [name, { name: 'Created At', type: 'date', cell: (object) => object.metadata.creationTimestamp }],
};

function autoscalerTargets(object: KubeObject): string {
  // In the old version there are only percents of cpu.
  if (object.apiVersion === 'autoscaling/v1') {
    const { targetCPUUtilizationPercentage: wanted } = object.spec as { targetCPUUtilizationPercentage?: number };
    const { currentCPUUtilizationPercentage: used } = object.status as { currentCPUUtilizationPercentage?: number };
    return `cpu: ${used === undefined ? '<unknown>' : `${used}%`}/${wanted === undefined ? '<auto>' : `${wanted}%`}`;
  }
  const { spec, status } = object as HorizontalPodAutoscaler;
  const shown = (spec.metrics ?? []).map((metric, index) => {
    const source = metric.resource ?? metric.containerResource ?? metric.pods ?? metric.object ?? metric.external;
    const [current] = Object.values(status.currentMetrics?.[index] ?? {}).filter((one) => typeof one === 'object') as {
      current: MetricValue;
    }[];
    const name = source?.name ? `${source.name}: ` : '';
    const { averageUtilization, averageValue, value } = source?.target ?? {};
    if (averageUtilization !== undefined)
      return `${name}${current?.current.averageUtilization ?? '<unknown>'}${current ? '%' : ''}/${averageUtilization}%`;
    if (averageValue !== undefined)
      return `${name}${current?.current.averageValue ?? '<unknown>'}/${averageValue}${source?.name ? '' : ' (avg)'}`;
    return `${name}${current?.current.value ?? '<unknown>'}/${value}`;
  });
  return shown.join(', ') || '<none>';
}

function scaleTarget(object: KubeObject): string {
  const { kind, name: target } = (object.spec as { scaleTargetRef: { kind: string; name: string } }).scaleTargetRef;
  return `${kind}/${target}`;
}

function templateColumns(): Column[] {
  const containers = (object: KubeObject): readonly Container[] =>
    (object.spec as { template: { spec: { containers: readonly Container[] } } }).template.spec.containers;
  return [
    wide(
      text('Containers', (object) =>
        containers(object)
          .map((container) => container.name)
          .join(','),
      ),
    ),
    wide(
      text('Images', (object) =>
        containers(object)
          .map((container) => container.image)
          .join(','),
      ),
    ),
  ];
}

function readyContainers(pod: Pod): string {
  return `${(pod.status.containerStatuses ?? []).filter((status) => status.ready).length}/${pod.spec.containers.length}`;
}

function restarts(pod: Pod): number {
  return (pod.status.containerStatuses ?? []).reduce((sum, status) => sum + status.restartCount, 0);
}

function podState(pod: Pod): string {
  if (pod.metadata.deletionTimestamp) return 'Terminating';
  for (const status of pod.status.containerStatuses ?? []) {
    const reason = status.state.waiting?.reason ?? status.state.terminated?.reason;
    if (reason) return reason;
  }
  return pod.status.reason ?? pod.status.phase ?? 'Unknown';
}

function jobState(job: Job): string {
  const has = (type: string): boolean => (job.status.conditions ?? []).some((one) => one.type === type && one.status === 'True');
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp) return 'Terminating';
  if (has('Suspended')) return 'Suspended';
  return has('FailureTarget') ? 'FailureTarget' : has('SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running';
}

function jobDuration(job: Job, now: number): string {
  if (!job.status.startTime) return '';
  return since(job.status.startTime, job.status.completionTime ? Date.parse(job.status.completionTime) : now);
}

function externalAddress(service: Service): string {
  if (service.spec.type === 'ExternalName') return String(service.spec.externalName);
  if (service.spec.type !== 'LoadBalancer') return '<none>';
  const addresses = (service.status.loadBalancer.ingress ?? []).map((ingress) => ingress.ip ?? ingress.hostname);
  return addresses.length > 0 ? addresses.join(',') : '<pending>';
}

function ports(service: Service): string {
  const shown = (service.spec.ports ?? []).map((port) =>
    port.nodePort ? `${port.port}:${port.nodePort}/${port.protocol}` : `${port.port}/${port.protocol}`,
  );
  return shown.join(',') || '<none>';
}

function involved(event: KubeObject): string {
  const object = event.involvedObject as { kind?: string; name?: string };
  return `${(object.kind ?? '').toLowerCase()}/${object.name ?? ''}`;
}

function quotaUse(object: KubeObject, limits: boolean): string {
  const { hard = {}, used = {} } = object.status as { hard?: { [name: string]: string }; used?: { [name: string]: string } };
  const names = Object.keys(hard).filter((one) => one.startsWith('limits.') === limits);
  return names
    .sort()
    .map((one) => `${one}: ${used[one] ?? '0'}/${hard[one]}`)
    .join(', ');
}

function claimOf(volume: KubeObject): string {
  const { claimRef } = volume.spec as { claimRef?: { namespace?: string; name?: string } };
  return claimRef ? `${claimRef.namespace}/${claimRef.name}` : '';
}

function shortMode(mode: string): string {
  return { ReadWriteOnce: 'RWO', ReadOnlyMany: 'ROX', ReadWriteMany: 'RWX', ReadWriteOncePod: 'RWOP' }[mode] ?? mode;
}

function size(value: unknown): number {
  return Object.keys((value ?? {}) as object).length;
}

/** How long ago a time was, as `kubectl get` prints it. */
export function since(time: string | null | undefined, now: number): string {
  if (!time) return '';
  const seconds = Math.max(0, Math.floor((now - Date.parse(time)) / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 600) return seconds % 60 === 0 ? `${seconds / 60}m` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
  if (seconds < 10_800) return `${Math.floor(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}
