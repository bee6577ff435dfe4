// Which field of a Pod a quota, a range of limits or a Pod security standard refuses, as exactly as its words tell it.
import { type Finding, type Json, type Path, pathText } from '@konfig/core';
import { at, type Entry } from './field';
import { containersOf } from './references';

/** Several refuse at once; what the first of these says is as good as any. */
export function fieldRefused(finding: Finding, pod: Entry): string | undefined {
  return ofQuota(finding, pod) ?? outOfBounds(finding.message, pod) ?? unsafe(finding.message, pod);
}

/** `exceeded quota: team, requested: pods=1,requests.cpu=4, …`, `failed quota: team: must specify limits.cpu for: web,side` */
function ofQuota({ message, on }: Finding, pod: Entry): string | undefined {
  const [, name] = /\bexceeded quota: [^\s,]+, requested: ([^\s=]+)=/.exec(message) ?? [];
  if (name === 'pods' || name === 'count/pods') return howMany[on.split('/')[0] ?? ''];
  if (name !== undefined) return only(asking(pod, /^(requests|limits)\./.test(name) ? name.split(/\.(.*)/, 2) : ['requests', name]));
  const [, container = ''] = /\bfailed quota: \S+ must specify [^:]* for: ([^\s,;]+)/.exec(message) ?? [];
  return inContainer(pod, container, 'resources');
}

/** Where it stands how many Pods there are to be, by the kind that is refused them. */
const howMany: { readonly [kind: string]: string } = { ReplicaSet: 'spec.replicas', StatefulSet: 'spec.replicas', Job: 'spec.parallelism' };

/** `maximum cpu usage per Container is 1, but limit is 4`, `minimum memory usage per Container is 1Gi.  No request is specified` */
function outOfBounds(message: string, pod: Entry): string | undefined {
  const [, resource, kind, amount = ''] = /\b(\S+) usage per Container is [^\s,]+, but (request|limit) is ([^\s,\]]+)/.exec(message) ?? [];
  if (resource !== undefined) return only(asking(pod, [`${kind}s`, resource], amount)) ?? only(asking(pod, [`${kind}s`, resource]));
  const [, unasked, missing] = /\b(\S+) usage per Container is \S+\.\s+No (request|limit) is specified/.exec(message) ?? [];
  if (unasked === undefined) return undefined;
  const asked = [`${missing}s`, unasked];
  return only(containersOf(pod).flatMap((one) => (amountIn(one, asked) === undefined ? [[...one.path, 'resources', ...asked]] : [])));
}

/** `violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "web" must set securityContext.…)` */
function unsafe(message: string, pod: Entry): string | undefined {
  const [, words] = /\bviolates PodSecurity "[^"]*": (.*)/.exec(message) ?? [];
  if (words === undefined) return undefined;
  const [, name = ''] = /\bcontainers? "([^"]+)"/.exec(words) ?? [];
  return inContainer(pod, name, 'securityContext') ?? pathText([...pod.path, 'securityContext']);
}

/** The fields of containers that ask for a resource, and for so much of it. */
function asking(pod: Entry, asked: readonly string[], amount?: string): readonly Path[] {
  return containersOf(pod).flatMap((container) => {
    const value = amountIn(container, asked);
    return value === undefined || (amount !== undefined && String(value) !== amount) ? [] : [[...container.path, 'resources', ...asked]];
  });
}

function amountIn({ value }: Entry, asked: readonly string[]): Json | undefined {
  return at(value, 'resources', ...asked);
}

/** Of several fields, nobody knows which one is meant. */
function only(places: readonly Path[]): string | undefined {
  const [place, ...more] = places;
  return place && more.length === 0 ? pathText(place) : undefined;
}

function inContainer(pod: Entry, name: string, field: string): string | undefined {
  const container = containersOf(pod).find(({ value }) => value.name === name);
  return container && pathText([...container.path, field]);
}
