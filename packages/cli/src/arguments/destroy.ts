import { command } from './command';
import { changeOptions } from './stack-options';

export const destroy = command({
  usage: 'destroy <stack>',
  does: 'Delete everything that the stack owns',
  takes: (args) => changeOptions(args).example('$0 destroy shop/dev', ''),
  run: async (args, shell) => (await import('../commands/apply.js')).destroy({ ...args, adopt: false }, shell),
});
