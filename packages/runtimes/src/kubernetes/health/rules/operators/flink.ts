import type { HealthRule } from '../rule';

// A job of a stream is not waited for until it ends: it has come to what was wished when it is stable.
export const flink: readonly HealthRule[] = [
  {
    kind: 'FlinkSessionJob.flink.apache.org',
    from: 'https://nightlies.apache.org/flink/flink-kubernetes-operator-docs-main/docs/concepts/architecture/',
    cases: [
      {
        when: "status.?lifecycleState.orValue('') == 'STABLE' && generic == 'progressing'",
        health: 'ready',
        message: 'runs and is stable',
      },
    ],
  },
];
