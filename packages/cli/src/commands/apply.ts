// konfig apply and konfig destroy: preview, ask, do exactly that, watch until it is up. A saved plan was reviewed: nobody is asked again.
import { KonfigError } from '@konfig/core';
import { preview as makePreview, previewSaved } from '@konfig/engine';
import { type FileArguments, type PlaceArguments, placesIn } from '../arguments/place-options';
import type { Several } from '../arguments/several';
import type { ChangeArguments, PlanArguments, TypeCheckArguments } from '../arguments/stack-options';
import { isPlanFile, readPlanFile } from '../plan-file';
import { rootOf } from '../program/monorepo';
import { saidOf } from '../said';
import type { Shell } from '../shell';
import type { Course } from '../summary/course';
import { summedUp } from '../summary/summed-up';
import { applyQuestion, carryOut } from './change';
import { namedStack, openRecorded, openStack } from './open-stack';
import { planOptionsOf } from './plan-options';

export type ApplyArguments = Omit<ChangeArguments, 'stack'> &
  TypeCheckArguments &
  PlanArguments &
  PlaceArguments &
  FileArguments & { readonly stack?: string | undefined };

export function apply(args: ApplyArguments, shell: Shell): Promise<number> {
  return summedUp({ ...args, command: 'apply' }, shell, (course) => applyStack(args, course, shell));
}

async function applyStack(args: ApplyArguments, course: Course, shell: Shell): Promise<number> {
  const stack = namedStack(args.stack);
  if (isPlanFile(stack)) return applyPlanFile(stack, args, course, shell);
  const { spec, sources, world, warnings, typesHold } = await openStack(stack, shell, args);
  const request = { kind: 'apply', spec, sources, options: planOptionsOf(args) } as const;
  const make = (signal: AbortSignal) => makePreview(request, world, signal);
  return carryOut({ stack, world, make, holds: typesHold, warnings, question: applyQuestion, course }, args, shell);
}

async function applyPlanFile(name: string, args: ApplyArguments, course: Course, shell: Shell): Promise<number> {
  refuseOtherWishes(name, args);
  const file = readPlanFile(name, shell);
  const { openWorld } = require('../world') as typeof import('../world');
  const world = openWorld(rootOf(shell.cwd), shell.env);
  return carryOut({ stack: file.plan.stack, world, make: (signal) => previewSaved(file, world, signal), course }, args, shell);
}

/** A plan was made with its options, for its targets; others would make another plan. */
function refuseOtherWishes(name: string, args: ApplyArguments): void {
  const { adopt, replace, target, acceptState, file } = args;
  const options = { '--adopt': adopt, '--replace': replace, '--target': target, '--accept-state': acceptState };
  const wrong = saidOf({ ...options, '--file': file, ...placesIn(args) });
  if (wrong.length === 0) return;
  throw new KonfigError({
    code: 'USAGE',
    message: `${name} is a plan that was made already: ${wrong.join(' and ')} cannot change it.`,
    hint: 'Preview with these options, keep that plan with -o, and apply it.',
  });
}

export interface DestroyArguments extends ChangeArguments, PlaceArguments {
  readonly target?: Several;
}

/** Needs nothing of what the program says but its targets: a type error is no reason to keep what it made. */
export function destroy(args: DestroyArguments, shell: Shell): Promise<number> {
  return summedUp({ ...args, command: 'destroy' }, shell, (course) => destroyStack(args, course, shell));
}

async function destroyStack(args: DestroyArguments, course: Course, shell: Shell): Promise<number> {
  const { stack } = args;
  const { spec, world } = await openRecorded(stack, shell, args);
  const request = { kind: 'destroy', spec, sources: {}, options: planOptionsOf(args) } as const;
  const question = { text: `Destroy ${stack}? Type its name to confirm: `, isYes: (answer: string) => answer === stack };
  return carryOut({ stack, world, make: (signal) => makePreview(request, world, signal), question, course }, args, shell);
}
