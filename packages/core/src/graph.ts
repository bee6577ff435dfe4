// What waits for what: edges, their order, and cycles.
import { Heap } from './heap';
import type { ResourceId, Until } from './spec';

/** One wait in the graph: `from` waits until `on` is present or ready. Explicit edges were written by a person; derived ones follow from references. */
export interface DependencyEdge {
  readonly from: ResourceId;
  readonly on: ResourceId;
  readonly until: Until;
  readonly explicit: boolean;
}

/** An order of nodes that respects their edges, and the edges for which there is none. */
export interface Arrangement {
  /** Every node after all that it waits for; ties in the order of the input. */
  readonly sorted: readonly string[];
  /** Derived edges that were dropped because they would have closed a cycle. */
  readonly dropped: readonly DependencyEdge[];
  /** Cycles of explicit edges: each a list of nodes, the first one repeated at the end. Empty when all is well. */
  readonly cycles: readonly (readonly string[])[];
}

/**
 * Orders nodes by their edges (Kahn's algorithm). When only cycles are left, the derived edges inside one give way first;
 * a cycle of explicit edges alone is reported and its nodes go in the order of the input.
 */
export function arrange(nodes: readonly string[], edges: readonly DependencyEdge[]): Arrangement {
  const known = new Set(nodes);
  let live = edges.filter((edge) => known.has(edge.from) && known.has(edge.on));
  const dropped: DependencyEdge[] = [];
  const cycles: string[][] = [];
  for (;;) {
    const { sorted, stuck } = kahn(nodes, live);
    if (stuck.size === 0) return { sorted, dropped, cycles };
    const cycle = findCycle(stuck, live);
    const around = edgesAlong(cycle, live);
    const weak = around.find((edge) => !edge.explicit);
    if (weak) dropped.push(weak);
    else cycles.push(cycle);
    const gone = weak ?? (around[0] as DependencyEdge);
    live = live.filter((edge) => edge.from !== gone.from || edge.on !== gone.on || (weak !== undefined && edge.explicit));
  }
}

/** The edges without those that had to give way to a cycle. */
export function withoutDropped(edges: readonly DependencyEdge[], arrangement: Arrangement): readonly DependencyEdge[] {
  const dropped = new Set(arrangement.dropped);
  return edges.filter((edge) => !dropped.has(edge));
}

export function reverse(order: readonly string[]): readonly string[] {
  return [...order].reverse();
}

function kahn(nodes: readonly string[], edges: readonly DependencyEdge[]): { sorted: string[]; stuck: Set<string> } {
  const place = new Map(nodes.map((node, i) => [node, i]));
  const waiting = new Map(nodes.map((node) => [node, 0]));
  const dependants = new Map<string, string[]>();
  for (const edge of edges) {
    waiting.set(edge.from, (waiting.get(edge.from) as number) + 1);
    const list = dependants.get(edge.on) ?? [];
    list.push(edge.from);
    dependants.set(edge.on, list);
  }
  const free = new Heap(nodes.flatMap((node, i) => (waiting.get(node) === 0 ? [i] : [])));
  const sorted: string[] = [];
  for (let next = free.pop(); next !== undefined; next = free.pop()) {
    const node = nodes[next] as string;
    sorted.push(node);
    for (const dependant of dependants.get(node) ?? []) {
      const left = (waiting.get(dependant) as number) - 1;
      waiting.set(dependant, left);
      if (left === 0) free.push(place.get(dependant) as number);
    }
  }
  const done = new Set(sorted);
  return { sorted, stuck: new Set(nodes.filter((node) => !done.has(node))) };
}

/** Follows waits inside the stuck nodes until one comes up again. */
function findCycle(stuck: ReadonlySet<string>, edges: readonly DependencyEdge[]): string[] {
  const next = new Map<string, string>();
  // Every stuck node waits for at least one stuck node, or hangs behind one; explicit edges are preferred so that a real cycle shows.
  for (const edge of edges) if (stuck.has(edge.from) && stuck.has(edge.on) && !next.has(edge.from)) next.set(edge.from, edge.on);
  const seen: string[] = [];
  let here = [...stuck].find((node) => next.has(node)) as string;
  while (!seen.includes(here)) {
    seen.push(here);
    here = next.get(here) as string;
  }
  return [...seen.slice(seen.indexOf(here)), here];
}

function edgesAlong(cycle: readonly string[], edges: readonly DependencyEdge[]): readonly DependencyEdge[] {
  return cycle.slice(0, -1).flatMap((from, i) => {
    const between = edges.filter((edge) => edge.from === from && edge.on === cycle[i + 1]);
    return between.find((edge) => edge.explicit) ?? between.slice(0, 1);
  });
}
