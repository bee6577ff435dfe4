// What changes the world, whatever asked for it: show the plan, ask, do exactly that, watch until it is up.
import { isDamage, isEmpty, isError, isKonfigError, type OperationResult, type Plan, type Problem } from '@konfig/core';
import { type Operation, type Preview, apply as startApply, type World } from '@konfig/engine';
import { ask, type Question, withLosses } from '../confirm';
import { exitCodeOf, exitCodes } from '../exit-code';
import { tellingThatItPlans } from '../planning';
import { type Planned, plannedJson, printOperation, printPlan, printProblems } from '../print';
import { printJson } from '../print-json';
import type { Shell } from '../shell';
import type { Course } from '../summary/course';
import { type Confirmation, refusalsOf } from './refusal';

/** How a change is carried out. */
export interface ChangeOptions extends Confirmation {
  /** Seconds. */
  readonly lockWait: number;
}

/** Something that is to be done to a stack. */
export interface Change {
  readonly stack: string;
  readonly world: World;
  /** Looks at the world; called again when the plan was overtaken while it waited for the lock. */
  readonly make: (signal: AbortSignal) => Promise<Preview>;
  /** Fails with what forbids the change though it could be planned: type errors. */
  readonly holds?: Promise<void>;
  /** Told with the plan. */
  readonly warnings?: readonly Problem[];
  /** Undefined: it was reviewed already. */
  readonly question?: Question;
  /** Is told what becomes of it. */
  readonly course: Course;
}

/** Asks for a plan that can be undone by another. */
export const applyQuestion: Question = {
  text: 'Apply this plan? [y/N] ',
  isYes: (answer) => /^y(es)?$/i.test(answer),
};

/** Carries a change out; gives the exit code. */
export async function carryOut(change: Change, options: ChangeOptions, shell: Shell): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const { code, isStale, said } = await tryOnce(change, options, shell);
    // Who waits in line for the lock and has not asked to see the plan wants it made anew when its turn has come.
    if (!isStale || !change.question || !options.yes || options.lockWait === 0 || attempt === mostAttempts) {
      if (said && options.output === 'json') printJson({ ...plannedJson(said), result: said.result }, options.output, shell);
      return code;
    }
    shell.stderr.write(`\nAnother run has changed ${change.stack} meanwhile: planning again.\n\n`);
  }
}

const mostAttempts = 5;

interface Outcome {
  readonly code: number;
  /** The plan no longer fitted when its turn had come; nothing was changed by it. */
  readonly isStale?: boolean;
  /** What there is to say at the end, for scripts. */
  readonly said?: Said;
}

/** The one document of `--output json`. */
interface Said extends Planned {
  readonly result: OperationResult;
}

async function tryOnce(change: Change, options: ChangeOptions, shell: Shell): Promise<Outcome> {
  const stop = new AbortController();
  const unhear = shell.onInterrupt(() => stop.abort());
  try {
    const making = change.make(stop.signal);
    // Asked for later: it is found out while the plan is made, which is what it has to be the commit of.
    void change.world.commit();
    const [made, found] = await Promise.all([tellingThatItPlans(change.stack, shell, making), problemsIn(change.holds)]);
    const planned = { plan: made.plan, sources: made.request.sources, problems: [...(change.warnings ?? []), ...found, ...made.problems] };
    change.course.planned(planned);
    if (!isPossible(planned)) {
      await made.close();
      // What a reviewed plan would be by now is not what was asked.
      if (planned.plan && change.question) printPlan({ ...planned, plan: planned.plan }, options.output, shell);
      else printProblems(planned.problems, options.output, shell);
      return { code: exitCodeOf(planned.problems) || exitCodes.error };
    }
    const end = await endBefore(change, { ...planned, made }, options, shell);
    if (end !== undefined) {
      await made.close();
      return { code: end };
    }
    unhear();
    const operation = startApply(made, change.world, { lockWait: options.lockWait });
    change.course.began(operation);
    return await follow(operation, planned, options, shell);
  } finally {
    unhear();
  }
}

/** What a promise fails with, as problems. */
export async function problemsIn(promise: Promise<void> | undefined): Promise<readonly Problem[]> {
  try {
    await promise;
    return [];
  } catch (error) {
    if (isKonfigError(error)) return error.problems;
    throw error;
  }
}

/** There is something that may be done; where all that there is to do cannot be reached, there is not. */
function isPossible(planned: Omit<Planned, 'plan'> & { readonly plan: Plan | undefined }): planned is Planned {
  const { plan, problems } = planned;
  if (!plan || problems.some(isError)) return false;
  const isBlocked = plan.steps.some((step) => step.action === 'skip');
  return !isBlocked || plan.steps.some((step) => step.action !== 'skip' && step.action !== 'keep');
}

interface Made extends Planned {
  readonly made: Preview;
}

/** Shows the plan and asks; the exit code where it ends there, undefined when it may go on. */
async function endBefore(change: Change, { made, ...planned }: Made, options: ChangeOptions, shell: Shell): Promise<number | undefined> {
  const isSettled = isEmpty(planned.plan) && (await lastSucceeded(made));
  if (isEmpty(planned.plan) && !isSettled && options.output === 'text')
    shell.stdout.write('Nothing to change, but not all of it was up at the end of the last release: looking again.\n');
  else if (options.output === 'text' || isSettled) printPlan(planned, options.output, shell);
  if (isSettled) return exitCodes.done;
  if (!change.question) return undefined;
  const refusals = refusalsOf(planned.problems, options, shell);
  if (refusals.length > 0) {
    change.course.planned({ ...planned, problems: [...planned.problems, ...refusals] });
    return refuse(refusals, planned, options, shell);
  }
  if (options.yes) return undefined;
  return ask(withLosses(change.question, planned.plan), shell);
}

/** For scripts the plan was not told yet. */
function refuse(refusals: readonly Problem[], planned: Planned, { output }: ChangeOptions, shell: Shell): number {
  if (output === 'text') for (const { message, hint } of refusals) shell.stderr.write(`${message} ${hint}\n`);
  else printPlan({ ...planned, problems: [...planned.problems, ...refusals] }, output, shell);
  return exitCodes.error;
}

/** An empty plan still has work left when the last run did not see everything up. */
async function lastSucceeded({ session, plan }: Preview): Promise<boolean> {
  if (!session?.record || !plan) return true;
  try {
    const last = await session.store.readRelease(plan.stack, session.record.lastRelease);
    return last?.phase === 'succeeded';
  } catch (error) {
    // Whether it did cannot be known: looking again is what tells.
    if (isDamage(error)) return false;
    throw error;
  }
}

/** First ^C: start nothing new, finish what is in flight. Second: leave at once; the next run goes on from the record. */
async function follow(operation: Operation, planned: Planned, { output }: ChangeOptions, shell: Shell): Promise<Outcome> {
  let interrupts = 0;
  const unhear = shell.onInterrupt(() => {
    interrupts++;
    if (interrupts === 1) operation.cancel();
    else process.exit(exitCodes.cancelled);
  });
  try {
    const result = await printOperation(operation, planned, output, shell);
    const isStale = result.problems.some((problem) => problem.code === 'PLAN_STALE');
    return { code: codeOf(result), isStale, said: { ...planned, result } };
  } finally {
    unhear();
  }
}

function codeOf({ phase }: OperationResult): number {
  return { succeeded: exitCodes.done, cancelled: exitCodes.cancelled, failed: exitCodes.error }[phase];
}
