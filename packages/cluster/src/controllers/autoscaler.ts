import { ApiFailure } from '../api/failure';
import { replaceScale, scaleOf } from '../api/scale';
import type { Kind } from '../kinds/kind';
import type { Condition, HorizontalPodAutoscaler, KubeObject, MetricSpec, MetricStatus } from '../objects';
import { milliOf } from '../schema/quantity';
import type { Store } from '../store/store';
import { timestamp } from '../world';
import { type Actor, refusalOf } from './actor';
import { type Controller, itself, keyOf, readKey } from './controller';

const autoscalers = 'horizontalpodautoscalers.autoscaling';

/** What a test says all pods of the target use together: `cpu=450` percent of what one pod requests, `memory=2Gi`. */
const loadAnnotation = 'simulate.konfig.dev/load';

/** The real controller looks at each autoscaler so often. */
const retryMillis = 15_000;

/** Scales what an autoscaler points at, by a load that is simulated. It scales at once: rates and windows take no time here. */
export const autoscalerController: Controller = {
  name: 'autoscaler',
  wakes: { [autoscalers]: itself, '*': ({ object }, store) => autoscalersOf(object, store) },
  reconcile(key, actor) {
    const { namespace, name } = readKey(key);
    const autoscaler = actor.get<HorizontalPodAutoscaler>(autoscalers, namespace, name);
    return autoscaler && !autoscaler.metadata.deletionTimestamp ? scale(actor, autoscaler) : undefined;
  },
};

function autoscalersOf(object: KubeObject, store: Store): string[] {
  const keys: string[] = [];
  for (const one of store.each(autoscalers, object.metadata.namespace ?? '')) {
    const { kind, name } = (one as HorizontalPodAutoscaler).spec.scaleTargetRef;
    if (kind === object.kind && name === object.metadata.name) keys.push(keyOf(one));
  }
  return keys;
}

/** Gives back when to look again, after a scale that was refused. */
function scale(actor: Actor, autoscaler: HorizontalPodAutoscaler): number | undefined {
  const found = findTarget(actor, autoscaler);
  if (typeof found === 'string') {
    const said = `the HPA controller was unable to get the target's current scale: ${found}`;
    actor.event(autoscaler, 'Warning', 'FailedGetScale', found);
    report(actor, autoscaler, { conditions: [condition('AbleToScale', false, 'FailedGetScale', said)] });
    return undefined;
  }
  const { kind, target, current } = found;
  const decision = decide(autoscaler, current);
  for (const event of decision.events) actor.event(autoscaler, 'Warning', event.reason, event.message);
  const { metrics } = decision;
  if (decision.desired === current || decision.rescale === undefined) {
    report(actor, autoscaler, { current, desired: decision.desired, metrics, conditions: [decision.able, ...decision.conditions] });
    return undefined;
  }
  const reason = `New size: ${decision.desired}; reason: ${decision.rescale}`;
  const body = { ...scaleOf(kind, target), spec: { replicas: decision.desired } };
  const refusal = refusalOf(() => {
    replaceScale(actor.world, kind, target, target.metadata.name, body, { manager: 'kube-controller-manager' });
  });
  if (refusal !== undefined) {
    actor.event(autoscaler, 'Warning', 'FailedRescale', `${reason}; error: ${refusal}`);
    const said = `the HPA controller was unable to update the target scale: ${refusal}`;
    report(actor, autoscaler, { current, metrics, conditions: [condition('AbleToScale', false, 'FailedUpdateScale', said)] });
    return retryMillis;
  }
  actor.event(autoscaler, 'Normal', 'SuccessfulRescale', reason);
  const said = `the HPA controller was able to update the target scale to ${decision.desired}`;
  const conditions = [condition('AbleToScale', true, 'SucceededRescale', said), ...decision.conditions];
  report(actor, autoscaler, { current, desired: decision.desired, metrics, conditions, rescaled: true });
  return undefined;
}

interface Target {
  readonly kind: Kind;
  readonly target: KubeObject;
  readonly current: number;
}

/** The object to scale, or why there is none. */
function findTarget(actor: Actor, { metadata, spec }: HorizontalPodAutoscaler): Target | string {
  const { apiVersion = '', kind: kindName, name } = spec.scaleTargetRef;
  const kind = actor.world.kinds.byName(apiVersion, kindName);
  if (!kind?.rules.scale) return `no matches for kind ${JSON.stringify(kindName)} in group ${JSON.stringify(apiVersion.split('/')[0])}`;
  const target = actor.get(kind.resource, metadata.namespace ?? '', name);
  if (!target) return `${kind.plural}.${kind.group} ${JSON.stringify(name)} not found`;
  try {
    const { spec: wished } = scaleOf(kind, target) as { spec: { replicas?: number } };
    return { kind, target, current: wished.replicas ?? 0 };
  } catch (error) {
    if (error instanceof ApiFailure) return error.message;
    throw error;
  }
}

interface Decision {
  readonly desired: number;
  /** Why the target is scaled; nothing when it is not. */
  readonly rescale?: string;
  readonly able: Condition;
  readonly conditions: readonly Condition[];
  readonly metrics: readonly MetricStatus[];
  readonly events: readonly { readonly reason: string; readonly message: string }[];
}

/** How many replicas there should be, as the real controller decides it, but for rates and windows. */
export function decide(autoscaler: HorizontalPodAutoscaler, current: number): Decision {
  const { minReplicas = 1, maxReplicas } = autoscaler.spec;
  const gotScale = condition('AbleToScale', true, 'SucceededGetScale', "the HPA controller was able to get the target's current scale");
  const bare = { able: gotScale, conditions: [], metrics: [], events: [] };
  if (current === 0) {
    const said = 'scaling is disabled since the replica count of the target is zero';
    return { ...bare, desired: 0, conditions: [condition('ScalingActive', false, 'ScalingDisabled', said)] };
  }
  if (current > maxReplicas) return { ...bare, desired: maxReplicas, rescale: 'Current number of replicas above Spec.MaxReplicas' };
  if (current < minReplicas) return { ...bare, desired: minReplicas, rescale: 'Current number of replicas below Spec.MinReplicas' };
  const proposals = (autoscaler.spec.metrics ?? []).map((metric) => propose(metric, readLoad(autoscaler), current));
  const known = proposals.filter((proposal): proposal is Proposal => !('missing' in proposal));
  const missing = proposals.find((proposal): proposal is Missing => 'missing' in proposal);
  // As the real one leaves it: a metric that is missing has its place, and nothing in it.
  const metrics = proposals.map((proposal) => ('missing' in proposal ? { type: '' } : proposal.status));
  const [highest] = [...known].sort((a, b) => b.replicas - a.replicas);
  // A metric that is not there never makes anything smaller.
  if (!highest || (missing && highest.replicas < current)) return withoutMetrics({ ...bare, metrics }, current, missing);
  const desired = Math.min(maxReplicas, Math.max(minReplicas, highest.replicas));
  const active = `the HPA was able to successfully calculate a replica count from ${highest.name}`;
  return {
    desired,
    ...(desired > current && { rescale: `${highest.name} above target` }),
    ...(desired < current && { rescale: 'All metrics below target' }),
    able: condition('AbleToScale', true, 'ReadyForNewScale', 'recommended size matches current size'),
    conditions: [condition('ScalingActive', true, 'ValidMetricFound', active), limited(highest.replicas, minReplicas, maxReplicas)],
    metrics,
    events: [],
  };
}

function withoutMetrics(bare: Omit<Decision, 'desired'>, current: number, missing: Missing | undefined): Decision {
  const { reason = 'FailedGetMetric', message = 'no metrics' } = missing?.missing ?? {};
  const said = `the HPA was unable to compute the replica count: ${message}`;
  return {
    ...bare,
    desired: current,
    conditions: [condition('ScalingActive', false, reason, said)],
    events: [
      { reason, message },
      { reason: 'FailedComputeMetricsReplicas', message: `invalid metrics (1 invalid out of 1), first error is: ${message}` },
    ],
  };
}

function limited(wished: number, least: number, most: number): Condition {
  if (wished > most)
    return condition('ScalingLimited', true, 'TooManyReplicas', 'the desired replica count is more than the maximum replica count');
  if (wished < least)
    return condition('ScalingLimited', true, 'TooFewReplicas', 'the desired replica count is less than the minimum replica count');
  return condition('ScalingLimited', false, 'DesiredWithinRange', 'the desired count is within the acceptable range');
}

interface Proposal {
  readonly name: string;
  readonly replicas: number;
  readonly status: MetricStatus;
}

interface Missing {
  readonly missing: { readonly reason: string; readonly message: string };
}

function propose(metric: MetricSpec, load: ReadonlyMap<string, string>, current: number): Proposal | Missing {
  const source = metric.resource ?? metric.containerResource ?? metric.pods ?? metric.object ?? metric.external;
  const name = metric.resource?.name ?? metric.containerResource?.name ?? source?.metric?.name ?? '';
  const total = load.get(name);
  const { target } = source ?? {};
  if (total === undefined || !target) return { missing: notMeasured(metric.type, name) };
  const key = `${metric.type.charAt(0).toLowerCase()}${metric.type.slice(1)}`;
  const shownAs = (value: object): MetricStatus => {
    const { target: _, ...identity } = source as { target: unknown };
    return { type: metric.type, [key]: { ...identity, current: value } } as unknown as MetricStatus;
  };
  if (target.averageUtilization !== undefined) {
    const use = Math.floor(Number.parseFloat(total) / current);
    const status = shownAs({ averageUtilization: use, averageValue: '0' });
    return {
      name: `${name} resource utilization (percentage of request)`,
      replicas: fitting(use / target.averageUtilization, current),
      status,
    };
  }
  const isAverage = target.averageValue !== undefined;
  const wanted = milliOf(target.averageValue ?? target.value ?? '1');
  const measured = milliOf(total);
  const value = isAverage ? Math.floor(measured / current) : measured;
  const status = shownAs(isAverage ? { averageValue: `${value}m` } : { value: `${value}m` });
  return { name: describeMetric(metric.type, name), replicas: fitting(value / wanted, current), status };
}

// Within a tenth of the target nothing is changed.
function fitting(ratio: number, current: number): number {
  return Math.abs(ratio - 1) <= 0.1 ? current : Math.ceil(ratio * current);
}

function describeMetric(type: string, name: string): string {
  if (type === 'Resource') return `${name} resource`;
  return type === 'External' ? `external metric ${name}(nil)` : `${type.toLowerCase()} metric ${name}`;
}

// As in a cluster without a metrics server.
function notMeasured(type: string, name: string): Missing['missing'] {
  const lost = 'the server could not find the requested resource';
  if (type === 'Resource') {
    const why = `unable to get metrics for resource ${name}: unable to fetch metrics from resource metrics API: ${lost} (get pods.metrics.k8s.io)`;
    return { reason: 'FailedGetResourceMetric', message: `failed to get ${name} utilization: ${why}` };
  }
  const why = `unable to fetch metrics from custom metrics API: no known available metric versions found`;
  return { reason: `FailedGet${type}Metric`, message: `unable to get metric ${name}: ${why}` };
}

function readLoad({ metadata }: HorizontalPodAutoscaler): ReadonlyMap<string, string> {
  const parts = (metadata.annotations?.[loadAnnotation] ?? '').split(',').filter((part) => part.includes('='));
  return new Map(parts.map((part) => part.split('=').map((text) => text.trim()) as [string, string]));
}

function condition(type: string, holds: boolean, reason: string, message: string): Condition {
  return { type, status: holds ? 'True' : 'False', reason, message };
}

interface Outcome {
  readonly current?: number;
  readonly desired?: number;
  readonly metrics?: readonly MetricStatus[];
  readonly conditions: readonly Condition[];
  readonly rescaled?: boolean;
}

function report(actor: Actor, autoscaler: HorizontalPodAutoscaler, outcome: Outcome): void {
  const live = actor.get<HorizontalPodAutoscaler>(autoscalers, autoscaler.metadata.namespace ?? '', autoscaler.metadata.name);
  if (!live) return;
  const now = timestamp(actor.now());
  const before = live.status.conditions ?? [];
  const fresh = outcome.conditions.map(({ type, status, ...rest }) => {
    const same = before.find((one) => one.type === type && one.status === status);
    return { type, status, lastTransitionTime: same?.lastTransitionTime ?? now, ...rest };
  });
  const kept = before.filter((one) => !fresh.some((other) => other.type === one.type));
  actor.setStatus(autoscalers, live, {
    ...live.status,
    currentReplicas: outcome.current ?? live.status.currentReplicas ?? 0,
    desiredReplicas: outcome.desired ?? live.status.desiredReplicas ?? 0,
    currentMetrics: outcome.metrics?.length ? outcome.metrics : null,
    ...(outcome.rescaled && { lastScaleTime: now }),
    conditions: [...kept, ...fresh].sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type)),
  });
}

const order = ['AbleToScale', 'ScalingActive', 'ScalingLimited'];
