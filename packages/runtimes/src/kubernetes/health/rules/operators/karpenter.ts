import type { HealthRule } from '../rule';

const from = 'https://karpenter.sh/docs/concepts';
const notReady = (kind: string, message: string): HealthRule => ({
  kind,
  from: `${from}/nodeclasses/`,
  cases: [{ when: "condition('Ready') == 'False'", health: 'degraded', message }],
});

export const karpenter: readonly HealthRule[] = [
  // Launched, Registered and Initialized are steps on the way to Ready.
  {
    kind: 'NodeClaim.karpenter.sh',
    from: `${from}/nodeclaims/`,
    cases: [
      {
        when: "condition('Disrupting') == 'True' || condition('DisruptionReason') == 'True'",
        health: 'suspended',
        message: 'gives its place to another node',
      },
      { when: "condition('Ready') == '' && condition('Launched') != 'False'", health: 'progressing', message: 'its node is not ready yet' },
    ],
  },
  // Nodes come from these at any time: one that is not ready has settings that find nothing.
  notReady('NodePool.karpenter.sh', 'its node class is not ready'),
  notReady('*.karpenter.k8s.aws', 'what it asks for is not found'),
];
