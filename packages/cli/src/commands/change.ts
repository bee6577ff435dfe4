// What changes the world, whatever asked for it: show the plan, ask, do exactly that, watch until it is up.
import { isDamage, isEmpty, isError, isKonfigError, type OperationResult, type Plan, type Problem } from '@konfig/core';
import { type Operation, type Preview, apply as startApply, type World } from '@konfig/engine';
import type { OutputArguments } from '../arguments/stack-options';
import { exitCodeOf, exitCodes } from '../exit-code';
import { type Planned, printOperation, printPlan, printProblems } from '../print';
import type { Shell } from '../shell';

/** How a change is carried out. */
export interface ChangeOptions extends OutputArguments {
  readonly yes: boolean;
  /** Seconds. */
  readonly lockWait: number;
  /** With `yes`: also when most of the stack would be deleted. */
  readonly allowMassDelete: boolean;
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
  /** The question, and the answer that means yes. Undefined: it was reviewed already. */
  readonly question?: { readonly text: string; readonly isYes: (answer: string) => boolean };
}

/** Asks for a plan that can be undone by another. */
export const applyQuestion: NonNullable<Change['question']> = {
  text: 'Apply this plan? [y/N] ',
  isYes: (answer) => /^y(es)?$/i.test(answer),
};

/** Carries a change out; gives the exit code. */
export async function carryOut(change: Change, options: ChangeOptions, shell: Shell): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const { code, isStale } = await tryOnce(change, options, shell);
    // Who waits in line for the lock and has not asked to see the plan wants it made anew when its turn has come.
    if (!isStale || !change.question || !options.yes || options.lockWait === 0 || attempt === mostAttempts) return code;
    shell.stderr.write(`\nAnother run has changed ${change.stack} meanwhile: planning again.\n\n`);
  }
}

const mostAttempts = 5;

interface Outcome {
  readonly code: number;
  /** The plan no longer fitted when its turn had come; nothing was changed by it. */
  readonly isStale?: boolean;
}

async function tryOnce(change: Change, options: ChangeOptions, shell: Shell): Promise<Outcome> {
  const stop = new AbortController();
  const unhear = shell.onInterrupt(() => stop.abort());
  try {
    const [made, found] = await Promise.all([change.make(stop.signal), problemsIn(change.holds)]);
    const planned = { plan: made.plan, sources: made.request.sources, problems: [...(change.warnings ?? []), ...found, ...made.problems] };
    if (!isPossible(planned)) {
      await made.close();
      // What a reviewed plan would be by now is not what was asked.
      if (planned.plan && change.question) printPlan({ ...planned, plan: planned.plan }, options.output, shell);
      else printProblems(planned.problems, options.output, shell);
      return { code: exitCodeOf(planned.problems) || exitCodes.error };
    }
    const refusal = await refused(change, { ...planned, made }, options, shell);
    if (refusal) {
      await made.close();
      shell.stderr.write(refusal.text);
      return { code: refusal.code };
    }
    unhear();
    return await follow(startApply(made, change.world, { lockWait: options.lockWait }), planned, options, shell);
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

interface Refusal {
  readonly text: string;
  readonly code: number;
}

interface Made extends Planned {
  readonly made: Preview;
}

/** Shows the plan and asks; undefined when it may go on. */
async function refused(
  change: Change,
  { made, plan, sources, problems }: Made,
  options: ChangeOptions,
  shell: Shell,
): Promise<Refusal | undefined> {
  const isSettled = isEmpty(plan) && (await lastSucceeded(made));
  if (isEmpty(plan) && !isSettled && options.output === 'text')
    shell.stdout.write('Nothing to change, but not all of it was up at the end of the last release: looking again.\n');
  else if (options.output === 'text' || isSettled) printPlan({ plan, sources, problems }, options.output, shell);
  if (isSettled) return { text: '', code: exitCodes.done };
  if (!change.question) return undefined;
  if (options.yes && isMassDelete(problems) && !options.allowMassDelete) {
    if (options.output !== 'text')
      printPlan({ plan, sources, problems: [...problems, { ...unconfirmed, message: massDelete.text.trim() }] }, options.output, shell);
    return options.output === 'text' ? massDelete : { text: '', code: massDelete.code };
  }
  if (options.yes) return undefined;
  if (options.output !== 'text') {
    printPlan({ plan, sources, problems: [...problems, unconfirmed] }, options.output, shell);
    return { text: '', code: exitCodes.error };
  }
  if (!shell.ask) return nobodyHere;
  const answer = await shell.ask(change.question.text);
  if (answer === undefined) return { text: '\nNothing was changed.\n', code: exitCodes.cancelled };
  return change.question.isYes(answer.trim()) ? undefined : { text: 'Nothing was changed.\n', code: exitCodes.error };
}

const unconfirmed: Problem = {
  code: 'USAGE',
  message: 'Nothing was changed: nobody is here to confirm.',
  hint: 'Look at the plan, then pass --yes.',
};

const nobodyHere: Refusal = {
  text: 'Nothing was changed: nobody is here to confirm. Look at the plan, then pass --yes.\n',
  code: exitCodes.error,
};

const massDelete: Refusal = {
  text: 'Nothing was changed: --yes alone deletes neither most of a stack nor what is not of it. If it is meant, add --allow-mass-delete.\n',
  code: exitCodes.error,
};

/** Most of the stack, or what is not of the stack at all. */
function isMassDelete(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.code === 'PLAN_RISKY' || problem.code === 'RESOURCE_HOLDS_OTHERS');
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
    return { code: codeOf(result), isStale };
  } finally {
    unhear();
  }
}

function codeOf(result: OperationResult): number {
  const codes = { succeeded: exitCodes.done, cancelled: exitCodes.cancelled, failed: exitCodes.error };
  const isCancelled = result.problems.some((problem) => problem.code === 'CANCELLED');
  return isCancelled ? exitCodes.cancelled : codes[result.phase];
}
