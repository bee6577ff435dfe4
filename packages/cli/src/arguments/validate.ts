import { command } from './command';
import { fileOption, placeOptions } from './place-options';
import { outputOption, synthTimeoutOption, typeCheckOption } from './stack-options';

export const validate = command({
  usage: 'validate [stacks..]',
  does: 'Check all that can be checked without a cluster',
  takes: (args) =>
    fileOption(placeOptions(typeCheckOption(outputOption(synthTimeoutOption(args)))))
      .positional('stacks', { type: 'string', array: true, describe: 'PROJECT/STACK, or PROJECT for all of its stacks' })
      .option('all', { type: 'boolean', default: false, describe: 'Every stack of the monorepo' })
      .example('$0 validate shop/dev shop/prod', '')
      .example('$0 validate shop/dev -f k8s', 'a folder of manifests')
      .example('$0 validate --all --output ndjson', 'in CI, one stack a line'),
  run: async (args, shell) => (await import('../commands/validate.js')).validate(args, shell),
});
