// One command as the command line knows it: its usage, what it takes, and what runs it, which is loaded only then; not by import(), since the machinery of
// ES modules takes 20 ms to start.
import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { Shell } from '../shell';
import type { InSeconds } from './durations';

/** A command of the table. Nothing heavy may be imported by the module that holds one: `konfig --help` loads them all. */
export interface Command {
  /** `apply <stack>` */
  readonly usage: string;
  /** One line for the list of commands, without a full stop. */
  readonly does: string;
  /** Adds what it takes, and examples. */
  readonly takes: (args: Argv) => Argv;
  /** Runs it; gives the exit code. */
  readonly run: (args: object, shell: Shell) => Promise<number>;
}

/** The same, with the types of what it takes carried over to what runs it; durations arrive there in seconds. */
interface TypedCommand<Args> {
  readonly usage: string;
  readonly does: string;
  readonly takes: (args: Argv) => Argv<Args>;
  readonly run: (args: InSeconds<ArgumentsCamelCase<Args>>, shell: Shell) => Promise<number>;
}

/** Here its types are let go of: the table holds commands of all kinds. */
export function command<Args>(given: TypedCommand<Args>): Command {
  return given as unknown as Command;
}
