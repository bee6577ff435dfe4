// Objects without what no rule reads: of Pods there may be ten thousand.
import { clean } from '../clean';
import { groupOf } from './address';
import { isBuiltIn } from './built-in';
import type { Condition, Container, ContainerState, ContainerStatus, KubeObject, Pod } from './objects';

const annotationsRead = new Set([
  'deployment.kubernetes.io/revision',
  'deprecated.daemonset.template.generation',
  'autoscaling.alpha.kubernetes.io/conditions',
]);

/** The whole object once more, by kubectl. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Without managers, annotations of tools (operators have custom kinds told by annotations that they rest), what Secrets and ConfigMaps hold, and most of Pods. Of what was trimmed, the same again. */
export function trimmed(object: KubeObject): KubeObject {
  const { managedFields: _, annotations, ...metadata } = object.metadata;
  const isCustom = !isBuiltIn(groupOf(object));
  const told = Object.entries(annotations ?? {}).filter(([key]) => annotationsRead.has(key) || (isCustom && key !== lastApplied));
  const kept = told.length === 0 ? {} : { annotations: Object.fromEntries(told) };
  const base = { ...object, metadata: { ...metadata, ...kept } };
  if (object.kind === 'Pod') return { ...base, spec: podSpec(object as Pod), ...withStatus(object as Pod) };
  if (object.kind === 'ReplicaSet') return { ...base, spec: { replicas: (object.spec as { replicas?: number } | undefined)?.replicas } };
  if (object.kind !== 'ConfigMap' && object.kind !== 'Secret') return base;
  const { apiVersion, kind } = object;
  return { apiVersion, kind, metadata: base.metadata };
}

function podSpec({ spec = {} }: Pod): Pod['spec'] {
  const { containers = [], initContainers = [], volumes = [], restartPolicy, nodeName } = spec;
  const claims = volumes.flatMap(({ name, persistentVolumeClaim }) => (persistentVolumeClaim ? [{ name, persistentVolumeClaim }] : []));
  return {
    containers: containers.map(container),
    initContainers: initContainers.map(container),
    ...(restartPolicy === undefined ? {} : { restartPolicy }),
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(claims.length === 0 ? {} : { volumes: claims }),
  };
}

function container({ name, image, restartPolicy }: Container): Container {
  return { name, ...(image === undefined ? {} : { image: clean(image) }), ...(restartPolicy === undefined ? {} : { restartPolicy }) };
}

/** A file may hold a Pod without a status. */
function withStatus({ status }: Pod): Pick<Pod, 'status'> {
  if (!status) return {};
  const { phase, reason, message, conditions, initContainerStatuses, containerStatuses } = status;
  return {
    status: {
      ...(phase === undefined ? {} : { phase }),
      ...(reason === undefined ? {} : { reason }),
      ...(message === undefined ? {} : { message }),
      ...(Array.isArray(conditions) ? { conditions: conditions.map(condition) } : {}),
      ...(Array.isArray(initContainerStatuses) ? { initContainerStatuses: initContainerStatuses.map(containerStatus) } : {}),
      ...(Array.isArray(containerStatuses) ? { containerStatuses: containerStatuses.map(containerStatus) } : {}),
    },
  };
}

function condition({ type, status, reason, message }: Condition): Condition {
  return { type, status, ...(reason === undefined ? {} : { reason }), ...(message === undefined ? {} : { message }) };
}

function containerStatus({ name, ready, restartCount, image, state, lastState }: ContainerStatus): ContainerStatus {
  return {
    name,
    ...(ready === undefined ? {} : { ready }),
    ...(restartCount === undefined ? {} : { restartCount }),
    ...(image === undefined ? {} : { image }),
    ...(isEmpty(state) ? {} : { state }),
    ...(isEmpty(lastState) ? {} : { lastState }),
  };
}

function isEmpty(state: ContainerState | undefined): state is undefined {
  return state === undefined || Object.keys(state).length === 0;
}
