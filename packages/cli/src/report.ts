// Every error that a command throws ends here: its problems are printed, never a stack trace of ours.
import { isKonfigError, KonfigError, problemsOf } from '@konfig/core';
import { exitCodeOf } from './exit-code';
import { printProblems } from './print';
import type { Shell } from './shell';

/** Says what went wrong, in the form that the command line asks for; gives the exit code. */
export function report(error: unknown, argv: readonly string[], shell: Shell): number {
  const problems = problemsOf(error, `konfig ${argv.join(' ')}`);
  printProblems(problems, outputOf(argv), shell);
  if (!isKonfigError(error) && shell.env.KONFIG_DEBUG && error instanceof Error) shell.stderr.write(`${error.stack}\n`);
  return exitCodeOf(problems);
}

function outputOf(argv: readonly string[]): 'text' | 'json' | 'ndjson' {
  const text = argv.join(' ');
  if (/--output[ =]json\b/.test(text)) return 'json';
  return /--output[ =]ndjson\b/.test(text) ? 'ndjson' : 'text';
}

/** What yargs found wrong with the command line. It says some things in several lines. */
export function usageError(message: string): KonfigError {
  const said = /^Not enough non-option arguments/.test(message)
    ? 'The name of a stack is missing: PROJECT/STACK, e.g. shop/dev.'
    : message.trim().replace(/\n+/g, ' ');
  return new KonfigError({ code: 'USAGE', message: said, hint: 'See konfig --help, or konfig COMMAND --help.' });
}
