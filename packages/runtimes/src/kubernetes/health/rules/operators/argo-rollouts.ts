import type { HealthRule } from '../rule';

const read = `metadata.?annotations[?'rollout.argoproj.io/workload-generation'].orValue('')`;

// A Rollout with a workloadRef keeps apart which generation of the workload was written to it and which it has seen.
export const argoRollouts: readonly HealthRule[] = [
  {
    kind: 'Rollout.argoproj.io',
    from: 'https://argo-rollouts.readthedocs.io/en/stable/features/specification/',
    cases: [
      {
        when: `has(spec.workloadRef) && ${read} != '' && ${read} != string(status.?workloadObservedGeneration.orValue(''))`,
        health: 'progressing',
        message: 'the newest generation of its workload is not seen yet',
      },
    ],
  },
];
