import { hasEnded } from '../kinds/pod-phase';
import type { KubeObject, Pod, PodTemplate } from '../objects';
import { controllerReference } from './controller';

/** What controllers ask of pods. */
export function isActive(pod: Pod): boolean {
  return !hasEnded(pod) && pod.metadata.deletionTimestamp === undefined;
}

export function isReady(pod: Pod): boolean {
  return readyCondition(pod)?.status === 'True';
}

export function isAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  return isReady(pod) && (minReadySeconds === 0 || readySince(pod) + minReadySeconds * 1000 <= now);
}

/** How long until a ready pod counts as available; nothing when it does, or is not ready. */
export function readyMillisLeft(pod: Pod, minReadySeconds: number, now: number): number | undefined {
  if (!isReady(pod) || minReadySeconds === 0) return undefined;
  const left = readySince(pod) + minReadySeconds * 1000 - now;
  return left > 0 ? left : undefined;
}

function readySince(pod: Pod): number {
  return Date.parse(String(readyCondition(pod)?.lastTransitionTime));
}

function readyCondition(pod: Pod) {
  return pod.status.conditions?.find((condition) => condition.type === 'Ready');
}

/** A pod as its owner's template says, named or to be named. */
export function podFrom(
  template: PodTemplate,
  owner: KubeObject,
  naming: { readonly generateName: string } | { readonly name: string },
): object {
  const { labels, annotations, finalizers } = template.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...naming,
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(Array.isArray(finalizers) && { finalizers }),
      ownerReferences: [controllerReference(owner)],
    },
    spec: template.spec,
  };
}
