import type { Change, Store } from '../store/store';
import { type Amounts, addAll } from './pod-resources';
import { demandOf } from './quota';

/** What the objects of a namespace use together: counted once, then kept up with each change, however many there are. */
export class Usage {
  private readonly sums = new Map<string, Amounts>();

  constructor(private readonly store: Store) {
    store.listen((change) => this.follow(change));
  }

  of(namespace: string): Amounts {
    const known = this.sums.get(namespace);
    if (known) return known;
    const sum: Amounts = {};
    for (const resource of this.store.resourceNames())
      for (const object of this.store.each(resource, namespace)) addAll(sum, demandOf(resource, object));
    this.sums.set(namespace, sum);
    return sum;
  }

  private follow({ type, resource, object, previous }: Change): void {
    if (resource === 'namespaces' && type === 'DELETED') this.sums.delete(object.metadata.name);
    const sum = this.sums.get(object.metadata.namespace ?? '');
    if (!sum) return;
    if (previous) addAll(sum, demandOf(resource, previous), -1);
    if (type !== 'DELETED') addAll(sum, demandOf(resource, object));
  }
}
