// A Pod for which there is no node: which of its wishes none has, and what an autoscaler says of it.
import type { Finding } from '@konfig/core';
import { clean } from '../../clean';
import { shortName } from '../address';
import type { KubeEvent, Pod } from '../objects';
import type { Related } from '../related';
import { conditionOf } from './report';

export function unscheduled(pod: Pod, related: Related, field: string): readonly Finding[] {
  const scheduled = conditionOf(pod.status?.conditions, 'PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason === 'SchedulingGated') return [];
  // It changes its mind: a group that was to grow may turn out to be full.
  const said = related.eventsOf(pod).findLast((event) => answers(event) !== undefined);
  const message = clean(scheduled.message ?? 'no node fits', 300);
  return [
    {
      code: 'Unschedulable',
      class: said && answers(said) === 'makes room' ? 'transient' : 'likely',
      message: said ? `${message} (autoscaler: ${clean(said.message ?? '', 150)})` : message,
      on: shortName(pod),
      field: wishIn(message, field),
      grace: 60,
    },
  ];
}

/** What an autoscaler tells by an Event; undefined for Events of others. */
function answers({ reason, message = '' }: KubeEvent): 'makes room' | 'makes none' | undefined {
  switch (reason) {
    case 'TriggeredScaleUp': // The cluster autoscaler
    case 'Nominated': // Karpenter
      return 'makes room';
    case 'NotTriggerScaleUp':
      return 'makes none';
    case 'FailedScheduling': // The scheduler's own words stand in the condition; Karpenter begins with these.
      return message.startsWith('Failed to schedule pod') ? 'makes none' : undefined;
    default:
      return undefined;
  }
}

function wishIn(message: string, field: string): string {
  if (/persistentvolumeclaim|volume/i.test(message)) return `${field}.volumes`;
  if (/affinity|node selector/i.test(message)) return `${field}.nodeSelector`;
  if (/taint/i.test(message)) return `${field}.tolerations`;
  if (/topology spread/i.test(message)) return `${field}.topologySpreadConstraints`;
  return `${field}.containers`;
}
