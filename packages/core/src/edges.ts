// Every edge of a Spec's graph: written by people, following from `$ref`s, or from references inside the attributes.
import type { DependencyEdge } from './graph';
import type { Dependency, Resource, ResourceId } from './spec';
import { refsIn } from './value';

/** What waits for what among these resources: one edge for each pair. `derived` comes from the runtimes, which know what their attributes refer to. */
export function edgesOf(
  resources: readonly Resource[],
  derived: ReadonlyMap<ResourceId, readonly Dependency[]>,
): readonly DependencyEdge[] {
  const known = new Set(resources.map((resource) => resource.id));
  const edges = new Map<string, DependencyEdge>();
  const add = (edge: DependencyEdge) => {
    if (!known.has(edge.on)) return;
    const key = `${edge.from} ${edge.on}`;
    const before = edges.get(key);
    edges.set(key, before ? strongest(before, edge) : edge);
  };
  for (const { id, dependsOn = [], attributes } of resources) {
    for (const dependency of dependsOn) add({ from: id, on: dependency.on, until: dependency.until, explicit: true });
    // A value that another resource tells is there only when that one is ready; nothing can give way here.
    for (const ref of refsIn(attributes)) add({ from: id, on: ref.resource, until: 'ready', explicit: true });
    for (const dependency of derived.get(id) ?? []) {
      // A thing may name itself in its own attributes; only what a person wrote is a cycle then.
      if (dependency.on !== id) add({ from: id, on: dependency.on, until: dependency.until, explicit: false });
    }
  }
  return [...edges.values()];
}

function strongest(a: DependencyEdge, b: DependencyEdge): DependencyEdge {
  return { ...a, until: a.until === 'ready' || b.until === 'ready' ? 'ready' : 'present', explicit: a.explicit || b.explicit };
}
