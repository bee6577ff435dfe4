// konfig apply and konfig destroy: preview, ask, do exactly that, watch until it is up.
import { isEmpty, isError } from '@konfig/core';
import { preview as makePreview, type Operation, type Preview, apply as startApply } from '@konfig/engine';
import { exitCodeOf, exitCodes } from '../exit-code';
import { printOperation, printPlan, printProblems } from '../print';
import type { Shell } from '../shell';
import { openStack } from './open-stack';
import { problemsIn } from './preview';
import type { StackArguments } from './stack-options';

export interface ApplyArguments extends StackArguments {
  readonly yes: boolean;
  readonly lockWait: number;
  readonly adopt: boolean;
}

export const apply = (args: ApplyArguments, shell: Shell): Promise<number> => run('apply', args, shell);

export const destroy = (args: ApplyArguments, shell: Shell): Promise<number> => run('destroy', args, shell);

async function run(kind: 'apply' | 'destroy', args: ApplyArguments, shell: Shell): Promise<number> {
  const { spec, sources, world, typesHold } = await openStack(args.stack, shell, args);
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
      if (plan && args.output === 'text') printPlan(plan, sources, problems, args.output, shell);
      else printProblems(problems, args.output, shell);
      return exitCodeOf(problems);
    }
    if (args.output === 'text') printPlan(plan, sources, problems, args.output, shell);
    if (isEmpty(plan) && (await isSettled(made))) {
      await made.close();
      if (args.output !== 'text') printPlan(plan, sources, problems, args.output, shell);
      return exitCodes.done;
    }
    const refusal = await refused(kind, args, shell);
    if (refusal !== undefined) {
      await made.close();
      shell.stderr.write(refusal);
      return exitCodes.error;
    }
    unhear();
    const operation = startApply(made, world, { lockWait: args.lockWait });
    return await follow(operation, args, shell, sources);
  } finally {
    unhear();
  }
}

/** An empty plan still has work left when the last run did not see everything up. */
async function isSettled(made: Preview): Promise<boolean> {
  const { session, plan } = made;
  if (!session?.record || !plan) return true;
  const last = await session.store.readRelease(plan.stack, session.record.lastRelease);
  return last?.phase === 'succeeded';
}

/** Undefined when it may go on. */
async function refused(kind: 'apply' | 'destroy', args: ApplyArguments, shell: Shell): Promise<string | undefined> {
  if (args.yes) return undefined;
  if (!shell.ask || args.output !== 'text') return `Nothing was changed: nobody is here to confirm. Look at the plan, then pass --yes.\n`;
  const answer = await shell.ask(kind === 'apply' ? 'Apply this plan? [y/N] ' : `Destroy ${args.stack}? Type its name to confirm: `);
  const isYes = kind === 'apply' ? /^y(es)?$/i.test(answer.trim()) : answer.trim() === args.stack;
  return isYes ? undefined : 'Nothing was changed.\n';
}

/** First ^C: start nothing new, finish what is in flight. Second: leave at once; the next run goes on from the record. */
async function follow(operation: Operation, args: ApplyArguments, shell: Shell, sources: Preview['request']['sources']): Promise<number> {
  let interrupts = 0;
  const unhear = shell.onInterrupt(() => {
    interrupts++;
    if (interrupts === 1) operation.cancel();
    else process.exit(exitCodes.cancelled);
  });
  try {
    const result = await printOperation(operation, sources, args.output, shell);
    if (result.phase === 'cancelled') return exitCodes.cancelled;
    return result.phase === 'succeeded'
      ? exitCodes.done
      : Math.max(exitCodes.error, exitCodeOf(result.problems) === exitCodes.cancelled ? exitCodes.cancelled : exitCodes.error);
  } finally {
    unhear();
  }
}
