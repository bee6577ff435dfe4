// What the API server refuses in kinds that decide how many pods there are.
import { type Entry, entriesAt, objectAt } from '../../field';
import { type Fault, quoted } from '../fault';
import { isGiven, neededFaults, oneOfFaults, shareFaults } from '../limits';
import type { Rule } from './rule';
import { selectorFaults } from './selector';

export const horizontalPodAutoscaler: Rule = (object) =>
  objectAt(object, 'spec').flatMap((spec) => {
    const { minReplicas, maxReplicas } = spec.value;
    const isTurned = typeof minReplicas === 'number' && typeof maxReplicas === 'number' && maxReplicas >= 1 && minReplicas > maxReplicas;
    return [
      ...(isTurned
        ? [{ path: [...spec.path, 'maxReplicas'], message: `maxReplicas is ${maxReplicas}, less than minReplicas (${minReplicas}).` }]
        : []),
      ...entriesAt(spec, 'metrics').flatMap(metricFaults),
    ];
  });

const fieldOfMetric: { readonly [type: string]: string } = {
  Resource: 'resource',
  Pods: 'pods',
  Object: 'object',
  External: 'external',
  ContainerResource: 'containerResource',
};

function metricFaults(metric: Entry): readonly Fault[] {
  return [
    ...sourceFaults(metric),
    ...Object.values(fieldOfMetric).flatMap((field) => objectAt(metric, field, 'target').flatMap(targetFaults)),
  ];
}

/** A target says how much, in one of three ways. */
function targetFaults(target: Entry): readonly Fault[] {
  if (['value', 'averageValue', 'averageUtilization'].some((field) => isGiven(target.value[field]))) return [];
  return [{ path: target.path, message: 'The target has none of value, averageValue, averageUtilization.' }];
}

function sourceFaults(metric: Entry): readonly Fault[] {
  const { type } = metric.value;
  const field = typeof type === 'string' && Object.hasOwn(fieldOfMetric, type) ? fieldOfMetric[type] : undefined;
  if (field === undefined) return [];
  const others = Object.values(fieldOfMetric).filter(
    (one) => one !== field && metric.value[one] !== undefined && metric.value[one] !== null,
  );
  return [
    ...neededFaults(metric, field).map((fault) => ({
      ...fault,
      message: `${field} is missing, which a metric of type ${quoted(type)} needs.`,
    })),
    ...others.map((other) => ({ path: [...metric.path, other], message: `${other} is there, but the metric is of type ${quoted(type)}.` })),
  ];
}

export const podDisruptionBudget: Rule = (object) =>
  objectAt(object, 'spec').flatMap((spec) => [
    ...oneOfFaults(spec, ['minAvailable', 'maxUnavailable'], { what: 'A PodDisruptionBudget' }),
    ...['minAvailable', 'maxUnavailable'].flatMap((field) => shareFaults(spec, field)),
    ...objectAt(spec, 'selector').flatMap(selectorFaults),
  ]);
