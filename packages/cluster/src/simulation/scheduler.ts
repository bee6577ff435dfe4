import type { Actor } from '../controllers/actor';
import { selectedNode, waitsForConsumer } from '../controllers/claim';
import { type Controller, keyOf, readKey } from '../controllers/controller';
import { selectsNode, tolerationsOf, untoleratedTaint } from '../controllers/nodes';
import { hasEnded } from '../kinds/pod-phase';
import { type Amounts, addAll, podResources } from '../kinds/pod-resources';
import type { Condition, KubeObject, Labels, Pod } from '../objects';
import { milliOf } from '../schema/quantity';
import { timestamp } from '../world';
import { schedulingFault } from './fault';
import type { Settings } from './settings';

const allPending = '*/*';

/** Finds each pod a node with room for what it requests, or says why there is none. */
export function makeScheduler(settings: Settings): Controller {
  return {
    name: 'scheduler',
    wakes: {
      pods: ({ type, object }) => {
        const pod = object as Pod;
        if (type === 'DELETED' || hasEnded(pod)) return [allPending];
        return isPending(pod) ? [keyOf(pod)] : [];
      },
      nodes: () => [allPending],
      persistentvolumeclaims: () => [allPending],
    },
    reconcile(key, actor) {
      const { namespace, name } = readKey(key);
      const one = actor.get<Pod>('pods', namespace, name);
      const pods = key === allPending ? actor.list<Pod>('pods').filter(isPending) : one && isPending(one) ? [one] : [];
      for (const pod of pods) schedule(actor, pod, settings);
      return undefined;
    },
  };
}

function isPending(pod: Pod): boolean {
  return (
    pod.spec.nodeName === undefined &&
    pod.metadata.deletionTimestamp === undefined &&
    !hasEnded(pod) &&
    pod.spec.schedulerName === 'default-scheduler'
  );
}

function schedule(actor: Actor, pod: Pod, settings: Settings): void {
  const choice = chooseNode(pod, actor, schedulingFault(settings.faults, pod));
  if ('refusal' in choice) {
    refuse(actor, pod, choice.refusal);
    return;
  }
  const unbound = claimsToBind(actor, pod);
  if (unbound.length > 0) {
    // The pod is looked at again when its claims have their volumes.
    for (const claim of unbound) selectNode(actor, claim, choice.node);
    return;
  }
  // A binding is no update: it counts no generation and nobody owns the field.
  const bound = actor.world.store.put('pods', { ...pod, spec: { ...pod.spec, nodeName: choice.node } }) as Pod;
  const condition = scheduled(actor, 'True', undefined, undefined, bound);
  actor.setStatus('pods', bound, { ...bound.status, conditions: withCondition(bound, condition) });
  actor.event(pod, 'Normal', 'Scheduled', `Successfully assigned ${keyOf(pod)} to ${choice.node}`);
}

function refuse(actor: Actor, pod: Pod, message: string): void {
  const current = pod.status.conditions?.find((condition) => condition.type === 'PodScheduled');
  if (current?.message !== message) {
    const condition = scheduled(actor, 'False', 'Unschedulable', message, pod);
    actor.setStatus('pods', pod, { ...pod.status, conditions: withCondition(pod, condition) });
    actor.event(pod, 'Warning', 'FailedScheduling', message);
  }
}

function scheduled(
  actor: Actor,
  status: Condition['status'],
  reason: string | undefined,
  message: string | undefined,
  pod: Pod,
): Condition {
  return {
    type: 'PodScheduled',
    status,
    lastProbeTime: null,
    lastTransitionTime: timestamp(actor.now()),
    observedGeneration: pod.metadata.generation ?? 1,
    ...(reason && { reason }),
    ...(message && { message }),
  };
}

function withCondition(pod: Pod, condition: Condition): Condition[] {
  return [...(pod.status.conditions ?? []).filter((other) => other.type !== condition.type), condition];
}

function chooseNode(pod: Pod, actor: Actor, fault: string | undefined): { readonly node: string } | { readonly refusal: string } {
  const nodes = actor.list('nodes');
  if (fault !== undefined)
    return { refusal: fault || summary(nodes.length, new Map([["node(s) didn't match Pod's node affinity/selector", nodes.length]])) };
  const missing = missingClaim(actor, pod);
  // Its odd end is the scheduler's own.
  if (missing) return { refusal: `0/${nodes.length} nodes are available: ${missing}. not found` };
  const used = usageByNode(actor);
  const reasons = new Map<string, number>();
  const fitting = nodes.filter((node) => {
    const problems = reasonsAgainst(pod, node, used.get(node.metadata.name) ?? {});
    for (const reason of problems) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    return problems.length === 0;
  });
  const podsOn = (node: KubeObject): number => used.get(node.metadata.name)?.pods ?? 0;
  const [best] = fitting.sort((a, b) => podsOn(a) - podsOn(b));
  return best ? { node: best.metadata.name } : { refusal: summary(nodes.length, reasons) };
}

function missingClaim(actor: Actor, pod: Pod): string | undefined {
  for (const volume of pod.spec.volumes ?? []) {
    const name = volume.persistentVolumeClaim?.claimName;
    if (name === undefined) continue;
    const claim = actor.get('persistentvolumeclaims', pod.metadata.namespace ?? '', name);
    if (!claim) return `persistentvolumeclaim "${name}" not found`;
    if ((claim.status as { phase?: string }).phase !== 'Bound' && !waitsForConsumer(actor, claim))
      return 'pod has unbound immediate PersistentVolumeClaims';
  }
  return undefined;
}

/** Claims of a pod whose volumes wait for it to have a node. */
function claimsToBind(actor: Actor, pod: Pod): KubeObject[] {
  return (pod.spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => {
    const claim =
      persistentVolumeClaim && actor.get('persistentvolumeclaims', pod.metadata.namespace ?? '', persistentVolumeClaim.claimName);
    return claim && (claim.status as { phase?: string }).phase !== 'Bound' ? [claim] : [];
  });
}

function selectNode(actor: Actor, claim: KubeObject, node: string): void {
  const annotations = { ...claim.metadata.annotations, [selectedNode]: node };
  actor.change('persistentvolumeclaims', claim, { metadata: { ...claim.metadata, annotations } });
}

function usageByNode(actor: Actor): Map<string, Amounts> {
  const used = new Map<string, Amounts>();
  for (const object of actor.world.store.every('pods')) {
    const pod = object as Pod;
    if (pod.spec.nodeName === undefined || hasEnded(pod)) continue;
    const usage = used.get(pod.spec.nodeName) ?? {};
    addAll(usage, podResources(pod.spec, 'requests'));
    usage.pods = (usage.pods ?? 0) + 1;
    used.set(pod.spec.nodeName, usage);
  }
  return used;
}

function reasonsAgainst(pod: Pod, node: KubeObject, used: Amounts): string[] {
  const { allocatable = {} } = node.status as { allocatable?: Labels };
  const taint = untoleratedTaint(tolerationsOf(pod.spec), node, ['NoSchedule', 'NoExecute']);
  if (taint?.key === 'node.kubernetes.io/unschedulable') return ['node(s) were unschedulable'];
  if (taint) return ['node(s) had untolerated taint(s)'];
  if (!selectsNode(pod.spec, node)) return ["node(s) didn't match Pod's node affinity/selector"];
  const tooMany = (used.pods ?? 0) + 1 > milliOf(allocatable.pods ?? '110') / 1000 ? ['Too many pods'] : [];
  const lacking = Object.entries(podResources(pod.spec, 'requests')).filter(
    ([resource, amount]) => amount > 0 && (used[resource] ?? 0) + amount > milliOf(allocatable[resource] ?? '0'),
  );
  return [...tooMany, ...lacking.map(([resource]) => `Insufficient ${resource}`)];
}

function summary(nodes: number, reasons: ReadonlyMap<string, number>): string {
  const parts = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
  const noRoom = [...reasons.keys()].some((reason) => reason.startsWith('Insufficient') || reason.startsWith('Too many'));
  const preemption = noRoom ? `${nodes} No preemption victims found for incoming pod` : `${nodes} Preemption is not helpful for scheduling`;
  return `0/${nodes} nodes are available: ${parts.join(', ')}. no new claims to deallocate, preemption: 0/${nodes} nodes are available: ${preemption}.`;
}
