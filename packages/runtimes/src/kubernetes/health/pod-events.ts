// What the Events of a Pod say: mounts that fail, probes that do.
import type { Finding } from '@konfig/core';
import { clean } from '../../clean';
import { shortName } from '../address';
import type { KubeEvent, Pod } from '../objects';
import type { Related } from '../related';

/** Reasons of Events that say why a Pod without any other finding is not ready. */
const tellingEvents: { readonly [reason: string]: Pick<Finding, 'class'> & { readonly grace?: number; readonly under: string } } = {
  FailedMount: { class: 'likely', grace: 60, under: '.volumes' },
  FailedAttachVolume: { class: 'likely', grace: 120, under: '.volumes' },
  FailedCreatePodSandBox: { class: 'likely', grace: 120, under: '' },
  Unhealthy: { class: 'transient', under: '.containers' },
};

/** What the newest telling Event says. */
export function findingsOfEvents(pod: Pod, related: Related, field: string): readonly Finding[] {
  const event = related.eventsOf(pod).findLast((one) => one.type === 'Warning' && Object.hasOwn(tellingEvents, one.reason ?? ''));
  if (!event) return [];
  const { under, ...rule } = tellingEvents[event.reason as string] as (typeof tellingEvents)[string];
  // A mount that failed once and then worked is no news once containers run.
  if (rule.class === 'likely' && pod.status?.phase === 'Running') return [];
  const container = containerOf(event);
  const message = `${event.reason === 'Unhealthy' && container ? `${container.name}: ` : ''}${clean(event.message ?? '', 300)}`;
  const place =
    container && event.reason === 'Unhealthy'
      ? `${field}.${container.list}[name=${container.name}]${probeField(event)}`
      : `${field}${under}`;
  return [{ code: event.reason as string, ...rule, message, on: shortName(pod), field: place }];
}

/** Which container an Event is about: its path is `spec.containers{web}`. */
function containerOf({ involvedObject }: KubeEvent): { readonly list: string; readonly name: string } | undefined {
  const [, list, name] = /^spec\.(containers|initContainers)\{([a-z0-9-]+)\}$/.exec(involvedObject?.fieldPath ?? '') ?? [];
  return list && name ? { list, name } : undefined;
}

/** By the kubelet's words: `Readiness probe failed: …`, `Liveness probe errored: …`. */
export function probeField({ message = '' }: KubeEvent): string {
  const [, kind] = /^(Readiness|Liveness|Startup) probe /.exec(message) ?? [];
  return kind ? `.${kind.toLowerCase()}Probe` : '';
}

/** The liveness or startup probe for which the kubelet kills the container: it has not ended by itself. */
export function killingProbe(pod: Pod, container: string, related: Related): KubeEvent | undefined {
  return related
    .eventsOf(pod)
    .findLast(
      (event) =>
        event.reason === 'Unhealthy' && /^(Liveness|Startup) probe /.test(event.message ?? '') && containerOf(event)?.name === container,
    );
}
