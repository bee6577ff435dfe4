// Work that ends: once (Job), or by the clock (CronJob).
import type { JsonObject } from '@konfig/core';
import type { Construct } from 'constructs';
import { ask } from './asked';
import { Component, type ComponentOptions } from './component';
import type { Duration } from './duration';
import { derivedName } from './names';
import { KubernetesObject } from './object';
import { follow } from './provenance/props';
import { fitting, shown } from './shape';
import { report } from './synth';
import { cronJobRules, jobRules } from './workload/follows';
import { type JobOverride, type MetadataOverride, overridden } from './workload/override';
import { makePod, type Pod, type PodProps, seconds } from './workload/pod';
import { cronJobShape, jobShape } from './workload/shape';

/** What Job and the runs of a CronJob have in common. */
interface RunProps extends PodProps<string>, ComponentOptions {
  /** What happens when a container fails: a new pod (`'Never'`, whose logs stay) or a restart in place (`'OnFailure'`). Default `'Never'`. */
  readonly restartPolicy?: 'Never' | 'OnFailure';
  /** Retries until it has failed: a whole number from 0. Default 3 (Kubernetes: 6). */
  readonly backoffLimit?: number;
  /** Time after which it is stopped and has failed. Default: none. */
  readonly deadline?: Duration;
  /** Pods that must succeed. Default 1. */
  readonly completions?: number;
  /** Pods that run side by side. Default 1. */
  readonly parallelism?: number;
  /**
   * Time until Kubernetes deletes it after its end. One that is gone after it succeeded counts as done. Default: none, and it stays.
   */
  readonly ttlAfterFinished?: Duration;
}

/** What a Job is told. */
export interface JobProps extends RunProps {
  /**
   * When it runs again: `'changed'` when what it does differs from what it did last, `'always'` with each apply, `'once'` never after it has
   * succeeded. Default `'changed'`. For a Job that no component makes, the annotation `konfig.dev/run-when` says the same.
   */
  readonly runWhen?: 'changed' | 'always' | 'once';
  /** Lays any other field over the Job; `null` takes one out. */
  readonly override?: JobOverride;
}

/**
 * Work that runs once to its end, e.g. a migration. After `app.dependsOn(job)` the app waits until the job has succeeded.
 *
 * A Job cannot be changed: when its image, config or secrets change it is replaced, which runs it again; see `runWhen`.
 */
export class Job extends Component {
  /** Name of its objects. */
  readonly name: string;
  readonly job: KubernetesObject;

  constructor(scope: Construct, id: string, given: JobProps) {
    super(scope, id, given);
    const props = fitting(this, given, jobShape);
    this.name = props.name ?? derivedName(this, 'Job');
    const { pod, spec } = makeRun(this, this.name, props);
    const manifest = overridden({ metadata: metadataOf(this.name, pod, props), spec }, props.override);
    this.job = new KubernetesObject(this, 'Job', { apiVersion: 'batch/v1', kind: 'Job', ...manifest });
    follow(this.job, jobRules, props.override);
    ask(this.job, { rolloutOnChange: pod.defaults.rolloutOnChange, ...(props.runWhen && { runWhen: props.runWhen }) });
  }
}

/** `minute hour day-of-month month day-of-week`, or one of the names: `'0 3 * * *'`, `'@daily'`. */
export type Schedule =
  | `${string} ${string} ${string} ${string} ${string}`
  | '@hourly'
  | '@daily'
  | '@midnight'
  | '@weekly'
  | '@monthly'
  | '@yearly'
  | '@annually';

/** What a CronJob is told. */
export interface CronJobProps extends RunProps {
  /** When: `minute hour day-of-month month day-of-week`, `'0 3 * * *'` is every night at three. */
  readonly schedule: Schedule;
  /** Time zone of the schedule: `'Europe/Berlin'`. Default: the cluster's, mostly UTC. */
  readonly timeZone?: string;
  /** What when the last run has not ended: skip this one, run both, or stop the old one. Default `'Forbid'`. */
  readonly concurrencyPolicy?: 'Allow' | 'Forbid' | 'Replace';
  /** How late a run may start before it is skipped. Default: none. */
  readonly startingDeadline?: Duration;
  /** Runs that succeeded and are kept. Kubernetes: 3. */
  readonly keepSucceeded?: number;
  /** Runs that failed and are kept. Kubernetes: 1. */
  readonly keepFailed?: number;
  /** True: no new runs. Default false. */
  readonly suspend?: boolean;
  /** Lays any other field over the CronJob; `null` takes one out. */
  readonly override?: {
    readonly metadata?: MetadataOverride;
    readonly spec?: { readonly jobTemplate?: JobOverride };
  };
}

/** Work that runs by the clock, each time to its end. */
export class CronJob extends Component {
  /** Name of its objects; Kubernetes takes at most 52 characters. */
  readonly name: string;
  readonly cronJob: KubernetesObject;

  constructor(scope: Construct, id: string, given: CronJobProps) {
    super(scope, id, given);
    const props = fitting(this, given, cronJobShape);
    this.name = props.name ?? derivedName(this, 'CronJob');
    const { pod, spec } = makeRun(this, this.name, props);
    checkSchedule(this, props.schedule);
    const cron = {
      schedule: props.schedule,
      timeZone: props.timeZone,
      concurrencyPolicy: props.concurrencyPolicy ?? (pod.defaults.concurrencyPolicy || undefined),
      startingDeadlineSeconds: props.startingDeadline && seconds(this, 'startingDeadline', props.startingDeadline),
      successfulJobsHistoryLimit: whole(this, 'keepSucceeded', props.keepSucceeded),
      failedJobsHistoryLimit: whole(this, 'keepFailed', props.keepFailed),
      suspend: props.suspend,
      jobTemplate: { spec },
    };
    const manifest = overridden({ metadata: metadataOf(this.name, pod, props), spec: cron } as unknown as JsonObject, props.override);
    this.cronJob = new KubernetesObject(this, 'CronJob', { apiVersion: 'batch/v1', kind: 'CronJob', ...manifest });
    follow(this.cronJob, cronJobRules, props.override);
    ask(this.cronJob, { rolloutOnChange: pod.defaults.rolloutOnChange });
  }
}

function makeRun(owner: Component, name: string, props: RunProps): { readonly pod: Pod; readonly spec: JsonObject } {
  const pod = makePod(owner, name, props, { selector: {}, restartPolicy: props.restartPolicy ?? 'Never' });
  const spec = {
    backoffLimit:
      whole(owner, 'backoffLimit', props.backoffLimit) ?? (pod.defaults.backoffLimit === false ? undefined : pod.defaults.backoffLimit),
    activeDeadlineSeconds: props.deadline && seconds(owner, 'deadline', props.deadline),
    completions: whole(owner, 'completions', props.completions),
    parallelism: whole(owner, 'parallelism', props.parallelism),
    ttlSecondsAfterFinished: props.ttlAfterFinished && seconds(owner, 'ttlAfterFinished', props.ttlAfterFinished),
    template: pod.template,
  };
  return { pod, spec: spec as unknown as JsonObject };
}

function metadataOf(name: string, pod: Pod, props: RunProps): JsonObject {
  return { name, labels: pod.labels, ...(props.annotations && { annotations: props.annotations }) };
}

function whole(owner: Component, field: string, value: number | undefined): number | undefined {
  if (value !== undefined && (!Number.isInteger(value) || value < 0)) {
    report(owner, { code: 'PROPS_INVALID', message: `${field} is ${shown(value)}.`, hint: 'Write a whole number from 0.', at: field });
  }
  return value;
}

function checkSchedule(owner: Component, schedule: string): void {
  const isNamed = /^@(hourly|daily|midnight|weekly|monthly|yearly|annually)$/.test(schedule);
  const fields = schedule.split(' ');
  if (isNamed || (fields.length === 5 && fields.every((field) => /^[\dA-Za-z*,/?LW#-]+$/.test(field)))) return;
  const message = `schedule is ${JSON.stringify(schedule)}.`;
  const hint = "Write five fields, minute hour day-of-month month day-of-week: '0 3 * * *' is every night at three.";
  report(owner, { code: 'PROPS_INVALID', message, hint, at: 'schedule' });
}
