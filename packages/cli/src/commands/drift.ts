// konfig drift: what is no longer as the last release left it. Changes nothing.
import { isError } from '@konfig/core';
import { drift as findDrift } from '@konfig/engine';
import type { PlaceArguments } from '../arguments/place-options';
import type { OutputArguments, ProgramArguments } from '../arguments/stack-options';
import { exitCodeOf, exitCodes } from '../exit-code';
import { untilInterrupted } from '../interrupt';
import { printProblems, styleOf, widthOf } from '../print';
import { printJson } from '../print-json';
import { driftText } from '../render/drift-text';
import type { Shell } from '../shell';
import { openRecorded } from './open-stack';

export interface DriftArguments extends ProgramArguments, OutputArguments, PlaceArguments {
  readonly exitCode: boolean;
}

export async function drift(args: DriftArguments, shell: Shell): Promise<number> {
  const { spec, world } = await openRecorded(args.stack, shell, args);
  const found = await untilInterrupted(shell, (signal) => findDrift(spec, world, signal));
  const { problems } = found;
  if (args.output !== 'text') printJson(found, args.output, shell);
  else {
    const errors = problems.filter(isError);
    // «No drift» would be a lie beside an error; of the targets that could be reached something can be said.
    if (found.drifted.length > 0 || errors.length === 0)
      shell.stdout.write(driftText(found, { ...styleOf(shell), width: widthOf(shell), now: Date.now() }));
    else if (errors.every((problem) => problem.code === 'TARGET_UNREACHABLE'))
      shell.stdout.write(`What could be looked at of ${args.stack} is as it was released.\n`);
    if (problems.length > 0) printProblems(problems, args.output, shell);
  }
  if (problems.some(isError)) return exitCodeOf(problems);
  return args.exitCode && found.drifted.length > 0 ? exitCodes.pending : exitCodes.done;
}
