// konfig status and konfig history: how a stack is, and what was done to it. Both only read.
import { history as readHistory, status as readStatus } from '@konfig/engine';
import type { PlaceArguments } from '../arguments/place-options';
import type { OutputArguments, ProgramArguments } from '../arguments/stack-options';
import { exitCodeOf, exitCodes } from '../exit-code';
import { untilInterrupted } from '../interrupt';
import { printHistory, printProblems, printStatus } from '../print';
import { printJson } from '../print-json';
import type { Shell } from '../shell';
import { openRecorded } from './open-stack';
import type { StatusArguments } from './status-watch';

type HistoryArguments = ProgramArguments & OutputArguments & PlaceArguments;

export async function status(args: StatusArguments, shell: Shell): Promise<number> {
  if (args.watch) return (require('./status-watch') as typeof import('./status-watch')).watch(args, shell);
  const { spec, world } = await openRecorded(args.stack, shell, args);
  const found = await untilInterrupted(shell, (signal) => readStatus(spec, world, signal));
  if (args.output === 'text') printStatus(found, shell);
  else printJson(found, args.output, shell);
  if (args.output === 'text' && found.problems.length > 0) printProblems(found.problems, args.output, shell);
  return exitCodes.done;
}

export async function history(args: HistoryArguments, shell: Shell): Promise<number> {
  const { spec, world } = await openRecorded(args.stack, shell, args);
  const { releases, problems } = await untilInterrupted(shell, (signal) => readHistory(spec, world, signal));
  if (args.output !== 'text') printJson(releases, args.output, shell);
  // «No releases yet» would be a lie where none can be read.
  else if (releases.length > 0 || problems.length === 0) printHistory(args.stack, releases, shell);
  // What can be read stands for itself; what cannot goes to standard error, and a script hears of it by the exit code.
  if (problems.length > 0) printProblems(problems, 'text', shell);
  return exitCodeOf(problems);
}
