import { command } from './command';
import { placeOptions } from './place-options';
import { changeOptions, stateOption, targetOption } from './stack-options';

export const destroy = command({
  usage: 'destroy <stack>',
  does: 'Delete everything that the stack owns',
  takes: (args) =>
    placeOptions(stateOption(targetOption(changeOptions(args))))
      .example('$0 destroy shop/dev', '')
      .example('$0 destroy shop/old --via shop/dev', 'a stack that has left the program'),
  run: async (args, shell) => (require('../commands/apply') as typeof import('../commands/apply')).destroy(args, shell),
});
