// Which steps may start now, which never will.
import { Heap } from './heap';
import type { Step } from './plan';
import type { StepRecord } from './release';
import type { Dependency, ResourceId, Until } from './spec';

/** How far a step is: `applied` says that the system took it, `done` that it is ready or gone. */
export type StepState = StepRecord['state'];

/** Why nothing new is started. */
export type Halt = 'cancelled' | 'lock lost' | 'out of time';

/** Tells which steps may start. Independent branches go on after a failure; what hangs behind it is skipped, with its cause. */
export interface Schedule {
  /** Tells that a step has come to a new state. */
  mark(id: ResourceId, state: StepState): void;
  /** What may start, and what never will. Each step is handed out once: it counts as started or skipped from then on. */
  next(halt?: Halt): Next;
}

/** What to do now, as far as it follows from the marks until now. */
export interface Next {
  readonly start: readonly ResourceId[];
  readonly skip: readonly { readonly id: ResourceId; readonly because: ResourceId | Halt }[];
  /** Nothing is left to start or to wait for. After a halt, what was applied is not waited for. */
  readonly isOver: boolean;
}

type Scheduled = Pick<Step, 'id' | 'action' | 'waitsFor'>;

interface Item {
  readonly step: Scheduled;
  readonly place: number;
  state: StepState;
  /** Ids with what is to be so of them, as far as it is not yet. */
  readonly unmet: Map<ResourceId, Until>;
  because?: ResourceId;
}

/**
 * A schedule that has at most `limit` steps started at a time. `steps` come in the order of a plan: every one after all that it waits for. A step costs as much as it has edges,
 * however many others there are.
 */
export function scheduleOf(steps: readonly Scheduled[], limit: number): Schedule {
  const items = new Map(steps.map((step, place): [ResourceId, Item] => [step.id, { step, place, state: 'pending', unmet: new Map() }]));
  const dependants = new Map<ResourceId, Item[]>();
  const counts: { [state in StepState]: number } = { pending: steps.length, started: 0, applied: 0, done: 0, failed: 0, skipped: 0 };
  const free = new Heap([]);
  const doomed = new Heap([]);
  for (const item of items.values()) {
    for (const { on, until } of item.step.waitsFor) if (items.has(on)) expect(item, { on, until });
    for (const on of item.unmet.keys()) listOf(dependants, on).push(item);
    if (item.unmet.size === 0) free.push(item.place);
  }

  function mark(id: ResourceId, state: StepState): void {
    const item = items.get(id);
    if (!item) return;
    counts[item.state]--;
    counts[state]++;
    item.state = state;
    for (const dependant of dependants.get(id) ?? []) tell(dependant, item);
  }

  function tell(dependant: Item, { step, state }: Item): void {
    if (state === 'failed' || state === 'skipped') {
      if (dependant.state !== 'pending' || dependant.because !== undefined) return;
      dependant.because = step.id;
      doomed.push(dependant.place);
    }
    const until = dependant.unmet.get(step.id);
    const isMet = state === 'done' || (until === 'present' && state === 'applied' && step.action !== 'delete');
    if (until === undefined || !isMet) return;
    dependant.unmet.delete(step.id);
    if (dependant.unmet.size === 0) free.push(dependant.place);
  }

  function next(halt?: Halt): Next {
    const skip: { id: ResourceId; because: ResourceId | Halt }[] = [];
    const give = (item: Item, because: ResourceId | Halt) => {
      if (item.state !== 'pending') return;
      mark(item.step.id, 'skipped');
      skip.push({ id: item.step.id, because });
    };
    if (halt && counts.pending > 0) for (const item of items.values()) give(item, halt);
    // Skipping one dooms what hangs behind it, which comes later in the plan: the heap carries a skip all the way down.
    for (let place = doomed.pop(); place !== undefined; place = doomed.pop()) {
      const item = itemAt(place);
      if (item.because !== undefined) give(item, item.because);
    }
    const start: ResourceId[] = [];
    while (!halt && counts.started < limit) {
      const place = free.pop();
      if (place === undefined) break;
      const { step, state } = itemAt(place);
      if (state !== 'pending') continue;
      mark(step.id, 'started');
      start.push(step.id);
    }
    return { start, skip, isOver: counts.pending + counts.started + (halt ? 0 : counts.applied) === 0 };
  }

  function itemAt(place: number): Item {
    return items.get((steps[place] as Scheduled).id) as Item;
  }

  return { mark, next };
}

function expect(item: Item, { on, until }: Dependency): void {
  item.unmet.set(on, item.unmet.get(on) === 'ready' ? 'ready' : until);
}

function listOf<K, V>(lists: Map<K, V[]>, key: K): V[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
