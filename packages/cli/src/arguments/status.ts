import { command } from './command';
import { placeOptions } from './place-options';
import { outputOption, programOptions } from './stack-options';

export const status = command({
  usage: 'status <stack>',
  does: 'How a stack is now',
  takes: (args) => placeOptions(outputOption(programOptions(args))).example('$0 status shop/prod', ''),
  run: async (args, shell) => (require('../commands/status') as typeof import('../commands/status')).status(args, shell),
});
