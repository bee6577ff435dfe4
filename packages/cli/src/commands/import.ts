// konfig import: the next apply of a stack, with something of a Terraform stack taken over from the world.
import { preview as makePreview } from '@konfig/engine';
import type { ChangeArguments, TypeCheckArguments } from '../arguments/stack-options';
import type { Shell } from '../shell';
import { applyQuestion, carryOut } from './change';
import { openStack } from './open-stack';

export interface ImportArguments extends ChangeArguments, TypeCheckArguments {
  readonly part: string;
  readonly id: string;
  readonly in?: string | undefined;
}

export async function importPart(args: ImportArguments, shell: Shell): Promise<number> {
  const { stack, part, id, in: resource } = args;
  const { spec, sources, world, warnings, typesHold } = await openStack(stack, shell, args);
  const imports = [{ part, id, ...(resource === undefined ? {} : { resource }) }];
  const request = { kind: 'apply', spec, sources, options: { imports } } as const;
  const make = (signal: AbortSignal) => makePreview(request, world, signal);
  return carryOut({ stack, world, make, holds: typesHold, warnings, question: applyQuestion }, args, shell);
}
