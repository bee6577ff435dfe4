// Every error that a command throws ends here: its problems are printed, never a stack trace of ours.
import { isKonfigError, KonfigError, masked, problemsOf } from '@konfig/core';
import { allCommands } from './arguments/table';
import { exitCodeOf } from './exit-code';
import { printProblems } from './print';
import type { Shell } from './shell';

/** Says what went wrong, in the form that the command line asks for; gives the exit code. */
export function report(error: unknown, argv: readonly string[], shell: Shell): number {
  const problems = problemsOf(error, `konfig ${shownText(argv)}`);
  printProblems(problems, outputOf(argv), shell);
  if (!isKonfigError(error) && shell.env.KONFIG_DEBUG && error instanceof Error) shell.stderr.write(`${error.stack}\n`);
  return exitCodeOf(problems);
}

/** A command line without the addresses of webhooks, which are secrets. */
function shownText(argv: readonly string[]): string {
  return argv.map((word, i) => (argv[i - 1] === '--notify' ? masked : word.replace(/^--notify=.*/s, `--notify=${masked}`))).join(' ');
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

function usageText(message: string, argv: readonly string[]): string {
  const [command] = argv;
  if (message.startsWith('Not enough non-option arguments')) return missingText(message, argv);
  if (message.startsWith('Did you mean')) return `There is no command ${JSON.stringify(command)}. ${message}`;
  const choice = /^Invalid values:\s+Argument: ([\w-]+), Given: (.*), Choices: (.*)$/.exec(message);
  if (choice) return `${optionText(choice[1] as string, argv)} is ${choice[2]}, but must be one of ${choice[3]}.`;
  return message === `Unknown argument: ${command}` ? `There is no command ${JSON.stringify(command)}.` : message;
}

/** `got 1, need at least 2`: which one that is says the usage of the command. */
function missingText(message: string, argv: readonly string[]): string {
  const usage = allCommands().find((one) => argv.includes(one.usage.split(' ')[0] as string))?.usage ?? '';
  const needed = [...usage.matchAll(/<([\w-]+)>/g)].map(([, name]) => name);
  const missing = needed[Number(/got (\d+)/.exec(message)?.[1] ?? 0)] ?? 'stack';
  if (missing === 'stack') return 'The name of a stack is missing: PROJECT/STACK, e.g. shop/dev.';
  return `<${missing}> is missing: konfig ${usage}.`;
}

/** An option as it is typed; a positional by its name. */
function optionText(name: string, argv: readonly string[]): string {
  return argv.some((word) => word === `--${name}` || word.startsWith(`--${name}=`)) ? `--${name}` : `<${name}>`;
}
