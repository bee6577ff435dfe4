import type { HealthRule } from '../rule';

export const argoCd: readonly HealthRule[] = [
  // What is Missing is not yet in the cluster.
  {
    kind: 'Application.argoproj.io',
    from: 'https://argo-cd.readthedocs.io/en/stable/operator-manual/health/',
    cases: [{ when: "status.?health.?status.orValue('') == 'Missing'", health: 'progressing', message: 'is not in the cluster yet' }],
  },
  {
    kind: 'ApplicationSet.argoproj.io',
    from: 'https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/',
    cases: [
      {
        when: "condition('ResourcesUpToDate') in ['False', 'Unknown'] && generic == 'ready'",
        health: 'progressing',
        message: 'its Applications are not up to date yet',
      },
    ],
  },
];
