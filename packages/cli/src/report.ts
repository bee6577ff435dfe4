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

/** What yargs found wrong with the command line. It says some things in several lines, and does not name a command that is not there. */
export function usageError(message: string, argv: readonly string[]): KonfigError {
  return new KonfigError({
    code: 'USAGE',
    message: usageText(message.trim().replace(/\n+/g, ' '), argv),
    hint: 'See konfig --help, or konfig COMMAND --help.',
  });
}

function usageText(message: string, [command]: readonly string[]): string {
  if (message.startsWith('Not enough non-option arguments')) return 'The name of a stack is missing: PROJECT/STACK, e.g. shop/dev.';
  if (message.startsWith('Did you mean')) return `There is no command ${JSON.stringify(command)}. ${message}`;
  return message === `Unknown argument: ${command}` ? `There is no command ${JSON.stringify(command)}.` : message;
}
