// What Service, Job and CronJob add to what was written, each thing by a name under which it can be changed or switched off.
import type { IConstruct } from 'constructs';
import type { Resources } from './quantity';

/** What Konfig adds where the program says nothing. Change one by its name, or all with `defaults: 'none'`. */
export interface Defaults {
  /**
   * Labels `app.kubernetes.io/{name,instance,component,part-of,managed-by}` on every object, and a selector of name, instance
   * and component. Off: the selector is `app: <name>`. Default true.
   */
  readonly labels: boolean;
  /** Pod runs as non-root with the runtime's seccomp profile: the pod half of the Pod Security Standard «restricted». Default true. */
  readonly podSecurity: boolean;
  /** No privilege escalation, all capabilities dropped: the container half of «restricted». Default true. */
  readonly containerSecurity: boolean;
  /** The container's own file system cannot be written. Not part of «restricted», and breaks many images: default false. */
  readonly readOnlyRootFilesystem: boolean;
  /** `automountServiceAccountToken: false`: a pod that does not talk to Kubernetes has no token to steal. Default true. */
  readonly withholdToken: boolean;
  /** `enableServiceLinks: false`: no environment variables for each Service of the namespace. Default true. */
  readonly noServiceLinks: boolean;
  /** With more than one replica, a PodDisruptionBudget with `maxUnavailable: 1`, so that a drained node takes one pod at a time. Default true. */
  readonly disruptionBudget: boolean;
  /** With more than one replica, pods spread over nodes and zones as far as possible (`ScheduleAnyway`). Default true. */
  readonly spread: boolean;
  /** Rolling updates start a new pod before an old one goes (`maxUnavailable: 0, maxSurge: 1`). Default true. */
  readonly rollingUpdate: boolean;
  /** A container with ports and no readiness probe gets one: TCP on its first port. Default true. */
  readonly readiness: boolean;
  /** Resources of containers that name none. Default `{ cpu: '100m', memory: '128Mi' }`: CPU request without limit, memory request and limit. */
  readonly resources: Resources | false;
  /** Old ReplicaSets kept for a rollback by hand. Default 3 (Kubernetes: 10). */
  readonly revisionHistoryLimit: number | false;
  /**
   * Pods are replaced when a ConfigMap or a Secret of the stack that their containers use changes, that of their `files` and secrets among them: by a hash in an
   * annotation of the pod template. Default true.
   */
  readonly rolloutOnChange: boolean;
  /**
   * The ConfigMap of a component's `files` is named by its content (`web-files-1f2e3d4c5b`) and cannot change, so that pods of an older rollout
   * keep the files they started with; old ones are deleted once no pod uses them. Files with values that are known only later, secrets
   * among them, go by `rolloutOnChange`. Default false: one ConfigMap that changes in place.
   */
  readonly versionedConfig: boolean;
  /** Replicas of a Service that names none. Default false: left out, which is 1 in Kubernetes. */
  readonly replicas: number | false;
  /** Retries of a Job that names none. Default 3 (Kubernetes: 6). */
  readonly backoffLimit: number | false;
  /** What a CronJob does when its last run has not ended. Default `'Forbid'` (Kubernetes: `'Allow'`). */
  readonly concurrencyPolicy: 'Allow' | 'Forbid' | 'Replace' | false;
}

/** Changes to the defaults by name, or `'none'`: nothing is added to what was written. The nearest to the component wins. */
export type DefaultsOption = 'none' | Partial<Defaults>;

/** Konfig's own defaults: what operators of Kubernetes call good practice. */
export const goodPractice: Defaults = {
  labels: true,
  podSecurity: true,
  containerSecurity: true,
  readOnlyRootFilesystem: false,
  withholdToken: true,
  noServiceLinks: true,
  disruptionBudget: true,
  spread: true,
  rollingUpdate: true,
  readiness: true,
  resources: { cpu: '100m', memory: '128Mi' },
  revisionHistoryLimit: 3,
  rolloutOnChange: true,
  versionedConfig: false,
  replicas: false,
  backoffLimit: 3,
  concurrencyPolicy: 'Forbid',
};

const noDefaults: Defaults = {
  labels: false,
  podSecurity: false,
  containerSecurity: false,
  readOnlyRootFilesystem: false,
  withholdToken: false,
  noServiceLinks: false,
  disruptionBudget: false,
  spread: false,
  rollingUpdate: false,
  readiness: false,
  resources: false,
  revisionHistoryLimit: false,
  rolloutOnChange: false,
  versionedConfig: false,
  replicas: false,
  backoffLimit: false,
  concurrencyPolicy: false,
};

const given = new WeakMap<IConstruct, readonly DefaultsOption[]>();

/** Notes the defaults that were given to a construct; they hold for everything below it. */
export function setDefaults(construct: IConstruct, ...options: readonly (DefaultsOption | undefined)[]): void {
  given.set(
    construct,
    options.filter((option) => option !== undefined),
  );
}

/** What was written about one default, nearest to the construct; undefined where it is Konfig's own. */
export function defaultGivenBy(construct: IConstruct, name: string): object | undefined {
  const options = construct.node.scopes.flatMap((scope) => given.get(scope) ?? []);
  return options.findLast((option) => typeof option === 'object' && Object.hasOwn(option, name)) as object | undefined;
}

/** The defaults that hold for a construct: Konfig's, then what each of its parents says, from the root down. */
export function defaultsOf(construct: IConstruct): Defaults {
  const options = construct.node.scopes.flatMap((scope) => given.get(scope) ?? []);
  let held = goodPractice;
  for (const option of options) held = option === 'none' ? noDefaults : { ...held, ...option };
  return held;
}
