import { command } from './command';
import { outputOption, programOptions } from './stack-options';

export const settings = command({
  usage: 'settings <stack> [setting]',
  does: 'The settings that a stack reads, who set them and why',
  takes: (args) =>
    outputOption(programOptions(args))
      .positional('setting', { type: 'string', describe: 'One of them; default: all' })
      .example('$0 settings shop/prod', 'each field, its value, its line, what it overrode')
      .example('$0 settings shop/prod postgres --output json', 'one of them, as data'),
  run: async (args, shell) => (require('../commands/settings') as typeof import('../commands/settings')).settings(args, shell),
});
