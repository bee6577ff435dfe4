import type { HealthRule } from '../rule';

export const clusterApi: readonly HealthRule[] = [
  // A condition that is False says how bad that is; a summary need not repeat it.
  ...['*.cluster.x-k8s.io', '*.*.cluster.x-k8s.io'].map(
    (kind): HealthRule => ({
      kind,
      from: 'https://github.com/kubernetes-sigs/cluster-api/blob/main/docs/proposals/20200506-conditions.md',
      cases: [
        {
          when: "status.?conditions.orValue([]).exists(c, c.?status.orValue('') == 'False' && c.?severity.orValue('') == 'Error')",
          health: 'degraded',
          message: 'a condition is False with the severity Error',
        },
      ],
    }),
  ),
  {
    kind: 'MachineHealthCheck.cluster.x-k8s.io',
    from: 'https://cluster-api.sigs.k8s.io/tasks/automated-machine-management/healthchecking',
    cases: [
      {
        when: 'status.?currentHealthy.orValue(0) < status.?expectedMachines.orValue(0)',
        health: 'degraded',
        class: 'transient',
        messageExpression: "string(status.?currentHealthy.orValue(0)) + ' of ' + string(status.expectedMachines) + ' machines healthy'",
      },
    ],
  },
];
