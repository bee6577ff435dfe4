import type { HealthRule } from '../rule';

const from = 'https://docs.crossplane.io/latest/managed-resources/managed-resources/#conditions';

export const crossplane: readonly HealthRule[] = [
  // Configuration, of which nobody writes how it is.
  ...['Composition', 'CompositionRevision', 'EnvironmentConfig'].map(
    (kind): HealthRule => ({
      kind: `${kind}.apiextensions.crossplane.io`,
      from,
      cases: [{ when: '!has(self.status) || size(status) == 0', health: 'ready', message: 'is there' }],
    }),
  ),
  // Synced says that the wish was handed over; only Ready says that it is there.
  ...['*.*.crossplane.io', '*.*.upbound.io'].map(
    (kind): HealthRule => ({
      kind,
      from,
      cases: [
        {
          when: "condition('Synced') == 'True' && condition('Ready') == '' && has(spec.forProvider)",
          health: 'progressing',
          message: 'is handed over, and not there yet',
        },
      ],
    }),
  ),
];
