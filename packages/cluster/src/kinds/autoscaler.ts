import { type FieldProblem, problem } from '../api/failure';
import type { HorizontalPodAutoscaler, KubeObject, Labels, Metadata, MetricSpec, MetricStatus } from '../objects';
import { decode } from '../schema/decode';
import { schemas } from '../schema/schemas';
import type { Conversion } from './kind';

export function checkAutoscaler(object: KubeObject): FieldProblem[] {
  const spec = object.spec as { minReplicas?: number; maxReplicas: number; scaleTargetRef: { apiVersion?: string } };
  const { minReplicas = 1, maxReplicas } = spec;
  return [
    ...(minReplicas < 1 ? [problem.invalid('spec.minReplicas', minReplicas, 'must be greater than or equal to 1')] : []),
    ...(maxReplicas < 1 ? [problem.required('spec.maxReplicas', 'must be set and greater than 0')] : []),
    ...(maxReplicas < minReplicas
      ? [problem.invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`')]
      : []),
    ...(spec.scaleTargetRef.apiVersion ? [] : [problem.invalid('spec.scaleTargetRef.apiVersion', '', 'apiVersion must specify API group')]),
  ];
}

const annotation = (name: string): string => `autoscaling.alpha.kubernetes.io/${name}`;

interface OldSpec {
  readonly scaleTargetRef: object;
  readonly minReplicas?: number;
  readonly maxReplicas: number;
  readonly targetCPUUtilizationPercentage?: number;
}

interface OldStatus {
  readonly currentCPUUtilizationPercentage?: number;
  readonly [field: string]: unknown;
}

/** autoscaling/v1: of the metrics only the use of cpu has a field, all else that v2 knows lies in annotations. */
export const oldAutoscaler: Conversion = { present: presentOld, store: storeOld };

const shown = new WeakMap<KubeObject, KubeObject>();

function presentOld(stored: KubeObject): KubeObject {
  const known = shown.get(stored);
  if (known) return known;
  const { metadata, spec, status } = stored as HorizontalPodAutoscaler;
  const cpu = (spec.metrics ?? []).find(isCpuUse);
  const rest = (spec.metrics ?? []).filter((metric) => metric !== cpu);
  const current = (status.currentMetrics ?? []).find(isCpuUse);
  const hidden = {
    ...(rest.length > 0 && { metrics: rest }),
    ...(spec.behavior && { behavior: spec.behavior }),
    ...(status.conditions?.length && { conditions: status.conditions }),
    ...(status.currentMetrics?.length && { 'current-metrics': status.currentMetrics }),
  };
  const { currentMetrics: _, conditions: __, ...counts } = status;
  const use = cpu?.resource?.target.averageUtilization;
  const used = current?.resource?.current.averageUtilization;
  const old: KubeObject = {
    ...stored,
    apiVersion: 'autoscaling/v1',
    metadata: withAnnotations(metadata, hidden),
    spec: {
      scaleTargetRef: spec.scaleTargetRef,
      ...(spec.minReplicas !== undefined && { minReplicas: spec.minReplicas }),
      maxReplicas: spec.maxReplicas,
      ...(use !== undefined && { targetCPUUtilizationPercentage: use }),
    },
    status: {
      ...counts,
      currentReplicas: status.currentReplicas ?? 0,
      ...(used !== undefined && { currentCPUUtilizationPercentage: used }),
    },
  };
  shown.set(stored, old);
  return old;
}

function isCpuUse(metric: MetricSpec | MetricStatus): boolean {
  return metric.type === 'Resource' && metric.resource?.name === 'cpu' && metric.resource.target?.type !== 'AverageValue';
}

function withAnnotations(metadata: Metadata, hidden: { readonly [name: string]: unknown }): Metadata {
  const added = Object.entries(hidden).map(([name, value]) => [annotation(name), JSON.stringify(value)]);
  return added.length === 0 ? metadata : { ...metadata, annotations: { ...metadata.annotations, ...Object.fromEntries(added) } };
}

function storeOld(object: KubeObject): KubeObject {
  const { annotations = {}, ...metadata } = object.metadata;
  const read = (name: string): unknown => parse(annotations[annotation(name)]);
  const own = Object.entries(annotations).filter(([name]) => !hiddenNames.has(name));
  const { targetCPUUtilizationPercentage: use, ...spec } = object.spec as OldSpec;
  const { currentCPUUtilizationPercentage: _, ...status } = (object.status ?? {}) as OldStatus;
  const target = { type: 'Utilization', averageUtilization: use };
  const cpu = use === undefined ? [] : [{ type: 'Resource', resource: { name: 'cpu', target } }];
  const metrics = [...((read('metrics') as unknown[] | undefined) ?? []), ...cpu];
  const behavior = read('behavior');
  const kept: Labels = Object.fromEntries(own);
  const next = {
    ...object,
    apiVersion: 'autoscaling/v2',
    metadata: { ...metadata, ...(own.length > 0 && { annotations: kept }) },
    spec: { ...spec, ...(metrics.length > 0 && { metrics }), ...(behavior !== undefined && { behavior }) },
    status: { ...status, conditions: read('conditions'), currentMetrics: read('current-metrics') ?? null },
  };
  return decode(schemas.autoscaling.type('HorizontalPodAutoscaler'), next) as unknown as KubeObject;
}

const hiddenNames = new Set(['metrics', 'behavior', 'conditions', 'current-metrics'].map(annotation));

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
