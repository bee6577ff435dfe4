import type { HealthRule } from '../rule';

// Available is False with this reason when no Pod of a shard is ready; a Prometheus that replays its log takes minutes to become so.
export const prometheus: readonly HealthRule[] = ['Prometheus', 'PrometheusAgent', 'Alertmanager', 'ThanosRuler'].map((kind) => ({
  kind: `${kind}.monitoring.coreos.com`,
  from: 'https://prometheus-operator.dev/docs/api-reference/api/',
  cases: [
    { when: 'spec.?paused.orValue(false)', health: 'suspended', message: 'is paused by its spec' },
    {
      when: "condition('Available') == 'False' && reason('Available') == 'NoPodReady'",
      health: 'degraded',
      class: 'transient',
      message: 'has a shard without any ready Pod',
    },
  ],
}));
