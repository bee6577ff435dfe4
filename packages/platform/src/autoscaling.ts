// As many replicas as the load asks for.
import { Component, type ComponentOptions, KubernetesObject, report } from '@konfig/sdk';
import type { Construct } from 'constructs';

/** What to scale, how far, and by which load. */
export interface AutoscalingProps extends ComponentOptions {
  /** The Service to scale. It must say `replicas: 'autoscaled'`, or it and the autoscaler would undo each other's work. */
  readonly of: AutoscaledService;
  /** Fewest replicas, from 1. */
  readonly min: number;
  /** Most replicas, not below `min`. */
  readonly max: number;
  /** Use of the CPU request, in percent, that it aims at. Default 70; `false`: CPU does not count. */
  readonly cpu?: number | false;
  /** Use of the memory request, in percent, that it aims at. Default: memory does not count. */
  readonly memory?: number;
}

/** What the autoscaler must know of a Service. */
interface AutoscaledService {
  readonly name: string;
  readonly replicas: number | 'autoscaled' | undefined;
}

/**
 * Scales a Service with its load, by a HorizontalPodAutoscaler.
 *
 * ```ts
 * const web = new Service(this, 'web', { …, replicas: 'autoscaled' });
 * new Autoscaling(this, 'scaling', { of: web, min: 2, max: 10 });
 * ```
 * Wrong numbers, and a Service with a number of replicas of its own, are reported as PROPS_INVALID.
 */
export class Autoscaling extends Component {
  readonly autoscaler: KubernetesObject;

  constructor(scope: Construct, id: string, props: AutoscalingProps) {
    super(scope, id, props);
    this.check(props);
    const cpu = props.cpu ?? 70;
    this.autoscaler = new KubernetesObject(this, 'Autoscaler', {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: props.of.name, labels: this.labels },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: props.of.name },
        minReplicas: props.min,
        maxReplicas: props.max,
        metrics: [...(cpu === false ? [] : [use('cpu', cpu)]), ...(props.memory === undefined ? [] : [use('memory', props.memory)])],
      },
    });
  }

  private check({ of, min, max, cpu, memory }: AutoscalingProps): void {
    const bad = (at: string, message: string, hint: string) => report(this, { code: 'PROPS_INVALID', message, hint, at });
    if (of.replicas !== 'autoscaled') {
      bad('of', `${of.name} has ${of.replicas ?? 'no number of'} replicas of its own.`, `Write replicas: 'autoscaled' in ${of.name}.`);
    }
    if (!Number.isInteger(min) || min < 1) bad('min', `min is ${min}.`, 'Write a whole number from 1.');
    if (!Number.isInteger(max) || max < min) bad('max', `max is ${max}.`, `Write a whole number from ${min}, which is min.`);
    for (const [field, percent] of Object.entries({ cpu, memory })) {
      if (typeof percent === 'number' && !(percent > 0))
        bad(field, `${field} is ${percent}.`, 'Write the percents of the request to aim at: 70.');
    }
    if (cpu === false && memory === undefined) bad('cpu', 'neither CPU nor memory counts.', 'Name one of them.');
  }
}

function use(name: 'cpu' | 'memory', averageUtilization: number) {
  return { type: 'Resource', resource: { name, target: { type: 'Utilization', averageUtilization } } };
}
