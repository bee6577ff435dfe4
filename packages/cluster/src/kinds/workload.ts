import { type FieldProblem, problem } from '../api/failure';
import { sameJson } from '../fields/atom';
import type { CronJob, DaemonSet, Deployment, Job, KubeObject, Pod, ReplicaSet, StatefulSet } from '../objects';
import { templateGeneration } from '../schema/completions';
import type { Store } from '../store/store';
import { readSchedule, ScheduleError } from './cron';
import type { KindRules } from './kind';
import { fillLimits } from './limit-range';
import { randomSuffix } from './names';
import { hasEnded } from './pod-phase';
import { checkNotNegative, checkOneOf, checkPodSpec, checkSelector, checkTemplate } from './pod-template';

/** The rules of what runs pods: Deployment, ReplicaSet, StatefulSet, DaemonSet, Job, CronJob, and Pod itself. */
export const workloadRules = {
  Deployment: {
    status: true,
    scale: true,
    generation: true,
    alsoGeneration: (object, old) => !sameJson(object.metadata.annotations, old.metadata.annotations),
    check: (object, old) => checkDeployment(object as Deployment, old as Deployment | undefined),
  },
  ReplicaSet: {
    status: true,
    scale: true,
    generation: true,
    selectable: ['status.replicas'],
    check: (object, old) => checkReplicaSet(object as ReplicaSet, old as ReplicaSet | undefined),
  },
  StatefulSet: {
    status: true,
    scale: true,
    generation: true,
    check: (object, old) => checkStatefulSet(object as StatefulSet, old as StatefulSet | undefined),
  },
  DaemonSet: {
    status: true,
    generation: true,
    prepare: (object, old) => countTemplates(object as DaemonSet, old as DaemonSet | undefined),
    check: (object, old) => checkDaemonSet(object as DaemonSet, old as DaemonSet | undefined),
  },
  Job: {
    status: true,
    generation: true,
    selectable: ['status.successful'],
    prepare: (object, old) => prepareJob(object as Job, old),
    check: (object, old) => checkJob(object as Job, old as Job | undefined),
  },
  CronJob: { status: true, generation: true, check: checkCronJob },
  Pod: {
    status: true,
    generation: true,
    returnsDeleted: true,
    selectable: ['spec.nodeName', 'spec.restartPolicy', 'spec.schedulerName', 'spec.serviceAccountName', 'status.phase', 'status.podIP'],
    prepare: (object, old, store) => preparePod(object as Pod, old, store),
    check: (object, old) => checkPod(object as Pod, old as Pod | undefined),
    graceSeconds: (object, asked) => podGrace(object as Pod, asked),
  },
} satisfies { readonly [kind: string]: KindRules };

function checkDeployment(object: Deployment, old: Deployment | undefined): FieldProblem[] {
  const { spec } = object;
  return [
    ...checkNotNegative('spec.replicas', spec.replicas),
    ...checkSelector('deployment', spec.selector, spec.template),
    ...checkTemplate('spec.template', spec.template),
    ...checkAlwaysRestarts(spec.template.spec.restartPolicy),
    ...checkStrategy(spec.strategy),
    ...checkNotNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...checkNotNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
    ...checkNotNegative('spec.progressDeadlineSeconds', spec.progressDeadlineSeconds),
    ...(spec.progressDeadlineSeconds <= (spec.minReadySeconds ?? 0)
      ? [problem.invalid('spec.progressDeadlineSeconds', spec.progressDeadlineSeconds, 'must be greater than minReadySeconds')]
      : []),
    ...(old ? checkImmutable('spec.selector', spec.selector, old.spec.selector) : []),
  ];
}

function checkStrategy(strategy: Deployment['spec']['strategy']): FieldProblem[] {
  const at = 'spec.strategy';
  const { rollingUpdate } = strategy;
  if (strategy.type === 'Recreate') {
    return rollingUpdate ? [problem.forbidden(`${at}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'")] : [];
  }
  if (strategy.type !== 'RollingUpdate')
    return [problem.notSupported(at, { Type: strategy.type, RollingUpdate: rollingUpdate ?? null }, ['Recreate', 'RollingUpdate'])];
  if (!rollingUpdate) return [];
  const { maxUnavailable, maxSurge } = rollingUpdate;
  const bothZero = Number.parseInt(String(maxUnavailable), 10) === 0 && Number.parseInt(String(maxSurge), 10) === 0;
  return [
    ...checkCountOrPercent(`${at}.rollingUpdate.maxUnavailable`, maxUnavailable),
    ...checkCountOrPercent(`${at}.rollingUpdate.maxSurge`, maxSurge),
    ...(bothZero ? [problem.invalid(`${at}.rollingUpdate.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0')] : []),
  ];
}

export function checkCountOrPercent(field: string, value: number | string | undefined): FieldProblem[] {
  if (typeof value === 'number') return checkNotNegative(field, value);
  if (value === undefined || /^[0-9]+%$/.test(value)) return [];
  const says =
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
  return [problem.invalid(field, value, says)];
}

function checkReplicaSet(object: ReplicaSet, old: ReplicaSet | undefined): FieldProblem[] {
  const { spec } = object;
  return [
    ...checkNotNegative('spec.replicas', spec.replicas),
    ...checkNotNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...checkSelector('deployment', spec.selector, spec.template),
    ...checkTemplate('spec.template', spec.template),
    ...checkAlwaysRestarts(spec.template.spec.restartPolicy),
    ...(old ? checkImmutable('spec.selector', spec.selector, old.spec.selector) : []),
  ];
}

const statefulSetMayChange = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

function checkStatefulSet(object: StatefulSet, old: StatefulSet | undefined): FieldProblem[] {
  const { spec } = object;
  const volumes = (spec.volumeClaimTemplates ?? []).map((claim) => ({
    name: claim.metadata.name,
    persistentVolumeClaim: { claimName: claim.metadata.name },
  }));
  const own = (spec.template.spec.volumes ?? []).filter((volume) => !volumes.some((claim) => claim.name === volume.name));
  const template = { ...spec.template, spec: { ...spec.template.spec, volumes: [...volumes, ...own] } };
  return [
    ...checkOneOf('spec.podManagementPolicy', spec.podManagementPolicy, ['OrderedReady', 'Parallel']),
    ...checkNotNegative('spec.replicas', spec.replicas),
    ...checkNotNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...checkSelector('statefulset', spec.selector, spec.template),
    ...checkTemplate('spec.template', template),
    ...checkAlwaysRestarts(spec.template.spec.restartPolicy),
    ...(old ? checkStatefulSetUpdate(spec, old.spec) : []),
  ];
}

function checkStatefulSetUpdate(spec: StatefulSet['spec'], old: StatefulSet['spec']): FieldProblem[] {
  if (sameJson(without(spec, statefulSetMayChange), without(old, statefulSetMayChange))) return [];
  const fields =
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
  return [problem.forbidden('spec', fields)];
}

function checkDaemonSet({ spec }: DaemonSet, old: DaemonSet | undefined): FieldProblem[] {
  const { type, rollingUpdate } = spec.updateStrategy;
  const at = 'spec.updateStrategy.rollingUpdate';
  const isZero = (value: number | string): boolean => Number.parseInt(String(value), 10) === 0;
  return [
    ...checkSelector('daemonset', spec.selector, spec.template),
    ...checkTemplate('spec.template', spec.template),
    ...checkAlwaysRestarts(spec.template.spec.restartPolicy),
    ...checkNotNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...checkOneOf('spec.updateStrategy.type', type, ['RollingUpdate', 'OnDelete']),
    ...(type === 'RollingUpdate' && rollingUpdate
      ? [
          ...checkCountOrPercent(`${at}.maxUnavailable`, rollingUpdate.maxUnavailable),
          ...checkCountOrPercent(`${at}.maxSurge`, rollingUpdate.maxSurge),
          ...(isZero(rollingUpdate.maxUnavailable) && isZero(rollingUpdate.maxSurge)
            ? [problem.required(`${at}.maxUnavailable`, 'cannot be 0 when maxSurge is 0')]
            : []),
          ...(isZero(rollingUpdate.maxUnavailable) || isZero(rollingUpdate.maxSurge)
            ? []
            : [problem.invalid(`${at}.maxSurge`, rollingUpdate.maxSurge, 'may not be set when maxUnavailable is non-zero')]),
        ]
      : []),
    ...checkNotNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
    ...(old ? checkImmutable('spec.selector', spec.selector, old.spec.selector) : []),
  ];
}

function without(spec: object, fields: readonly string[]): object {
  return Object.fromEntries(Object.entries(spec).filter(([name]) => !fields.includes(name)));
}

function checkAlwaysRestarts(policy: string | undefined): FieldProblem[] {
  return policy === 'Always' ? [] : [problem.notSupported('spec.template.spec.restartPolicy', policy, ['Always'])];
}

export function checkImmutable(field: string, value: unknown, old: unknown): FieldProblem[] {
  return sameJson(value, old) ? [] : [problem.invalid(field, value ?? null, 'field is immutable')];
}

// Lives on as an annotation: the field is gone from the API.
function countTemplates(set: DaemonSet, old: DaemonSet | undefined): void {
  const countOf = ({ metadata }: DaemonSet): number => Number(metadata.annotations?.[templateGeneration]) || 0;
  const count = old ? countOf(old) + (sameJson(set.spec.template, old.spec.template) ? 0 : 1) : Math.max(1, countOf(set));
  set.metadata.annotations = { ...set.metadata.annotations, [templateGeneration]: String(count) };
}

// A Job makes its own selector, so that two Jobs can share a template.
function prepareJob(job: Job, old: KubeObject | undefined): void {
  if (old || job.spec.selector || (job.spec as { manualSelector?: boolean }).manualSelector) return;
  const { uid, name } = job.metadata;
  const spec = job.spec as { selector: unknown; template: { metadata: { labels?: { [key: string]: string } } } };
  spec.selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
  // A Job without labels got those of its pods when it was read; as in the real server it gets these too.
  const isLabelledAsItsPods = sameJson(job.metadata.labels, spec.template.metadata.labels);
  spec.template.metadata.labels = {
    ...spec.template.metadata.labels,
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  if (isLabelledAsItsPods) job.metadata.labels = { ...spec.template.metadata.labels };
}

function checkJob(job: Job, old: Job | undefined): FieldProblem[] {
  const { spec } = job;
  return [
    ...checkJobSpec('spec', spec),
    ...(spec.selector ? [] : [problem.required('spec.selector')]),
    ...(old
      ? [
          ...(spec.completionMode === 'Indexed' ? [] : checkImmutable('spec.completions', spec.completions, old.spec.completions)),
          ...checkImmutable('spec.selector', spec.selector, old.spec.selector),
          ...(old.spec.suspend && job.status.startTime === undefined
            ? []
            : checkImmutable('spec.template', spec.template, old.spec.template)),
          ...checkImmutable('spec.completionMode', spec.completionMode, old.spec.completionMode),
        ]
      : []),
  ];
}

function checkJobSpec(field: string, spec: Job['spec']): FieldProblem[] {
  const policy = spec.template.spec.restartPolicy;
  const at = `${field}.template.spec.restartPolicy`;
  return [
    ...(['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished'] as const).flatMap((name) =>
      checkNotNegative(`${field}.${name}`, spec[name]),
    ),
    ...checkOneOf(`${field}.completionMode`, spec.completionMode, ['NonIndexed', 'Indexed']),
    ...checkTemplate(`${field}.template`, spec.template),
    ...(policy === 'Always'
      ? [problem.required(at, 'valid values: "OnFailure", "Never"')]
      : checkOneOf(at, policy, ['OnFailure', 'Never'])),
  ];
}

function checkCronJob(object: KubeObject): FieldProblem[] {
  const { spec } = object as CronJob;
  return [
    ...(spec.schedule === '' ? [problem.required('spec.schedule')] : checkSchedule(spec.schedule)),
    ...checkNotNegative('spec.startingDeadlineSeconds', spec.startingDeadlineSeconds),
    ...checkTimeZone(spec.timeZone),
    ...checkOneOf('spec.concurrencyPolicy', spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace']),
    ...checkNotNegative('spec.successfulJobsHistoryLimit', spec.successfulJobsHistoryLimit),
    ...checkNotNegative('spec.failedJobsHistoryLimit', spec.failedJobsHistoryLimit),
    ...checkJobSpec('spec.jobTemplate.spec', spec.jobTemplate.spec),
  ];
}

function checkSchedule(schedule: string): FieldProblem[] {
  const zoned = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead';
  if (schedule.includes('TZ')) return [problem.invalid('spec.schedule', schedule, zoned)];
  try {
    readSchedule(schedule);
    return [];
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    return [problem.invalid('spec.schedule', schedule, error.message)];
  }
}

function checkTimeZone(timeZone: string | undefined): FieldProblem[] {
  if (timeZone === undefined) return [];
  if (timeZone === '') return [problem.invalid('spec.timeZone', timeZone, 'timeZone must be nil or non-empty string')];
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
    return [];
  } catch {
    return [problem.invalid('spec.timeZone', timeZone, `unknown time zone ${timeZone}`)];
  }
}

const tolerated = (key: string) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });

// What admission adds to every pod: its service account, the default tolerations, the priority.
function preparePod(pod: Pod, old: KubeObject | undefined, store: Store): void {
  if (old) return;
  const spec = pod.spec as { [field: string]: unknown };
  spec.serviceAccountName ??= 'default';
  spec.serviceAccount = spec.serviceAccountName;
  spec.priority ??= 0;
  spec.preemptionPolicy ??= 'PreemptLowerPriority';
  const tolerations = (spec.tolerations ?? []) as readonly { readonly key?: string }[];
  const missing = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].filter(
    (key) => !tolerations.some((one) => one.key === key || one.key === undefined),
  );
  spec.tolerations = [...tolerations, ...missing.map(tolerated)];
  fillLimits(pod, store);
  pod.status = { phase: 'Pending', qosClass: qualityOf(pod) };
  mountServiceAccount(pod, store);
}

function mountServiceAccount(pod: Pod, store: Store): void {
  const spec = pod.spec as unknown as {
    serviceAccountName: string;
    automountServiceAccountToken?: boolean;
    volumes?: object[];
    containers: { volumeMounts?: { mountPath: string }[] }[];
    initContainers?: { volumeMounts?: { mountPath: string }[] }[];
  };
  const account = store.get('serviceaccounts', pod.metadata.namespace ?? '', spec.serviceAccountName);
  if ((spec.automountServiceAccountToken ?? account?.automountServiceAccountToken ?? true) === false) return;
  const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
  const name = `kube-api-access-${randomSuffix()}`;
  const open = [...spec.containers, ...(spec.initContainers ?? [])].filter(
    (container) => !container.volumeMounts?.some((mount) => mount.mountPath === mountPath),
  );
  if (open.length === 0) return;
  for (const container of open) {
    const mount = { name, readOnly: true, mountPath };
    container.volumeMounts = [...(container.volumeMounts ?? []), mount];
  }
  const sources = [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
  ];
  spec.volumes = [...(spec.volumes ?? []), { name, projected: { sources, defaultMode: 420 } }];
}

function qualityOf(pod: Pod): string {
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const amounts = containers.map((container) => container.resources ?? {});
  if (amounts.every((one) => !one.limits && !one.requests)) return 'BestEffort';
  const full = amounts.every(
    (one) => one.limits?.cpu && one.limits.memory && one.requests?.cpu === one.limits.cpu && one.requests.memory === one.limits.memory,
  );
  return full ? 'Guaranteed' : 'Burstable';
}

function checkPod(pod: Pod, old: Pod | undefined): FieldProblem[] {
  if (!old) return checkPodSpec('spec', pod.spec);
  const mayChange = [
    'containers',
    'initContainers',
    'activeDeadlineSeconds',
    'tolerations',
    'terminationGracePeriodSeconds',
    'nodeName',
    'schedulingGates',
  ];
  const images = (spec: Pod['spec']) => spec.containers.map(({ image, ...rest }) => rest);
  const same = sameJson(without(pod.spec, mayChange), without(old.spec, mayChange)) && sameJson(images(pod.spec), images(old.spec));
  if (same) return [];
  const says =
    'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
  return [problem.forbidden('spec', says)];
}

// A pod that no node runs has nobody to wait for.
function podGrace(pod: Pod, asked: number | undefined): number {
  if (pod.spec.nodeName === undefined || hasEnded(pod)) return 0;
  return asked ?? pod.spec.terminationGracePeriodSeconds ?? 30;
}
