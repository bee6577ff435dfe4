// What became of a run, as data: what CI shows, and webhooks are told. Made of what is masked already.
import {
  type Action,
  type Counts,
  countsOfPlan,
  isEmpty,
  isError,
  type Plan,
  type Problem,
  type ResourceId,
  type SourceLine,
  type SourceTable,
  type StepView,
  sourceOf,
  type View,
  withSource,
} from '@konfig/core';
import { exitCodes } from '../exit-code';
import { cleanLines, cutText } from '../render/clean-text';
import { summaryText } from '../render/plan-text';
import { type NameOf, resourceNames } from '../render/resource-name';
import { countsText, doneCounts, endText } from '../render/result-text';
import { skipText } from '../render/waiting';
import type { Heard } from './course';

/** The commands that can be summed up. */
export type SummedCommand = 'preview' | 'apply' | 'import' | 'rollback' | 'destroy';

/**
 * How it ended. `planned`: a preview that would change something; `unchanged`: there was nothing to do; `refused`: it did not begin, and nothing was changed;
 * `cancelled`: also one that was cut off.
 */
export type Outcome = 'succeeded' | 'failed' | 'cancelled' | 'unchanged' | 'planned' | 'refused';

/** What became of one resource. `unawaited`: it was applied, and nobody waited until it was up. */
export type ResourceState = 'done' | 'failed' | 'skipped' | 'unawaited' | 'pending' | 'planned';

export interface SummedResource {
  readonly id: ResourceId;
  /** As short as tells it from the others of its stack. */
  readonly name: string;
  readonly action: Action;
  readonly state: ResourceState;
  /** From its start until it was up, or had failed. */
  readonly seconds?: number;
  /** Why it was skipped. */
  readonly because?: string;
  /** The line that made it. */
  readonly source?: SourceLine;
}

export interface SummedProblem extends Problem {
  /** The id of the resource that has it. */
  readonly resource?: ResourceId;
  /** The field that most likely causes it. */
  readonly field?: string;
}

/** Survives JSON. */
export interface Summary {
  readonly version: 1;
  readonly command: SummedCommand;
  readonly stack: string;
  readonly outcome: Outcome;
  /** One line, without the name of the stack: `release 42 succeeded in 2m41s: 2 created.` */
  readonly headline: string;
  /** The release that it made. */
  readonly release?: number;
  /** ISO 8601, in UTC. */
  readonly startedAt: string;
  readonly seconds: number;
  /** What was done, or would be; what is left out is none. */
  readonly counts: Counts;
  /** In the order of the plan. */
  readonly resources: readonly SummedResource[];
  /** Errors first. */
  readonly problems: readonly SummedProblem[];
}

/** All that a summary is made of. */
export interface Ended extends Heard {
  readonly command: SummedCommand;
  /** As the command line names it: maybe by a plan file. */
  readonly stack: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** The exit code of the command. */
  readonly code: number;
  /** With what it was broken off, besides those of its plan. */
  readonly problems: readonly Problem[];
}

export function summaryOf(ended: Ended): Summary {
  const { command, startedAt, endedAt, made, view } = ended;
  const outcome = outcomeOf(ended);
  const begun = hasBegun(view) ? view : undefined;
  return {
    version: 1,
    command,
    stack: made?.plan?.stack ?? ended.stack,
    outcome,
    headline: headlineOf(outcome, ended),
    ...(begun ? { release: begun.release } : {}),
    startedAt: new Date(startedAt).toISOString(),
    seconds: secondsBetween(startedAt, endedAt),
    counts: begun ? doneCounts(begun) : planCounts(outcome, made?.plan),
    resources: begun ? runResources(begun, made?.sources ?? {}) : planResources(ended),
    problems: problemsIn(ended),
  };
}

/** One that waited for the lock in vain has begun nothing. */
function hasBegun(view: View | undefined): view is View {
  return view !== undefined && view.steps.size > 0;
}

function outcomeOf({ command, code, view, made, problems }: Ended): Outcome {
  if (hasBegun(view)) return view.phase === 'succeeded' || view.phase === 'failed' ? view.phase : 'cancelled';
  if (code === exitCodes.cancelled) return 'cancelled';
  const isWrong = [...problems, ...(made?.problems ?? [])].some(isError);
  if (isWrong || !made?.plan) return 'refused';
  if (isEmpty(made.plan)) return code === exitCodes.done || code === exitCodes.pending ? 'unchanged' : 'refused';
  return command === 'preview' ? 'planned' : 'refused';
}

function headlineOf(outcome: Outcome, { command, view, made }: Ended): string {
  if (hasBegun(view)) return `${view.phase === 'applying' ? cutOffText(view) : endText(view, phaseOf(view))}: ${countsText(view)}.`;
  if (made?.plan && (outcome === 'planned' || outcome === 'unchanged')) return summaryText(made.plan);
  if (outcome === 'cancelled') return 'Cancelled; nothing was changed.';
  return command === 'preview' ? 'This cannot be applied.' : 'Nothing was changed.';
}

function cutOffText({ release }: View): string {
  return `release ${release} was cut off`;
}

function phaseOf({ release, phase }: View): Parameters<typeof endText>[1] {
  return { release, phase: phase === 'succeeded' || phase === 'failed' ? phase : 'cancelled' };
}

function planCounts(outcome: Outcome, plan: Plan | undefined): Counts {
  return plan && (outcome === 'planned' || outcome === 'unchanged') ? countsOfPlan(plan) : {};
}

function runResources(view: View, sources: SourceTable): readonly SummedResource[] {
  const nameOf = resourceNames(view.steps.keys());
  return [...view.steps.values()].map((step) => ({
    id: step.id,
    name: nameOf(step.id),
    action: step.action,
    state: stateWords[step.state],
    ...(step.startedAt === undefined || step.endedAt === undefined ? {} : { seconds: secondsBetween(step.startedAt, step.endedAt) }),
    ...(step.because === undefined ? {} : { because: skipText(step.because, view, nameOf) }),
    ...sourceIn(sources, step.id),
  }));
}

const stateWords: { readonly [state in StepView['state']]: ResourceState } = {
  pending: 'pending',
  // Whether it came up nobody has seen.
  started: 'unawaited',
  applied: 'unawaited',
  done: 'done',
  failed: 'failed',
  skipped: 'skipped',
};

function planResources(ended: Ended): readonly SummedResource[] {
  const { made, command } = ended;
  const { steps = [] } = made?.plan ?? {};
  const nameOf: NameOf = resourceNames(steps.map(({ id }) => id));
  const wrong = new Set(problemsIn(ended).flatMap((problem) => (isError(problem) ? (problem.resource ?? []) : [])));
  const stateOf = (id: ResourceId, action: Action): ResourceState => {
    if (wrong.has(id)) return 'failed';
    if (action === 'skip') return 'skipped';
    return command === 'preview' ? 'planned' : 'pending';
  };
  return steps.map(({ id, action }) => ({
    id,
    name: nameOf(id),
    action,
    state: stateOf(id, action),
    ...sourceIn(made?.sources ?? {}, id),
  }));
}

function sourceIn(sources: SourceTable, id: ResourceId): { readonly source?: SourceLine } {
  const source = sourceOf(sources, id);
  return source ? { source } : {};
}

/** Those of the end, where there was one: the others were told with the plan. Each is told once. */
function problemsIn({ problems, made, view }: Ended): readonly SummedProblem[] {
  const failed = [...(view?.steps.values() ?? [])].flatMap(({ problem }) => problem ?? []);
  // A run that was cut off has told no problems, but some of its steps have.
  const ran = view?.problems.length ? view.problems : failed;
  const told = [...ran, ...problems, ...(made?.problems ?? [])].map(shortened);
  const all = new Map(told.map((problem) => [JSON.stringify(problem), problem]));
  const placed = [...all.values()].map((problem) => withPlace(withSource(problem, made?.sources ?? {}), view));
  return [...placed.filter(isError), ...placed.filter((problem) => !isError(problem))];
}

/** Logs may be in a message. */
const mostCharacters = 4000;

function shortened({ message, hint, ...problem }: Problem): Problem {
  return {
    ...problem,
    message: readable(message),
    ...(hint === undefined ? {} : { hint: readable(hint) }),
  };
}

function readable(text: string): string {
  return cleanLines(cutText(text, mostCharacters)).join('\n');
}

/** `at` is an id, or an id and a field; a finding that failed a resource knows its field. */
function withPlace(problem: Problem, view: View | undefined): SummedProblem {
  const [id = '', ...path] = problem.at?.split(' ') ?? [];
  if (!id.includes(':')) return problem;
  const finding = view?.steps.get(id)?.findings.find((one) => one.field !== undefined && problem.message.includes(one.message));
  const field = path.length > 0 ? path.join(' ') : finding?.field;
  return { ...problem, resource: id, ...(field === undefined ? {} : { field }) };
}

function secondsBetween(from: number, to: number): number {
  return Math.max(0, to - from) / 1000;
}
