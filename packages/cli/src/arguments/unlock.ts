import { command } from './command';
import { placeOptions } from './place-options';
import { outputOption, programOptions } from './stack-options';

export const unlock = command({
  usage: 'unlock <stack>',
  does: 'Show who holds the lock of a stack, and take it away',
  takes: (args) =>
    placeOptions(outputOption(programOptions(args)))
      .option('yes', { alias: 'y', type: 'boolean', default: false, describe: 'Do not ask' })
      .example('$0 unlock shop/prod', 'a run that hangs on another machine; a dead one is taken over by itself'),
  run: async (args, shell) => (require('../commands/unlock') as typeof import('../commands/unlock')).unlock(args, shell),
});
