// The front door: parses arguments, runs one command, sets the exit code. Whatever a command needs is loaded when it is called: --help and
// --version answer at once (test/start-up.test.ts).
import type { Argv } from 'yargs';
import { exitCodes } from './exit-code';
import { heard, type Shell } from './shell';
import { ownVersion } from './version';

/** Runs one command line; gives its exit code. */
export async function main(argv: readonly string[], given: Shell): Promise<number> {
  const shell = heard(given, argv);
  if (argv.length === 1 && argv[0] === '--version') {
    shell.stdout.write(`${ownVersion()}\n`);
    return exitCodes.done;
  }
  if (argv[0] === '__packages') {
    const { makePackages } = require('./program/make-packages') as typeof import('./program/make-packages');
    const [, project = '', memory, ...companions] = argv;
    return makePackages({ project, memory: Number(memory), companions });
  }
  if (argv[0] === '__complete' || argv[0] === '__refresh') {
    const { answer, refresh } = require('./completion/answer') as typeof import('./completion/answer');
    return argv[0] === '__complete' ? answer(argv.slice(1), shell) : refresh(shell);
  }
  if (argv.some((word) => /^[^-/]+\/[^-/]+$/.test(word)) && !argv.includes('--help')) {
    const { headStart } = require('./program/head-start') as typeof import('./program/head-start');
    headStart(argv, shell.cwd);
  }
  let code: number = exitCodes.done;
  const parser = await commandLine(argv, shell, (ended) => {
    code = ended;
  });
  try {
    await parser.exitProcess(false).parseAsync([...argv], {}, (error, _parsed, output) => {
      // Help and version come this way; errors are thrown too.
      if (output && !error) shell.stdout.write(`${output}\n`);
    });
    return code;
  } catch (error) {
    const { report, usageError } = require('./report') as typeof import('./report');
    return report(error instanceof UsageMessage ? usageError(error.message, argv) : error, argv, shell);
  }
}

/** What yargs has against a command line. */
class UsageMessage extends Error {}

async function commandLine(argv: readonly string[], shell: Shell, ended: (code: number) => void): Promise<Argv> {
  // Not by import(): the machinery of ES modules takes 20 ms to start.
  const { loadYargs } = require('./yargs') as typeof import('./yargs');
  const { commandsFor } = require('./arguments/table') as typeof import('./arguments/table');
  const { inSeconds } = require('./arguments/durations') as typeof import('./arguments/durations');
  const yargs = await loadYargs();
  const parser = yargs([...argv])
    .scriptName('konfig')
    .usage(
      '$0 COMMAND [PROJECT/STACK]\n\nConfiguration in TypeScript, checked before it leaves the laptop, delivered until it is really up.',
    );
  for (const { usage, does, takes, run } of commandsFor(argv))
    parser.command(usage, does, takes, async (args) => ended(await run(inSeconds(args), shell)));
  return parser
    .parserConfiguration({ 'populate--': true })
    .demandCommand(1, 'Name a command.')
    .option('screen-reader', {
      type: 'boolean',
      defaultDescription: 'by ACCESSIBLE',
      describe: 'For who listens: lines in whole words, nothing drawn, nothing drawn again',
    })
    .strict()
    .recommendCommands()
    .help()
    .version(ownVersion())
    .check(({ '--': behind }) => {
      // yargs would drop it without a word.
      if (Array.isArray(behind) && behind.length > 0)
        throw new UsageMessage(`Nothing may stand behind --, but there is: ${behind.join(' ')}`);
      return true;
    })
    .fail((message, error) => {
      throw error ?? new UsageMessage(message);
    })
    .wrap(Math.min(110, shell.stdout.columns ?? 100));
}
