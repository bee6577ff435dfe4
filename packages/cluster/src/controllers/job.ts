import type { Condition, Job, JobStatus, Pod } from '../objects';
import { timestamp } from '../world';
import type { Actor } from './actor';
import { type Controller, itself, ownerOf, readKey } from './controller';
import { isActive, isReady, podFrom } from './pods';

const indexAnnotation = 'batch.kubernetes.io/job-completion-index';

/** Runs pods to their end, as many as a Job wants, and tries failed ones again. */
export function makeJobController(backOffMillis: number): Controller {
  return {
    name: 'job',
    wakes: { 'jobs.batch': itself, pods: ownerOf('Job') },
    reconcile(key, actor) {
      const { namespace, name } = readKey(key);
      const job = actor.get<Job>('jobs.batch', namespace, name);
      if (!job || job.metadata.deletionTimestamp) return undefined;
      if (isFinished(job)) return expire(actor, job);
      return run(actor, job, backOffMillis);
    },
  };
}

export function isFinished(job: Job): boolean {
  return (job.status.conditions ?? []).some(
    (condition) => (condition.type === 'Complete' || condition.type === 'Failed') && condition.status === 'True',
  );
}

function expire(actor: Actor, job: Job): number | undefined {
  const { ttlSecondsAfterFinished } = job.spec;
  if (ttlSecondsAfterFinished === undefined) return undefined;
  const finished = (job.status.conditions ?? []).find((condition) => condition.type === 'Complete' || condition.type === 'Failed');
  const left = Date.parse(String(finished?.lastTransitionTime)) + ttlSecondsAfterFinished * 1000 - actor.now();
  if (left > 0) return left;
  actor.remove('jobs.batch', job, { propagationPolicy: 'Background' });
  return undefined;
}

function run(actor: Actor, job: Job, backOffMillis: number): number | undefined {
  const pods = actor.owned<Pod>('pods', job);
  const end = decideEnd(job, pods, actor.now());
  if (end) return finish(actor, job, pods, end);
  if (job.spec.suspend) return suspend(actor, job, pods);
  const wait = startMissing(actor, job, pods, backOffMillis);
  const now = actor.owned<Pod>('pods', job);
  const resumed = job.status.conditions?.some((condition) => condition.type === 'Suspended' && condition.status === 'True');
  const startTime = resumed ? timestamp(actor.now()) : (job.status.startTime ?? timestamp(actor.now()));
  const conditions = resumed ? [makeCondition(actor, 'Suspended', 'JobResumed', 'Job resumed', 'False')] : job.status.conditions;
  actor.setStatus('jobs.batch', job, { ...countStatus(job, now), startTime, ...(conditions && { conditions }) });
  return soonestOf(wait, deadlineLeft(job, startTime, actor.now()));
}

function soonestOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.min(a, b);
}

function deadlineLeft(job: Job, startTime: string, now: number): number | undefined {
  const { activeDeadlineSeconds } = job.spec;
  return activeDeadlineSeconds === undefined ? undefined : Math.max(0, Date.parse(startTime) + activeDeadlineSeconds * 1000 - now);
}

type End = { readonly type: 'Complete' | 'Failed'; readonly reason: string; readonly message: string };

/** Whether the Job is over, and how. */
function decideEnd(job: Job, pods: readonly Pod[], now: number): End | undefined {
  const { succeeded = 0, failed = 0 } = countStatus(job, pods);
  const restarts = pods.reduce(
    (sum, pod) => sum + (pod.status.containerStatuses ?? []).reduce((all, status) => all + status.restartCount, 0),
    0,
  );
  const overLimit =
    failed > job.spec.backoffLimit ||
    (job.spec.template.spec.restartPolicy === 'OnFailure' && restarts > 0 && restarts >= job.spec.backoffLimit);
  if (overLimit) return { type: 'Failed', reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
  const { startTime } = job.status;
  if (startTime && deadlineLeft(job, startTime, now) === 0)
    return { type: 'Failed', reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' };
  const active = pods.some(isActive);
  const done = job.spec.completions === undefined ? succeeded > 0 && !active : succeeded >= job.spec.completions;
  return done ? { type: 'Complete', reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' } : undefined;
}

function finish(actor: Actor, job: Job, pods: readonly Pod[], end: End): undefined {
  for (const pod of pods.filter(isActive)) actor.remove('pods', pod);
  const now = timestamp(actor.now());
  const first = end.type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
  const counts = countStatus(job, actor.owned<Pod>('pods', job));
  const conditions = [makeCondition(actor, first, end.reason, end.message), makeCondition(actor, end.type, end.reason, end.message)];
  const { active, ready, ...rest } = counts;
  actor.setStatus('jobs.batch', job, {
    ...rest,
    ready: 0,
    startTime: job.status.startTime ?? now,
    ...(end.type === 'Complete' && { completionTime: now }),
    conditions,
  });
  if (end.type === 'Complete') actor.event(job, 'Normal', 'Completed', 'Job completed');
  else actor.event(job, 'Warning', end.reason, end.message);
  return undefined;
}

function suspend(actor: Actor, job: Job, pods: readonly Pod[]): undefined {
  for (const pod of pods.filter(isActive)) actor.remove('pods', pod);
  const known = job.status.conditions?.some((condition) => condition.type === 'Suspended' && condition.status === 'True');
  if (known) return undefined;
  const { startTime, ...status } = countStatus(job, actor.owned<Pod>('pods', job));
  actor.setStatus('jobs.batch', job, { ...status, conditions: [makeCondition(actor, 'Suspended', 'JobSuspended', 'Job suspended')] });
  actor.event(job, 'Normal', 'Suspended', 'Job suspended');
  return undefined;
}

/** Starts pods up to the parallelism; after a failure only when the wait is over, which is what it gives back. */
function startMissing(actor: Actor, job: Job, pods: readonly Pod[], backOffMillis: number): number | undefined {
  const active = pods.filter(isActive).length;
  const { succeeded = 0, failed = 0 } = countStatus(job, pods);
  const left = job.spec.completions === undefined ? (succeeded > 0 ? active : job.spec.parallelism) : job.spec.completions - succeeded;
  const missing = Math.min(job.spec.parallelism, left) - active;
  if (missing < 0) for (const pod of pods.filter(isActive).slice(missing)) actor.remove('pods', pod);
  if (missing <= 0) return undefined;
  const wait = failed > 0 ? lastEnd(pods) + Math.min(60_000, backOffMillis * 2 ** (failed - 1)) - actor.now() : 0;
  if (wait > 0) return wait;
  for (let number = 0; number < missing; number++) startPod(actor, job);
  return undefined;
}

// Ends are told in whole seconds; a wait shorter than that must not be lengthened by it.
function lastEnd(pods: readonly Pod[]): number {
  const ends = pods
    .flatMap((pod) => pod.status.containerStatuses ?? [])
    .map((status) => Date.parse(status.state.terminated?.finishedAt ?? ''));
  return Math.max(0, ...ends.filter((end) => !Number.isNaN(end)));
}

function startPod(actor: Actor, job: Job): void {
  const index = job.spec.completionMode === 'Indexed' ? freeIndex(actor, job) : undefined;
  const generateName = index === undefined ? `${job.metadata.name}-` : `${job.metadata.name}-${index}-`;
  const body = podFrom(job.spec.template, job, { generateName }) as { metadata: { labels?: object; annotations?: object } };
  if (index !== undefined) {
    body.metadata.labels = { ...body.metadata.labels, [indexAnnotation]: String(index) };
    body.metadata.annotations = { ...body.metadata.annotations, [indexAnnotation]: String(index) };
  }
  const pod = actor.create<Pod>('pods', job.metadata.namespace ?? '', body);
  actor.event(job, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
}

function freeIndex(actor: Actor, job: Job): number {
  const taken = new Set(
    actor
      .owned<Pod>('pods', job)
      .filter((pod) => isActive(pod) || pod.status.phase === 'Succeeded')
      .map((pod) => Number(pod.metadata.annotations?.[indexAnnotation])),
  );
  let index = 0;
  while (taken.has(index)) index++;
  return index;
}

// Pods that are gone stay counted.
function countStatus(job: Job, pods: readonly Pod[]): JobStatus {
  const count = (fits: (pod: Pod) => boolean): number => pods.filter(fits).length;
  const active = count(isActive);
  const succeeded = Math.max(
    job.status.succeeded ?? 0,
    count((pod) => pod.status.phase === 'Succeeded'),
  );
  const failed = Math.max(
    job.status.failed ?? 0,
    count((pod) => pod.status.phase === 'Failed'),
  );
  return {
    ...(job.status.startTime && { startTime: job.status.startTime }),
    ...(active > 0 && { active }),
    ...(succeeded > 0 && { succeeded }),
    ...(failed > 0 && { failed }),
    ready: count((pod) => isActive(pod) && isReady(pod)),
    terminating: count((pod) => pod.metadata.deletionTimestamp !== undefined),
    uncountedTerminatedPods: {},
  };
}

function makeCondition(actor: Actor, type: string, reason: string, message: string, status: Condition['status'] = 'True'): Condition {
  const now = timestamp(actor.now());
  return { type, status, lastProbeTime: now, lastTransitionTime: now, reason, message };
}
