import { command } from './command';
import { placeOptions } from './place-options';
import { outputOption, programOptions } from './stack-options';

export const drift = command({
  usage: 'drift <stack>',
  does: 'What is no longer as the last release left it, and who changed it',
  takes: (args) =>
    placeOptions(outputOption(programOptions(args)))
      .option('exit-code', { type: 'boolean', default: false, describe: 'End with 2 when something has drifted' })
      .example('$0 drift shop/prod', '')
      .example('$0 drift shop/prod --exit-code --output json', 'in a nightly job'),
  run: async (args, shell) => (require('../commands/drift') as typeof import('../commands/drift')).drift(args, shell),
});
