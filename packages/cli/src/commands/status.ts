// konfig status and konfig history: how a stack is, and what was done to it. Both only read.
import type { Json } from '@konfig/core';
import { history as readHistory, status as readStatus } from '@konfig/engine';
import { exitCodes } from '../exit-code';
import { printHistory, printStatus } from '../print';
import type { Shell } from '../shell';
import { openStack } from './open-stack';
import type { StackArguments } from './stack-options';

export async function status(args: StackArguments, shell: Shell): Promise<number> {
  const { spec, world } = await openStack(args.stack, shell, { ...args, typeCheck: false });
  const found = await readStatus(spec, world, AbortSignal.timeout(60_000));
  if (args.output === 'text') printStatus(found, shell);
  else writeJson(found as unknown as Json, shell);
  return exitCodes.done;
}

export async function history(args: StackArguments, shell: Shell): Promise<number> {
  const { spec, world } = await openStack(args.stack, shell, { ...args, typeCheck: false });
  const releases = await readHistory(spec, world, AbortSignal.timeout(60_000));
  if (args.output === 'text') printHistory(args.stack, releases, shell);
  else writeJson(releases as unknown as Json, shell);
  return exitCodes.done;
}

function writeJson(value: Json, shell: Shell): void {
  shell.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
