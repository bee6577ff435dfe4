// Options that say who is told of a run when it is over.
import type { Argv } from 'yargs';
import type { Several } from './several';

export interface SummaryArguments {
  /** Files. */
  readonly summary?: Several;
}

const group = 'Who is told in the end:';

/** Of every command that plans or changes a stack. */
export function summaryOption<T>(args: Argv<T>): Argv<T & SummaryArguments> {
  return args.option('summary', {
    type: 'string',
    requiresArg: true,
    group,
    describe: 'A file for a summary: .md is Markdown, .xml JUnit, .json JSON; to any other Markdown is appended',
  }) as unknown as Argv<T & SummaryArguments>;
}

export interface NotifyArguments extends SummaryArguments {
  /** Addresses that hold secrets. */
  readonly notify?: Several;
}

/** Of every command that changes a stack. */
export function notifyOptions<T>(args: Argv<T>): Argv<T & NotifyArguments> {
  return summaryOption(args).option('notify', {
    type: 'string',
    requiresArg: true,
    group,
    describe: 'A webhook that a summary is posted to; better in KONFIG_NOTIFY, where nobody sees it',
  }) as unknown as Argv<T & NotifyArguments>;
}
