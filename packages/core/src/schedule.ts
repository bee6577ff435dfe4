// Which steps may start now, which never will. Asked again whenever a step's state changes.
import type { Step } from './plan';
import type { StepRecord } from './release';
import type { Dependency, ResourceId } from './spec';

export type StepState = StepRecord['state'];

/** Why nothing new is started. */
export type Halt = 'cancelled' | 'lock lost';

export interface Schedule {
  readonly start: readonly ResourceId[];
  readonly skip: readonly { readonly id: ResourceId; readonly because: ResourceId | Halt }[];
  /** Nothing is left to start or to wait for. */
  readonly isOver: boolean;
}

/**
 * Independent branches go on after a failure; what hangs behind it is skipped, with its cause.
 * After a halt nothing is started, and what was applied is not waited for.
 */
export function schedule(
  steps: readonly Pick<Step, 'id' | 'action' | 'waitsFor'>[],
  states: ReadonlyMap<ResourceId, StepState>,
  limit: number,
  halt?: Halt,
): Schedule {
  const actions = new Map(steps.map((step) => [step.id, step.action]));
  const now = new Map(states);
  const skip: { id: ResourceId; because: ResourceId | Halt }[] = [];
  // Plans list every step after all that it waits for, so one pass carries a skip all the way down.
  for (const step of steps) {
    if (now.get(step.id) !== 'pending') continue;
    const because = halt ?? step.waitsFor.find(({ on }) => now.get(on) === 'failed' || now.get(on) === 'skipped')?.on;
    if (because === undefined) continue;
    now.set(step.id, 'skipped');
    skip.push({ id: step.id, because });
  }
  const isMet = ({ on, until }: Dependency) => {
    const state = now.get(on);
    return state === undefined || state === 'done' || (until === 'present' && state === 'applied' && actions.get(on) !== 'delete');
  };
  const free = steps.filter((step) => now.get(step.id) === 'pending' && step.waitsFor.every(isMet));
  const inFlight = [...now.values()].filter((state) => state === 'started').length;
  const isOpen = (state: StepState) => state === 'pending' || state === 'started' || (state === 'applied' && halt === undefined);
  return { start: free.slice(0, Math.max(0, limit - inFlight)).map((step) => step.id), skip, isOver: ![...now.values()].some(isOpen) };
}
