import { hasEnded } from '../kinds/pod-phase';
import type { DaemonSet, KubeObject, Pod } from '../objects';
import { templateGeneration } from '../schema/completions';
import { type Actor, refusalOf } from './actor';
import { type Controller, controllerRef, itself, ownerOf, readKey } from './controller';
import { selectsNode, type Toleration, tolerationsOf, untoleratedTaint } from './nodes';
import { isAvailable, isReady, podFrom, readyMillisLeft } from './pods';
import { soonest } from './replicaset';
import { forgetRevisions, recordRevision } from './revisions';

const hashLabel = 'controller-revision-hash';

/** Keeps one pod of a template on each node that it fits. */
export const daemonSetController: Controller = {
  name: 'daemonset',
  wakes: {
    'daemonsets.apps': itself,
    pods: ownerOf('DaemonSet'),
    nodes: (_, store) => store.list('daemonsets.apps').map((set) => `${set.metadata.namespace}/${set.metadata.name}`),
  },
  reconcile(key, actor) {
    const { namespace, name } = readKey(key);
    const set = actor.get<DaemonSet>('daemonsets.apps', namespace, name);
    if (!set || set.metadata.deletionTimestamp) return undefined;
    const hash = recordRevision(actor, set, hashLabel, set.status.collisionCount);
    const round = lookAround(actor, set, hash);
    place(round);
    if (set.spec.updateStrategy.type === 'RollingUpdate') roll(lookAround(actor, set, hash));
    const after = lookAround(actor, set, hash);
    const used = new Set(after.pods.map((pod) => pod.metadata.labels?.[hashLabel]));
    forgetRevisions(actor, set, (one) => used.has(one.metadata.labels?.[hashLabel]) || one.metadata.labels?.[hashLabel] === hash);
    report(after);
    return soonest(after.pods.map((pod) => readyMillisLeft(pod, set.spec.minReadySeconds ?? 0, actor.now())));
  },
};

/** A DaemonSet, the nodes, and the pods it has on each. */
interface Round {
  readonly actor: Actor;
  readonly set: DaemonSet;
  readonly hash: string;
  readonly nodes: readonly KubeObject[];
  readonly pods: readonly Pod[];
  readonly onNode: ReadonlyMap<string, readonly Pod[]>;
}

function lookAround(actor: Actor, set: DaemonSet, hash: string): Round {
  const pods = actor.owned<Pod>('pods', set);
  const onNode = new Map<string, Pod[]>();
  for (const pod of pods) {
    const node = targetOf(pod);
    onNode.set(node, [...(onNode.get(node) ?? []), pod]);
  }
  const live = actor.get<DaemonSet>('daemonsets.apps', set.metadata.namespace ?? '', set.metadata.name) ?? set;
  return { actor, set: live, hash, nodes: actor.list('nodes'), pods, onNode };
}

// A pod that has no node yet was made for one by name.
function targetOf(pod: Pod): string {
  if (pod.spec.nodeName !== undefined) return pod.spec.nodeName;
  const affinity = pod.spec.affinity as
    | {
        nodeAffinity?: {
          requiredDuringSchedulingIgnoredDuringExecution?: { nodeSelectorTerms: { matchFields?: { values?: string[] }[] }[] };
        };
      }
    | undefined;
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  return terms[0]?.matchFields?.[0]?.values?.[0] ?? '';
}

// What keeps other pods away from a node in trouble does not keep these.
const daemonTolerations: readonly Toleration[] = [
  ['not-ready', 'NoExecute'],
  ['unreachable', 'NoExecute'],
  ['disk-pressure', 'NoSchedule'],
  ['memory-pressure', 'NoSchedule'],
  ['pid-pressure', 'NoSchedule'],
  ['unschedulable', 'NoSchedule'],
].map(([name = '', effect = '']) => ({ key: `node.kubernetes.io/${name}`, operator: 'Exists', effect }));

function tolerationsFor(set: DaemonSet): readonly Toleration[] {
  const { hostNetwork } = set.spec.template.spec;
  const network = { key: 'node.kubernetes.io/network-unavailable', operator: 'Exists', effect: 'NoSchedule' };
  return [...tolerationsOf(set.spec.template.spec), ...daemonTolerations, ...(hostNetwork ? [network] : [])];
}

function mayStart(set: DaemonSet, node: KubeObject): boolean {
  const { spec } = set.spec.template;
  return selectsNode(spec, node) && !untoleratedTaint(tolerationsFor(set), node, ['NoSchedule', 'NoExecute']);
}

function mayStay(set: DaemonSet, node: KubeObject): boolean {
  return selectsNode(set.spec.template.spec, node) && !untoleratedTaint(tolerationsFor(set), node, ['NoExecute']);
}

/** Pods where there should be one and is none; none where there should be none, or is one too many, or one that ended. */
function place(round: Round): void {
  const { actor, set, nodes, onNode } = round;
  for (const node of nodes) {
    const pods = (onNode.get(node.metadata.name) ?? []).filter((pod) => !pod.metadata.deletionTimestamp);
    if (!mayStay(set, node)) {
      for (const pod of pods) removePod(actor, set, pod);
      continue;
    }
    const ended = pods.filter(hasEnded);
    for (const pod of ended) removePod(actor, set, pod);
    const alive = pods.filter((pod) => !ended.includes(pod));
    if ((onNode.get(node.metadata.name) ?? []).length === 0 && mayStart(set, node)) createPod(round, node.metadata.name);
    else if (surgeOf(set, 1) === 0) for (const pod of oldestFirst(alive).slice(1)) removePod(actor, set, pod);
  }
  const known = new Set(nodes.map((node) => node.metadata.name));
  for (const [name, pods] of onNode) if (!known.has(name)) for (const pod of pods) removePod(actor, set, pod);
}

function oldestFirst(pods: readonly Pod[]): Pod[] {
  return [...pods].sort((a, b) => Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp));
}

function createPod({ actor, set, hash }: Round, node: string): void {
  const body = podFrom(set.spec.template, set, { generateName: `${set.metadata.name}-` }) as {
    metadata: { labels?: object };
    spec: { affinity?: { nodeAffinity?: object } };
  };
  const generation = set.metadata.annotations?.[templateGeneration] ?? '1';
  const labels = { ...body.metadata.labels, [hashLabel]: hash, 'pod-template-generation': generation };
  const onlyThere = { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }] };
  const nodeAffinity = { ...body.spec.affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: onlyThere };
  const spec = { ...body.spec, affinity: { ...body.spec.affinity, nodeAffinity }, tolerations: tolerationsFor(set) };
  const namespace = set.metadata.namespace ?? '';
  let created = '';
  const refusal = refusalOf(() => {
    created = actor.create('pods', namespace, { ...body, metadata: { ...body.metadata, labels }, spec }).metadata.name;
  });
  if (refusal === undefined) actor.event(set, 'Normal', 'SuccessfulCreate', `Created pod: ${created}`);
  else actor.event(set, 'Warning', 'FailedCreate', `Error creating: ${refusal}`);
}

function removePod(actor: Actor, set: DaemonSet, pod: Pod): void {
  if (pod.metadata.deletionTimestamp || controllerRef(pod)?.uid !== set.metadata.uid) return;
  actor.remove('pods', pod);
  actor.event(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
}

/** Replaces pods of older templates, no more of them at once than the strategy allows; those that do not serve go first. */
function roll(round: Round): void {
  const { actor, set, hash, nodes, onNode } = round;
  const wanted = nodes.filter((node) => mayStart(set, node));
  const surge = surgeOf(set, wanted.length);
  if (surge > 0) {
    rollWithSurge(round, wanted, surge);
    return;
  }
  const alive = wanted.map((node) => (onNode.get(node.metadata.name) ?? []).filter((pod) => !pod.metadata.deletionTimestamp)[0]);
  let unavailable = alive.filter((pod) => !pod || !isUp(round, pod)).length;
  const old = alive.filter((pod): pod is Pod => pod !== undefined && pod.metadata.labels?.[hashLabel] !== hash);
  for (const pod of old.filter((one) => !isUp(round, one))) removePod(actor, set, pod);
  for (const pod of old.filter((one) => isUp(round, one))) {
    if (unavailable >= unavailableOf(set, wanted.length)) return;
    removePod(actor, set, pod);
    unavailable++;
  }
}

// The new pod stands beside the old one until it serves.
function rollWithSurge(round: Round, wanted: readonly KubeObject[], surge: number): void {
  const { actor, set, hash, onNode } = round;
  let beside = 0;
  const waiting: string[] = [];
  for (const node of wanted) {
    const pods = (onNode.get(node.metadata.name) ?? []).filter((pod) => !pod.metadata.deletionTimestamp);
    const fresh = pods.find((pod) => pod.metadata.labels?.[hashLabel] === hash);
    const old = pods.find((pod) => pod.metadata.labels?.[hashLabel] !== hash);
    if (!old) continue;
    if (fresh && (isUp(round, fresh) || !isReady(old))) removePod(actor, set, old);
    else if (fresh) beside++;
    else waiting.push(node.metadata.name);
  }
  for (const name of waiting.slice(0, Math.max(0, surge - beside))) createPod(round, name);
}

function isUp({ set, actor }: Round, pod: Pod): boolean {
  return isAvailable(pod, set.spec.minReadySeconds ?? 0, actor.now());
}

function surgeOf({ spec }: DaemonSet, nodes: number): number {
  return resolve(spec.updateStrategy.rollingUpdate?.maxSurge ?? 0, nodes);
}

function unavailableOf({ spec }: DaemonSet, nodes: number): number {
  return resolve(spec.updateStrategy.rollingUpdate?.maxUnavailable ?? 1, nodes);
}

function resolve(value: number | string, nodes: number): number {
  return typeof value === 'number' ? value : Math.ceil((Number.parseInt(value, 10) * nodes) / 100);
}

function report(round: Round): void {
  const { actor, set, hash, nodes, onNode } = round;
  const counts = { desired: 0, current: 0, misscheduled: 0, ready: 0, available: 0, updated: 0 };
  for (const node of nodes) {
    const pods = oldestFirst(onNode.get(node.metadata.name) ?? []);
    if (!mayStart(set, node)) {
      if (pods.length > 0 && !mayStay(set, node)) counts.misscheduled++;
      continue;
    }
    counts.desired++;
    const [pod] = pods.filter((one) => isReady(one)).concat(pods);
    if (!pod) continue;
    counts.current++;
    if (isReady(pod)) counts.ready++;
    if (isUp(round, pod)) counts.available++;
    if (pods.some((one) => one.metadata.labels?.[hashLabel] === hash)) counts.updated++;
  }
  actor.setStatus('daemonsets.apps', set, {
    ...(set.status.collisionCount !== undefined && { collisionCount: set.status.collisionCount }),
    currentNumberScheduled: counts.current,
    desiredNumberScheduled: counts.desired,
    numberMisscheduled: counts.misscheduled,
    numberReady: counts.ready,
    observedGeneration: set.metadata.generation ?? 0,
    updatedNumberScheduled: counts.updated,
    numberAvailable: counts.available,
    numberUnavailable: counts.desired - counts.available,
  });
}
