import type { HealthRule } from '../rule';

// Ready: there is a Deployment for it. Healthy: a Pod of it may be asked; an idle function has none until somebody asks.
export const openFaas: readonly HealthRule[] = [
  {
    kind: 'Function.openfaas.com',
    from: 'https://docs.openfaas.com/openfaas-pro/scale-to-zero/',
    cases: [
      {
        when: "condition('Ready') == 'True' && condition('Healthy') == 'False' && status.?replicas.orValue(0) == 0",
        health: 'suspended',
        message: 'is scaled to zero until it is asked',
      },
    ],
  },
];
