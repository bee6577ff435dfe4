import type { KubeObject, Labels, Pod, Service } from '../objects';
import { canonicalQuantity, milliOf } from '../schema/quantity';
import type { Store } from '../store/store';
import { hasEnded } from './pod-phase';
import { type Amounts, podResources } from './pod-resources';

export interface ResourceQuota extends KubeObject {
  spec: { readonly hard?: Labels; readonly scopes?: readonly string[]; readonly scopeSelector?: object };
  status: { readonly hard?: Labels; readonly used?: Labels };
}

const one = 1000;
const counted = new Set([
  'pods',
  'services',
  'configmaps',
  'secrets',
  'persistentvolumeclaims',
  'replicationcontrollers',
  'resourcequotas',
]);
const computed = ['cpu', 'memory', 'ephemeral-storage'];

/** What an object takes of a quota, by its key in the store. */
export function demandOf(resource: string, object: KubeObject): Amounts {
  const counts: Amounts = { [`count/${resource}`]: one, ...(counted.has(resource) && { [resource]: one }) };
  if (resource === 'pods') return hasEnded(object) ? { 'count/pods': one } : { ...counts, ...demandOfPod(object as Pod) };
  if (resource === 'services') return { ...counts, ...demandOfService(object as Service) };
  if (resource !== 'persistentvolumeclaims') return counts;
  const { resources, storageClassName } = object.spec as { resources?: { requests?: Labels }; storageClassName?: string };
  const storage = milliOf(resources?.requests?.storage ?? '0');
  const byClass = `${storageClassName}.storageclass.storage.k8s.io`;
  return {
    ...counts,
    'requests.storage': storage,
    ...(storageClassName && { [`${byClass}/requests.storage`]: storage, [`${byClass}/persistentvolumeclaims`]: one }),
  };
}

function demandOfPod({ spec }: Pod): Amounts {
  const amounts: Amounts = {};
  for (const part of ['requests', 'limits'] as const) {
    for (const [name, amount] of Object.entries(podResources(spec, part))) {
      amounts[`${part}.${name}`] = amount;
      if (part === 'requests' && computed.includes(name)) amounts[name] = amount;
    }
  }
  return amounts;
}

function demandOfService({ spec }: Service): Amounts {
  const ports = (spec.ports ?? []).filter((port) => port.nodePort).length;
  const balanced = spec.type === 'LoadBalancer';
  return {
    ...(balanced && { 'services.loadbalancers': one }),
    ...((balanced || spec.type === 'NodePort') && { 'services.nodeports': ports * one }),
  };
}

/** Which quotas of a namespace count. Those that are narrowed by scopes are not enforced here. */
export function quotasIn(store: Store, namespace: string): ResourceQuota[] {
  const quotas = store.list('resourcequotas', namespace) as ResourceQuota[];
  return quotas.filter(({ spec }) => !spec.scopes?.length && !spec.scopeSelector);
}

/** What of all that is used a quota is about. */
export function usedOf(used: Amounts, quota: ResourceQuota): Labels {
  return Object.fromEntries(Object.keys(quota.spec.hard ?? {}).map((name) => [name, print(name, used[name] ?? 0)]));
}

interface Budget {
  readonly quotas: readonly ResourceQuota[];
  /** By all objects of their namespace. */
  readonly used: Amounts;
}

/** Why a quota refuses a new object, or nothing. */
export function quotaRefusal(resource: string, object: KubeObject, { quotas, used: all }: Budget): string | undefined {
  for (const quota of quotas) {
    const { hard = {} } = quota.spec;
    const unstated = resource === 'pods' ? unstatedBy(object as Pod, hard) : '';
    if (unstated) return `failed quota: ${quota.metadata.name}: must specify ${unstated}`;
    const demand = demandOf(resource, object);
    const used = usedOf(all, quota);
    const exceeded = Object.keys(hard)
      .filter((name) => (demand[name] ?? 0) > 0 && milliOf(used[name]) + (demand[name] ?? 0) > milliOf(hard[name]))
      .sort();
    if (exceeded.length === 0) continue;
    const list = (amounts: Labels): string => exceeded.map((name) => `${name}=${amounts[name]}`).join(',');
    const requested = Object.fromEntries(exceeded.map((name) => [name, print(name, demand[name] ?? 0)]));
    return `exceeded quota: ${quota.metadata.name}, requested: ${list(requested)}, used: ${list(used)}, limited: ${list(hard)}`;
  }
  return undefined;
}

// Whoever is limited in cpu or memory must say how much each container takes.
function unstatedBy({ spec }: Pod, hard: Labels): string {
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const parts = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'].filter((name) => name in hard);
  const missing = parts.sort().flatMap((part) => {
    const [kind, name] = part.includes('.') ? (part.split('.') as ['requests' | 'limits', string]) : (['requests', part] as const);
    const without = containers.filter(({ resources }) => resources?.[kind]?.[name] === undefined).map((container) => container.name);
    return without.length > 0 ? [`${part} for: ${without.sort().join(',')}`] : [];
  });
  return missing.join('; ');
}

function print(name: string, milli: number): string {
  const isBytes = /memory|storage/.test(name) && milli % (1000 * 1024) === 0;
  return canonicalQuantity(isBytes ? `${milli / 1000 / 1024}Ki` : `${milli}m`) ?? '0';
}
