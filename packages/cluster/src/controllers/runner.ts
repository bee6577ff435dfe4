import { Admission, WebhooksToAsk } from '../admission/admission';
import { ApiFailure } from '../api/failure';
import type { Change, Store } from '../store/store';
import type { Actor } from './actor';
import type { Controller } from './controller';

/**
 * Runs controllers as changes come in: each change wakes keys, keys run one after another, in order, between requests.
 * Nothing polls; an idle cluster has no timer but those that controllers asked for.
 */
export class Runner {
  private readonly queue: Work[] = [];
  private readonly queued = new Set<string>();
  private readonly timers = new Map<string, Timer>();
  /** What webhooks have said to work that is done again because of it. */
  private readonly answers = new Map<string, Admission>();
  private readonly hear: (change: Change) => void;
  private readonly stopListening: () => void;
  private scheduled = false;
  private stopped = false;

  constructor(
    store: Store,
    private readonly controllers: readonly { readonly controller: Controller; readonly actor: Actor }[],
  ) {
    const byResource = new Map<string, { controller: Controller; actor: Actor }[]>();
    for (const entry of controllers) {
      for (const resource of Object.keys(entry.controller.wakes)) byResource.set(resource, [...(byResource.get(resource) ?? []), entry]);
    }
    this.hear = (change) => {
      for (const { controller, actor } of [...(byResource.get(change.resource) ?? []), ...(byResource.get('*') ?? [])]) {
        const wakes = controller.wakes[change.resource] ?? controller.wakes['*'];
        for (const key of wakes?.(change, store) ?? []) this.add({ controller, actor, key });
      }
    };
    this.stopListening = store.listen(this.hear);
  }

  /** Shows every object to the controllers, as if it had just come: after a store was restored. */
  wakeAll(store: Store): void {
    for (const resource of store.resourceNames()) {
      for (const object of store.list(resource)) this.hear({ type: 'ADDED', resource, object, revision: store.revision });
    }
  }

  /** Wakes a controller for a key, as a change would. */
  wake(name: string, key: string): void {
    const entry = this.controllers.find(({ controller }) => controller.name === name);
    if (entry) this.add({ ...entry, key });
  }

  stop(): void {
    this.stopped = true;
    this.stopListening();
    for (const { timer } of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    this.queue.length = 0;
  }

  private add(work: Work): void {
    const id = idOf(work);
    if (this.stopped || this.queued.has(id)) return;
    this.queued.add(id);
    this.queue.push(work);
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => this.run());
  }

  // Requests come first: after a few milliseconds of work the event loop gets its turn.
  private run(): void {
    this.scheduled = false;
    const until = performance.now() + 4;
    for (let work = this.queue.shift(); work; work = this.queue.shift()) {
      this.queued.delete(idOf(work));
      this.reconcile(work);
      if (performance.now() > until) break;
    }
    if (this.queue.length === 0 || this.stopped || this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => this.run());
  }

  private reconcile(work: Work): void {
    const id = idOf(work);
    const admission = this.answers.get(id) ?? new Admission(work.actor.world.store);
    this.answers.delete(id);
    try {
      const again = work.controller.reconcile(work.key, work.actor.asking(admission));
      if (again !== undefined) this.later(work, again);
    } catch (error) {
      if (error instanceof WebhooksToAsk) {
        this.answers.set(id, admission);
        void error.ask().then(() => this.add(work));
        return;
      }
      // A refused write is tried again, as any controller does; anything else is a mistake of ours that must not take the host down.
      if (!(error instanceof ApiFailure))
        process.emitWarning(`cluster: ${work.controller.name} ${work.key}: ${(error as Error).stack ?? error}`);
      this.later(work, 200);
    }
  }

  private later(work: Work, milliseconds: number): void {
    const id = idOf(work);
    const due = performance.now() + milliseconds;
    const waiting = this.timers.get(id);
    if (waiting && waiting.due <= due) return;
    if (waiting) clearTimeout(waiting.timer);
    const timer = setTimeout(
      () => {
        this.timers.delete(id);
        this.add(work);
      },
      Math.min(Math.max(0, milliseconds), 2_147_483_647),
    );
    this.timers.set(id, { timer, due });
  }
}

interface Work {
  readonly controller: Controller;
  readonly actor: Actor;
  readonly key: string;
}

interface Timer {
  readonly timer: NodeJS.Timeout;
  readonly due: number;
}

function idOf({ controller, key }: Work): string {
  return `${controller.name} ${key}`;
}
