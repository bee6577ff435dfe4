import { createHash, randomUUID } from 'node:crypto';
import type { Container, ContainerState, Pod } from '../objects';
import { timestamp } from '../world';
import { type ContainerFaults, containerFaults, invalidName, startMillisOf } from './fault';
import type { Settings } from './settings';

/** What the kubelet remembers of a pod that runs on its node. */
export interface Life {
  readonly key: string;
  readonly address: string;
  readonly startedAt: number;
  readonly inits: readonly Course[];
  readonly containers: readonly Course[];
  /** Something the pod refers to is not there. */
  waits: boolean;
  mountProblem: string | undefined;
  stopAt?: number;
}

/** The course of one container. */
export interface Course {
  readonly container: Container;
  phase: 'waiting' | 'starting' | 'pull-failed' | 'running' | 'exited' | 'done';
  /** When the phase ends; without it, it stays. */
  nextAt: number | undefined;
  /** When a running container passes its readiness probe. */
  readyAt: number | undefined;
  state: ContainerState;
  lastState: ContainerState;
  restarts: number;
  ready: boolean;
  pullFailures: number;
  containerID: string | undefined;
  unhealthySaid: boolean;
  /** What it has still to say in this run, and when the next line comes. */
  unsaid: readonly string[];
  sayAt: number | undefined;
}

export interface PodEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly container?: string;
}

/** Where containers say what they have to say, each run apart. */
export interface ContainerLog {
  begin(container: string): void;
  write(container: string, line: string): void;
  /** The run is over. */
  finish(container: string): void;
  /** Another run is to come. */
  end(container: string): void;
}

export interface Surroundings {
  readonly now: number;
  readonly settings: Settings;
  readonly missingVolume: string | undefined;
  missingFor(container: Container): string | undefined;
  tell(event: PodEvent): void;
  readonly log: ContainerLog;
}

export function beginLife(
  key: string,
  pod: Pod,
  about: { readonly now: number; readonly address: string; readonly settings: Settings },
): Life {
  const startAt = about.now + (startMillisOf(pod) ?? about.settings.podStartMillis);
  const inits = pod.spec.initContainers ?? [];
  const running = pod.status.phase === 'Running';
  return {
    key,
    address: about.address,
    startedAt: about.now,
    inits: inits.map((container) => (running ? resume(pod, container) : beginCourse(container, startAt, 'PodInitializing'))),
    containers: pod.spec.containers.map((container) =>
      running ? resume(pod, container) : beginCourse(container, startAt, inits.length > 0 ? 'PodInitializing' : 'ContainerCreating'),
    ),
    waits: false,
    mountProblem: undefined,
  };
}

function beginCourse(container: Container, nextAt: number, reason: string): Course {
  return {
    container,
    phase: 'starting',
    nextAt,
    readyAt: undefined,
    state: { waiting: { reason } },
    lastState: {},
    restarts: 0,
    ready: false,
    pullFailures: 0,
    containerID: undefined,
    unhealthySaid: false,
    unsaid: [],
    sayAt: undefined,
  };
}

// After a restart of the cluster a pod that ran goes on as it was last seen.
function resume(pod: Pod, container: Container): Course {
  const statuses = [...(pod.status.containerStatuses ?? []), ...(pod.status.initContainerStatuses ?? [])];
  const seen = statuses.find((status) => status.name === container.name);
  const begun = beginCourse(container, 0, 'ContainerCreating');
  if (!seen) return begun;
  const phase = seen.state.running ? 'running' : seen.state.terminated ? 'done' : 'starting';
  const { state, lastState, restartCount, ready } = seen;
  return {
    ...begun,
    phase,
    nextAt: phase === 'starting' ? 0 : undefined,
    state,
    lastState,
    restarts: restartCount,
    ready,
    containerID: seen.containerID,
  };
}

/** Moves every container on as far as time allows; gives back when to look again. */
export function advance(life: Life, pod: Pod, around: Surroundings): number | undefined {
  life.waits = false;
  if (!mount(life, around)) return undefined;
  for (const course of life.inits) {
    if (course.container.restartPolicy === 'Always') {
      move(life, course, pod, around);
      continue;
    }
    if (course.phase === 'done' && course.state.terminated?.exitCode === 0) continue;
    move(life, course, pod, around, true);
    if (course.phase !== 'done' || course.state.terminated?.exitCode !== 0) return nextOf([...life.inits]);
  }
  for (const course of life.containers) move(life, course, pod, around);
  return nextOf([...life.inits, ...life.containers]);
}

function nextOf(courses: readonly Course[]): number | undefined {
  const times = courses
    .flatMap((course) => [course.nextAt, course.readyAt, course.sayAt])
    .filter((time): time is number => time !== undefined);
  return times.length > 0 ? Math.min(...times) : undefined;
}

function mount(life: Life, around: Surroundings): boolean {
  const problem = around.missingVolume;
  if (problem === undefined) {
    life.mountProblem = undefined;
    return true;
  }
  const begun = life.containers.some((course) => course.phase !== 'starting');
  if (begun) return true;
  life.waits = true;
  if (life.mountProblem !== problem) around.tell({ type: 'Warning', reason: 'FailedMount', message: problem });
  life.mountProblem = problem;
  return false;
}

function move(life: Life, course: Course, pod: Pod, around: Surroundings, ends = false): void {
  const faults = containerFaults(around.settings.faults, pod, course.container);
  // A container may pass through several phases at once; each step either waits or changes the phase.
  if (course.phase === 'running' && course.nextAt === undefined && faults.crash) course.nextAt = around.now + faults.crash.afterMillis;
  for (let steps = 0; steps < 10 && step(life, course, pod, around, { faults, ends }); steps++);
  if (course.phase !== 'running') return;
  checkReadiness(course, faults, around);
  speak(course, around);
}

interface Manner {
  readonly faults: ContainerFaults;
  /** An init container: it is meant to end. */
  readonly ends: boolean;
}

/** One step of a container; false when it has to wait. */
function step(life: Life, course: Course, pod: Pod, around: Surroundings, manner: Manner): boolean {
  if (course.nextAt !== undefined && course.nextAt > around.now) return false;
  switch (course.phase) {
    case 'starting':
      return start(life, course, pod, around, manner);
    case 'pull-failed':
      return backOffPull(course, around);
    case 'running':
      return course.nextAt === undefined ? false : exit(course, pod, around, manner);
    case 'exited':
      return backOffRestart(course, pod, around);
    case 'waiting':
      course.phase = 'starting';
      return true;
    case 'done':
      return false;
  }
}

function start(life: Life, course: Course, pod: Pod, around: Surroundings, { faults, ends }: Manner): boolean {
  const { name, image = '' } = course.container;
  const invalid = invalidName(image);
  if (invalid !== undefined) return refuseImage(course, invalid, around);
  if (faults.pull) return failPull(course, faults.pull.message, around);
  const missing = around.missingFor(course.container);
  if (missing !== undefined) {
    life.waits = true;
    if (course.state.waiting?.message !== missing)
      around.tell({ type: 'Warning', reason: 'Failed', message: `Error: ${missing}`, container: name });
    course.state = { waiting: { reason: 'CreateContainerConfigError', message: missing } };
    course.nextAt = undefined;
    return false;
  }
  around.tell({ type: 'Normal', reason: 'Pulled', message: `Container image "${image}" already present on machine`, container: name });
  around.tell({ type: 'Normal', reason: 'Created', message: 'Container created', container: name });
  around.tell({ type: 'Normal', reason: 'Started', message: 'Container started', container: name });
  around.log.begin(name);
  course.containerID = `containerd://${createHash('sha256').update(randomUUID()).digest('hex')}`;
  course.state = { running: { startedAt: timestamp(around.now) } };
  course.phase = 'running';
  course.unhealthySaid = false;
  const finishes = pod.spec.restartPolicy !== 'Always' && course.container.restartPolicy !== 'Always';
  if (faults.crash) course.nextAt = around.now + faults.crash.afterMillis;
  else if (ends && faults.hangs) course.nextAt = undefined;
  else course.nextAt = ends ? around.now : finishes && !faults.unready ? around.now + around.settings.runMillis : undefined;
  prepareSpeech(course, faults.says, around.now);
  return ends && !faults.hangs;
}

// What a container has to say is spread over its run; one that runs on says it all at once.
function prepareSpeech(course: Course, says: readonly string[], now: number): void {
  course.unsaid = says;
  course.sayAt = says.length > 0 ? now : undefined;
}

function speak(course: Course, around: Surroundings): void {
  while (course.sayAt !== undefined && course.sayAt <= around.now) {
    const [line, ...rest] = course.unsaid;
    if (line !== undefined) around.log.write(course.container.name, line);
    course.unsaid = rest;
    const left = course.nextAt === undefined ? 0 : (course.nextAt - around.now) / (rest.length + 1);
    course.sayAt = rest.length > 0 ? around.now + Math.max(0, Math.floor(left)) : undefined;
  }
}

function failPull(course: Course, problem: string, around: Surroundings): boolean {
  const { name, image = '' } = course.container;
  course.pullFailures++;
  around.tell({ type: 'Normal', reason: 'Pulling', message: `Pulling image "${image}"`, container: name });
  around.tell({ type: 'Warning', reason: 'Failed', message: `Failed to pull image "${image}": ${problem}`, container: name });
  around.tell({ type: 'Warning', reason: 'Failed', message: 'Error: ErrImagePull', container: name });
  course.state = { waiting: { reason: 'ErrImagePull', message: problem } };
  course.phase = 'pull-failed';
  course.nextAt = around.now + backOff(around.settings, 0);
  return false;
}

/** No kubelet asks anybody for it, now or later. */
function refuseImage(course: Course, problem: string, around: Surroundings): boolean {
  const { name } = course.container;
  if (course.state.waiting?.message !== problem) {
    around.tell({ type: 'Warning', reason: 'InspectFailed', message: problem, container: name });
    around.tell({ type: 'Warning', reason: 'Failed', message: 'Error: InvalidImageName', container: name });
  }
  course.state = { waiting: { reason: 'InvalidImageName', message: problem } };
  course.nextAt = undefined;
  return false;
}

function backOffPull(course: Course, around: Surroundings): boolean {
  const { name, image = '' } = course.container;
  const problem = course.state.waiting?.message ?? '';
  around.tell({ type: 'Normal', reason: 'BackOff', message: `Back-off pulling image "${image}"`, container: name });
  around.tell({ type: 'Warning', reason: 'Failed', message: 'Error: ImagePullBackOff', container: name });
  const message = problem.startsWith('Back-off') ? problem : `Back-off pulling image "${image}": ErrImagePull: ${problem}`;
  course.state = { waiting: { reason: 'ImagePullBackOff', message } };
  course.phase = 'starting';
  course.nextAt = around.now + backOff(around.settings, course.pullFailures);
  return false;
}

function exit(course: Course, pod: Pod, around: Surroundings, { faults }: Manner): boolean {
  const exitCode = faults.crash?.exitCode ?? 0;
  if (faults.crash && faults.isKilled) tellKilled(course, around);
  for (const line of course.unsaid) around.log.write(course.container.name, line);
  prepareSpeech(course, [], around.now);
  if (faults.crash?.log !== undefined) around.log.write(course.container.name, faults.crash.log);
  const now = timestamp(around.now);
  course.state = {
    terminated: {
      exitCode,
      reason: exitCode === 0 ? 'Completed' : exitCode === 137 ? 'OOMKilled' : 'Error',
      startedAt: course.state.running?.startedAt ?? now,
      finishedAt: now,
      ...(course.containerID && { containerID: course.containerID }),
    },
  };
  course.ready = false;
  around.log.finish(course.container.name);
  const policy = course.container.restartPolicy ?? pod.spec.restartPolicy;
  const isInit = pod.spec.initContainers?.includes(course.container) && course.container.restartPolicy !== 'Always';
  const restarts = policy === 'Always' ? !isInit || exitCode !== 0 : policy === 'OnFailure' && exitCode !== 0;
  course.phase = restarts ? 'exited' : 'done';
  course.nextAt = restarts ? around.now + (course.restarts === 0 ? 0 : Math.min(50, around.settings.backOffMillis)) : undefined;
  return false;
}

function tellKilled({ container: { name } }: Course, around: Surroundings): void {
  const message = 'Liveness probe failed: HTTP probe failed with statuscode: 503';
  around.tell({ type: 'Warning', reason: 'Unhealthy', message, container: name });
  around.tell({
    type: 'Normal',
    reason: 'Killing',
    message: `Container ${name} failed liveness probe, will be restarted`,
    container: name,
  });
}

// The first restart comes at once; from the second on the kubelet waits, longer each time.
function backOffRestart(course: Course, pod: Pod, around: Surroundings): boolean {
  course.lastState = course.state;
  course.restarts++;
  around.log.end(course.container.name);
  if (course.restarts === 1) {
    course.phase = 'starting';
    course.nextAt = around.now;
    return true;
  }
  const wait = backOff(around.settings, course.restarts - 2);
  const { name } = course.container;
  const whole = `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
  // Told in the kubelet's own seconds; the simulated wait is shorter.
  const told = Math.min(300, 10 * 2 ** (course.restarts - 2));
  const printed = told >= 60 ? `${Math.floor(told / 60)}m${told % 60}s` : `${told}s`;
  course.state = {
    waiting: { reason: 'CrashLoopBackOff', message: `back-off ${printed} restarting failed container=${name} pod=${whole}` },
  };
  around.tell({
    type: 'Warning',
    reason: 'BackOff',
    message: `Back-off restarting failed container ${name} in pod ${whole}`,
    container: name,
  });
  course.phase = 'waiting';
  course.nextAt = around.now + wait;
  return false;
}

// What crashes within a second never answers a probe in time.
const tooShortMillis = 1000;

function checkReadiness(course: Course, faults: ContainerFaults, around: Surroundings): void {
  if (faults.crash && faults.crash.afterMillis < tooShortMillis) return;
  if (faults.unready) {
    course.ready = false;
    course.readyAt = undefined;
    if (!course.unhealthySaid)
      around.tell({
        type: 'Warning',
        reason: 'Unhealthy',
        message: `Readiness probe failed: ${faults.unready.message}`,
        container: course.container.name,
      });
    course.unhealthySaid = true;
    return;
  }
  if (course.ready) return;
  course.readyAt ??= around.now + around.settings.readyMillis;
  if (course.readyAt > around.now) return;
  course.ready = true;
  course.readyAt = undefined;
}

function backOff(settings: Settings, failures: number): number {
  return Math.min(settings.maxBackOffMillis, settings.backOffMillis * 2 ** failures);
}
