import type { HealthRule } from '../rule';

export const cloudNativePg: readonly HealthRule[] = [
  {
    kind: 'Cluster.postgresql.cnpg.io',
    from: 'https://cloudnative-pg.io/docs/1.28/failure_modes#disabling-reconciliation',
    cases: [
      {
        when: "metadata.?annotations[?'cnpg.io/reconciliationLoop'].orValue('') == 'disabled'",
        health: 'suspended',
        message: 'its reconciliation is disabled by an annotation',
      },
      {
        when: "metadata.?annotations[?'cnpg.io/hibernation'].orValue('') == 'on'",
        health: 'suspended',
        message: 'is hibernated by an annotation',
      },
    ],
  },
];
