import type { KubeObject, PodStatus } from '../objects';

/** Its containers have ended, well or not, and are not started again. */
export function hasEnded({ status }: KubeObject): boolean {
  const { phase } = status as PodStatus;
  return phase === 'Succeeded' || phase === 'Failed';
}
