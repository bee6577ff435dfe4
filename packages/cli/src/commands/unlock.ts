// konfig unlock: takes the lock from a run that still holds it. A run whose process has ended needs no unlock.
import type { Holder, Json } from '@konfig/core';
import { holderOf, unlock as takeAway } from '@konfig/engine';
import type { PlaceArguments } from '../arguments/place-options';
import type { OutputArguments, ProgramArguments } from '../arguments/stack-options';
import { ask, unconfirmed } from '../confirm';
import { exitCodes } from '../exit-code';
import { untilInterrupted } from '../interrupt';
import { printProblems } from '../print';
import { printJson } from '../print-json';
import type { Shell } from '../shell';
import { openRecorded } from './open-stack';

export interface UnlockArguments extends ProgramArguments, OutputArguments, PlaceArguments {
  readonly yes: boolean;
}

export async function unlock(args: UnlockArguments, shell: Shell): Promise<number> {
  const { spec, world } = await openRecorded(args.stack, shell, args);
  const holder = await untilInterrupted(shell, (signal) => holderOf(spec, world, signal));
  if (!holder) {
    tell({ stack: args.stack, unlocked: false }, `Nobody holds the lock of ${args.stack}.`, args, shell);
    return exitCodes.done;
  }
  if (args.output === 'text') shell.stdout.write(`${args.stack} is locked by ${holder.who} since ${holder.since}.\n`);
  if (!args.yes) {
    const end = await endBefore(args, shell);
    if (end !== undefined) return end;
  }
  await untilInterrupted(shell, (signal) => takeAway(spec, holder, world, signal));
  const told = `Unlocked. The run of ${holder.who} can write nothing more, and stops when it notices; look with konfig status ${args.stack}.`;
  tell({ stack: args.stack, unlocked: true, holder: shown(holder) }, told, args, shell);
  return exitCodes.done;
}

/** Asks; the exit code where it ends there. */
async function endBefore({ stack, output }: UnlockArguments, shell: Shell): Promise<number | undefined> {
  if (!shell.ask || output !== 'text') {
    printProblems([unconfirmed('Is that run surely stuck? Then pass --yes.')], output, shell);
    return exitCodes.error;
  }
  const text = `Is that run surely stuck? Take its lock away: type ${stack} to confirm: `;
  return ask({ text, isYes: (answer) => answer === stack }, shell);
}

function tell(found: Json, text: string, { output }: OutputArguments, shell: Shell): void {
  if (output === 'text') shell.stdout.write(`${text}\n`);
  else printJson(found, output, shell);
}

function shown({ run, who, since }: Holder): Json {
  return { run, who, since };
}
