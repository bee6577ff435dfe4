// A run under way: all that is known of it.
import {
  type Halt,
  inventoryBefore,
  type Lock,
  type Observation,
  type Problem,
  type Resource,
  type ResourceId,
  type Schedule,
  type StackRecord,
  scheduleOf,
  type Verdict,
  verdictOf,
  type Watch,
  withSource,
} from '@konfig/core';
import { type Alarm, alarmOf } from './alarm';
import type { EventLog } from './event-log';
import { type Journal, openJournal } from './journal';
import { maskObservation } from './masking';
import { journalEntry, type Progress, progressOf, waitingOf } from './progress';
import { type RunFacts, recordNow, releaseNow } from './run-record';
import type { Session } from './session';

/** What a run needs. */
export interface RunInput extends Pick<RunFacts, 'preview' | 'plan' | 'world' | 'commit' | 'last'> {
  readonly session: Session;
  readonly log: EventLog;
  readonly lock: Lock;
  readonly record: StackRecord | undefined;
  readonly cancelled: AbortSignal;
}

/** A run under way. */
export interface Run extends RunInput, RunFacts {
  readonly deadline: number;
  readonly wished: ReadonlyMap<ResourceId, Resource>;
  readonly schedule: Schedule;
  readonly journal: Journal;
  readonly problems: Problem[];
  /** Ends the watches. */
  readonly watching: AbortController;
  /** Gives up what is in flight: only for a lost lock and at the deadline. */
  readonly inFlight: AbortController;
  readonly watches: Map<string, Watch>;
  /** Targets whose watch has ended, and why: nothing there can be seen getting ready. */
  readonly blind: Map<string, readonly Problem[]>;
  /** The earliest moment at which some step may fail by itself. */
  readonly alarm: Alarm;
  readonly over: PromiseWithEnd;
  halt?: Halt;
  cancelLastCall: () => void;
  isAdvancing: boolean;
}

interface PromiseWithEnd {
  readonly promise: Promise<void>;
  readonly end: () => void;
}

/** `wake` is called when the alarm of the run rings. */
export function newRun(input: RunInput, wake: (run: Run) => void): Run {
  const { preview, plan, session, world, lock, record } = input;
  const { spec } = preview.request;
  const startedAt = world.clock.now();
  const number = plan.baseRelease + 1;
  const run: Run = {
    ...input,
    number,
    startedAt,
    deadline: startedAt + spec.settings.totalTimeout * 1000,
    wished: new Map(spec.resources.map((resource) => [resource.id, resource])),
    before: inventoryBefore({ record, spec, plan, edges: preview.edges }),
    steps: new Map(plan.steps.map((step) => [step.id, progressOf(step)])),
    schedule: scheduleOf(plan.steps, spec.settings.concurrency),
    journal: openJournal(session.store, lock, {
      stack: plan.stack,
      number,
      whole: (phase) => ({ record: recordNow(run), release: releaseNow(run, phase) }),
      entry: (id) => journalEntry(stepOf(run, id)),
    }),
    problems: [],
    watching: new AbortController(),
    inFlight: new AbortController(),
    watches: new Map(),
    blind: new Map(),
    alarm: alarmOf(world.clock, () => wake(run)),
    over: promiseWithEnd(),
    cancelLastCall: () => {},
    isAdvancing: false,
  };
  return run;
}

function promiseWithEnd(): PromiseWithEnd {
  let end = () => {};
  const promise = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { promise, end };
}

export function stepOf(run: Run, id: ResourceId): Progress {
  return run.steps.get(id) as Progress;
}

export function setState(run: Run, one: Progress, state: Progress['state']): void {
  one.state = state;
  run.journal.note(one.step.id);
  run.schedule.mark(one.step.id, state);
}

export function verdictNow({ preview, world, deadline }: Run, one: Progress): Verdict {
  const { spec, sources } = preview.request;
  return verdictOf(waitingOf(one, deadline), spec.settings, sources, world.clock.now());
}

export function hasFailed({ steps }: Run, id: ResourceId): boolean {
  const state = steps.get(id)?.state;
  return state === 'failed' || state === 'skipped';
}

export function masked(run: Run, observation: Observation): Observation {
  return maskObservation(observation, run.preview.secrets.mask);
}

/** Each with its place, and the line behind that. */
export function placed(run: Run, { step }: Progress, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => withSource({ ...problem, at: problem.at ?? step.id }, run.preview.request.sources));
}
