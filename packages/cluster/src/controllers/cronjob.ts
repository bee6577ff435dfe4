import { readSchedule, type Schedule, ScheduleError } from '../kinds/cron';
import type { CronJob, Job, ObjectReference } from '../objects';
import { timestamp } from '../world';
import { type Actor, refusalOf } from './actor';
import { type Controller, controllerReference, itself, ownerOf, readKey } from './controller';

/** Starts the Jobs of CronJobs when it is time, and clears away the oldest. */
export const cronJobController: Controller = {
  name: 'cronjob',
  wakes: { 'cronjobs.batch': itself, 'jobs.batch': ownerOf('CronJob') },
  reconcile(key, actor) {
    const { namespace, name } = readKey(key);
    const cronJob = actor.get<CronJob>('cronjobs.batch', namespace, name);
    if (!cronJob) return undefined;
    const jobs = actor.owned<Job>('jobs.batch', cronJob);
    for (const job of beyondLimits(cronJob, jobs)) removeJob(actor, cronJob, job);
    const noted = note(actor, cronJob, actor.owned<Job>('jobs.batch', cronJob));
    if (cronJob.metadata.deletionTimestamp || cronJob.spec.suspend) return undefined;
    return start(actor, noted);
  },
};

function endOf(job: Job): 'Complete' | 'Failed' | undefined {
  const end = (job.status.conditions ?? []).find(({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'));
  return end?.type as 'Complete' | 'Failed' | undefined;
}

/** Ended Jobs that are more than the CronJob keeps of their kind, the oldest first. */
export function beyondLimits({ spec }: CronJob, jobs: readonly Job[]): Job[] {
  const oldest = (end: 'Complete' | 'Failed', limit: number): Job[] => {
    const ended = jobs.filter((job) => endOf(job) === end && job.metadata.deletionTimestamp === undefined);
    const startOf = (job: Job): string => `${job.status.startTime ?? ''} ${job.metadata.name}`;
    return ended.sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1)).slice(0, Math.max(0, ended.length - limit));
  };
  return [...oldest('Complete', spec.successfulJobsHistoryLimit), ...oldest('Failed', spec.failedJobsHistoryLimit)];
}

function removeJob(actor: Actor, cronJob: CronJob, job: Job): void {
  actor.remove('jobs.batch', job, { propagationPolicy: 'Background' });
  actor.event(cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${job.metadata.name}`);
}

/** Writes down which Jobs still run and when one last succeeded. */
function note(actor: Actor, cronJob: CronJob, jobs: readonly Job[]): CronJob {
  const known = cronJob.status.active ?? [];
  const running = known.filter((one) => {
    const job = jobs.find((other) => other.metadata.uid === one.uid);
    if (!job) actor.event(cronJob, 'Normal', 'MissingJob', `Active job went missing: ${one.name}`);
    const end = job && endOf(job);
    if (end) actor.event(cronJob, 'Normal', 'SawCompletedJob', `Saw completed job: ${one.name}, condition: ${end}`);
    return job !== undefined && end === undefined;
  });
  for (const job of jobs) {
    if (endOf(job) || known.some((one) => one.uid === job.metadata.uid)) continue;
    const said = `Saw a job that the controller did not create or forgot: ${job.metadata.name}`;
    actor.event(cronJob, 'Warning', 'UnexpectedJob', said);
  }
  const successes = jobs.filter((job) => endOf(job) === 'Complete').map((job) => job.status.completionTime ?? '');
  const lastSuccessfulTime = [cronJob.status.lastSuccessfulTime ?? '', ...successes].sort().at(-1);
  return actor.setStatus('cronjobs.batch', cronJob, {
    ...cronJob.status,
    active: running,
    ...(lastSuccessfulTime && { lastSuccessfulTime }),
  });
}

/** Starts what is due; gives back how long until the next time. */
function start(actor: Actor, cronJob: CronJob): number | undefined {
  const schedule = scheduleOf(actor, cronJob);
  if (!schedule) return undefined;
  const now = actor.now();
  const due = dueTime(cronJob, schedule, now);
  if (due !== undefined) startAt(actor, cronJob, due);
  const next = schedule.next(now);
  return next === undefined ? undefined : next - now;
}

function scheduleOf(actor: Actor, cronJob: CronJob): Schedule | undefined {
  try {
    return readSchedule(cronJob.spec.schedule, cronJob.spec.timeZone);
  } catch (error) {
    if (!(error instanceof ScheduleError || error instanceof RangeError)) throw error;
    const said = `unparseable schedule: ${JSON.stringify(cronJob.spec.schedule)} : ${error.message}`;
    actor.event(cronJob, 'Warning', 'UnparseableSchedule', said);
    return undefined;
  }
}

/** The latest time since the last start that is over and not too long ago; earlier ones that were missed are left out. */
export function dueTime(cronJob: CronJob, schedule: Schedule, now: number): number | undefined {
  const { lastScheduleTime } = cronJob.status;
  const { startingDeadlineSeconds: deadline } = cronJob.spec;
  const last = Date.parse(lastScheduleTime ?? cronJob.metadata.creationTimestamp);
  const from = Math.max(last, deadline === undefined ? 0 : now - deadline * 1000 - 1);
  // Whoever slept for a long time need not count every minute of it: the latest is looked for in the last hour first.
  for (const hours of [1, 24, 24 * 40, 24 * 366 * 5]) {
    let due: number | undefined;
    for (let time = schedule.next(Math.max(from, now - hours * 3_600_000)); time !== undefined && time <= now; time = schedule.next(time))
      due = time;
    if (due !== undefined || now - hours * 3_600_000 <= from) return due;
  }
  return undefined;
}

function startAt(actor: Actor, cronJob: CronJob, due: number): void {
  const namespace = cronJob.metadata.namespace ?? '';
  const active = cronJob.status.active ?? [];
  if (cronJob.spec.concurrencyPolicy === 'Forbid' && active.length > 0) {
    const said = 'Not starting job because prior execution is running and concurrency policy is Forbid';
    actor.event(cronJob, 'Normal', 'JobAlreadyActive', said);
    return;
  }
  const replaced = cronJob.spec.concurrencyPolicy === 'Replace' ? active : [];
  for (const { name } of replaced) {
    const job = actor.get<Job>('jobs.batch', namespace, name ?? '');
    if (job) removeJob(actor, cronJob, job);
  }
  const name = `${cronJob.metadata.name}-${Math.floor(due / 60_000)}`;
  // A name for each minute: what was started once is not started again.
  if (actor.get('jobs.batch', namespace, name)) return;
  let job: Job | undefined;
  const refusal = refusalOf(() => {
    job = actor.create<Job>('jobs.batch', namespace, jobOf(cronJob, name, due));
  });
  if (!job) {
    actor.event(cronJob, 'Warning', 'FailedCreate', `Error creating job: ${refusal}`);
    return;
  }
  actor.event(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${name}`);
  const live = actor.get<CronJob>('cronjobs.batch', namespace, cronJob.metadata.name) ?? cronJob;
  const left = active.filter((one) => !replaced.includes(one));
  actor.setStatus('cronjobs.batch', live, { ...live.status, active: [...left, referenceTo(job)], lastScheduleTime: timestamp(due) });
}

function jobOf(cronJob: CronJob, name: string, due: number): object {
  const { metadata, spec } = cronJob.spec.jobTemplate;
  return {
    metadata: {
      name,
      ...(metadata.labels && { labels: metadata.labels }),
      annotations: { ...metadata.annotations, 'batch.kubernetes.io/cronjob-scheduled-timestamp': timestamp(due) },
      ownerReferences: [controllerReference(cronJob)],
    },
    spec,
  };
}

function referenceTo({ metadata }: Job): ObjectReference {
  const { name, namespace = '', uid, resourceVersion } = metadata;
  return { kind: 'Job', namespace, name, uid, apiVersion: 'batch/v1', resourceVersion };
}
