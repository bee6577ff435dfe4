import type { HealthRule } from '../rule';

const advanced = 'https://openkruise.io/docs/user-manuals';

// Its controllers count as those of Deployments and DaemonSets do, with fields of their own for what a partition leaves old.
export const openKruise: readonly HealthRule[] = [
  {
    kind: 'CloneSet.apps.kruise.io',
    from: `${advanced}/cloneset`,
    cases: [
      { when: '!has(self.status)', health: 'progressing', message: 'has no status yet' },
      { when: 'spec.?updateStrategy.?paused.orValue(false)', health: 'suspended', message: 'its update is paused' },
      {
        when: 'dyn(spec.?updateStrategy.?partition.orValue(0)) != 0 && status.?updatedReplicas.orValue(0) >= status.?expectedUpdatedReplicas.orValue(0)',
        health: 'suspended',
        message: 'its partition leaves the rest of its Pods as they are',
      },
      {
        when: 'status.?updatedReplicas.orValue(status.?replicas.orValue(0)) < status.?expectedUpdatedReplicas.orValue(0)',
        health: 'progressing',
        message: 'updates its Pods',
      },
      {
        when: 'status.?updatedAvailableReplicas.orValue(0) < status.?expectedUpdatedReplicas.orValue(status.?replicas.orValue(0))',
        health: 'degraded',
        class: 'transient',
        messageExpression: "string(status.?updatedAvailableReplicas.orValue(0)) + ' of its new Pods available'",
      },
      { when: 'true', health: 'ready', message: 'all of its Pods are new and available' },
    ],
  },
  {
    kind: 'DaemonSet.apps.kruise.io',
    from: `${advanced}/advanceddaemonset`,
    cases: [
      { when: '!has(status.desiredNumberScheduled)', health: 'progressing', message: 'is not seen yet by its controller' },
      { when: 'spec.?updateStrategy.?rollingUpdate.?paused.orValue(false)', health: 'suspended', message: 'its update is paused' },
      {
        when: 'dyn(spec.?updateStrategy.?rollingUpdate.?partition.orValue(0)) != 0',
        health: 'suspended',
        message: 'its partition leaves the rest of its Pods as they are',
      },
      {
        when: 'status.?updatedNumberScheduled.orValue(0) < status.desiredNumberScheduled',
        health: 'progressing',
        message: 'updates its Pods',
      },
      {
        when: 'status.?numberAvailable.orValue(0) < status.desiredNumberScheduled',
        health: 'degraded',
        class: 'transient',
        messageExpression: "string(status.?numberAvailable.orValue(0)) + ' of ' + string(status.desiredNumberScheduled) + ' available'",
      },
    ],
  },
  {
    kind: 'AdvancedCronJob.apps.kruise.io',
    from: `${advanced}/advancedcronjob`,
    cases: [
      { when: 'spec.?paused.orValue(false)', health: 'suspended', message: 'is paused by its spec' },
      { when: 'size(status.?active.orValue([])) > 0', health: 'progressing', message: 'a job runs' },
    ],
  },
  {
    kind: 'Rollout.rollouts.kruise.io',
    from: 'https://openkruise.io/rollouts/user-manuals/api-specifications',
    cases: [{ when: "status.?phase.orValue('') == 'Disabled'", health: 'suspended', message: 'is disabled' }],
  },
  {
    kind: 'GameServer.game.kruise.io',
    from: 'https://openkruise.io/kruisegame/user-manuals/crd-field-description',
    cases: [
      {
        when: "status.?podStatus.?conditions.orValue([]).exists(c, c.type in ['Ready', 'KruisePodReady'] && c.status == 'False')",
        health: 'degraded',
        class: 'transient',
        message: 'its Pod is not ready',
      },
    ],
  },
];
