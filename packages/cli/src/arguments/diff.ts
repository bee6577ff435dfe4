import { command } from './command';
import { placeOptions } from './place-options';
import { outputOption, synthTimeoutOption } from './stack-options';

export const diff = command({
  usage: 'diff <before> <after>',
  does: 'What differs between two releases, two stacks, or a release and the program',
  takes: (args) =>
    placeOptions(outputOption(synthTimeoutOption(args)))
      .positional('before', { type: 'string', demandOption: true, describe: 'PROJECT/STACK as its program says, or PROJECT/STACK@RELEASE' })
      .positional('after', { type: 'string', demandOption: true, describe: 'The same' })
      .option('exit-code', { type: 'boolean', default: false, describe: 'End with 2 when something differs' })
      .option('verbose', { alias: 'v', type: 'boolean', default: false, describe: 'Fold and cut nothing' })
      .example('$0 diff shop/prod@41 shop/prod@42', 'what a release changed')
      .example('$0 diff shop/dev shop/prod', 'how two stacks differ')
      .example('$0 diff shop/prod@41 shop/prod', 'what the program has changed since'),
  run: async (args, shell) => (require('../commands/diff') as typeof import('../commands/diff')).diff(args, shell),
});
