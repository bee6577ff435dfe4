// What the API server refuses in the resources of a container.
import { asLater, didYouMean } from '@konfig/core';
import { at, type Entry, objectAt } from '../../field';
import { type Fault, quoted } from '../fault';
import { quantityOf } from '../scalar';

/** Of what a container asks for, and may take at most. */
export function resourceFaults(container: Entry): readonly Fault[] {
  return objectAt(container, 'resources').flatMap((resources) => [
    ...['requests', 'limits'].flatMap((field) => objectAt(resources, field).flatMap(amountFaults)),
    ...objectAt(resources, 'requests').flatMap(({ value, path }) =>
      Object.keys(value).flatMap((name) => requestFaults(resources, { value, path }, name)),
    ),
  ]);
}

function requestFaults(resources: Entry, { value, path }: Entry, name: string): readonly Fault[] {
  const limit = at(resources.value, 'limits', name);
  const [least, most] = [quantityOf(value[name]), quantityOf(limit)];
  const here = [...path, name];
  if (least === undefined || asLater(limit) || asLater(resources.value.limits)) return [];
  const request = `requests.${name} is ${quoted(value[name])}`;
  if (isWhole(name)) return least === most ? [] : [{ path: here, message: `${request}, but must be as its limit (${quoted(limit)}).` }];
  if (most === undefined || least <= most) return [];
  return [
    { path: here, message: `${request}, more than its limit of ${quoted(limit)}.`, hint: `Raise limits.${name}, or lower the request.` },
  ];
}

/** Is it given out whole, never promised to more than one? */
function isWhole(name: string): boolean {
  return name.startsWith('hugepages-') || (name.includes('/') && !name.split('/')[0]?.endsWith('kubernetes.io'));
}

const computeResources = ['cpu', 'memory', 'ephemeral-storage'];

function amountFaults({ value, path }: Entry): readonly Fault[] {
  return Object.entries(value).flatMap(([name, amount]) => {
    const here = [...path, name];
    if ((quantityOf(amount) ?? 0) < 0) return [{ path: here, message: `${name} is ${quoted(amount)}, but may not be negative.` }];
    if (name.includes('/') || computeResources.includes(name) || /^hugepages-\d+(Ki|Mi|Gi|k|M|G)?$/.test(name)) return [];
    const hint = didYouMean(name, computeResources).trim() || 'Others than these have a prefix: example.com/gpu.';
    return [
      {
        path: here,
        message: `${quoted(name)} is no resource that a container can have (${computeResources.join(', ')}, hugepages-2Mi).`,
        hint,
      },
    ];
  });
}
