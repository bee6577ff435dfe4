import { command } from './command';
import { placeOptions } from './place-options';
import { outputOption, programOptions } from './stack-options';

export const status = command({
  usage: 'status <stack>',
  does: 'How a stack is now',
  takes: (args) =>
    placeOptions(outputOption(programOptions(args)))
      .option('watch', { alias: 'w', type: 'boolean', default: false, describe: 'Go on until ^C, and tell whatever changes' })
      .example('$0 status shop/prod', '')
      .example('$0 status shop/prod --watch', 'live')
      .example('$0 status shop/prod --watch --output ndjson', 'one line of JSON for each change'),
  run: async (args, shell) => (require('../commands/status') as typeof import('../commands/status')).status(args, shell),
});
