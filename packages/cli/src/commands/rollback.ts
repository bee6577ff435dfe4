// konfig rollback: the Spec of an older release, previewed and applied like any other.
import { preview as makePreview, rollbackRequest } from '@konfig/engine';
import type { PlaceArguments } from '../arguments/place-options';
import type { ChangeArguments } from '../arguments/stack-options';
import { untilInterrupted } from '../interrupt';
import type { Shell } from '../shell';
import type { Course } from '../summary/course';
import { summedUp } from '../summary/summed-up';
import { applyQuestion, carryOut } from './change';
import { openRecorded } from './open-stack';

export interface RollbackArguments extends ChangeArguments, PlaceArguments {
  readonly release?: number | undefined;
}

export function rollback(args: RollbackArguments, shell: Shell): Promise<number> {
  return summedUp({ ...args, command: 'rollback' }, shell, (course) => rollBack(args, course, shell));
}

async function rollBack(args: RollbackArguments, course: Course, shell: Shell): Promise<number> {
  const { stack, release, includeData } = args;
  const { spec, world } = await openRecorded(stack, shell, args);
  const wish = { ...(release === undefined ? {} : { to: release }), includeData };
  const request = await untilInterrupted(shell, (signal) => rollbackRequest(spec, wish, world, signal));
  if (args.output === 'text') shell.stdout.write(`Back to release ${request.options?.rollbackTo} of ${stack}:\n\n`);
  return carryOut({ stack, world, make: (signal) => makePreview(request, world, signal), question: applyQuestion, course }, args, shell);
}
