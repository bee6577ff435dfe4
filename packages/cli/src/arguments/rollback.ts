import { command } from './command';
import { placeOptions } from './place-options';
import { changeOptions } from './stack-options';

export const rollback = command({
  usage: 'rollback <stack> [release]',
  does: 'Preview, ask and apply an older release',
  takes: (args) =>
    placeOptions(changeOptions(args))
      .positional('release', { type: 'number', describe: 'Its number; default: the last one before the present that succeeded' })
      .option('include-data', { type: 'boolean', default: false, describe: 'Also delete what holds data and was not in that release' })
      .example('$0 rollback shop/prod', '')
      .example('$0 rollback shop/prod 41', 'konfig history shop/prod lists them'),
  run: async (args, shell) => (require('../commands/rollback') as typeof import('../commands/rollback')).rollback(args, shell),
});
