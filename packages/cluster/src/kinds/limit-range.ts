import type { KubeObject, Labels, Pod } from '../objects';
import { milliOf } from '../schema/quantity';
import type { Store } from '../store/store';
import { type Amounts, podResources } from './pod-resources';

interface LimitItem {
  readonly type: string;
  readonly min?: Labels;
  readonly max?: Labels;
  readonly default?: Labels;
  readonly defaultRequest?: Labels;
  readonly maxLimitRequestRatio?: Labels;
}

interface LimitedContainer {
  readonly name: string;
  resources?: { requests?: Labels; limits?: Labels };
}

function limitsIn(store: Store, namespace: string): LimitItem[] {
  return store.list('limitranges', namespace).flatMap((range) => (range.spec as { limits: readonly LimitItem[] }).limits);
}

/** Gives the containers of a new pod the requests and limits that its namespace has for those without. */
export function fillLimits(pod: Pod, store: Store): void {
  const items = limitsIn(store, pod.metadata.namespace ?? '').filter((item) => item.type === 'Container');
  if (items.length === 0) return;
  const limits: Labels = Object.assign({}, ...items.map((item) => item.default ?? {}));
  const requests: Labels = Object.assign({}, ...items.map((item) => item.defaultRequest ?? {}));
  const spec = pod.spec as unknown as { containers: LimitedContainer[]; initContainers?: LimitedContainer[] };
  const notes = [
    ...spec.containers.flatMap((container) => fillOne(container, requests, limits, 'container')),
    ...(spec.initContainers ?? []).flatMap((container) => fillOne(container, requests, limits, 'init container')),
  ];
  if (notes.length === 0) return;
  const said = `LimitRanger plugin set: ${notes.join('; ')}`;
  pod.metadata.annotations = { ...pod.metadata.annotations, 'kubernetes.io/limit-ranger': said };
}

function fillOne(container: LimitedContainer, requests: Labels, limits: Labels, word: string): string[] {
  const own = container.resources ?? {};
  const missing = (defaults: Labels, known: Labels = {}): string[] =>
    Object.keys(defaults)
      .filter((name) => !(name in known))
      .sort();
  const [newRequests, newLimits] = [missing(requests, own.requests), missing(limits, own.limits)];
  const merged = { requests: { ...requests, ...own.requests }, limits: { ...limits, ...own.limits } };
  container.resources = {
    ...own,
    ...(Object.keys(merged.requests).length > 0 && { requests: merged.requests }),
    ...(Object.keys(merged.limits).length > 0 && { limits: merged.limits }),
  };
  return [
    ...(newRequests.length > 0 ? [`${newRequests.join(', ')} request for ${word} ${container.name}`] : []),
    ...(newLimits.length > 0 ? [`${newLimits.join(', ')} limit for ${word} ${container.name}`] : []),
  ];
}

/** What of a new pod or claim is beyond the bounds of its namespace. */
export function beyondBounds(store: Store, object: KubeObject): string[] {
  const items = limitsIn(store, object.metadata.namespace ?? '');
  if (items.length === 0) return [];
  if (object.kind === 'PersistentVolumeClaim') {
    const { resources } = object.spec as { resources?: { requests?: Labels } };
    return items.filter((item) => item.type === object.kind).flatMap((item) => beyond(item, resources?.requests ?? {}, undefined));
  }
  const { spec } = object as Pod;
  const all = [...spec.containers, ...(spec.initContainers ?? [])];
  return items.flatMap((item) => {
    if (item.type === 'Container') return all.flatMap(({ resources }) => beyond(item, resources?.requests ?? {}, resources?.limits ?? {}));
    if (item.type !== 'Pod') return [];
    return beyond(item, printed(podResources(spec, 'requests')), printed(podResources(spec, 'limits')));
  });
}

function printed(amounts: Amounts): Labels {
  return Object.fromEntries(Object.entries(amounts).map(([name, milli]) => [name, `${milli}m`]));
}

// A claim has no limits, and its bounds concern what it requests.
function beyond(item: LimitItem, requests: Labels, limits: Labels | undefined): string[] {
  const under = Object.entries(item.min ?? {}).flatMap(([name, least]) => {
    const says = `minimum ${name} usage per ${item.type} is ${least}`;
    const request = requests[name];
    if (request === undefined) return [`${says}.  No request is specified`];
    return milliOf(request) < milliOf(least) ? [`${says}, but request is ${request}`] : [];
  });
  const over = Object.entries(item.max ?? {}).flatMap(([name, most]) => {
    const says = `maximum ${name} usage per ${item.type} is ${most}`;
    const [word, given] = limits ? ['limit', limits[name]] : ['request', requests[name]];
    if (given === undefined) return [`${says}.  No ${word} is specified`];
    return milliOf(given) > milliOf(most) ? [`${says}, but ${word} is ${given}`] : [];
  });
  return [...under, ...over];
}
