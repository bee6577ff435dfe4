// konfig unlock: takes the lock from a run that still holds it. A run whose process has ended needs no unlock.
import type { Holder, Json } from '@konfig/core';
import { holderOf, unlock as takeAway } from '@konfig/engine';
import type { PlaceArguments } from '../arguments/place-options';
import type { OutputArguments, ProgramArguments } from '../arguments/stack-options';
import { exitCodes } from '../exit-code';
import { untilInterrupted } from '../interrupt';
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
    const refusal = await refused(args, shell);
    if (refusal) {
      shell.stderr.write(refusal.text);
      return refusal.code;
    }
  }
  await untilInterrupted(shell, (signal) => takeAway(spec, holder, world, signal));
  const told = `Unlocked. The run of ${holder.who} can write nothing more, and stops when it notices; look with konfig status ${args.stack}.`;
  tell({ stack: args.stack, unlocked: true, holder: shown(holder) }, told, args, shell);
  return exitCodes.done;
}

async function refused(
  { stack, output }: UnlockArguments,
  shell: Shell,
): Promise<{ readonly text: string; readonly code: number } | undefined> {
  if (!shell.ask || output !== 'text')
    return { text: 'Nothing was changed: nobody is here to confirm. Is that run surely stuck? Then pass --yes.\n', code: exitCodes.error };
  const answer = await shell.ask(`Is that run surely stuck? Take its lock away: type ${stack} to confirm: `);
  if (answer === undefined) return { text: '\nNothing was changed.\n', code: exitCodes.cancelled };
  return answer.trim() === stack ? undefined : { text: 'Nothing was changed.\n', code: exitCodes.error };
}

function tell(found: Json, text: string, { output }: OutputArguments, shell: Shell): void {
  if (output === 'text') shell.stdout.write(`${text}\n`);
  else printJson(found, output, shell);
}

function shown({ run, who, since }: Holder): Json {
  return { run, who, since };
}
