import { command } from './command';
import { placeOptions } from './place-options';
import { outputOption, programOptions } from './stack-options';

export const history = command({
  usage: 'history <stack>',
  does: 'Its releases, newest first',
  takes: (args) => placeOptions(outputOption(programOptions(args))).example('$0 history shop/prod', ''),
  run: async (args, shell) => (require('../commands/status') as typeof import('../commands/status')).history(args, shell),
});
