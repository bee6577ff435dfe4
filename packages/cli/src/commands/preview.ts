// konfig preview: what an apply would do. Changes nothing.
import { isEmpty, isError, isKonfigError, type Problem } from '@konfig/core';
import { preview as makePreview } from '@konfig/engine';
import type { OutputArguments, ProgramArguments, TypeCheckArguments } from '../arguments/stack-options';
import { exitCodeOf, exitCodes } from '../exit-code';
import { printPlan, printProblems } from '../print';
import type { Shell } from '../shell';
import { openStack } from './open-stack';

export interface PreviewArguments extends ProgramArguments, OutputArguments, TypeCheckArguments {
  readonly exitCode: boolean;
  readonly adopt: boolean;
  readonly destroy: boolean;
}

export async function preview(args: PreviewArguments, shell: Shell): Promise<number> {
  const { spec, sources, world, typesHold } = await openStack(args.stack, shell, args);
  const stop = new AbortController();
  const unhear = shell.onInterrupt(() => stop.abort());
  try {
    const request = { kind: args.destroy ? 'destroy' : 'apply', spec, sources, options: { adopt: args.adopt } } as const;
    const [made, typeProblems] = await Promise.all([makePreview(request, world, stop.signal), problemsIn(typesHold)]);
    await made.close();
    const problems = [...typeProblems, ...made.problems];
    if (made.plan) printPlan(made.plan, sources, problems, args.output, shell);
    else printProblems(problems, args.output, shell);
    if (problems.some(isError)) return exitCodeOf(problems);
    return args.exitCode && made.plan && !isEmpty(made.plan) ? exitCodes.pending : exitCodes.done;
  } finally {
    unhear();
  }
}

/** What a promise fails with, as problems. */
export function problemsIn(promise: Promise<void>): Promise<readonly Problem[]> {
  return promise.then(
    () => [],
    (error) => {
      if (isKonfigError(error)) return error.problems;
      throw error;
    },
  );
}
