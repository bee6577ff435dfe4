import { command } from './command';
import { placeOptions } from './place-options';
import { outputOption, synthTimeoutOption } from './stack-options';

export const show = command({
  usage: 'show <what>',
  does: 'A release as it was shown and as it went, or a plan file',
  takes: (args) =>
    placeOptions(outputOption(synthTimeoutOption(args)))
      .positional('what', {
        type: 'string',
        demandOption: true,
        describe: 'PROJECT/STACK for its last release, PROJECT/STACK@NUMBER, or a plan file',
      })
      .option('manifests', { type: 'boolean', default: false, describe: 'What the release wished for, as YAML' })
      .option('markdown', { type: 'boolean', default: false, describe: 'A plan file as a comment in a pull request' })
      .example('$0 show shop/prod', 'its last release')
      .example('$0 show shop/prod@12 --manifests', 'what was wished then')
      .example('$0 show plan.json', 'a plan that preview -o wrote'),
  run: async (args, shell) => (require('../commands/show') as typeof import('../commands/show')).show(args, shell),
});
