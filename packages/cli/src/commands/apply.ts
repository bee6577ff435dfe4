// konfig apply and konfig destroy: preview, ask, do exactly that, watch until it is up.
import { isEmpty, isError, type OperationResult } from '@konfig/core';
import { preview as makePreview, type Operation, type Preview, apply as startApply } from '@konfig/engine';
import type { ChangeArguments } from '../arguments/stack-options';
import { exitCodeOf, exitCodes } from '../exit-code';
import { type Planned, printOperation, printPlan, printProblems } from '../print';
import type { Shell } from '../shell';
import { type OpenStack, openStack } from './open-stack';
import { problemsIn } from './preview';

export interface ApplyArguments extends ChangeArguments {
  readonly adopt: boolean;
}

export const apply = (args: ApplyArguments, shell: Shell): Promise<number> => run('apply', args, shell);

export const destroy = (args: ApplyArguments, shell: Shell): Promise<number> => run('destroy', args, shell);

async function run(kind: 'apply' | 'destroy', args: ApplyArguments, shell: Shell): Promise<number> {
  const opened = await openStack(args.stack, shell, args);
  for (let attempt = 1; ; attempt++) {
    const { code, isStale } = await runOnce(kind, args, shell, opened);
    // Who waits in line for the lock and has not asked to see the plan wants it made anew when its turn has come.
    if (!isStale || !args.yes || args.lockWait === 0 || attempt === mostAttempts) return code;
    shell.stderr.write(`\nAnother run has changed ${args.stack} meanwhile: planning again.\n\n`);
  }
}

const mostAttempts = 5;

interface Outcome {
  readonly code: number;
  /** The plan no longer fitted when its turn had come; nothing was changed by it. */
  readonly isStale?: boolean;
}

async function runOnce(kind: 'apply' | 'destroy', args: ApplyArguments, shell: Shell, opened: OpenStack): Promise<Outcome> {
  const { spec, sources, world, typesHold } = opened;
  const stop = new AbortController();
  const unhear = shell.onInterrupt(() => stop.abort());
  try {
    const [made, typeProblems] = await Promise.all([
      makePreview({ kind, spec, sources, options: { adopt: args.adopt } }, world, stop.signal),
      problemsIn(typesHold),
    ]);
    const problems = [...typeProblems, ...made.problems];
    const { plan } = made;
    if (!plan || problems.some(isError)) {
      await made.close();
      if (plan) printPlan(plan, sources, problems, args.output, shell);
      else printProblems(problems, args.output, shell);
      return { code: exitCodeOf(problems) };
    }
    const isSettled = isEmpty(plan) && (await lastSucceeded(made));
    if (isEmpty(plan) && !isSettled && args.output === 'text')
      shell.stdout.write('Nothing to change, but not all of it was up at the end of the last release: looking again.\n');
    else if (args.output === 'text' || isSettled) printPlan(plan, sources, problems, args.output, shell);
    const refusal = isSettled ? undefined : await refused(kind, args, shell);
    if (isSettled || refusal) {
      await made.close();
      shell.stderr.write(refusal?.text ?? '');
      return { code: refusal?.code ?? exitCodes.done };
    }
    unhear();
    return await follow(startApply(made, world, { lockWait: args.lockWait }), { plan, problems, sources }, args, shell);
  } finally {
    unhear();
  }
}

/** An empty plan still has work left when the last run did not see everything up. */
async function lastSucceeded(made: Preview): Promise<boolean> {
  const { session, plan } = made;
  if (!session?.record || !plan) return true;
  const last = await session.store.readRelease(plan.stack, session.record.lastRelease);
  return last?.phase === 'succeeded';
}

/** Undefined when it may go on. */
async function refused(kind: 'apply' | 'destroy', args: ApplyArguments, shell: Shell): Promise<Refusal | undefined> {
  if (args.yes) return undefined;
  if (!shell.ask || args.output !== 'text') {
    return { text: 'Nothing was changed: nobody is here to confirm. Look at the plan, then pass --yes.\n', code: exitCodes.error };
  }
  const answer = await shell.ask(kind === 'apply' ? 'Apply this plan? [y/N] ' : `Destroy ${args.stack}? Type its name to confirm: `);
  if (answer === undefined) return { text: '\nNothing was changed.\n', code: exitCodes.cancelled };
  const isYes = kind === 'apply' ? /^y(es)?$/i.test(answer.trim()) : answer.trim() === args.stack;
  return isYes ? undefined : { text: 'Nothing was changed.\n', code: exitCodes.error };
}

interface Refusal {
  readonly text: string;
  readonly code: number;
}

/** First ^C: start nothing new, finish what is in flight. Second: leave at once; the next run goes on from the record. */
async function follow(operation: Operation, planned: Planned, args: ApplyArguments, shell: Shell): Promise<Outcome> {
  let interrupts = 0;
  const unhear = shell.onInterrupt(() => {
    interrupts++;
    if (interrupts === 1) operation.cancel();
    else process.exit(exitCodes.cancelled);
  });
  try {
    const result = await printOperation(operation, planned, args.output, shell);
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
