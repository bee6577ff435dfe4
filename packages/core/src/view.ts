// What a reader of the events needs to know at any moment: one pure fold that every renderer shares.

import type { Action } from './action';
import type { Counts } from './counts';
import type { Event } from './event';
import type { DatedFinding, Health, RelatedNode } from './health';
import type { Problem } from './problem';
import type { Holder, Phase } from './release';
import type { Dependency, ResourceId } from './spec';
import { StepsById } from './steps-by-id';

/** An operation as its events until now tell it. */
export interface View {
  readonly stack: string;
  readonly kind: 'apply' | 'destroy';
  readonly release: number;
  /** `waiting`: it has not started yet. */
  readonly phase: Phase | 'waiting';
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Of the last event, in milliseconds since the epoch. */
  readonly time: number;
  /** When it must be over, in milliseconds since the epoch. */
  readonly deadline: number;
  readonly steps: ReadonlyMap<ResourceId, StepView>;
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
  /** Who holds the lock that it waits for. */
  readonly holder?: Holder;
  readonly cancelling: boolean;
}

/** One step as the events until now tell it. */
export interface StepView {
  readonly id: ResourceId;
  readonly action: Action;
  readonly waitsFor: readonly Dependency[];
  readonly state: 'pending' | 'started' | 'applied' | 'done' | 'failed' | 'skipped';
  /** Milliseconds since the epoch, as `endedAt` and `failsAt`. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly health?: Health;
  readonly message?: string;
  readonly findings: readonly DatedFinding[];
  readonly related: readonly RelatedNode[];
  /** What of it serves meanwhile, where it is not ready. */
  readonly serving?: string;
  /** When it will fail if nothing changes. */
  readonly failsAt?: number;
  readonly problem?: Problem;
  /** What it does, counted, where it is made of parts; of one that has ended, what was done. */
  readonly counts?: Counts;
  /** The last lines that its task printed. */
  readonly log?: readonly string[];
  /** Why it was skipped: a step's id, or what stopped the operation. */
  readonly because?: string;
}

/** The view before the first event. */
export const emptyView: View = {
  stack: '',
  kind: 'apply',
  release: 0,
  phase: 'waiting',
  startedAt: 0,
  time: 0,
  deadline: 0,
  steps: new Map(),
  notes: [],
  problems: [],
  cancelling: false,
};

/** The view after one more event. */
export function reduce(view: View, event: Event): View {
  return { ...reducers[event.type](view, event as never), time: event.time };
}

/** How many steps are in each state; `keep` steps count once they are observed. */
export function countStates(view: View): { readonly [state in StepView['state']]: number } {
  const counts = { pending: 0, started: 0, applied: 0, done: 0, failed: 0, skipped: 0 };
  for (const step of view.steps.values()) counts[step.state]++;
  return counts;
}

const keptLines = 5;

type Of<T extends Event['type']> = Extract<Event, { readonly type: T }>;

const reducers: { readonly [T in Event['type']]: (view: View, event: Of<T>) => View } = {
  'operation-started': ({ holder: _, ...view }, event) => ({
    ...view,
    stack: event.stack,
    kind: event.kind,
    release: event.release,
    phase: 'applying',
    startedAt: event.time,
    deadline: event.deadline,
    steps: StepsById.of<StepView>(event.steps.map((step) => [step.id, { ...step, state: 'pending', findings: [], related: [] }])),
  }),
  'lock-held': (view, event) => ({ ...view, holder: event.holder }),
  'step-started': (view, event) => update(view, event.step, { state: 'started', startedAt: event.time }),
  'step-applied': (view, event) => update(view, event.step, { state: 'applied' }),
  // A step that keeps its resource as it is does not start; it is under way from when it is looked at.
  'step-observed': (view, { step, health, message, findings, related, serving, failsAt }) =>
    update(view, step, {
      ...(view.steps.get(step)?.state === 'pending' ? { state: 'applied' } : {}),
      health,
      message,
      findings,
      related,
      ...(serving === undefined ? {} : { serving }),
      ...(failsAt === undefined ? {} : { failsAt }),
    }),
  'step-log': (view, { step, text }) => update(view, step, { log: [...(view.steps.get(step)?.log ?? []), text].slice(-keptLines) }),
  'step-done': (view, { step, time, counts }) =>
    update(view, step, { state: 'done', endedAt: time, ...(counts === undefined ? {} : { counts }) }),
  'step-failed': (view, { step, time, problem, counts }) =>
    update(view, step, { state: 'failed', endedAt: time, problem, ...(counts === undefined ? {} : { counts }) }),
  'step-skipped': (view, event) => update(view, event.step, { state: 'skipped', endedAt: event.time, because: event.because }),
  cancelling: (view) => ({ ...view, cancelling: true }),
  note: (view, event) => ({ ...view, notes: [...view.notes, event.message] }),
  heartbeat: (view) => view,
  'operation-finished': (view, event) => ({ ...view, phase: event.phase, problems: event.problems }),
};

/** Whatever comes next, an older moment of failing and what served by then no longer hold. */
function update(view: View, id: ResourceId, change: Partial<StepView>): View {
  const step = view.steps.get(id);
  if (!step) return view;
  const { failsAt: _failsAt, serving: _serving, ...rest } = step;
  return { ...view, steps: set(view.steps, id, { ...rest, ...change }) };
}

function set(steps: View['steps'], id: ResourceId, step: StepView): View['steps'] {
  return steps instanceof StepsById ? steps.with(id, step) : new Map(steps).set(id, step);
}
