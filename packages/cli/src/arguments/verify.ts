import { command } from './command';
import { outputOption, synthTimeoutOption } from './stack-options';

export const verify = command({
  usage: 'verify [stacks..]',
  does: 'Prove that programs depend on nothing but their inputs',
  takes: (args) =>
    outputOption(synthTimeoutOption(args))
      .positional('stacks', { type: 'string', array: true, describe: 'PROJECT/STACK, or PROJECT for all of its stacks' })
      .option('all', { type: 'boolean', default: false, describe: 'Every stack of the monorepo' })
      .option('determinism', {
        type: 'boolean',
        default: false,
        describe: 'Synthesise twice, the second time with everything else about the machine changed, and compare',
      })
      .example('$0 verify --determinism shop/prod', '')
      .example('$0 verify --determinism --all --output json', 'in CI'),
  run: async (args, shell) => (require('../commands/verify') as typeof import('../commands/verify')).verify(args, shell),
});
