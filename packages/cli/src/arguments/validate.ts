import { command } from './command';
import { fileOption, placeOptions } from './place-options';
import { outputOption, synthTimeoutOption, typeCheckOption } from './stack-options';

export const validate = command({
  usage: 'validate [stacks..]',
  does: 'Check all that can be checked without a cluster',
  takes: (args) =>
    fileOption(placeOptions(typeCheckOption(outputOption(synthTimeoutOption(args)))))
      .positional('stacks', { type: 'string', array: true, describe: 'PROJECT/STACK, or PROJECT for all of its stacks' })
      .option('stack', {
        type: 'string',
        requiresArg: true,
        describe: 'The same, as preview and apply take it; may be given several times',
      })
      .option('all', { type: 'boolean', default: false, describe: 'Every stack of the monorepo' })
      .option('kubernetes', {
        type: 'string',
        describe: 'Check for this version of Kubernetes, 1.34 or 1.30-1.36; may be given several times',
      })
      .example('$0 validate shop/dev shop/prod', '')
      .example('$0 validate --all --kubernetes 1.34-1.36', 'before an upgrade')
      .example('$0 validate shop/dev -f k8s', 'a folder of manifests; also -f k8s --stack shop/dev')
      .example('$0 validate --all --output ndjson', 'in CI, one stack a line'),
  run: async (args, shell) => (require('../commands/validate') as typeof import('../commands/validate')).validate(args, shell),
});
