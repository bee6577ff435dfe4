// What waits for what, as levels: what stands on one level may go side by side.
import {
  arrange,
  type DependencyEdge,
  type Health,
  type Observation,
  type ResourceId,
  type SourceTable,
  type Spec,
  stackName,
} from '@konfig/core';

/** What waits for what in a stack. */
export interface Graph {
  readonly stack: string;
  /** Undefined: as the program says. */
  readonly release?: number;
  /** After all that they wait for. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly DependencyEdge[];
}

export interface GraphNode {
  readonly id: ResourceId;
  readonly target: string;
  readonly type: string;
  /** 1: waits for nothing; else one more than the highest of those that it waits for. */
  readonly level: number;
  readonly source?: { readonly file: string; readonly line: number };
  /** How it is now, where that was asked for. */
  readonly live?: LiveNode;
}

export interface LiveNode {
  /** `absent`: it is not there, or not yet. */
  readonly health: Health | 'absent';
  readonly message: string;
}

/** The graph with how everything in it is now. */
export function withHealth(graph: Graph, observations: readonly Observation[]): Graph {
  const seen = new Map(observations.map((one) => [one.id, one]));
  return { ...graph, nodes: graph.nodes.map((node) => ({ ...node, live: liveNode(seen.get(node.id)) })) };
}

function liveNode(seen: Observation | undefined): LiveNode {
  if (!seen) return { health: 'absent', message: 'is not applied yet' };
  // A task that has run may be gone, and that is well.
  if (!seen.exists && seen.health !== 'ready') return { health: 'absent', message: seen.message };
  return { health: seen.health, message: seen.message };
}

/** Of a Spec and the edges of `edgesFor`. */
export function graphOf(spec: Spec, sources: SourceTable, edges: readonly DependencyEdge[]): Graph {
  const byId = new Map(spec.resources.map((resource) => [resource.id, resource]));
  const levels = levelsOf(arrange([...byId.keys()], edges).sorted, edges);
  const nodes = [...levels].map(([id, level]): GraphNode => {
    const { target = '', type = '' } = byId.get(id) ?? {};
    const made = sources[id]?.made;
    return { id, target, type, level, ...(made ? { source: { file: made.file, line: made.line } } : {}) };
  });
  return { stack: stackName(spec), nodes: nodes.sort((a, b) => a.level - b.level || (a.id < b.id ? -1 : 1)), edges };
}

/** Of nodes that come after all that they wait for. */
function levelsOf(order: readonly ResourceId[], edges: readonly DependencyEdge[]): ReadonlyMap<ResourceId, number> {
  const waits = new Map<ResourceId, ResourceId[]>();
  for (const { from, on } of edges) waits.set(from, [...(waits.get(from) ?? []), on]);
  const levels = new Map<ResourceId, number>();
  for (const id of order) levels.set(id, 1 + Math.max(0, ...(waits.get(id) ?? []).map((on) => levels.get(on) ?? 0)));
  return levels;
}
