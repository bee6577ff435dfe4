import type { KubeObject } from '../objects';

/** One change, in the order in which all changes happened. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: string;
  readonly object: KubeObject;
  readonly previous?: KubeObject;
  readonly revision: number;
}

/**
 * All objects, by resource (`deployments.apps`), namespace and name, with one counter of revisions over everything and
 * a window of past changes from which a watch can catch up.
 */
export class Store {
  private readonly resources = new Map<string, Map<string, Map<string, KubeObject>>>();
  private readonly history: Change[] = [];
  private readonly listeners = new Set<(change: Change) => void>();
  private counter = 1;

  constructor(private readonly historyLength: number) {}

  get revision(): number {
    return this.counter;
  }

  /** The oldest revision from which a watch still misses nothing. */
  get oldestRevision(): number {
    const first = this.history[0];
    return first === undefined || this.history.length < this.historyLength ? 0 : first.revision - 1;
  }

  get(resource: string, namespace: string, name: string): KubeObject | undefined {
    return this.resources.get(resource)?.get(namespace)?.get(name);
  }

  /** Objects of a resource in one namespace, or in all; ordered by namespace and name. */
  list(resource: string, namespace?: string): KubeObject[] {
    const namespaces = this.resources.get(resource);
    if (!namespaces) return [];
    const found = namespace === undefined ? [...namespaces.values()] : [namespaces.get(namespace)];
    const objects = found.flatMap((names) => (names ? [...names.values()] : []));
    return objects.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  /** Like `list` in one namespace, in no order and without a copy. */
  *each(resource: string, namespace: string): Iterable<KubeObject> {
    const names = this.resources.get(resource)?.get(namespace);
    if (names) yield* names.values();
  }

  /** All objects of a resource, in no order. */
  *every(resource: string): Iterable<KubeObject> {
    for (const names of this.resources.get(resource)?.values() ?? []) yield* names.values();
  }

  resourceNames(): string[] {
    return [...this.resources.keys()];
  }

  /** Stores the object under the next revision and returns it as stored. */
  put(resource: string, object: KubeObject): KubeObject {
    const namespace = object.metadata.namespace ?? '';
    const revision = ++this.counter;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
    const names = this.namesIn(resource, namespace);
    const previous = names.get(object.metadata.name);
    names.set(object.metadata.name, stored);
    this.record({ type: previous ? 'MODIFIED' : 'ADDED', resource, object: stored, ...(previous && { previous }), revision });
    return stored;
  }

  /** Takes the object away; watchers see its last state, which is returned, under the revision of its end. */
  remove(resource: string, namespace: string, name: string, last?: KubeObject): KubeObject | undefined {
    const previous = this.get(resource, namespace, name);
    if (!previous) return undefined;
    this.namesIn(resource, namespace).delete(name);
    const revision = ++this.counter;
    const final = last ?? previous;
    const object = { ...final, metadata: { ...final.metadata, resourceVersion: String(revision) } };
    this.record({ type: 'DELETED', resource, object, previous, revision });
    return object;
  }

  /** Changes after a revision; ask `oldestRevision` first. */
  changesAfter(revision: number): readonly Change[] {
    let first = this.history.length;
    while (first > 0 && (this.history[first - 1] as Change).revision > revision) first--;
    return this.history.slice(first);
  }

  listen(listener: (change: Change) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  snapshot(): { readonly revision: number; readonly objects: { readonly [resource: string]: readonly KubeObject[] } } {
    const objects = Object.fromEntries(this.resourceNames().map((resource) => [resource, this.list(resource)]));
    return { revision: this.counter, objects };
  }

  /** Fills an empty store; a watch from before is told to start anew. */
  restore(saved: ReturnType<Store['snapshot']>): void {
    for (const [resource, objects] of Object.entries(saved.objects)) {
      for (const object of objects) this.namesIn(resource, object.metadata.namespace ?? '').set(object.metadata.name, object);
    }
    this.counter = saved.revision;
    this.restoredAt = saved.revision;
  }

  private restoredAt = 0;

  /** True when a watch from this revision would miss changes. */
  isTooOld(revision: number): boolean {
    return revision < this.oldestRevision || revision < this.restoredAt;
  }

  private namesIn(resource: string, namespace: string): Map<string, KubeObject> {
    let namespaces = this.resources.get(resource);
    if (!namespaces) {
      namespaces = new Map();
      this.resources.set(resource, namespaces);
    }
    let names = namespaces.get(namespace);
    if (!names) {
      names = new Map();
      namespaces.set(namespace, names);
    }
    return names;
  }

  private record(change: Change): void {
    this.history.push(change);
    // Cut in batches: shifting one by one would make each write cost the whole window.
    if (this.history.length > this.historyLength * 2) this.history.splice(0, this.history.length - this.historyLength);
    for (const listener of this.listeners) listener(change);
  }
}

function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}
