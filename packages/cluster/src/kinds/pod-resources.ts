import type { Container, Labels, PodSpec } from '../objects';
import { milliOf } from '../schema/quantity';

/** Thousandths of each resource. */
export type Amounts = { [name: string]: number };

/**
 * What a pod takes at its highest: its containers run together, init containers before them and one after the other, and one that
 * restarts always goes on beside all that come after it.
 * https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers
 */
export function podResources({ containers, initContainers = [] }: PodSpec, part: 'requests' | 'limits'): Amounts {
  const together: Amounts = {};
  const beside: Amounts = {};
  const before: Amounts = {};
  for (const container of containers) addAll(together, amountsOf(container, part));
  for (const container of initContainers) {
    const own = amountsOf(container, part);
    const stays = container.restartPolicy === 'Always';
    if (stays) for (const sum of [together, beside]) addAll(sum, own);
    const now = { ...beside };
    if (!stays) addAll(now, own);
    for (const [name, amount] of Object.entries(now)) before[name] = Math.max(before[name] ?? 0, amount);
  }
  const names = new Set([...Object.keys(together), ...Object.keys(before)]);
  return Object.fromEntries([...names].map((name) => [name, Math.max(together[name] ?? 0, before[name] ?? 0)]));
}

/** Adds amounts to a sum, or with a factor of -1 takes them away. */
export function addAll(sum: Amounts, amounts: Amounts, factor: 1 | -1 = 1): void {
  for (const [name, amount] of Object.entries(amounts)) sum[name] = (sum[name] ?? 0) + factor * amount;
}

function amountsOf({ resources }: Container, part: 'requests' | 'limits'): Amounts {
  const given: Labels = resources?.[part] ?? {};
  return Object.fromEntries(Object.entries(given).map(([name, amount]) => [name, milliOf(amount)]));
}
