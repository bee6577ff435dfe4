import type { KubeObject, PodSpec } from '../objects';

/** What a node says of itself that decides which pods may be on it. */
interface NodeView {
  readonly spec: { readonly unschedulable?: boolean; readonly taints?: readonly Taint[] };
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

interface Term {
  readonly matchExpressions?: readonly Requirement[];
  readonly matchFields?: readonly Requirement[];
}

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** Whether a pod's node selector and required node affinity let it be on a node. */
export function selectsNode(spec: PodSpec, node: KubeObject): boolean {
  const { name, labels = {} } = node.metadata;
  if (Object.entries(spec.nodeSelector ?? {}).some(([key, value]) => labels[key] !== value)) return false;
  const affinity = spec.affinity as { nodeAffinity?: { requiredDuringSchedulingIgnoredDuringExecution?: { nodeSelectorTerms?: Term[] } } };
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (!terms) return true;
  return terms.some(
    ({ matchExpressions = [], matchFields = [] }) =>
      matchExpressions.length + matchFields.length > 0 &&
      matchExpressions.every((one) => meets(one, labels[one.key])) &&
      matchFields.every((one) => meets(one, one.key === 'metadata.name' ? name : undefined)),
  );
}

function meets({ operator, values = [] }: Requirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return Number(value) > Number(values[0]);
    default:
      return Number(value) < Number(values[0]);
  }
}

/** The first taint of a node with one of these effects that a pod does not tolerate; a cordoned node has one too. */
export function untoleratedTaint(tolerations: readonly Toleration[], node: KubeObject, effects: readonly string[]): Taint | undefined {
  const { taints = [], unschedulable } = (node as unknown as NodeView).spec;
  const cordon = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
  const all = unschedulable && !taints.some((taint) => taint.key === cordon.key) ? [...taints, cordon] : taints;
  return all.find((taint) => effects.includes(taint.effect) && !tolerations.some((toleration) => tolerates(toleration, taint)));
}

function tolerates({ key, operator = 'Equal', value = '', effect }: Toleration, taint: Taint): boolean {
  if (effect && effect !== taint.effect) return false;
  if (key && key !== taint.key) return false;
  return operator === 'Exists' || (key !== undefined && value === (taint.value ?? ''));
}

export function tolerationsOf(spec: PodSpec): readonly Toleration[] {
  return (spec.tolerations ?? []) as readonly Toleration[];
}
