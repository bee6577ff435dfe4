import { command } from './command';
import { changeOptions } from './stack-options';

export const apply = command({
  usage: 'apply <stack>',
  does: 'Preview, ask, apply exactly that, watch until it is up',
  takes: (args) =>
    changeOptions(args)
      .option('adopt', { type: 'boolean', default: false, describe: 'Take over resources that somebody else owns' })
      .example('$0 apply shop/dev', '')
      .example('$0 apply shop/prod --yes', 'in CI')
      .example('$0 apply shop/prod --yes --output ndjson', 'one event a line'),
  run: async (args, shell) => (await import('../commands/apply.js')).apply(args, shell),
});
