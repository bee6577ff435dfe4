import type { Condition, ContainerStatus, Pod, PodStatus } from '../objects';
import { timestamp } from '../world';
import type { Course, Life } from './life';
import { addressOfNode } from './nodes';

/** The status a kubelet would write for a pod in this state of its life. */
export function podStatus(pod: Pod, life: Life, now: number): PodStatus {
  const phase = phaseOf(pod, life);
  const node = addressOfNode(Number(pod.spec.nodeName?.replace(/^\D*/, '')) || 1);
  const begun = life.mountProblem === undefined && [...life.inits, ...life.containers].some((course) => !isCreating(course));
  const address = pod.spec.hostNetwork ? node : life.address;
  return {
    ...(pod.metadata.generation !== undefined && { observedGeneration: pod.metadata.generation }),
    phase,
    conditions: conditionsOf(pod, life, begun, now),
    hostIP: node,
    hostIPs: [{ ip: node }],
    ...(begun && { podIP: address, podIPs: [{ ip: address }] }),
    startTime: pod.status.startTime ?? timestamp(life.startedAt),
    ...(life.inits.length > 0 && { initContainerStatuses: life.inits.map(statusOf) }),
    containerStatuses: life.containers.map(statusOf),
    ...(typeof pod.status.qosClass === 'string' && { qosClass: pod.status.qosClass }),
  };
}

function isCreating(course: Course): boolean {
  const reason = course.state.waiting?.reason;
  return reason === 'ContainerCreating' || reason === 'PodInitializing';
}

function phaseOf(pod: Pod, life: Life): NonNullable<PodStatus['phase']> {
  const failedInit = life.inits.some((course) => course.phase === 'done' && course.state.terminated?.exitCode !== 0);
  if (failedInit) return 'Failed';
  const finished = life.containers.every((course) => course.phase === 'done');
  if (finished) return life.containers.every((course) => course.state.terminated?.exitCode === 0) ? 'Succeeded' : 'Failed';
  const everStarted = life.containers.some(
    (course) => course.state.running || course.state.terminated || course.restarts > 0 || course.phase === 'done',
  );
  return everStarted || pod.status.phase === 'Running' ? 'Running' : 'Pending';
}

function conditionsOf(pod: Pod, life: Life, begun: boolean, now: number): Condition[] {
  const initialized = life.inits.every(
    (course) => course.state.terminated?.exitCode === 0 || (course.container.restartPolicy === 'Always' && course.state.running),
  );
  const unready = life.containers.filter((course) => !course.ready).map((course) => course.container.name);
  const finished = life.containers.every((course) => course.phase === 'done' && course.state.terminated?.exitCode === 0);
  const why = finished
    ? { reason: 'PodCompleted' }
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  const incomplete = life.inits.filter((course) => course.state.terminated?.exitCode !== 0).map((course) => course.container.name);
  const whyInit = { reason: 'ContainersNotInitialized', message: `containers with incomplete status: [${incomplete.join(' ')}]` };
  const make = (type: string, holds: boolean, because?: object): Condition => {
    const status = holds ? 'True' : 'False';
    const before = pod.status.conditions?.find((condition) => condition.type === type);
    const since = before?.status === status ? before.lastTransitionTime : timestamp(now);
    const { generation = 1 } = pod.metadata;
    return {
      type,
      status,
      lastProbeTime: null,
      lastTransitionTime: since ?? timestamp(now),
      observedGeneration: generation,
      ...(!holds && because),
    };
  };
  return [
    make('PodReadyToStartContainers', begun && !finished),
    make('Initialized', initialized, whyInit),
    make('Ready', unready.length === 0, why),
    make('ContainersReady', unready.length === 0, why),
    ...(pod.status.conditions ?? []).filter((condition) => condition.type === 'PodScheduled'),
  ];
}

function statusOf(course: Course): ContainerStatus {
  const { container, state, lastState, restarts } = course;
  const image = container.image ?? '';
  return {
    name: container.name,
    state,
    lastState,
    ready: course.ready,
    restartCount: restarts,
    image,
    imageID: course.containerID ? `simulated/${image}` : '',
    started: state.running !== undefined,
    ...(course.containerID && { containerID: course.containerID }),
  };
}
