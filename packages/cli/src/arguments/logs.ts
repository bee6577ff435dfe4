import { command } from './command';
import { placeOptions } from './place-options';
import { outputOption, programOptions } from './stack-options';

export const logs = command({
  usage: 'logs <stack> [resource]',
  does: 'What the containers of a stack say',
  takes: (args) =>
    placeOptions(outputOption(programOptions(args)))
      .positional('resource', { type: 'string', describe: 'Deployment/web, or web; default: all that run something' })
      .option('follow', { alias: 'f', type: 'boolean', default: false, describe: 'Go on until ^C, with pods that come later too' })
      .option('tail', { type: 'number', describe: 'So many lines from the end of each container; default: all' })
      .option('since', { type: 'string', describe: 'Only what was said in the last 30s, 5m, 2h; default: all' })
      .option('previous', { alias: 'p', type: 'boolean', default: false, describe: 'Of the containers before their last restart' })
      .option('container', { alias: 'c', type: 'string', describe: 'Only containers of this name' })
      .example('$0 logs shop/prod web --follow --tail 20', '')
      .example('$0 logs shop/prod Deployment/web --previous', 'why did it crash?')
      .example('$0 logs shop/prod --since 5m --output ndjson', 'one line of JSON a line'),
  run: async (args, shell) => (require('../commands/logs') as typeof import('../commands/logs')).logs(args, shell),
});
