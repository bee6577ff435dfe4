// konfig preview: what an apply would do. Changes nothing.
import { isEmpty, isError, stackName } from '@konfig/core';
import { preview as makePreview } from '@konfig/engine';
import type { FileArguments, PlaceArguments } from '../arguments/place-options';
import type { OutputArguments, PlanArguments, ProgramArguments, TypeCheckArguments } from '../arguments/stack-options';
import type { SummaryArguments } from '../arguments/summary-options';
import { exitCodeOf, exitCodes } from '../exit-code';
import { shownSpec } from '../literal-secret';
import { checkPlanName, writePlanFile } from '../plan-file';
import { tellingThatItPlans } from '../planning';
import { printPlan, printProblems } from '../print';
import type { Shell } from '../shell';
import type { Course } from '../summary/course';
import { summedUp } from '../summary/summed-up';
import { problemsIn } from './change';
import { namedStack, type OpenStack, openRecorded, openStack } from './open-stack';
import { planOptionsOf } from './plan-options';

export interface PreviewArguments
  extends Omit<ProgramArguments, 'stack'>,
    OutputArguments,
    TypeCheckArguments,
    PlanArguments,
    PlaceArguments,
    FileArguments,
    SummaryArguments {
  readonly stack?: string | undefined;
  readonly exitCode: boolean;
  readonly verbose: boolean;
  readonly destroy: boolean;
  /** The file to keep the plan in. */
  readonly out?: string | undefined;
}

export function preview(args: PreviewArguments, shell: Shell): Promise<number> {
  return summedUp({ ...args, command: 'preview' }, shell, (course) => previewStack(args, course, shell));
}

async function previewStack(args: PreviewArguments, course: Course, shell: Shell): Promise<number> {
  if (args.out !== undefined) checkPlanName(args.out);
  const { spec, sources, world, warnings, typesHold } = await open(args, shell);
  const stop = new AbortController();
  const unhear = shell.onInterrupt(() => stop.abort());
  try {
    const request = { kind: args.destroy ? 'destroy' : 'apply', spec, sources, options: planOptionsOf(args) } as const;
    const planning = tellingThatItPlans(stackName(spec), shell, makePreview(request, world, stop.signal));
    const [made, typeProblems] = await Promise.all([planning, problemsIn(typesHold)]);
    await made.close();
    const { plan } = made;
    const problems = [...warnings, ...typeProblems, ...made.problems];
    course.planned({ plan, sources, problems });
    if (plan)
      printPlan({ plan, sources, problems, ...(args.verbose ? { whole: shownSpec(spec, made.secrets.mask) } : {}) }, args.output, shell);
    else printProblems(problems, args.output, shell);
    if (plan && args.out !== undefined) keep(args.out, { made, plan, problems, commit: await world.commit() }, { world, shell });
    if (problems.some(isError)) return exitCodeOf(problems);
    return args.exitCode && plan && !isEmpty(plan) ? exitCodes.pending : exitCodes.done;
  } finally {
    unhear();
  }
}

/** A destroy needs no program, as konfig destroy does not. */
async function open(args: PreviewArguments, shell: Shell): Promise<OpenStack> {
  const stack = namedStack(args.stack);
  if (!args.destroy) return openStack(stack, shell, args);
  return { ...(await openRecorded(stack, shell, args)), sources: {}, warnings: [], typesHold: Promise.resolve() };
}

/** On standard error: what is on standard output may be for a script. */
function keep(file: string, shown: Parameters<typeof writePlanFile>[1], where: Parameters<typeof writePlanFile>[2]): void {
  const isKept = writePlanFile(file, shown, where);
  const text = isKept
    ? `Kept in ${file}: konfig apply ${file} does exactly this, or nothing.\n`
    : `Not kept in ${file}: a plan with errors cannot be applied.\n`;
  where.shell.stderr.write(`\n${text}`);
}
