import type { HealthRule } from '../rule';

const from = 'https://gateway-api.sigs.k8s.io/geps/gep-1364/';

export const gatewayApi: readonly HealthRule[] = [
  {
    kind: 'Gateway.gateway.networking.k8s.io',
    from,
    cases: [
      {
        when: "status.?listeners.orValue([]).exists(l, l.?conditions.orValue([]).exists(c, c.type == 'Accepted' && c.status == 'False' && c.reason != 'Pending'))",
        health: 'degraded',
        message: 'a listener is not accepted',
      },
    ],
  },
  ...['BackendTLSPolicy', 'BackendLBPolicy'].map(
    (kind): HealthRule => ({
      kind: `${kind}.gateway.networking.k8s.io`,
      from,
      cases: [
        {
          when: 'size(status.?ancestors.orValue([])) == 0 || status.ancestors.exists(a, size(a.?conditions.orValue([])) == 0)',
          health: 'progressing',
          message: 'is not looked at yet by a controller',
        },
      ],
    }),
  ),
];
