import { command } from './command';
import { fileOption, placeOptions } from './place-options';
import { changeOptions, planOptions, typeCheckOption } from './stack-options';

export const apply = command({
  usage: 'apply [stack]',
  does: 'Preview, ask, apply exactly that, watch until it is up',
  takes: (args) =>
    fileOption(placeOptions(planOptions(typeCheckOption(changeOptions(args)))))
      .positional('stack', { type: 'string', describe: 'PROJECT/STACK, or a file of konfig preview -o' })
      .example('$0 apply shop/dev', '')
      .example('$0 apply shop/prod --yes', 'in CI')
      .example('$0 apply shop/prod --yes --summary "$GITHUB_STEP_SUMMARY"', 'where GitHub shows it')
      .example('$0 apply plan.json', 'what was reviewed, or nothing')
      .example('$0 apply -f k8s --stack shop/dev', 'a folder of manifests')
      .example('$0 apply shop/prod --yes --output ndjson', 'one event a line'),
  run: async (args, shell) => (require('../commands/apply') as typeof import('../commands/apply')).apply(args, shell),
});
