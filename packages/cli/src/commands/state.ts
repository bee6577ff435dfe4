// konfig state: gives out what is kept of a Terraform stack, and takes one in. A state holds every secret in clear.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { KonfigError, shortId } from '@konfig/core';
import { type PulledState, pullState, pushState, type StateTaken } from '@konfig/engine';
import type { PlaceArguments } from '../arguments/place-options';
import type { OutputArguments, ProgramArguments } from '../arguments/stack-options';
import { ask, unconfirmed } from '../confirm';
import { exitCodes } from '../exit-code';
import { untilInterrupted } from '../interrupt';
import { printProblems } from '../print';
import { printJson } from '../print-json';
import type { Shell } from '../shell';
import { openRecorded } from './open-stack';

export interface StateArguments extends ProgramArguments, OutputArguments, PlaceArguments {
  readonly action: 'pull' | 'push';
  readonly resource: string;
  /** The file of a push. */
  readonly from?: string | undefined;
  readonly out?: string | undefined;
  readonly force: boolean;
  readonly yes: boolean;
  /** Seconds. */
  readonly lockWait: number;
}

export function state(args: StateArguments, shell: Shell): Promise<number> {
  return args.action === 'pull' ? pull(args, shell) : push(args, shell);
}

async function pull(args: StateArguments, shell: Shell): Promise<number> {
  const { stack, resource, out, from } = args;
  if (from !== undefined) throw usage(`${from} is one word too many for a pull.`, `Write it to a file by --out ${from}.`);
  if (out === undefined && shell.stdout.isTTY)
    throw usage(
      'A state holds secrets in clear, and is not written to a terminal.',
      'Name a file, --out FILE, or lead it into another command.',
    );
  const { spec, world } = await openRecorded(stack, shell, args);
  const pulled = await untilInterrupted(shell, (signal) => pullState(spec, resource, world, signal));
  // What is older than it should be is told, and given out all the same.
  if (pulled.problems.length > 0) printProblems(pulled.problems, 'text', shell);
  if (out === undefined) shell.stdout.write(pulled.text);
  else tellPulled(writeNew(out, pulled, shell), pulled, args, shell);
  return exitCodes.done;
}

/** Never over a file that is there: that may be the only copy of another state. */
function writeNew(out: string, { text }: PulledState, { cwd }: Shell): string {
  const file = resolve(cwd, out);
  try {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
    return out;
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw usage(isThere ? `${out} is there already.` : `${out} cannot be written: ${(error as Error).message}.`, 'Name a new file.');
  }
}

function tellPulled(file: string, { id }: PulledState, { stack, output }: StateArguments, shell: Shell): void {
  if (output === 'text') shell.stdout.write(`The state of ${shortId(id)} lies in ${file}, with all its secrets in clear.\n`);
  else printJson({ stack, id, file }, output, shell);
}

async function push(args: StateArguments, shell: Shell): Promise<number> {
  const { stack, resource: name, from: file, force: isForced, lockWait, out } = args;
  if (file === undefined)
    throw usage('The file with the state is missing.', `konfig state push ${stack} ${name} FILE; - is standard input.`);
  if (out !== undefined) throw usage('A push writes no file: --out is for a pull.', 'Leave it out.');
  const text = readState(file, shell);
  const { spec, world } = await openRecorded(stack, shell, args);
  if (!args.yes) {
    const end = await endBefore(args, shell);
    if (end !== undefined) return end;
  }
  const taken = await untilInterrupted(shell, (signal) => pushState(spec, { name, text, file, isForced, lockWait }, world, signal));
  tellTaken(taken, args, shell);
  return exitCodes.done;
}

function readState(file: string, { cwd }: Shell): string {
  try {
    return readFileSync(file === '-' ? 0 : resolve(cwd, file), 'utf8');
  } catch (error) {
    throw usage(`${file} cannot be read: ${(error as Error).message}.`, 'Name a file with a state of Terraform.');
  }
}

/** Asks; the exit code where it ends there. */
async function endBefore({ stack, resource, output, from }: StateArguments, shell: Shell): Promise<number | undefined> {
  if (!shell.ask || output !== 'text' || from === '-') {
    printProblems([unconfirmed('Is it the right state, of the right stack? Then pass --yes.')], output, shell);
    return exitCodes.error;
  }
  const text = `From now on, ${stack} goes by ${from} for ${resource}: what only the present state knows is nobody's then. Take it in? [y/N] `;
  return ask({ text, isYes: (answer) => /^y(es)?$/i.test(answer) }, shell);
}

function tellTaken({ id, before, after, aside }: StateTaken, { stack, output }: StateArguments, shell: Shell): void {
  if (output !== 'text') {
    printJson(
      { stack, id, ...(before ? { before: { ...before } } : {}), after: { ...after }, ...(aside === undefined ? {} : { aside }) },
      output,
      shell,
    );
    return;
  }
  const was = before ? ` It was ${counted(before)}.` : '';
  const lies = aside === undefined ? '' : ` What could not be read lies aside: ${aside}.`;
  shell.stdout.write(
    `The state of ${shortId(id)} is ${counted(after)} now.${was}${lies}\nnext  konfig preview ${stack} shows what it makes of it.\n`,
  );
}

function counted({ serial, resources }: StateTaken['after']): string {
  return `serial ${serial} with ${resources} ${resources === 1 ? 'resource' : 'resources'}`;
}

function usage(message: string, hint: string): KonfigError {
  return new KonfigError({ code: 'USAGE', message, hint });
}
