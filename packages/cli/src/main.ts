// The front door: parses arguments, runs one command, sets the exit code. What a command needs is loaded when it is called.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isKonfigError, KonfigError, problemsOf } from '@konfig/core';
import type { Argv } from 'yargs';
import { outputOption, programOptions, typeCheckOption, withSeconds } from './commands/stack-options';
import { exitCodeOf, exitCodes } from './exit-code';
import { printProblems } from './print';
import type { Shell } from './shell';

/** Runs one command line; gives its exit code. */
export async function main(argv: readonly string[], shell: Shell): Promise<number> {
  if (argv.length === 1 && argv[0] === '--version') {
    shell.stdout.write(`${ownVersion()}\n`);
    return exitCodes.done;
  }
  let code: number = exitCodes.done;
  const { default: yargs } = await import('yargs');
  const parser = addCommands(yargs([...argv]), shell, (done) => {
    code = done;
  });
  try {
    await parser.exitProcess(false).parseAsync([...argv], {}, (error, _parsed, output) => {
      // Help and version come this way; errors are thrown too.
      if (output && !error) shell.stdout.write(`${output}\n`);
    });
    return code;
  } catch (error) {
    return report(error, argv, shell);
  }
}

/** Every error that a command throws ends here: its problems are printed, never a stack trace of ours. */
function report(error: unknown, argv: readonly string[], shell: Shell): number {
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

function addCommands(parser: Argv, shell: Shell, done: (code: number) => void): Argv {
  const changeOptions = <T>(args: Argv<T>) =>
    typeCheckOption(outputOption(programOptions(args)))
      .option('yes', { alias: 'y', type: 'boolean', default: false, describe: 'Do not ask' })
      .option('lock-wait', {
        type: 'string',
        default: '0s',
        describe: 'How long to wait for a lock that another run holds',
      });
  return parser
    .scriptName('konfig')
    .usage(
      '$0 COMMAND [PROJECT/STACK]\n\nConfiguration in TypeScript, checked before it leaves the laptop, delivered until it is really up.',
    )
    .command(
      'init [folder]',
      'Make a monorepo with one project',
      (args) => args.positional('folder', { type: 'string', default: '.' }).example('$0 init my-konfig', 'in a new folder'),
      async (args) => done(await (await import('./commands/init.js')).init({ folder: args.folder ?? '.' }, shell)),
    )
    .command(
      'synth <stack>',
      'Write the Spec or the manifests of a stack',
      (args) =>
        typeCheckOption(programOptions(args))
          .option('format', {
            choices: ['manifests', 'spec'] as const,
            default: 'manifests' as const,
            describe: 'Plain YAML, or Spec JSON with its table of source lines',
          })
          .option('to', { type: 'string', describe: 'A folder (manifests, one file an object) or a file (spec); default: standard output' })
          .example('$0 synth shop/dev', 'one stream of YAML')
          .example('$0 synth shop/dev --to out', 'one file an object')
          .example('$0 synth shop/dev --format spec', 'the Spec with the lines that set its fields'),
      async (args) => done(await (await import('./commands/synth.js')).synth(withSeconds(args), shell)),
    )
    .command(
      'preview <stack>',
      'Show what an apply would do; change nothing',
      (args) =>
        typeCheckOption(outputOption(programOptions(args)))
          .option('exit-code', { type: 'boolean', default: false, describe: 'End with 2 when something would change' })
          .option('adopt', {
            type: 'boolean',
            default: false,
            describe: 'Show what taking over resources that somebody else owns would do',
          })
          .option('destroy', { type: 'boolean', default: false, describe: 'Show what konfig destroy would do' })
          .example('$0 preview shop/dev', '')
          .example('$0 preview shop/prod --exit-code --output json', 'in a script'),
      async (args) => done(await (await import('./commands/preview.js')).preview(withSeconds(args), shell)),
    )
    .command(
      'apply <stack>',
      'Preview, ask, apply exactly that, watch until it is up',
      (args) =>
        changeOptions(args)
          .option('adopt', { type: 'boolean', default: false, describe: 'Take over resources that somebody else owns' })
          .example('$0 apply shop/dev', '')
          .example('$0 apply shop/prod --yes', 'in CI')
          .example('$0 apply shop/prod --yes --output ndjson', 'one event a line'),
      async (args) => done(await (await import('./commands/apply.js')).apply(withSeconds(args), shell)),
    )
    .command(
      'status <stack>',
      'How a stack is now',
      (args) => outputOption(programOptions(args)).example('$0 status shop/prod', ''),
      async (args) => done(await (await import('./commands/status.js')).status(withSeconds(args), shell)),
    )
    .command(
      'history <stack>',
      'Its releases, newest first',
      (args) => outputOption(programOptions(args)).example('$0 history shop/prod', ''),
      async (args) => done(await (await import('./commands/status.js')).history(withSeconds(args), shell)),
    )
    .command(
      'destroy <stack>',
      'Delete everything that the stack owns',
      (args) => changeOptions(args).example('$0 destroy shop/dev', ''),
      async (args) => done(await (await import('./commands/apply.js')).destroy({ ...withSeconds(args), adopt: false }, shell)),
    )
    .command(
      'cluster <action>',
      'The embedded Kubernetes cluster of this monorepo',
      (args) =>
        args
          .positional('action', { choices: ['start', 'stop', 'status', 'kubeconfig'] as const, demandOption: true })
          .option('background', { type: 'boolean', default: false, describe: 'Start it behind this terminal' })
          .option('pod-start', {
            type: 'string',
            default: '0.3s',
            describe: 'How long a simulated pod takes to start',
          })
          .option('nodes', { type: 'number', default: 10, describe: 'Simulated nodes, each with 16 cores, 64 GiB and room for 110 pods' })
          .option('fresh', { type: 'boolean', default: false, describe: 'Forget what the last one held' })
          .option('port', { type: 'number', default: 0, describe: '0: any free one' })
          .example('$0 cluster start', 'in the foreground, ^C stops it')
          .example('$0 cluster start --background', ''),
      async (args) => done(await (await import('./commands/cluster.js')).cluster(withSeconds(args), shell)),
    )
    .demandCommand(1, 'Name a command.')
    .strict()
    .recommendCommands()
    .help()
    .version(ownVersion())
    .fail((message, error) => {
      throw error ?? new KonfigError({ code: 'USAGE', message: cleanUsage(message), hint: 'See konfig --help, or konfig COMMAND --help.' });
    })
    .wrap(Math.min(110, shell.stdout.columns ?? 100));
}

/** yargs says some things in several lines. */
function cleanUsage(message: string): string {
  if (/^Not enough non-option arguments/.test(message)) return 'The name of a stack is missing: PROJECT/STACK, e.g. shop/dev.';
  return message.trim().replace(/\n+/g, ' ');
}

function ownVersion(): string {
  return (JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string }).version;
}
