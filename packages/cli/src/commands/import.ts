// konfig import: the next apply of a stack, with something of a Terraform stack taken over from the world.
import { type Import, KonfigError } from '@konfig/core';
import { preview as makePreview } from '@konfig/engine';
import type { ChangeArguments, StateArguments, TypeCheckArguments } from '../arguments/stack-options';
import type { Shell } from '../shell';
import type { Course } from '../summary/course';
import { summedUp } from '../summary/summed-up';
import { applyQuestion, carryOut } from './change';
import { openStack } from './open-stack';
import { planOptionsOf } from './plan-options';

export interface ImportArguments extends ChangeArguments, StateArguments, TypeCheckArguments {
  readonly part: string;
  readonly id: string;
  /** Further parts, each with its id behind it. */
  readonly more?: readonly string[] | undefined;
  readonly in?: string | undefined;
}

export function importPart(args: ImportArguments, shell: Shell): Promise<number> {
  return summedUp({ ...args, command: 'import' }, shell, (course) => importInto(args, course, shell));
}

async function importInto(args: ImportArguments, course: Course, shell: Shell): Promise<number> {
  const { stack } = args;
  const imports = importsOf(args);
  const { spec, sources, world, warnings, typesHold } = await openStack(stack, shell, args);
  const request = { kind: 'apply', spec, sources, options: { ...planOptionsOf({ acceptState: args.acceptState }), imports } } as const;
  const make = (signal: AbortSignal) => makePreview(request, world, signal);
  return carryOut({ stack, world, make, holds: typesHold, warnings, question: applyQuestion, course }, args, shell);
}

/** What the command line names, by pairs. */
export function importsOf({ part, id, more = [], in: resource }: Pick<ImportArguments, 'part' | 'id' | 'more' | 'in'>): readonly Import[] {
  const words = [part, id, ...more];
  if (words.length % 2 === 1)
    throw new KonfigError({ code: 'USAGE', message: `${words.at(-1)} has no id behind it.`, hint: 'Name pairs: ADDRESS ID ADDRESS ID …' });
  return words.flatMap((word, i) =>
    i % 2 === 1 ? [] : [{ part: word, id: words[i + 1] as string, ...(resource === undefined ? {} : { resource }) }],
  );
}
