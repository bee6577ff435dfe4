import type { Admission } from '../admission/admission';
import { ApiFailure } from '../api/failure';
import { read } from '../api/read';
import { type Deletion, remove } from '../api/remove';
import { create, update } from '../api/write';
import type { Kind } from '../kinds/kind';
import type { KubeObject, LabelSelector } from '../objects';
import type { JsonObject } from '../schema/type';
import { matchSelector } from '../store/selector';
import type { World } from '../world';
import { recordEvent } from './event';

/** A part of the cluster that reads and writes objects under its own name, by the same rules as any client. */
export class Actor {
  readonly world: World;

  constructor(
    private readonly base: World,
    /** The name in managedFields. */
    private readonly manager: string,
    /** The name in events. */
    private readonly component = manager,
    admission?: Admission,
  ) {
    this.world = admission ? { ...base, admission } : base;
  }

  /** The same one, whose writes webhooks are asked about. */
  asking(admission: Admission): Actor {
    return new Actor(this.base, this.manager, this.component, admission);
  }

  now(): number {
    return this.world.now();
  }

  get<T extends KubeObject>(resource: string, namespace: string, name: string): T | undefined {
    return this.world.store.get(resource, namespace, name) as T | undefined;
  }

  list<T extends KubeObject>(resource: string, namespace?: string): T[] {
    return this.world.store.list(resource, namespace) as T[];
  }

  /** Objects in a namespace that a selector fits. */
  select<T extends KubeObject>(resource: string, namespace: string, selector: LabelSelector | undefined): T[] {
    const fits = matchSelector(selector);
    const found: T[] = [];
    for (const object of this.world.store.each(resource, namespace)) if (fits(object.metadata.labels)) found.push(object as T);
    return found;
  }

  owned<T extends KubeObject>(resource: string, owner: KubeObject): T[] {
    const found: T[] = [];
    for (const object of this.world.store.each(resource, owner.metadata.namespace ?? '')) {
      if (object.metadata.ownerReferences?.some((reference) => reference.controller && reference.uid === owner.metadata.uid))
        found.push(object as T);
    }
    return found;
  }

  create<T extends KubeObject>(resource: string, namespace: string, body: object): T {
    return create(this.world, this.kind(resource), namespace, body, { manager: this.manager }) as T;
  }

  /** Writes spec or metadata; `change` gets a copy whose top levels may be replaced. */
  change<T extends KubeObject>(resource: string, live: T, next: object): T {
    return this.write(resource, live, { ...live, ...next }, undefined) as T;
  }

  setStatus<T extends KubeObject>(resource: string, live: T, status: object, annotations?: { [name: string]: string }): T {
    const metadata = annotations ? { ...live.metadata, annotations } : live.metadata;
    return this.write(resource, live, { ...live, metadata, status }, 'status') as T;
  }

  remove(resource: string, live: KubeObject, deletion: Deletion = {}): void {
    const current = this.get(resource, live.metadata.namespace ?? '', live.metadata.name);
    if (current && current.metadata.uid === live.metadata.uid) remove(this.world, this.kind(resource), current, deletion);
  }

  event(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string, fieldPath?: string): void {
    // An event is told, not asked for: no webhook holds one back.
    recordEvent(this.base, this.component, { object, type, reason, message, ...(fieldPath && { fieldPath }) });
  }

  private write(resource: string, live: KubeObject, next: KubeObject, subresource: 'status' | undefined): KubeObject {
    const kind = this.kind(resource);
    const current = this.get(resource, live.metadata.namespace ?? '', live.metadata.name);
    if (!current || current.metadata.uid !== live.metadata.uid) return live;
    const { resourceVersion, ...metadata } = next.metadata;
    const decoded = read(kind, { ...next, metadata } as unknown as JsonObject, { manager: this.manager });
    return update(this.world, kind, current, decoded, { manager: this.manager, ...(subresource && { subresource }) });
  }

  private kind(resource: string): Kind {
    return this.world.kinds.byResource(resource) as Kind;
  }
}

/** Runs a write that may be refused; gives back why, and lets other errors through. */
export function refusalOf(write: () => void): string | undefined {
  try {
    write();
    return undefined;
  } catch (error) {
    if (error instanceof ApiFailure) return error.message;
    throw error;
  }
}
