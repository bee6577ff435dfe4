import type { HealthRule } from '../rule';

// Istio writes a status only where it is told to (PILOT_ENABLE_STATUS); its kinds are configuration, there once they are accepted.
const from = 'https://istio.io/latest/docs/reference/config/config-status/';
const cases: HealthRule['cases'] = [
  { when: "condition('Reconciled') == 'False'", health: 'progressing', message: 'is not yet on its way to all proxies' },
  {
    when: "status.?validationMessages.orValue([]).exists(m, m.?level.orValue('') in ['ERROR', 'Error'])",
    health: 'degraded',
    message: 'its configuration has errors: see status.validationMessages',
  },
  { when: '!has(self.status)', health: 'ready', message: 'is there' },
];

export const istio: readonly HealthRule[] = ['networking', 'security', 'telemetry', 'extensions'].map((group) => ({
  kind: `*.${group}.istio.io`,
  from,
  cases,
}));
