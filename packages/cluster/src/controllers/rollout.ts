import type { DeploymentSpec, ReplicaSet } from '../objects';

/** How many pods a rolling update may have too many, and how many too few. */
export interface Limits {
  readonly surge: number;
  readonly unavailable: number;
}

export interface Scaling {
  readonly set: ReplicaSet;
  readonly replicas: number;
}

export function resolveLimits(spec: DeploymentSpec): Limits {
  if (spec.strategy.type !== 'RollingUpdate' || !spec.strategy.rollingUpdate) return { surge: 0, unavailable: 0 };
  const { maxSurge, maxUnavailable } = spec.strategy.rollingUpdate;
  const surge = resolve(maxSurge, spec.replicas, Math.ceil);
  const unavailable = Math.min(resolve(maxUnavailable, spec.replicas, Math.floor), spec.replicas);
  // Percents of few replicas can both round to nothing, and then nothing could move.
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
}

function resolve(value: number | string, of: number, round: (value: number) => number): number {
  return typeof value === 'number' ? value : round((Number.parseInt(value, 10) * of) / 100);
}

/** How large the set of the present template should be now. */
export function newSetReplicas(spec: DeploymentSpec, found: ReplicaSet | undefined, all: readonly ReplicaSet[]): number {
  const own = found?.spec.replicas ?? 0;
  if (spec.strategy.type === 'Recreate' || own >= spec.replicas) return spec.replicas;
  const total = all.reduce((sum, set) => sum + set.spec.replicas, 0);
  const room = spec.replicas + resolveLimits(spec).surge - total;
  return room <= 0 ? own : own + Math.min(room, spec.replicas - own);
}

/** Which old sets shrink now: first what does not work anyway, then as much as availability allows. */
export function oldSetReplicas(spec: DeploymentSpec, found: ReplicaSet, old: readonly ReplicaSet[]): Scaling[] {
  const sizes = new Map(old.filter((set) => set.spec.replicas > 0).map((set) => [set, set.spec.replicas]));
  if (sizes.size === 0) return [];
  const minimum = spec.replicas - resolveLimits(spec).unavailable;
  const total = [...sizes.values()].reduce((sum, size) => sum + size, found.spec.replicas);
  const newUnavailable = found.spec.replicas - (found.status.availableReplicas ?? 0);
  const mayGo = total - minimum - newUnavailable;
  if (mayGo <= 0) return [];
  shrinkBroken(sizes, mayGo);
  shrinkAvailable(sizes, minimum, [found, ...old]);
  return [...sizes].filter(([set, size]) => size !== set.spec.replicas).map(([set, replicas]) => ({ set, replicas }));
}

function shrinkBroken(sizes: Map<ReplicaSet, number>, mayGo: number): void {
  let left = mayGo;
  for (const [set, size] of sizes) {
    const broken = Math.min(left, size - (set.status.availableReplicas ?? 0));
    if (broken <= 0) continue;
    sizes.set(set, size - broken);
    left -= broken;
  }
}

function shrinkAvailable(sizes: Map<ReplicaSet, number>, minimum: number, all: readonly ReplicaSet[]): void {
  const available = all.reduce((sum, set) => sum + (set.status.availableReplicas ?? 0), 0);
  let left = available - minimum;
  for (const [set, size] of sizes) {
    const going = Math.min(left, size);
    if (going <= 0) continue;
    sizes.set(set, size - going);
    left -= going;
  }
}

/** A change of `replicas` in the middle of a rollout is shared among the sets by their size. */
export function shareReplicas(
  spec: DeploymentSpec,
  sets: {
    readonly found: ReplicaSet | undefined;
    readonly old: readonly ReplicaSet[];
    readonly limits: Limits;
    maximumOf(set: ReplicaSet): number;
  },
): Scaling[] {
  const all = sets.found ? [sets.found, ...sets.old] : [...sets.old];
  const active = all.filter((set) => set.spec.replicas > 0);
  const [only] = active;
  if (active.length <= 1) {
    const target = only ?? sets.found;
    return target ? [{ set: target, replicas: spec.replicas }] : [];
  }
  const saturated = sets.found && sets.found.spec.replicas === spec.replicas && sets.found.status.availableReplicas === spec.replicas;
  if (saturated) return sets.old.filter((set) => set.spec.replicas > 0).map((set) => ({ set, replicas: 0 }));
  return shareInProportion(spec, active, sets.limits, sets.maximumOf);
}

function shareInProportion(
  spec: DeploymentSpec,
  active: readonly ReplicaSet[],
  limits: Limits,
  maximumOf: (set: ReplicaSet) => number,
): Scaling[] {
  const allowed = spec.replicas > 0 ? spec.replicas + limits.surge : 0;
  const total = active.reduce((sum, set) => sum + set.spec.replicas, 0);
  let left = allowed - total;
  const largestFirst = [...active].sort((a, b) => b.spec.replicas - a.spec.replicas);
  const shares = largestFirst.map((set): { set: ReplicaSet; replicas: number } => {
    const fraction = Math.round((set.spec.replicas * allowed) / Math.max(1, maximumOf(set))) - set.spec.replicas;
    const share = left > 0 ? Math.max(0, Math.min(fraction, left)) : Math.min(0, Math.max(fraction, left));
    left -= share;
    return { set, replicas: set.spec.replicas + share };
  });
  const [first] = shares;
  if (first) first.replicas = Math.max(0, first.replicas + left);
  return shares;
}
