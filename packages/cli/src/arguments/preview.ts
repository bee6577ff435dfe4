import { command } from './command';
import { fileOption, placeOptions } from './place-options';
import { outputOption, planOptions, programOptions, typeCheckOption } from './stack-options';
import { summaryOption } from './summary-options';

export const preview = command({
  usage: 'preview [stack]',
  does: 'Show what an apply would do; change nothing',
  takes: (args) =>
    summaryOption(fileOption(placeOptions(planOptions(typeCheckOption(outputOption(programOptions(args)))))))
      .positional('stack', { type: 'string', describe: 'PROJECT/STACK, e.g. shop/dev' })
      .option('out', { alias: 'o', type: 'string', describe: 'Keep the plan in this file, for konfig apply FILE' })
      .option('verbose', { alias: 'v', type: 'boolean', default: false, describe: 'Cut nothing, and show what creates make' })
      .option('exit-code', { type: 'boolean', default: false, describe: 'End with 2 when something would change' })
      .option('destroy', { type: 'boolean', default: false, describe: 'Show what konfig destroy would do' })
      .example('$0 preview shop/dev', '')
      .example('$0 preview shop/prod -o plan.json', 'to be reviewed: konfig show plan.json; konfig apply plan.json')
      .example('$0 preview -f k8s --stack shop/dev', 'a folder of manifests')
      .example('$0 preview shop/prod --exit-code --output json', 'in a script'),
  run: async (args, shell) => (require('../commands/preview') as typeof import('../commands/preview')).preview(args, shell),
});
